import { asSeq } from '../../syntax/tree.ts';
import { replace } from '../../syntax/edit.ts';
import { rejectionRule } from '../cilium-rejection.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = rejectionRule({
  code: 'no-entries',
  summary: 'A Cilium policy without an entry, such as `ingress: []`.',
  why: 'Cilium rejects a rule whose lists of entries are all empty, and a policy without spec and specs. The API server stores it, so that it looks like a default deny, but nothing is enforced. An empty entry, `- {}`, allows nothing and isolates the selected pods.',
  fixes: ({ path, mistake }, { at }) => {
    const list = at(path);
    const direction = String(path.at(-1)).startsWith('egress') ? 'egress' : 'ingress';
    const isEmpty = mistake === 'empty' && list?.kind === 'seq' && asSeq(list)?.items.length === 0;
    return isEmpty
      ? [{ title: `Write '[{}]', which denies all ${direction} that no policy allows`, edits: [replace(list.span, '[{}]')], safe: false }]
      : [];
  },
});

export default rule;
