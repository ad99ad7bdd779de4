import { memo2 } from '../base/memo.ts';
import { portsIn, subtractTraffic, trafficOf, uniteTraffic, type Traffic } from '../base/ports.ts';
import { NO_ENDPOINT, type EndpointSet } from '../model/endpoint-set.ts';
import type { Policy } from '../model/policy.ts';
import type { CompiledRule, NamedPortMatch, RuleList, ServicePorts } from '../model/rule-list.ts';
import type { Labels } from '../model/selector.ts';
import { servicesFor, endpointSlicesOf, type ClusterObjects } from './cluster-objects.ts';
import { effectivePolicy } from './effective-policy.ts';

/**
 * What a policy says in one cluster: its rule lists with the ports of the Services that it names, and with a copy of each rule about "pods of
 * the same namespace" for every namespace. The lists themselves where there is nothing of that kind.
 */
export function listsOf(objects: ClusterObjects, policy: Policy): readonly RuleList[] {
  const { lists } = effectivePolicy(policy);
  if (policy.api === 'kubernetes' || !lists.some(dependsOnCluster)) return lists;
  return listsIn(objects, policy);
}

const listsIn = memo2((objects: ClusterObjects, policy: Policy): readonly RuleList[] =>
  effectivePolicy(policy).lists.flatMap((list) => byNamespace(objects, withServices(objects, list))),
);

function dependsOnCluster({ rules }: RuleList): boolean {
  return rules.some(({ match }) => match.services !== undefined || isRelative(match.peer));
}

function isRelative(set: EndpointSet): boolean {
  if (set.kind === 'and' || set.kind === 'or') return set.of.some(isRelative);
  return set.kind === 'not' ? isRelative(set.of) : set.kind === 'like-own-namespace';
}

function withServices(objects: ClusterObjects, list: RuleList): RuleList {
  if (!list.rules.some(({ match }) => match.services)) return list;
  return { ...list, rules: list.rules.map((rule) => withServicePorts(objects, rule)) };
}

function withServicePorts(objects: ClusterObjects, rule: CompiledRule): CompiledRule {
  const { services, ...match } = rule.match;
  if (!services) return rule;
  const found = services.map((one) => portsOf(objects, one));
  const traffic = uniteTraffic(match.traffic, ...found.map((one) => one.traffic));
  const left = match.except ? subtractTraffic(traffic, match.except.traffic) : traffic;
  return { ...rule, match: { ...match, traffic: left, named: [...match.named, ...found.flatMap(({ named }) => named)] } };
}

/** The ports of the Services that a rule names: those of their endpoints, by number or by name, or those that they offer. */
function portsOf(
  objects: ClusterObjects,
  { service, of }: ServicePorts,
): { readonly traffic: Traffic; readonly named: readonly NamedPortMatch[] } {
  const found = servicesFor(objects, service).flatMap((one): readonly (Pick<NamedPortMatch, 'protocol'> & { port: number | string })[] => {
    if (of === 'service') return one.ports;
    const slices = endpointSlicesOf(objects, one);
    if (slices.length > 0) return slices.flatMap(({ ports }) => ports);
    return one.ports.map(({ protocol, targetPort }) => ({ protocol, port: targetPort }));
  });
  const numbers = found.flatMap(({ port, protocol = 'TCP' }) =>
    typeof port === 'number' ? [trafficOf(protocol, portsIn([{ from: port, to: port }]))] : [],
  );
  return {
    traffic: uniteTraffic(...numbers),
    named: found.flatMap(({ port, protocol }) => (typeof port === 'string' ? [{ name: port, ...(protocol ? { protocol } : {}) }] : [])),
  };
}

/** A rule about pods of namespaces like the own one is as many rules as there are groups of such namespaces, each for the pods of one group. */
function byNamespace(objects: ClusterObjects, list: RuleList): readonly RuleList[] {
  const relative = list.rules.filter(({ match }) => isRelative(match.peer));
  if (relative.length === 0) return [list];
  const rest = { ...list, rules: list.rules.filter((rule) => !relative.includes(rule)) };
  const copies = relative.flatMap((rule) =>
    groupsFor(objects, keysIn(rule.match.peer)).map((names): RuleList => {
      const group = namespacesSet(names);
      const peer = replaced(rule.match.peer, group);
      return {
        ...list,
        isolates: false,
        subject: { kind: 'and', of: [list.subject, group] },
        rules: [{ ...rule, match: { ...rule.match, peer } }],
      };
    }),
  );
  return [rest, ...copies];
}

/** The labels whose values must be the same; none: the namespace itself. */
function keysIn(set: EndpointSet): readonly string[] | undefined {
  if (set.kind === 'like-own-namespace') return set.labels;
  if (set.kind === 'and' || set.kind === 'or') return set.of.map(keysIn).find((keys) => keys !== undefined);
  return set.kind === 'not' ? keysIn(set.of) : undefined;
}

function groupsFor({ namespaces }: ClusterObjects, keys: readonly string[] | undefined): readonly (readonly string[])[] {
  if (!keys) return [...namespaces.keys()].map((name) => [name]);
  const groups = new Map<string, string[]>();
  for (const [name, labels] of namespaces) {
    const values = valuesOf(labels, keys);
    if (values === undefined) continue;
    const group = groups.get(values);
    if (group) group.push(name);
    else groups.set(values, [name]);
  }
  return [...groups.values()];
}

/** A namespace that lacks one of the labels gets no copy of the rule (antrea `pkg/controller/networkpolicy/clusternetworkpolicy.go`). */
function valuesOf(labels: Labels, keys: readonly string[]): string | undefined {
  return keys.every((key) => Object.hasOwn(labels, key)) ? JSON.stringify(keys.map((key) => labels[key])) : undefined;
}

function namespacesSet(names: readonly string[]): EndpointSet {
  return names.length === 0 ? NO_ENDPOINT : { kind: 'or', of: names.map((name) => ({ kind: 'namespace', name })) };
}

function replaced(set: EndpointSet, by: EndpointSet): EndpointSet {
  switch (set.kind) {
    case 'like-own-namespace':
      return by;
    case 'and':
    case 'or':
      return { kind: set.kind, of: set.of.map((part) => replaced(part, by)) };
    case 'not':
      return { kind: 'not', of: replaced(set.of, by) };
    default:
      return set;
  }
}
