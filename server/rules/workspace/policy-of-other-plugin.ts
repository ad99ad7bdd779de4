import { list } from '../../base/english.ts';
import { API_TITLES, VENDORS } from '../../model/api.ts';
import { describeUnevaluated } from '../../model/unevaluated/describe.ts';
import type { UnevaluatedPolicy } from '../../model/unevaluated/policy.ts';
import { unenforcedText } from '../../eval/unenforced.ts';
import type { Cluster, Located } from '../../workspace/cluster.ts';
import { onValue } from '../draft.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'policy-of-other-plugin',
  scope: 'workspace',
  severity: 'information',
  confidence: 'high',
  summary: 'A policy of a network plugin that the cluster does not use, or policies of several network plugins in one cluster.',
  why: 'Each network plugin enforces NetworkPolicies and the policies of its own API; those of other plugins are stored, if their CRDs are installed, and do nothing. A cluster uses one plugin for policies as a rule. Where a workspace has policies of several, and no setting says which one the cluster uses, verdicts that depend on any of them are unknown.',
  noFix: 'Only the author knows which network plugin the cluster uses.',
  inText: ['cilium.io', 'projectcalico.org', 'crd.antrea.io'],
  *check(context) {
    const { cluster, key, settings } = context;
    const ignored = cluster.unenforced.find((one) => one.key === key);
    if (ignored && ignored.value.standing !== 'note') {
      const message = `${describeUnevaluated(ignored.value)} ${unenforcedText(ignored.value, cluster.plane)} Verdicts leave it out. Correct the setting, or remove the policy.`;
      yield onValue(context, ['kind'], message);
      return;
    }
    const [first, ...more] = settings.cni === 'auto' ? firstOfEachPlugin(cluster) : [];
    if (!first || more.length === 0 || first.key !== key) return;
    const names = list([first, ...more].map(({ value }) => value.api).toSorted());
    const message = `The cluster has policies of ${names}, and which of these network plugins it uses is not known: verdicts that depend on their policies are unknown. Set netpol.cni (--cni), or list the files of each cluster under netpol.clusters.`;
    const related = more.map((one) => ({ key: one.key, path: ['kind'], message: `${describeUnevaluated(one.value)}.` }));
    yield onValue(context, ['kind'], message, { related });
  },
};

export default rule;

/** The first policy of each network plugin whose policies the cluster has. */
function firstOfEachPlugin({ unevaluated }: Cluster): readonly Located<UnevaluatedPolicy>[] {
  return unevaluated.filter(({ value }, i) => TITLES.has(value.api) && unevaluated.findIndex((one) => one.value.api === value.api) === i);
}

const TITLES: ReadonlySet<string> = new Set(VENDORS.map((api) => API_TITLES[api]));
