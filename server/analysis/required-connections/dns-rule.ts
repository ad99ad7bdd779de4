import { NAME_LABEL } from '../../model/namespace.ts';
import type { Policy, Rule } from '../../model/policy.ts';
import { selectorsDisjoint } from '../../eval/subsume.ts';
import type { WorkspaceContext } from '../context.ts';
import { DNS_POD, matchOf, type Witness } from '../precedence/rule-match.ts';
import { isolatingAt } from '../facts.ts';
import { factsIn } from '../selection.ts';

/** A rule for DNS that does not allow all that queries need. */
export interface IncompleteDnsRule {
  readonly rule: Rule;
  /** `tcp-only`: queries use UDP. `service-port`: the DNS pods of OpenShift listen on 5353, behind port 53 of their Service. */
  readonly fault: 'tcp-only' | 'service-port';
}

const OPENSHIFT_DNS = { namespace: { [NAME_LABEL]: 'openshift-dns' }, labels: {} };

/**
 * The rule of a policy that is meant for DNS, names its pods, and does not allow what DNS needs; `undefined` where another rule that may
 * bind the same pods does, or may.
 */
export function incompleteDnsRule(context: WorkspaceContext, policy: Policy): IncompleteDnsRule | undefined {
  if (!policy.traits.isolates || !policy.egress || policy.unreadable.length > 0) return undefined;
  const found = policy.egress.rules.flatMap((rule) => {
    const fault = faultOf(rule);
    return fault ? [{ rule, fault }] : [];
  });
  const [first] = found;
  if (!first || policy.egress.rules.some((rule) => mayAllow(rule, first.fault))) return undefined;
  const facts = factsIn(context);
  const { tiered } = facts;
  const beside = isolatingAt(facts, policy.namespace ?? '').filter(
    ({ value }) => value !== policy && value.egress && selectorsDisjoint(value.subject.pods, policy.subject.pods).kind !== 'yes',
  );
  const others = [...beside, ...tiered].map(({ value }) => value);
  const isOpen = others.some(
    ({ egress, unreadable }) => unreadable.length > 0 || egress?.rules.some((rule) => mayAllow(rule, first.fault)),
  );
  return isOpen ? undefined : first;
}

function faultOf(rule: Rule): IncompleteDnsRule['fault'] | undefined {
  if (
    rule.peers === 'any' ||
    rule.ports === 'any' ||
    !rule.ports.some((port) => port.kind === 'range' && port.from === 53 && port.to === 53)
  )
    return undefined;
  const matches = (
    witness: Pick<Extract<Witness, { kind: 'pod' }>, 'namespace' | 'labels'>,
    protocol: 'TCP' | 'UDP',
    port: number,
  ): boolean => matchOf(rule, { kind: 'pod', ...witness, protocol, port }) !== 'no';
  const isOpenShift = matches(OPENSHIFT_DNS, 'UDP', 53) && rule.peers.some((peer) => peer.kind === 'pods' && names(peer.namespaces));
  if (isOpenShift && !matches(OPENSHIFT_DNS, 'UDP', 5353)) return 'service-port';
  if (!isOpenShift && matches(DNS_POD, 'TCP', 53) && !matches(DNS_POD, 'UDP', 53)) return 'tcp-only';
  return undefined;
}

function names(scope: Extract<Exclude<Rule['peers'], 'any'>[number], { kind: 'pods' }>['namespaces']): boolean {
  return scope.kind === 'selected' && scope.selector.requirements.some(({ values }) => values.includes('openshift-dns'));
}

function mayAllow(rule: Rule, fault: IncompleteDnsRule['fault']): boolean {
  const witnesses: readonly Witness[] =
    fault === 'service-port'
      ? [{ kind: 'pod', ...OPENSHIFT_DNS, protocol: 'UDP', port: 5353 }]
      : [
          { kind: 'pod', ...DNS_POD, protocol: 'UDP', port: 53 },
          { kind: 'pod', namespace: DNS_POD.namespace, labels: {}, protocol: 'UDP', port: 53 },
        ];
  return rule.action === 'Accept' && witnesses.some((witness) => matchOf(rule, witness) !== 'no');
}
