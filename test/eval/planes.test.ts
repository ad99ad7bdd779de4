import { describe, expect, test } from 'vitest';
import { connections } from '../../server/eval/connections.ts';
import { evaluationOf } from '../../server/eval/evaluate.ts';
import { explain } from '../../server/eval/explain.ts';
import { verdictReason } from '../../server/eval/verdict-reason.ts';
import type { EndpointSet } from '../../server/model/endpoint-set.ts';
import type { Policy, PortMatch, Rule, Subject } from '../../server/model/policy.ts';
import type { ReferencedSet } from '../../server/model/referenced.ts';
import { endOf } from './question.ts';
import { ALL, app, cluster, cnp, fromAll, np, pod, policy, rule, setPeer, verdict, type PolicyParts } from './plane-world.ts';

/*
 * What a network plugin makes of policies, its own and those of Kubernetes, as verdicts. The policies of the plugins
 * are made here as their readers would read them.
 */

describe('Cilium', () => {
  const block = np('block', '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}');

  test('blocks of addresses select what is outside the cluster only, of NetworkPolicies too', () => {
    expect(verdict(cluster('kubernetes', [block]), 'shop/web', 'shop/db')).toBe('allow');
    expect(verdict(cluster('cilium', [block]), 'shop/web', 'shop/db')).toBe('deny');
    expect(verdict(cluster('cilium', [block]), '198.51.100.1', 'shop/db')).toBe('allow');
    // Nor nodes that are known.
    expect(verdict(cluster('cilium', [block]), '192.0.2.7', 'shop/db')).toBe('deny');
  });

  const everything = np('open', '{podSelector: {}, ingress: [{}]}');
  const deny = rule('Deny', { peers: [setPeer(app('web'))] });

  test('a deny takes precedence over every allow of the stage, of NetworkPolicies too', () => {
    const made = cluster('cilium', [everything], { policies: [policy('cilium', 'networkpolicy', [deny], { isolates: true })] });
    expect([verdict(made, 'shop/web', 'shop/db'), verdict(made, 'ops/scan', 'shop/db')]).toEqual(['deny', 'allow']);
    // In the lab nothing allows, and one policy that isolates is enough.
    expect(verdict(made, 'ops/scan', 'lab/tester')).toBe('deny');
  });

  test('without default deny a policy isolates nothing', () => {
    const made = cluster('cilium', [], { policies: [policy('cilium', 'networkpolicy', [deny])] });
    expect([verdict(made, 'shop/web', 'shop/db'), verdict(made, 'ops/scan', 'shop/db')]).toEqual(['deny', 'allow']);
  });

  test('what layer 7 judges is allowed on a condition, unless another rule allows all of it', () => {
    const http = rule('Accept', { peers: [setPeer(app('web'))], condition: 'HTTP GET /public' });
    const own = policy('cilium', 'networkpolicy', [http], {
      isolates: true,
      subject: { ...ALL, set: app('db'), words: 'pods with app=db' },
    });
    const made = cluster('cilium', [], { policies: [own] });
    const answer = explain(made, { from: endOf(made, 'shop/web'), to: endOf(made, 'shop/db'), protocol: 'TCP', port: 80 });
    expect([answer.verdict, answer.condition, verdictReason(answer)]).toEqual([
      'allow',
      'HTTP GET /public',
      'Allowed by Cilium ClusterNetworkPolicy own (Normal), if HTTP GET /public.',
    ]);
    const listed = [...connections(evaluationOf(made))].filter(({ dst }) => dst === 'shop/db[Pod]');
    expect(listed.map(({ src, condition }) => `${src} ${condition ?? ''}`)).toEqual(['shop/web[Pod] HTTP GET /public']);
    const open = cluster('cilium', [np('open', '{podSelector: {}, ingress: [{}]}')], { policies: [own] });
    expect(
      explain(open, { from: endOf(open, 'shop/web'), to: endOf(open, 'shop/db'), protocol: 'TCP', port: 80 }).condition,
    ).toBeUndefined();
  });

  test('Admin Accept precedes a deny', () => {
    const made = cluster('cilium', [cnp('Admin', 1, fromAll('Accept'))], { policies: [policy('cilium', 'networkpolicy', [deny])] });
    expect(verdict(made, 'shop/web', 'shop/db')).toBe('allow');
  });

  test('pods have labels of their namespace and account', () => {
    const byAccount = np(
      'account',
      '{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {io.cilium.k8s.policy.serviceaccount: robot}}}]}]}',
    );
    const byNamespace = np(
      'namespace',
      '{podSelector: {}, ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {io.cilium.k8s.namespace.labels.team: b}}}]}]}',
    );
    expect([
      verdict(cluster('cilium', [byAccount]), 'shop/web', 'shop/db'),
      verdict(cluster('kubernetes', [byAccount]), 'shop/web', 'shop/db'),
    ]).toEqual(['allow', 'deny']);
    const made = cluster('cilium', [byNamespace]);
    expect([verdict(made, 'lab/tester', 'shop/db'), verdict(made, 'ops/scan', 'shop/db')]).toEqual(['allow', 'deny']);
  });

  test('a Service as peer means its pods', () => {
    const service: EndpointSet = {
      kind: 'reference',
      to: { api: 'kubernetes', kinds: ['Service'], by: { kind: 'name', name: 'db', namespace: 'shop' }, missing: 'unknown' },
    };
    const own = policy('cilium', 'networkpolicy', [rule('Accept', { peers: [setPeer(service)] })], { isolates: true, direction: 'egress' });
    const made = cluster('cilium', [], { policies: [own] });
    expect([verdict(made, 'shop/web', 'shop/db'), verdict(made, 'shop/web', 'ops/scan')]).toEqual(['allow', 'deny']);
  });

  test('several policies of one manifest each isolate their own pods', () => {
    const one = policy('cilium', 'networkpolicy', [], { isolates: true, subject: { ...ALL, set: app('db'), words: 'db' } });
    const two = policy('cilium', 'networkpolicy', [], {
      isolates: true,
      direction: 'egress',
      subject: { ...ALL, set: app('web'), words: 'web' },
    });
    const made = cluster('cilium', [], { policies: [{ ...one, ...(two.egress ? { egress: two.egress } : {}), parts: [one, two] }] });
    expect([verdict(made, 'ops/scan', 'shop/db'), verdict(made, 'shop/web', 'ops/scan'), verdict(made, 'shop/db', 'ops/scan')]).toEqual([
      'deny',
      'deny',
      'allow',
    ]);
  });
});

