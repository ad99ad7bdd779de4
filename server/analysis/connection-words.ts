import { list } from '../base/english.ts';
import type { EndpointExample } from '../eval/endpoint-example.ts';
import type { Case } from '../eval/subsume.ts';
import { NAME_LABEL } from '../model/namespace.ts';
import type { Labels } from '../model/selector.ts';
import { type Direction, DIRECTIONS, type Policy, type Rule } from '../model/policy.ts';
import { isBelow } from '../syntax/path.ts';
import type { Located } from '../workspace/cluster.ts';

/** A rule of a policy of the cluster. */
export interface LocatedRule {
  readonly policy: Located<Policy>;
  readonly rule: Rule;
}

/** One end of a connection in words: "a pod with app=web in namespace shop", "192.0.2.1", "a node with zone=z3 at 192.0.2.1". */
export function endpointWords({ pod, address, node }: EndpointExample): string {
  const at = address === undefined ? '' : ` at ${address}`;
  if (pod) return `a pod${withLabels(pod.labels)}${namespaceWords(pod.namespace)}${at}`;
  if (node) return `a node${withLabels(node)}${at}`;
  return address ?? 'anywhere';
}

function namespaceWords({ [NAME_LABEL]: name, ...labels }: Labels): string {
  if (name !== undefined) return ` in namespace ${name}${withLabels(labels)}`;
  return Object.keys(labels).length === 0 ? '' : ` in a namespace${withLabels(labels)}`;
}

function withLabels(labels: Labels): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? '' : ` with ${list(pairs)}`;
}

/** A connection of a pod that policies are about, in words, source first. */
export function connectionWords(direction: Direction, own: EndpointExample, connection: Case): string {
  const [from, to] = direction === 'ingress' ? [connection, own] : [own, connection];
  const { protocol, port, names } = connection;
  const named = names.length === 0 ? '' : ` (named ${list(names)})`;
  return `${endpointWords(from)} to ${endpointWords(to)} on ${protocol} ${port}${named}`;
}

/** A rule as messages name it: "'deny-all' of guard", "ingress rule 2 of guard". */
export function ruleName({ policy, rule }: LocatedRule): string {
  const direction = DIRECTIONS.find((one) => isBelow(rule.path, policy.value.at[one]));
  const number = direction ? `${direction} rule ${rule.index + 1}` : 'a rule';
  return `${rule.name === undefined ? number : `'${rule.name}'`} of ${policy.value.name}`;
}
