import { removeItem } from '../../syntax/edit.ts';
import { asSeq, isNull } from '../../syntax/tree.ts';
import { withTraits } from '../about.ts';
import { onKey } from '../draft.ts';
import type { ManifestRule } from '../rule.ts';
import { knownValues } from '../schema/walk.ts';

const rule: ManifestRule = {
  name: 'null-list-item',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'high',
  about: withTraits({ builtIn: true }),
  summary: 'A dash without a value.',
  why: 'The API server reads a lone dash as an empty rule or an empty port. An empty rule allows everything; an empty port is every TCP port. It is often left over from editing, or made by a template that had nothing to fill in.',
  companions: ['allow-all-ingress'],
  *check(context) {
    for (const { node, path, place } of knownValues(context)) {
      const list = path.at(-2);
      if (!isNull(node) || typeof path.at(-1) !== 'number' || place.schema.type !== 'object' || list === 'from' || list === 'to') continue;
      const effect =
        list === 'ports'
          ? 'is an empty port, which is every TCP port'
          : list === 'ingress' || list === 'egress'
            ? 'is an empty rule, which allows everything'
            : undefined;
      if (effect === undefined) continue;
      const owner = context.at(path.slice(0, -1));
      const item = asSeq(owner)?.items[Number(path.at(-1))];
      const fixes =
        owner?.kind === 'seq' && item
          ? [{ title: 'Remove it, which allows less', edits: [removeItem(context.text, owner, item)], safe: false }]
          : [];
      yield onKey(context, path, `This lone dash ${effect}. Write what is meant, or remove it.`, { fixes });
    }
  },
};

export default rule;
