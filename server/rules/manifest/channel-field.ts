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
  why: 'A cluster with the standard CRDs rejects the field. With netpol.policyApiChannel set to standard this is an error, otherwise a remark.',
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
            `${name} belongs to the experimental channel, so a cluster with the standard CRDs rejects it. Install the experimental CRDs and set netpol.policyApiChannel, or write the addresses as 'networks'.`,
            { severity: 'error' },
          )
        : onKey(context, path, `${name} belongs to the experimental channel: only a cluster with the experimental CRDs accepts it.`);
    }
  },
};

export default rule;
