import { isNoTraffic } from '../base/ports.ts';
import { describeUnevaluated } from '../model/unevaluated/describe.ts';
import { trafficEntries, endpointNameOf, pairs, type Connection, type EndpointPair } from './connections.ts';
import { endpointIndex, type Endpoint, type Evaluation } from './evaluate.ts';

/** Traffic that may be allowed or denied: it depends on policies that are not evaluated. */
export interface UnknownConnection extends Connection {
  /** The policies that may decide: `CiliumNetworkPolicy 'shop/db'`. */
  readonly policies: readonly string[];
}

/** All traffic whose verdict is unknown, in the shape and order of `connections`. Costs next to nothing where every policy is evaluated. */
export function* unknownConnections(
  evaluation: Evaluation,
  nameOf: (end: EndpointPair['from']) => string = endpointNameOf,
): Generator<UnknownConnection> {
  if (evaluation.cluster.unevaluated.length === 0) return;
  for (const pair of pairs(evaluation)) {
    const { from, to, verdict } = pair;
    if (!verdict.unknown || isNoTraffic(verdict.unknown)) continue;
    const [src, dst, policies] = [nameOf(from), nameOf(to), policiesOn(evaluation, pair)];
    for (const { protocol, ports } of trafficEntries(verdict.unknown)) yield { src, dst, protocol, ports, policies };
  }
}

function policiesOn(evaluation: Evaluation, { from, to }: EndpointPair): readonly string[] {
  const outside = 'family' in from || 'family' in to;
  const found = (['egress', 'ingress'] as const).flatMap((direction) => {
    const end = direction === 'egress' ? from : to;
    return 'family' in end ? [] : (evaluation.podPolicies[direction][endpointIndex(evaluation, workloadEnd(end))]?.unevaluated ?? []);
  });
  const deciding = found.filter(({ value }) => outside || !value.outsideOnly);
  return [...new Set(deciding.map(({ value }) => describeUnevaluated(value)))];
}

function workloadEnd(workload: Exclude<EndpointPair['from'], { readonly family: unknown }>): Endpoint {
  return { kind: 'workload', workload };
}
