import { quote } from '../../base/english.ts';
import { replace } from '../../syntax/edit.ts';
import { asMap } from '../../syntax/tree.ts';
import { onKey } from '../draft.ts';
import type { ManifestRule } from '../rule.ts';
import { knownValues } from '../schema/walk.ts';
import { everyKind } from '../about.ts';

const rule: ManifestRule = {
  name: 'label-key-type',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'high',
  summary: 'A label key that YAML 1.1 reads as a boolean, a number or null.',
  why: "Kubernetes reads YAML 1.1, in which y, yes, on and no are booleans and 1.50 is a number. As a label key they are stored as 'true', 'false' and '1.5' without a warning.",
  about: everyKind,
  *check(context) {
    for (const { node, path, place } of knownValues(context)) {
      const map = asMap(node);
      if (place.schema['x-map-keys'] === undefined || !map) continue;
      for (const { key, name } of map.pairs) {
        if (key.kind !== 'scalar' || key.style !== 'plain' || key.hole || name === undefined || key.text === name || key.text === '<<')
          continue;
        const fixes =
          node.kind === 'map' ? [{ title: 'Quote the key', edits: [replace(key.span, JSON.stringify(key.text))], safe: true }] : [];
        yield onKey(
          context,
          [...path, name],
          `YAML reads the key ${quote(key.text)} as ${quote(name)}, so the API server stores ${quote(name)}. Quote the key.`,
          { fixes },
        );
      }
    }
  },
};

export default rule;
