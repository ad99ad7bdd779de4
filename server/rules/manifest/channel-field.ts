import { quote } from '../../base/english.ts';
import { onKey } from '../draft.ts';
import type { ManifestRule } from '../rule.ts';
import { knownValues } from '../schema/walk.ts';

const rule: ManifestRule = {
  name: 'channel-field',
  scope: 'manifest',
  severity: 'information',
  confidence: 'high',
  summary: 'A field of the experimental channel of the Network Policy API.',
  why: 'A cluster with the standard CRDs rejects the field. This is an error if the setting netpol.policyApiChannel is standard, and an information otherwise.',
  *check(context) {
    const standard = context.settings.policyApiChannel === 'standard';
    // A field that does not exist is an error even where its value is null.
    for (const { path, place } of knownValues(context)) {
      if (place.schema['x-channel'] === undefined) continue;
      const name = quote(String(path.at(-1)));
      yield standard
        ? onKey(
            context,
            path,
            `The API server rejects ${name}: the field belongs to the experimental channel, and netpol.policyApiChannel is standard. Install the experimental CRDs and change the setting, or use 'networks'.`,
            { severity: 'error' },
          )
        : onKey(
            context,
            path,
            `${name} belongs to the experimental channel. A cluster with the standard CRDs rejects it; use 'networks' there.`,
          );
    }
  },
};

export default rule;
