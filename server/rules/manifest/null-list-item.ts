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
  why: 'The API server reads a dash without a value as an empty rule or an empty port. An empty rule allows everything; an empty port matches every TCP port. Such a dash is often left over from editing, or rendered by a template without a value.',
  companions: ['allow-all-ingress'],
  *check(context) {
    for (const { node, path, place } of knownValues(context)) {
      const list = path.at(-2);
      if (!isNull(node) || typeof path.at(-1) !== 'number' || place.schema.type !== 'object' || list === 'from' || list === 'to') continue;
      const effect =
        list === 'ports'
          ? 'is an empty port, which matches every TCP port'
          : list === 'ingress' || list === 'egress'
            ? 'is an empty rule, which allows everything'
            : undefined;
      if (effect === undefined) continue;
      const owner = context.at(path.slice(0, -1));
      const item = asSeq(owner)?.items[Number(path.at(-1))];
      const fixes =
        owner?.kind === 'seq' && item
          ? [{ title: 'Remove the dash, which allows less', edits: [removeItem(context.text, owner, item)], safe: false }]
          : [];
      yield onKey(context, path, `This dash without a value ${effect}. Write what is meant, or remove it.`, { fixes });
    }
  },
};

export default rule;
