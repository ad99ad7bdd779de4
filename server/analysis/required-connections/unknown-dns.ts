import { KUBE_SYSTEM, NAME_LABEL } from '../../model/namespace.ts';
import { selectorsDisjoint } from '../../eval/subsume.ts';
import type { Policy, Rule } from '../../model/policy.ts';
import { DNS_POD, matchOf, type Witness } from '../precedence/rule-match.ts';
import { isReadable } from '../policy-parts.ts';
import type { WorkspaceContext } from '../context.ts';
import { missesIn } from '../selector-misses.ts';
import { isolatingAt } from '../facts.ts';
import { factsIn } from '../selection.ts';

/**
 * Without the DNS in the workspace: does the policy open egress to pods, while no policy that may bind any of its pods has a rule that may
 * match a DNS?
 */
export function isDnsOutOfReach(context: WorkspaceContext, policy: Policy): boolean {
  const { egress, namespace, subject } = policy;
  // Cilium's own kinds have one for the whole cluster, which is where DNS is allowed as a rule, often outside of the workspace.
  if (policy.api !== 'kubernetes') return false;
  if (!policy.traits.isolates || !egress || namespace === undefined || namespace === KUBE_SYSTEM || policy.unreadable.length > 0)
    return false;
  if (mayAllowEgress(context, namespace)) return false;
  // Of a policy about pods in the host's network another finding says that few plugins apply it at all.
  if (missesIn(context).some(({ of, kind }) => of === 'subject' && kind === 'on-host')) return false;
  const opensPods = egress.rules.some(({ peers }) => peers !== 'any' && peers.some(({ kind }) => kind === 'pods'));
  if (!opensPods || !isReadable(policy, subject.path)) return false;
  const facts = factsIn(context);
  const { tiered } = facts;
  const beside = isolatingAt(facts, namespace).filter(
    ({ value }) => value.egress && selectorsDisjoint(value.subject.pods, subject.pods).kind !== 'yes',
  );
  const first = beside.find(({ value }) => (value.egress?.rules.length ?? 0) > 0);
  if (first?.value !== policy) return false;
  const rules: readonly Rule[] = [...beside, ...tiered].flatMap(({ value }) => value.egress?.rules ?? []);
  return (
    [...beside, ...tiered].every(({ value }) => value.unreadable.length === 0) &&
    !rules.some((one) => USUAL.some((witness) => matchOf(one, witness) !== 'no'))
  );
}

/** May a policy that is not evaluated allow egress of pods in the namespace? */
function mayAllowEgress({ cluster }: WorkspaceContext, namespace: string): boolean {
  return cluster.unevaluated.some(
    ({ value }) =>
      value.standing !== 'note' &&
      value.standing !== 'restricts' &&
      value.directions.includes('egress') &&
      value.subjects.some(({ namespaces }) =>
        typeof namespaces === 'string' ? namespaces === 'all' || value.namespace === namespace : namespaces.includes(namespace),
      ),
  );
}

/** Where the DNS usually is. */
const USUAL: readonly Witness[] = [
  { kind: 'pod', ...DNS_POD, protocol: 'UDP', port: 53 },
  { kind: 'pod', ...DNS_POD, protocol: 'UDP', port: 5353 },
  { kind: 'pod', namespace: { [NAME_LABEL]: 'openshift-dns' }, labels: {}, protocol: 'UDP', port: 5353 },
  { kind: 'pod', namespace: { [NAME_LABEL]: KUBE_SYSTEM }, labels: {}, protocol: 'UDP', port: 53 },
];
