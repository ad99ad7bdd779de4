import type { Policy } from '../model/policy.ts';
import { picksPods } from '../model/pod-match.ts';
import type { LabelSelector } from '../model/selector.ts';
import { runsOnce } from '../model/workload.ts';
import type { Workload } from '../model/workload.ts';
import type { Located } from '../workspace/cluster.ts';
import type { ClusterFacts } from './facts.ts';

/** Words around the name of a workload in the name of its policy. */
const POLICY_WORDS =
  /^(?:allow|deny|netpol|np|policy)-(?:to-|from-)?|-(?:allow|deny|ingress|egress|access|netpol|np|networkpolicy|network-policy|policy)$/;

/** Labels that hold the name of an application. */
const NAMING_KEYS: readonly string[] = ['app', 'name', 'k8s-app', 'component', 'app.kubernetes.io/name', 'app.kubernetes.io/instance'];

/**
 * The one workload that a policy which selects nothing seems to be meant for: it has the name of the policy, or its name with a part before
 * or behind it is a value of the selector, and no NetworkPolicy selects it. `undefined` where none or several fit.
 */
export function namesakeOf(facts: ClusterFacts, policy: Policy, pods: LabelSelector): Located<Workload> | undefined {
  const { namespace } = policy;
  if (namespace === undefined) return undefined;
  const policies = facts.policiesIn.get(namespace) ?? [];
  const open = (facts.workloadsIn.get(namespace) ?? []).filter(
    ({ value }) =>
      !runsOnce(value) &&
      !value.hostNetwork &&
      !policies.some((one) => one.value.subject.pods.unreadable === undefined && picksPods(one.value.subject.pods, value)),
  );
  const meant = open.filter(({ value }) => isNamed(value, policy.name) || isSelectedByPart(value, pods));
  const [only, ...more] = meant;
  return more.length === 0 ? only : undefined;
}

function isNamed({ name }: Workload, policyName: string): boolean {
  return name !== '' && policyName.replace(POLICY_WORDS, '').replace(POLICY_WORDS, '') === name;
}

/** `model-catalog-server` where the pod says name `model-catalog`: a label of a sibling, with the value for this one. */
function isSelectedByPart({ labels }: Workload, { requirements }: LabelSelector): boolean {
  const names = NAMING_KEYS.flatMap((key) => labels[key] ?? []).filter((name) => name.length >= MIN_NAME);
  const values = requirements.flatMap(({ key, operator, values: list }) => (operator === 'In' && NAMING_KEYS.includes(key) ? list : []));
  return values.some((value) => names.some((name) => value.startsWith(`${name}-`) || value.endsWith(`-${name}`)));
}

/** Shorter names are parts of many others. */
const MIN_NAME = 4;
