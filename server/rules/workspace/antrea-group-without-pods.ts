import { quote } from '../../base/english.ts';
import { policyIn } from '../../analysis/selection.ts';
import { ofApi } from '../about.ts';
import { referencedGroup, groupsNamed, isWithoutPods } from '../antrea/groups.ts';
import { onValue } from '../draft.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'antrea-group-without-pods',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'high',
  summary: "A group in 'appliedTo' that holds addresses or nodes, to which no policy applies.",
  why: "'appliedTo' selects the pods that a policy applies to. A group of address blocks or nodes has none, so the policy has no effect, and no error says so. As a peer the same group works.",
  noFix: 'Only the author knows which pods are meant.',
  about: ofApi('antrea', 'policy'),
  *check(context) {
    const policy = policyIn(context)?.value;
    if (!policy) return;
    for (const { name, path, as } of groupsNamed(context)) {
      const group = as === 'subject' ? referencedGroup(context, name, policy) : undefined;
      if (!group || !isWithoutPods(context, group.value, policy)) continue;
      const holds = group.value.words === 'nothing' ? 'has no members' : `holds no pods (${group.value.words})`;
      yield onValue(
        context,
        path,
        `${group.value.kind} ${quote(name)} ${holds}, so nothing is selected by it in 'appliedTo'. Select the pods that are meant, and name the group in 'from' or 'to'.`,
        { related: [{ key: group.key, path: ['spec'], message: 'The members of the group.' }] },
      );
    }
  },
};

export default rule;