describe('Calico', () => {
  const own = (stage: string, rules: readonly Omit<Rule, 'index'>[], parts: PolicyParts = {}): Policy =>
    policy('calico', `tier ${stage}`, rules, parts);
  const closed = np('closed', '{podSelector: {}}');

  test('the end of a tier denies where a policy of the tier applies in that direction', () => {
    const tiers = [{ name: 'sec', order: 500 }];
    const made = cluster('calico', [], { policies: [own('sec', [rule('Pass', { peers: [setPeer(app('web'))] })])], tiers });
    expect([verdict(made, 'shop/web', 'shop/db'), verdict(made, 'ops/scan', 'shop/db')]).toEqual(['allow', 'deny']);
    const open = cluster('calico', [], { policies: [own('sec', [])], tiers: [{ name: 'sec', order: 500, unmatched: 'Pass' }] });
    expect(verdict(open, 'ops/scan', 'shop/db')).toBe('allow');
    const other = cluster('calico', [], { policies: [own('sec', [], { direction: 'egress' })], tiers });
    expect(verdict(other, '198.51.100.1', 'shop/db')).toBe('allow');
  });

  test('an explanation names the tier and its default action', () => {
    const made = cluster('calico', [], {
      policies: [own('sec', [rule('Accept', { peers: [setPeer(app('web'))] })])],
      tiers: [{ name: 'sec' }],
    });
    const answer = explain(made, { from: endOf(made, 'ops/scan'), to: endOf(made, 'shop/db'), protocol: 'TCP', port: 80 });
    expect(answer.steps.map(({ tier, action }) => `${tier} ${action}`)).toEqual(['Default Allow', 'sec NoMatch', 'sec DefaultAction']);
    expect(answer.steps.at(-1)?.why).toBe(
      'own selects every pod of the cluster, its rule spec.rules matches TCP 80 only from a set, not from ops/scan[Pod], and the default action of tier sec denies what no rule in it matches.',
    );
    expect(verdictReason(answer)).toBe('Denied by Calico ClusterNetworkPolicy own (sec).');
    const missing = cluster('calico', [], { policies: [own('gone', [rule('Accept')])] });
    expect(
      explain(missing, { from: endOf(missing, 'ops/scan'), to: endOf(missing, 'shop/db'), protocol: 'TCP', port: 80 }).notes,
    ).toContain(
      "Calico ClusterNetworkPolicy own is in tier 'gone', of which the workspace has no Tier object: it is evaluated after all tiers that are there.",
    );
  });

  test('a NetworkPolicy is a policy of order 1000 in the tier default', () => {
    const late = cluster('calico', [closed], { policies: [own('default', [rule('Accept')])] });
    expect(verdict(late, 'ops/scan', 'shop/db')).toBe('allow');
    const open = np('open', '{podSelector: {}, ingress: [{}]}');
    const early = cluster('calico', [open], { policies: [own('default', [rule('Deny')], { priority: 10 })] });
    expect(verdict(early, 'ops/scan', 'shop/db')).toBe('deny');
    const after = cluster('calico', [open], { policies: [own('default', [rule('Deny')], { priority: 2000 })] });
    expect(verdict(after, 'ops/scan', 'shop/db')).toBe('allow');
  });

  test('equal orders: by name', () => {
    const policies = [own('default', [rule('Deny')], { name: 'b' }), own('default', [rule('Accept')], { name: 'a' })];
    expect(verdict(cluster('calico', [], { policies }), 'ops/scan', 'shop/db')).toBe('allow');
  });

  test('a tier without object comes after those with one', () => {
    const policies = [own('gone', [rule('Deny')]), own('sec', [rule('Accept')])];
    expect(verdict(cluster('calico', [], { policies, tiers: [{ name: 'sec' }] }), 'ops/scan', 'shop/db')).toBe('allow');
  });

  test('ClusterNetworkPolicies are policies of kube-admin and kube-baseline', () => {
    const made = cluster('calico', [cnp('Admin', 100, fromAll('Deny'))], {
      policies: [own('kube-admin', [rule('Accept')], { priority: 0.5 })],
    });
    expect(verdict(made, 'ops/scan', 'shop/db')).toBe('allow');
    const base = cluster('calico', [cnp('Baseline', 1, fromAll('Deny'))]);
    expect(verdict(base, 'ops/scan', 'shop/db')).toBe('deny');
  });

  test('a selector matches network sets by their labels, and pods by their addresses', () => {
    const where: EndpointSet = {
      kind: 'labels',
      of: 'pod',
      selector: { requirements: [{ key: 'zone', operator: 'In', values: ['in'], path: [] }], path: [] },
    };
    const sets: EndpointSet = {
      kind: 'reference',
      to: { api: 'calico', kinds: ['GlobalNetworkSet'], by: { kind: 'labels', where }, missing: 'empty' },
    };
    const set: ReferencedSet = {
      api: 'calico',
      kind: 'GlobalNetworkSet',
      name: 'in',
      labels: { zone: 'in' },
      members: {
        kind: 'addresses',
        networks: [
          { cidr: '198.51.100.0/24', except: [], path: [] },
          { cidr: '10.0.0.3/32', except: [], path: [] },
        ],
      },
      words: 'addresses',
      unreadable: [],
    };
    const made = cluster('calico', [], { policies: [own('default', [rule('Accept', { peers: [setPeer(sets)] })])], sets: [set] });
    expect([
      verdict(made, '198.51.100.9', 'shop/db'),
      verdict(made, '203.0.113.1', 'shop/db'),
      verdict(made, 'shop/web', 'shop/db'),
    ]).toEqual(['allow', 'deny', 'allow']);
  });

  test('accounts by name and by label; a rule for some of the pods; ports that are taken out', () => {
    const accounts: EndpointSet = {
      kind: 'and',
      of: [
        { kind: 'namespace', name: 'shop' },
        { kind: 'accounts', names: ['robot'] },
      ],
    };
    const trusted: EndpointSet = {
      kind: 'labels',
      of: 'serviceAccount',
      selector: { requirements: [{ key: 'trust', operator: 'In', values: ['high'], path: [] }], path: [] },
    };
    for (const set of [accounts, trusted]) {
      const made = cluster('calico', [], { policies: [own('default', [rule('Accept', { peers: [setPeer(set)] })])] });
      expect(verdict(made, 'shop/web', 'shop/db')).toBe('allow');
      expect(verdict(made, 'shop/db', 'shop/web')).toBe(set === accounts ? 'deny' : 'unknown');
    }
    const some = cluster('calico', [], { policies: [own('default', [rule('Accept', { own: app('db') })])] });
    expect([verdict(some, 'ops/scan', 'shop/db'), verdict(some, 'ops/scan', 'shop/web')]).toEqual(['allow', 'deny']);
    const named: PortMatch = { kind: 'named', name: 'admin', path: [], at: [] };
    const without = cluster('calico', [], { policies: [own('default', [rule('Accept', { notPorts: [named] })], { direction: 'egress' })] });
    expect([verdict(without, 'ops/scan', 'shop/db', 80), verdict(without, 'ops/scan', 'shop/db', 9000)]).toEqual(['allow', 'deny']);
  });

  test('the ports of a Service are those of its pods', () => {
    const to = { api: 'kubernetes', kinds: ['Service'], by: { kind: 'name', name: 'db', namespace: 'shop' }, missing: 'empty' } as const;
    const service = rule('Accept', {
      peers: [setPeer({ kind: 'reference', to })],
      ports: [{ kind: 'service', service: to, of: 'pods', words: 'its ports', path: [] }],
    });
    const made = cluster('calico', [], { policies: [own('default', [service], { direction: 'egress' })] });
    expect([
      verdict(made, 'ops/scan', 'shop/db', 80),
      verdict(made, 'ops/scan', 'shop/db', 5432),
      verdict(made, 'ops/scan', 'shop/web', 80),
    ]).toEqual(['allow', 'deny', 'deny']);
  });

  test('source ports: those that clients use are certain, others are not', () => {
    const from = (low: number, high: number): PortMatch => ({
      kind: 'packets',
      packets: [{ protocols: [{ from: 6, to: 6 }], first: [{ from: 80, to: 80 }], second: [{ from: low, to: high }] }],
      words: 'TCP 80',
      path: [],
    });
    const with_ = (port: PortMatch): string =>
      verdict(cluster('calico', [], { policies: [own('default', [rule('Accept', { ports: [port] })])] }), 'ops/scan', 'shop/db');
    expect([with_(from(32_768, 60_999)), with_(from(1000, 2000))]).toEqual(['allow', 'unknown']);
  });
});

