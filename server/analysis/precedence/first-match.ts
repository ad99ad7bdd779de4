import { parseIp } from '../../base/ip.ts';
import type { EndpointExample } from '../../eval/endpoint-example.ts';
import type { Case } from '../../eval/subsume.ts';
import { isInSet, peersSet, type KnownEndpoint } from '../../model/endpoint-set.ts';
import type { Rule } from '../../model/policy.ts';

/** The rule of a list that a connection meets first; `undefined` where none matches, or where it is not sure. */
export function firstMatching(rules: readonly Rule[], connection: Case): Rule | undefined {
  return rules.find((rule) => matchesCase(rule, connection));
}

/** Does a rule match a connection, for sure? */
export function matchesCase({ peers, ports }: Rule, connection: Case): boolean {
  const { protocol, port, names } = connection;
  const onPort =
    ports === 'any' ||
    ports.some((one) => {
      if (one.kind === 'range') return one.protocol === protocol && one.from <= port && port <= one.to;
      return one.kind === 'named' && names.includes(one.name) && (one.protocol ?? protocol) === protocol;
    });
  return onPort && isInSet(peersSet(peers, true), endpointOf(connection)) === 'yes';
}

/** An example has these labels and no others, and this address, if any; a pod of it is not on the host network. */
function endpointOf({ pod, address, node }: EndpointExample): KnownEndpoint {
  const ip = address === undefined ? undefined : parseIp(address);
  return {
    ...(pod ? { pod: { labels: { labels: pod.labels }, namespace: { labels: pod.namespace }, hostNetwork: false } } : {}),
    ...(node ? { node: { labels: node } } : {}),
    ...(ip?.ok === true ? { addresses: [ip] } : {}),
  };
}
