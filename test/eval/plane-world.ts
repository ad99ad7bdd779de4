import { explain } from '../../server/eval/explain.ts';
import type { Api } from '../../server/model/api.ts';
import type { EndpointSet } from '../../server/model/endpoint-set.ts';
import type { Direction, Peer, Policy, Rule, RuleAction, Subject } from '../../server/model/policy.ts';
import type { ReferencedSet, Tier } from '../../server/model/referenced.ts';
import type { Settings } from '../../server/settings.ts';
import type { Cluster, Located } from '../../server/workspace/cluster.ts';
import { clusterOf } from './cluster.ts';
import { endOf } from './question.ts';

/** A pod with two ports, an address and a label that says its name. */
export const pod = (full: string, more = ''): string => {
  const [namespace = '', name = ''] = full.split('/');
  return `apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: ${namespace}, labels: {app: ${name}}}
spec: {${more} containers: [{name: c, image: i, ports: [{name: http, containerPort: 80}, {name: admin, containerPort: 9000}]}]}
status: {podIPs: [{ip: 10.0.0.${name.length}}]}
`;
};
const namespace = (name: string, labels: string): string =>
  `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}, labels: {${labels}}}\n`;

const WORLD = [
  namespace('shop', 'team: a, stage: prod'),
  namespace('ops', 'team: a, stage: prod'),
  namespace('lab', 'team: b'),
  pod('shop/web', 'serviceAccountName: robot,'),
  pod('shop/db'),
  pod('ops/scan'),
  pod('lab/tester'),
  'apiVersion: v1\nkind: Node\nmetadata: {name: n1}\nstatus: {addresses: [{type: InternalIP, address: 192.0.2.7}]}\n',
  'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: robot, namespace: shop, labels: {trust: high}}\n',
  'apiVersion: v1\nkind: Service\nmetadata: {name: db, namespace: shop}\nspec: {clusterIP: 10.96.0.5, selector: {app: db}, ports: [{port: 5432, targetPort: http}]}\n',
];

/** A NetworkPolicy of shop. */
export const np = (name: string, spec: string): string =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}, namespace: shop}\nspec: ${spec}\n`;
/** A ClusterNetworkPolicy about all pods. */
export const cnp = (tier: string, priority: number, rules: string): string =>
  `apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: cnp-${priority}}\nspec: {tier: ${tier}, priority: ${priority}, subject: {namespaces: {}}, ingress: [${rules}]}\n`;
/** A rule of one. */
export const fromAll = (action: string): string => `{action: ${action}, from: [{namespaces: {}}]}`;

/** Every pod. */
export const ALL: Subject = {
  namespaces: { kind: 'selected', selector: { requirements: [], path: [] } },
  pods: { requirements: [], path: [] },
  path: ['spec'],
};
/** Pods by their names. */
export const app = (...names: readonly string[]): EndpointSet => ({
  kind: 'labels',
  of: 'pod',
  selector: { requirements: [{ key: 'app', operator: 'In', values: names, path: [] }], path: [] },
});
/** A peer that is a set. */
export const setPeer = (set: EndpointSet): Peer => ({ kind: 'set', set, words: 'a set', path: [] });

/** A rule without its place in the list. */
export function rule(action: RuleAction, more: Partial<Rule> = {}): Omit<Rule, 'index'> {
  return { action, peers: 'any', ports: 'any', path: ['spec', 'rules'], at: { peers: [], ports: [] }, ...more };
}

/** What of a policy is not the usual. */
export interface PolicyParts extends Partial<Omit<Policy, 'api' | 'ingress' | 'egress'>> {
  readonly isolates?: boolean;
  readonly direction?: Direction;
}

/** A policy of a network plugin, as its reader would read it. */
export function policy(api: Api, stage: string, rules: readonly Omit<Rule, 'index'>[], parts: PolicyParts = {}): Policy {
  const { isolates = false, direction = 'ingress', ...more } = parts;
  return {
    api,
    kind: 'ClusterNetworkPolicy',
    apiVersion: 'example/v1',
    name: 'own',
    traits: { ordered: true, isolates, denies: true, namespaced: false, hostNetwork: false, builtIn: false },
    stage,
    subject: ALL,
    at: { body: ['spec'], ingress: ['spec', 'ingress'], egress: ['spec', 'egress'], order: [] },
    [direction]: { isolates, rules: rules.map((one, index) => ({ ...one, index })), path: ['spec', direction] },
    unreadable: [],
    ...more,
  };
}

interface Extra {
  readonly policies?: readonly Policy[];
  readonly tiers?: readonly Pick<Tier, 'name' | 'order' | 'unmatched'>[];
  readonly sets?: readonly ReferencedSet[];
}

const located = <T>(all: readonly T[], word: string): Located<T>[] => all.map((value, i) => ({ key: `file:///${word}\n${i}\n0`, value }));

/** The world with some policies, as a network plugin enforces them. */
export function cluster(
  cni: Api & Settings['cni'],
  texts: readonly string[],
  { policies = [], tiers = [], sets = [] }: Extra = {},
): Cluster {
  const base = clusterOf({ 'a.yaml': [...WORLD, ...texts].join('---\n') }, cni);
  const whole = tiers.map((tier): Tier => ({ api: cni, kind: 'Tier', orderPath: [], unreadable: [], ...tier }));
  return {
    ...base,
    policies: [...base.policies, ...located(policies, 'policies')],
    tiers: located(whole, 'tiers'),
    sets: located(sets, 'sets'),
  };
}

/** The verdict on one connection. */
export function verdict(made: Cluster, from: string, to: string, port = 80): string {
  return explain(made, { from: endOf(made, from), to: endOf(made, to), protocol: 'TCP', port }).verdict;
}
