import { rejectionRule } from '../cilium-rejection.ts';
import type { ManifestRule } from '../rule.ts';
import { splitEntry } from '../repair/split-entry.ts';

const rule: ManifestRule = rejectionRule({
  code: 'peer-combination',
  summary: 'Two fields of peers in one entry of a Cilium policy.',
  why: 'An entry of a Cilium policy has one kind of peers: endpoints, entities, CIDRs, names, Services, nodes or groups. Cilium rejects a policy that combines two of them in one entry; they would not be intersected anyway. Two entries mean either of them.',
  fixes: ({ path, mistake }, context) =>
    mistake === undefined
      ? []
      : splitEntry(context, path.slice(0, -1), mistake, String(path.at(-1)), 'Write an entry for each, of which either matches'),
});

export default rule;