describe('Antrea', () => {
  const own = (stage: string, rules: readonly Omit<Rule, 'index'>[], parts: PolicyParts = {}): Policy =>
    policy('antrea', `tier ${stage}`, rules, parts);
  const closed = np('closed', '{podSelector: {}}');

  test('a tier before NetworkPolicies goes over isolation; baseline comes after them', () => {
    expect(verdict(cluster('antrea', [closed], { policies: [own('application', [rule('Accept')])] }), 'ops/scan', 'shop/db')).toBe('allow');
    const open = np('open', '{podSelector: {}, ingress: [{}]}');
    const made = cluster('antrea', [open], { policies: [own('baseline', [rule('Deny')])] });
    expect([verdict(made, 'ops/scan', 'shop/db'), verdict(made, 'shop/web', 'ops/scan')]).toEqual(['allow', 'deny']);
  });

  test('Pass goes to the NetworkPolicies at once', () => {
    const made = cluster('antrea', [closed], { policies: [own('emergency', [rule('Pass')]), own('application', [rule('Accept')])] });
    expect([verdict(made, 'ops/scan', 'shop/db'), verdict(made, 'shop/web', 'ops/scan')]).toEqual(['deny', 'allow']);
  });

  test('equal priorities: all first rules before all second ones, then undefined', () => {
    const first = own('application', [rule('Deny', { peers: [setPeer(app('tester'))] }), rule('Deny')], { name: 'a', priority: 5 });
    const second = own('application', [rule('Accept')], { name: 'b', priority: 5 });
    const made = cluster('antrea', [], { policies: [first, second] });
    expect([verdict(made, 'ops/scan', 'shop/db'), verdict(made, 'lab/tester', 'shop/db')]).toEqual(['allow', 'undefined']);
  });

  test('ClusterNetworkPolicies lie at 220', () => {
    const made = cluster('antrea', [cnp('Admin', 1, fromAll('Accept'))], {
      policies: [own('application', [rule('Deny')]), own('platform', [])],
    });
    expect(verdict(made, 'ops/scan', 'shop/db')).toBe('allow');
    const tiers = [{ name: 'soon', order: 210 }];
    const before = cluster('antrea', [cnp('Admin', 1, fromAll('Accept'))], { policies: [own('soon', [rule('Deny')])], tiers });
    expect(verdict(before, 'ops/scan', 'shop/db')).toBe('deny');
  });

  test('a rule for pods of its own, and of the same namespace', () => {
    const subject: Subject = { ...ALL, set: app('db'), words: 'db' };
    const made = cluster('antrea', [], { policies: [own('application', [rule('Deny', { subject }), rule('Accept')])] });
    expect([verdict(made, 'ops/scan', 'shop/db'), verdict(made, 'ops/scan', 'shop/web')]).toEqual(['deny', 'allow']);
    const self = rule('Accept', { peers: [setPeer({ kind: 'like-own-namespace' })] });
    const isolated = cluster('antrea', [], { policies: [own('application', [self, rule('Deny')])] });
    expect([verdict(isolated, 'shop/web', 'shop/db'), verdict(isolated, 'ops/scan', 'shop/db')]).toEqual(['allow', 'deny']);
  });

  test('same labels: a namespace that lacks one is like none, not even itself', () => {
    const same = rule('Accept', { peers: [setPeer({ kind: 'like-own-namespace', labels: ['team', 'stage'] })] });
    const made = cluster('antrea', [pod('lab/second')], { policies: [own('application', [same, rule('Deny')])] });
    expect([
      verdict(made, 'ops/scan', 'shop/db'),
      verdict(made, 'lab/tester', 'shop/db'),
      verdict(made, 'lab/second', 'lab/tester'),
    ]).toEqual(['allow', 'deny', 'deny']);
  });

  test('what is sent to a Service is not what is sent to its pods', () => {
    const to = {
      api: 'kubernetes',
      kinds: ['Service'],
      by: { kind: 'name', name: 'db', namespace: 'shop' },
      part: 'service-addresses',
      missing: 'empty',
    } as const;
    const service = rule('Deny', {
      peers: [setPeer({ kind: 'reference', to })],
      ports: [{ kind: 'service', service: to, of: 'service', words: 'its ports', path: [] }],
    });
    const made = cluster('antrea', [], { policies: [own('application', [service], { direction: 'egress' })] });
    expect([
      verdict(made, 'shop/web', '10.96.0.5', 5432),
      verdict(made, 'shop/web', '10.96.0.5', 80),
      verdict(made, 'shop/web', 'shop/db', 80),
    ]).toEqual(['deny', 'allow', 'allow']);
  });

  test('groups of groups, one of which is not there', () => {
    const child = (name: string, missing: 'empty' | 'unknown'): EndpointSet => ({
      kind: 'reference',
      to: { api: 'antrea', kinds: ['ClusterGroup'], by: { kind: 'name', name }, missing },
    });
    const group = (name: string, members: EndpointSet): ReferencedSet => ({
      api: 'antrea',
      kind: 'ClusterGroup',
      name,
      labels: {},
      members,
      words: name,
      unreadable: [],
    });
    const sets = [
      group('outer', { kind: 'or', of: [child('inner', 'empty'), child('gone', 'empty')] }),
      group('inner', app('web')),
      group('round', child('round', 'empty')),
    ];
    const deny = (name: string): Policy => own('application', [rule('Deny', { peers: [setPeer(child(name, 'unknown'))] })]);
    const ask = (name: string): string[] =>
      ['shop/web', 'ops/scan'].map((from) => verdict(cluster('antrea', [], { policies: [deny(name)], sets }), from, 'shop/db'));
    expect([ask('outer'), ask('gone'), ask('round')]).toEqual([
      ['deny', 'allow'],
      ['unknown', 'unknown'],
      ['allow', 'allow'],
    ]);
  });
});
