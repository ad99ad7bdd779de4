import { quote } from '../../base/english.ts';
import { policyIn } from '../../analysis/selection.ts';
import { ofApi } from '../about.ts';
import { referencedGroup, groupsNamed } from '../antrea/groups.ts';
import { onValue } from '../draft.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'antrea-missing-group',
  scope: 'workspace',
  severity: 'information',
  confidence: 'high',
  summary: 'A policy that names a group which is not in the workspace.',
  why: 'Antrea accepts the policy, and the group has no members until it exists: rules for it match nothing. Verdicts that depend on the group are unknown.',
  noFix: 'The group may be defined in another repository.',
  about: ofApi('antrea', 'policy'),
  *check(context) {
    const policy = policyIn(context)?.value;
    if (!policy) return;
    for (const { name, path } of groupsNamed(context)) {
      if (referencedGroup(context, name, policy)) continue;
      const kind = policy.namespace === undefined ? 'ClusterGroup' : `Group of namespace ${quote(policy.namespace)}`;
      yield onValue(
        context,
        path,
        `The workspace has no ${kind} ${quote(name)}, so verdicts that depend on it are unknown. Add its manifest, or ignore this if the cluster has it.`,
      );
    }
  },
};

export default rule;
