import { groupBy } from '../base/lists.ts';
import { memo } from '../base/memo.ts';
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
  const workloads = namespace === undefined ? undefined : facts.workloadsIn.get(namespace);
  if (namespace === undefined || !workloads) return undefined;
  const policies = facts.policiesIn.get(namespace) ?? [];
  const { byName, byLabel } = namesOf(workloads);
  const named = new Set([
    ...(byName.get(policy.name.replace(POLICY_WORDS, '').replace(POLICY_WORDS, '')) ?? []),
    ...partsOf(pods).flatMap((part) => (byLabel.get(part) ?? []).map(({ workload }) => workload)),
  ]);
  const meant = [...named].filter(
    ({ value }) =>
      !runsOnce(value) &&
      !value.hostNetwork &&
      !policies.some((one) => one.value.subject.pods.unreadable === undefined && picksPods(one.value.subject.pods, value)),
  );
  const [only, ...more] = meant;
  return more.length === 0 ? only : undefined;
}

/** The workloads of a namespace by their name, and by the names that their labels hold. */
const namesOf = memo((workloads: readonly Located<Workload>[]) => ({
  byName: groupBy(
    workloads.filter(({ value }) => value.name !== ''),
    ({ value }) => value.name,
  ),
  byLabel: groupBy(workloads.flatMap(labelNames), ({ name }) => name),
}));

function labelNames(workload: Located<Workload>): readonly { readonly name: string; readonly workload: Located<Workload> }[] {
  const names = NAMING_KEYS.flatMap((key) => workload.value.labels[key] ?? []);
  return names.filter((name) => name.length >= MIN_NAME_CHARACTERS).map((name) => ({ name, workload }));
}

/** What stands before or behind a hyphen of a value: `model-catalog-server` where the pod says name `model-catalog`. */
function partsOf({ requirements }: LabelSelector): readonly string[] {
  const values = requirements.flatMap(({ key, operator, values: list }) => (operator === 'In' && NAMING_KEYS.includes(key) ? list : []));
  return values.flatMap((value) => [...value.matchAll(/-/g)].flatMap(({ index }) => [value.slice(0, index), value.slice(index + 1)]));
}

/** Shorter names are parts of many others. */
const MIN_NAME_CHARACTERS = 4;
