import { list } from '../base/english.ts';
import type { EndpointExample } from '../eval/endpoint-coverage.ts';
import type { Case } from '../eval/subsume.ts';
import { NAME_LABEL } from '../model/namespace.ts';
import { type Direction, DIRECTIONS, type Policy, type Rule } from '../model/policy.ts';
import { isBelow } from '../syntax/path.ts';
import type { Located } from '../workspace/cluster.ts';

/** A rule of a policy of the cluster. */
export interface LocatedRule {
  readonly policy: Located<Policy>;
  readonly rule: Rule;
}

/** One end of a connection in words: "a pod with app=web in namespace shop", "192.0.2.1". */
export function endpointWords({ pod, address, node }: EndpointExample): string {
  if (pod) {
    const { [NAME_LABEL]: name, ...others } = pod.namespace;
    const labels = Object.entries(pod.labels).map(([key, value]) => `${key}=${value}`);
    const what = labels.length === 0 ? 'a pod' : `a pod with ${list(labels)}`;
    const rest = Object.entries(others).map(([key, value]) => `${key}=${value}`);
    const where = rest.length > 0 ? ` in a namespace with ${list(rest)}` : name === undefined ? '' : ` in namespace ${name}`;
    return `${what}${where}${address === undefined ? '' : ` at ${address}`}`;
  }
  return address ?? (node ? 'a node' : 'anywhere');
}

/** A connection of a pod that policies are about, in words, source first. */
export function connectionWords(direction: Direction, own: EndpointExample, connection: Case): string {
  const [from, to] = direction === 'ingress' ? [connection, own] : [own, connection];
  const { protocol, port, names } = connection;
  const [name] = names;
  return `${endpointWords(from)} to ${endpointWords(to)} on ${protocol} ${port}${name === undefined ? '' : ` (named ${name})`}`;
}

/** A rule as messages name it: "'deny-all' of guard", "ingress rule 2 of guard". */
export function ruleName({ policy, rule }: LocatedRule): string {
  const direction = DIRECTIONS.find((one) => isBelow(rule.path, policy.value.at[one]));
  const number = direction ? `${direction} rule ${rule.index + 1}` : 'a rule';
  return `${rule.name === undefined ? number : `'${rule.name}'`} of ${policy.value.name}`;
}
