import { indexCidrs } from '../../base/cidr.ts';
import { removeItem } from '../../syntax/edit.ts';
import { asSeq } from '../../syntax/tree.ts';
import { onValue } from '../draft.ts';
import type { Fix } from '../finding.ts';
import { isEmptied, networksIn } from '../../analysis/networks.ts';
import type { ManifestContext, ManifestRule } from '../rule.ts';
import type { Path } from '../../syntax/path.ts';
import { withFields } from '../about.ts';

const rule: ManifestRule = {
  name: 'redundant-except',
  scope: 'manifest',
  severity: 'hint',
  confidence: 'high',
  about: withFields('except'),
  summary: 'An except that is part of another except.',
  why: 'The entry excludes nothing that the other entry does not exclude.',
  companions: ['egress-to-the-world', 'v4-without-v6'],
  *check(context) {
    for (const part of networksIn(context.policy)) {
      if (isEmptied(part)) continue;
      const index = indexCidrs(part.excepts);
      for (const [i, inner] of part.excepts.entries()) {
        const around = index.around(i);
        if (around === undefined) continue;
        const path = [...part.network.path, 'except', i];
        const related = [{ path: [...part.network.path, 'except', around], message: 'The wider exception.' }];
        const message = `Entry ${part.excepts[around]?.text ?? ''} already excludes ${inner.text}. Remove this entry.`;
        yield onValue(context, path, message, { unnecessary: true, related, fixes: removal(context, path) });
      }
    }
  },
};

export default rule;

function removal({ at, text }: ManifestContext, path: Path): readonly Fix[] {
  const list = at(path.slice(0, -1));
  const item = asSeq(list)?.items[Number(path.at(-1))];
  return list?.kind === 'seq' && item ? [{ title: 'Remove the exception', edits: [removeItem(text, list, item)], safe: true }] : [];
}
