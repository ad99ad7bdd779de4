import { memo } from '../base/memo.ts';
import { isNoTraffic } from '../base/ports.ts';
import type { Policy } from '../model/policy.ts';
import type { CompiledRule } from '../model/rule-list.ts';
import { describeUnevaluated } from '../model/unevaluated/describe.ts';
import { has } from './bits.ts';
import { trafficEntries, pairName, pairs, type ConnectionEntry, type EndpointPair, type OutsideRange } from './connections.ts';
import { effectivePolicy } from './effective-policy.ts';
import { endpointBits } from './endpoint-bits.ts';
import { endpointIndex, type Endpoint, type Evaluation } from './evaluate.ts';
import { policyName } from './names.ts';

/** Traffic that may be allowed or denied: it depends on policies that are not evaluated. */
export interface UnknownConnection extends ConnectionEntry {
  /** The policies that may decide: `CiliumNetworkPolicy 'shop/db'`. */
  readonly policies: readonly string[];
}

/** All traffic whose verdict is unknown, in the shape and order of `connections`. Costs next to nothing where every policy is evaluated. */
export function* unknownConnections(evaluation: Evaluation, rangeName?: (range: OutsideRange) => string): Generator<UnknownConnection> {
  const hasUnknownLabels = [...evaluation.space.labels.values()].some(({ unknown }) => unknown !== undefined);
  const isUncertain = evaluation.cluster.policies.some(
    ({ value }) => effectivePolicy(value).caveats.length > 0 || asksMoreThanLabels(value),
  );
  if (evaluation.cluster.unevaluated.length === 0 && !hasUnknownLabels && !isUncertain) return;
  for (const pair of pairs(evaluation)) {
    const { from, to, verdict } = pair;
    if (!verdict.unknown || isNoTraffic(verdict.unknown)) continue;
    const [src, dst] = [pairName(evaluation, from, rangeName), pairName(evaluation, to, rangeName)];
    const policies = policiesOn(evaluation, pair);
    for (const { protocol, ports } of trafficEntries(verdict.unknown)) yield { src, dst, protocol, ports, policies };
  }
}

/**
 * Does a policy ask for what manifests may leave open although every label is known: source ports, service accounts, the addresses of
 * pods, objects that it refers to?
 */
const asksMoreThanLabels = memo(({ subject, ingress, egress }: Policy): boolean => {
  const rules = [...(ingress?.rules ?? []), ...(egress?.rules ?? [])];
  return (
    subject.set !== undefined ||
    rules.some(
      ({ own, peers, ports, notPorts = [] }) =>
        own !== undefined ||
        (peers !== 'any' && peers.some(({ kind }) => kind === 'set')) ||
        [...(ports === 'any' ? [] : ports), ...notPorts].some(({ kind }) => kind === 'packets'),
    )
  );
});

function policiesOn(evaluation: Evaluation, { from, to }: EndpointPair): readonly string[] {
  const outside = 'family' in from || 'family' in to;
  const found = (['egress', 'ingress'] as const).flatMap((direction) => {
    const end = direction === 'egress' ? from : to;
    return 'family' in end ? [] : (evaluation.podPolicies[direction][endpointIndex(evaluation, workloadEnd(end))]?.unevaluated ?? []);
  });
  const deciding = found.filter(({ value }) => outside || !value.outsideOnly);
  return [...new Set([...deciding.map(({ value }) => describeUnevaluated(value)), ...uncertainPolicies(evaluation, from, to)])];
}

/** The policies that ask for what the manifests leave open: of the pod that they select, of the other endpoint, or of the source port. */
function uncertainPolicies(evaluation: Evaluation, from: EndpointPair['from'], to: EndpointPair['to']): string[] {
  return (['egress', 'ingress'] as const).flatMap((direction) => {
    const [own, other] = direction === 'egress' ? [from, to] : [to, from];
    if ('family' in own) return [];
    const peer = 'family' in other ? -1 : endpointIndex(evaluation, workloadEnd(other));
    const lists = evaluation.podPolicies[direction][endpointIndex(evaluation, workloadEnd(own))]?.lists ?? [];
    const isUncertain = ({ match }: CompiledRule): boolean => {
      const bits = endpointBits(evaluation.space, match.peer);
      if (match.partly && (bits === 'all' || has(bits.maybe, peer))) return true;
      return bits !== 'all' && bits.sure !== bits.maybe && has(bits.maybe, peer) && !has(bits.sure, peer);
    };
    return lists
      .filter(({ uncertain, rules }) => uncertain || rules.some(isUncertain))
      .map(({ placed: { value } }) => `${value.kind} '${policyName(value)}'`);
  });
}

function workloadEnd(workload: Exclude<EndpointPair['from'], { readonly family: unknown }>): Endpoint {
  return { kind: 'workload', workload };
}
