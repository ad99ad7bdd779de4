import { describe, expect, test } from 'vitest';
import { describePeers, describePorts } from '../../server/model/describe.ts';
import { apiVersionOf } from '../../server/model/kind.ts';
import { UPSTREAM_KINDS } from '../../server/model/kinds.ts';
import type { RuleRequest } from '../../server/model/rule-request.ts';
import type { LabelSelector } from '../../server/model/selector.ts';
import {
  DIRECTIONS,
  type Action,
  type Direction,
  type NamespaceScope,
  type Peer,
  type Policy,
  type PortMatch,
  type Section,
} from '../../server/model/policy.ts';
import { formatPath } from '../../server/syntax/path.ts';
import { clusterNetworkPolicy, networkPolicy, policyOf, resourceOf } from './reading.ts';

/** A policy in short, so that a table row can say what is read. */
function shortly(policy: Policy): string {
  const parts = [`${scope(policy.subject.namespaces)} ${selector(policy.subject.pods)}`];
  for (const direction of ['ingress', 'egress'] as const) {
    const section = policy[direction];
    if (section) parts.push(`${direction}: ${rules(section)}`);
  }
  for (const { path, why } of policy.unreadable) parts.push(`! ${formatPath(path)} ${why}`);
  return parts.join('; ');
}

function rules(section: Section): string {
  const each = section.rules.map((rule) => `${rule.action} ${list(rule.peers, peer)} : ${list(rule.ports, port)}`);
  return each.length === 0 ? 'none' : each.join(', ');
}

function list<T>(items: readonly T[] | 'any', word: (item: T) => string): string {
  return items === 'any' ? 'any' : items.length === 0 ? 'nothing' : items.map(word).join(' | ');
}

function scope(namespaces: NamespaceScope): string {
  return namespaces.kind === 'own' ? namespaces.namespace : `ns(${selector(namespaces.selector)})`;
}

function selector({ requirements, unreadable }: LabelSelector): string {
  const words = requirements.map(({ key, operator, values }) => `${key} ${operator}${values.length === 0 ? '' : ` [${values.join(' ')}]`}`);
  return `${words.length === 0 ? '*' : words.join(' & ')}${unreadable === undefined ? '' : ` ? ${unreadable}`}`;
}

function peer(one: Peer): string {
  switch (one.kind) {
    case 'pods':
      return `${scope(one.namespaces)} ${selector(one.pods)}`;
    case 'networks':
      return one.networks.map(({ cidr, except }) => [cidr, ...except].join(' - ')).join(' + ');
    case 'nodes':
      return `nodes ${selector(one.nodes)}`;
    case 'domainNames':
      return one.domainNames.join(' ');
    case 'set':
      return one.words;
    case 'unreadable':
      return '?';
  }
}

function port(one: PortMatch): string {
  if (one.kind === 'unreadable') return '?';
  if (one.kind === 'packets' || one.kind === 'service') return one.words;
  return one.kind === 'named'
    ? `${one.protocol ?? '*'}/${one.name}`
    : `${one.protocol}/${one.from}${one.to === one.from ? '' : `-${one.to}`}`;
}

test.each([
  // What the API server makes of a policy that says little.
  ['', 'shop *; ingress: none'],
  ['spec:', 'shop *; ingress: none'],
  ['spec: {podSelector: }', 'shop *; ingress: none'],
  ['spec: {podSelector: {matchLabels: }, policyTypes: []}', 'shop *; ingress: none'],
  ['spec: {egress: []}', 'shop *; ingress: none'],
  ['spec: {egress: [{}]}', 'shop *; ingress: none; egress: Accept any : any'],
  ['spec: {policyTypes: [Egress], ingress: [{}]}', 'shop *; egress: none'],
  ['spec: {policyTypes: [Ingress, Ingress]}', 'shop *; ingress: none'],
  ['spec: {policyTypes: [Ingress, egress]}', 'shop *; ingress: none; ! spec.policyTypes[1] should be Ingress or Egress, not "egress"'],
  ['spec:\n  ingress:\n    -\n', 'shop *; ingress: Accept any : any'],
  ['spec: {ingress: [{from: [], ports: }]}', 'shop *; ingress: Accept any : any'],
  // Peers.
  ['spec: {ingress: [{from: [{podSelector: {matchLabels: {a: b}}}]}]}', 'shop *; ingress: Accept shop a In [b] : any'],
  ['spec: {ingress: [{from: [{namespaceSelector: {}}]}]}', 'shop *; ingress: Accept ns(*) * : any'],
  ['spec: {ingress: [{from: [{namespaceSelector: , podSelector: {}}]}]}', 'shop *; ingress: Accept shop * : any'],
  ['spec: {ingress: [{from: [{podSelector: {}}, {namespaceSelector: {}}]}]}', 'shop *; ingress: Accept shop * | ns(*) * : any'],
  [
    'spec: {ingress: [{from: [{}]}]}',
    'shop *; ingress: Accept ? : any; ! spec.ingress[0].from[0] names no podSelector, namespaceSelector or ipBlock',
  ],
  [
    'spec: {ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}]}',
    'shop *; ingress: Accept 10.0.0.0/8 - 10.1.0.0/16 : any',
  ],
  [
    'spec: {ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/33}}]}]}',
    'shop *; ingress: Accept ? : any; ! spec.ingress[0].from[0].ipBlock.cidr should be a CIDR such as 10.0.0.0/8, not "10.0.0.0/33"',
  ],
  [
    'spec: {ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}, podSelector: {}}]}]}',
    'shop *; ingress: Accept ? : any; ! spec.ingress[0].from[0] has an ipBlock together with a selector, which the API server rejects',
  ],
  ['spec: {ingress: [{form: []}]}', 'shop *; ingress: Accept any : any; ! spec.ingress[0].form is an unknown field'],
  // Selectors.
  ['spec: {podSelector: {matchLabels: {a: , y: "1"}}}', 'shop a In [] & true In [1]; ingress: none'],
  ['spec: {podSelector: {matchLabels: {a: y, b: 0123}}}', 'shop a In [y] & b In [0123]; ingress: none'],
  ['spec: {podSelector: {matchExpressions: [{key: a, operator: NotIn, values: [null, b]}]}}', 'shop a NotIn [ b]; ingress: none'],
  ['spec: {podSelector: {matchExpressions: [{key: a, operator: In}]}}', "shop * ? has no values for 'a', which In needs; ingress: none"],
  ['spec: {podSelector: {matchlabels: {a: b}}}', "shop * ? has a field 'matchlabels', which no selector has; ingress: none"],
  [
    'spec: {podSelector: {matchLabels: {a: {{ .Values.a }}, b: c}}}',
    'shop b In [c] ? is not known yet, because it is filled in later or the YAML is not finished; ingress: none',
  ],
  // Ports.
  ['spec: {ingress: [{ports: [{}, null, {protocol: UDP}]}]}', 'shop *; ingress: Accept any : TCP/1-65535 | TCP/1-65535 | UDP/1-65535'],
  [
    'spec: {ingress: [{ports: [{port: 0120}, {port: 80.0}, {port: 8e1}, {port: 1_000, endPort: 2000}]}]}',
    'shop *; ingress: Accept any : TCP/80 | TCP/80 | TCP/80 | TCP/1000-2000',
  ],
  ['spec: {ingress: [{ports: [{port: http, protocol: UDP}]}]}', 'shop *; ingress: Accept any : UDP/http'],
  [
    'spec: {ingress: [{ports: [{port: "80"}]}]}',
    'shop *; ingress: Accept any : ?; ! spec.ingress[0].ports[0] is not a port or range of ports from 1 to 65535',
  ],
  [
    'spec: {ingress: [{ports: [{port: 80, endPort: 79}]}]}',
    'shop *; ingress: Accept any : ?; ! spec.ingress[0].ports[0] is not a port or range of ports from 1 to 65535',
  ],
  [
    'spec: {ingress: [{ports: [{endPort: 79}]}]}',
    'shop *; ingress: Accept any : ?; ! spec.ingress[0].ports[0] has an endPort without a port',
  ],
  [
    'spec: {ingress: [{ports: [{protocol: ICMP}]}]}',
    'shop *; ingress: Accept any : ?; ! spec.ingress[0].ports[0].protocol should be TCP, UDP or SCTP, not "ICMP"',
  ],
  // Other shapes than expected.
  ['spec: 3', 'shop *; ingress: none; ! spec should be an object, not 3'],
  ['spec: {ingress: {}}', 'shop *; ingress: none; ! spec.ingress should be a list, not an object'],
  ['spec: {ingress: [x]}', 'shop *; ingress: Accept ? : any; ! spec.ingress[0] should be an object, not "x"'],
  ['spec: {ingress: [{from: all}]}', 'shop *; ingress: Accept ? : any; ! spec.ingress[0].from should be a list, not "all"'],
])('NetworkPolicy %j', (spec, read) => {
  expect(shortly(networkPolicy(spec))).toBe(read);
});

const NO_SUBJECT = '! spec.subject';

test.each([
  ['  subject: {namespaces: {}}', 'ns(*) *'],
  ['  subject: {namespaces: {matchLabels: {a: , b: c}}}', 'ns(b In [c]) *'],
  ['  subject: {pods: {podSelector: {matchLabels: {a: b}}}}', 'ns(*) a In [b]'],
  ['  subject: {pods: {namespaceSelector: , podSelector: {}}}', 'ns(*) *'],
  [
    '  subject: {namespaces: }',
    `ns(* ? must name either namespaces or pods) * ? must name either namespaces or pods; ${NO_SUBJECT} must name either namespaces or pods`,
  ],
  ['  subject: {namespaces: {}}\n  ingress: []', 'ns(*) *; ingress: none'],
  [
    '  subject: {namespaces: {}}\n  ingress: [{action: Pass, from: [{namespaces: {}}, {pods: {podSelector: {}}}]}]',
    'ns(*) *; ingress: Pass ns(*) * | ns(*) * : any',
  ],
  [
    '  subject: {namespaces: {}}\n  egress: [{action: Deny, to: [{networks: [10.0.0.0/8, "::/0"]}, {nodes: {}}, {domainNames: ["*.a.example"]}]}]',
    'ns(*) *; egress: Deny 10.0.0.0/8 + ::/0 | nodes * | *.a.example : any',
  ],
  [
    '  subject: {namespaces: {}}\n  ingress: [{action: Deny, from: [{networks: [10.0.0.0/8]}]}]',
    'ns(*) *; ingress: Deny ? : any; ! spec.ingress[0].from[0].networks is an unknown field',
  ],
  [
    '  subject: {namespaces: {}}\n  ingress: [{action: Deny, from: []}]',
    'ns(*) *; ingress: Deny ? : any; ! spec.ingress[0].from must name at least one peer',
  ],
  [
    '  subject: {namespaces: {}}\n  ingress: [{action: Allow, from: [{namespaces: {}}]}]',
    'ns(*) *; ingress: none; ! spec.ingress[0].action should be Accept, Deny, Pass, not "Allow"',
  ],
  [
    '  subject: {namespaces: {}}\n  ingress: [{action: Accept, from: [{namespaces: {}}], protocols: [{tcp: {destinationPort: {number: 80}}}, {udp: {destinationPort: {range: {start: 1, end: 9}}}}, {destinationNamedPort: dns}]}]',
    'ns(*) *; ingress: Accept ns(*) * : TCP/80 | UDP/1-9 | */dns',
  ],
  [
    '  subject: {namespaces: {}}\n  ingress: [{action: Accept, from: [{namespaces: {}}], protocols: [{tcp: {}}]}]',
    'ns(*) *; ingress: Accept ns(*) * : ?; ! spec.ingress[0].protocols[0] names no port from 1 to 65535',
  ],
])('ClusterNetworkPolicy %j', (spec, read) => {
  expect(shortly(clusterNetworkPolicy(spec))).toBe(read);
});

test('tier and priority of a ClusterNetworkPolicy', () => {
  const policy = policyOf(
    'apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: a}\nspec: {tier: Baseline, priority: 1e2, subject: {namespaces: {}}}',
  );
  expect(policy).toMatchObject({ stage: 'baseline', priority: 100, unreadable: [] });
  const broken = policyOf(
    'apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: a}\nspec: {tier: admin, priority: 1001, subject: {namespaces: {}}}',
  );
  expect(broken.priority).toBeUndefined();
  expect(broken.unreadable.map(({ path }) => formatPath(path))).toEqual(['spec.priority', 'spec.tier']);
});

test.each([
  ['Admin', 'priority: 5, ', 'Allow', '{portNumber: {port: 80}}', 'Accept ns(*) * : TCP/80'],
  ['Admin', 'priority: 5, ', 'Pass', '{portRange: {protocol: UDP, start: 1, end: 9}}', 'Pass ns(*) * : UDP/1-9'],
  ['Admin', 'priority: 5, ', 'Deny', '{namedPort: web}', 'Deny ns(*) * : */web'],
  ['BaselineAdmin', '', 'Allow', '{portNumber: {protocol: "", port: 80}}', 'Accept ns(*) * : TCP/80'],
])('%sNetworkPolicy', (prefix, priority, action, match, read) => {
  const spec = `{${priority}subject: {namespaces: {}}, egress: [{action: ${action}, to: [{pods: {namespaceSelector: {}, podSelector: {}}}], ports: [${match}]}]}`;
  const policy = policyOf(
    `apiVersion: policy.networking.k8s.io/v1alpha1\nkind: ${prefix}NetworkPolicy\nmetadata: {name: default}\nspec: ${spec}`,
  );
  expect(shortly(policy)).toBe(`ns(*) *; egress: ${read}`);
  expect(policy.stage).toBe(prefix === 'Admin' ? 'admin' : 'baseline');
});

test('a namespace is default where it is not given, and unknown where a template makes it', () => {
  expect(policyOf('apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}').namespace).toBe('default');
  expect(policyOf('apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a, namespace: y}').namespace).toBe('y');
  const made = policyOf(
    'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: a\n  namespace: {{ .Release.Namespace }}',
  );
  expect(made).toMatchObject({ namespace: '', unreadable: [{ path: ['metadata', 'namespace'] }] });
});

const TEMPLATE =
  '{metadata: {labels: {app: web}}, spec: {containers: [{ports: [{name: http, containerPort: 8080}, {containerPort: 53, protocol: UDP}]}], initContainers: [{ports: [{containerPort: 1}]}, {restartPolicy: Always, ports: [{containerPort: 2}]}]}}';

test.each([
  ['apps/v1', 'Deployment', `{template: ${TEMPLATE}}`, 'spec.template'],
  ['apps/v1', 'StatefulSet', `{template: ${TEMPLATE}}`, 'spec.template'],
  ['batch/v1', 'CronJob', `{jobTemplate: {spec: {template: ${TEMPLATE}}}}`, 'spec.jobTemplate.spec.template'],
  ['v1', 'ReplicationController', `{template: ${TEMPLATE}}`, 'spec.template'],
])('%s %s has the labels and ports of its pods', (apiVersion, kind, spec, at) => {
  const { value } = resourceOf(
    `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: web, namespace: shop, labels: {app: other}}\nspec: ${spec}`,
  );
  expect(value).toMatchObject({
    kind,
    name: 'web',
    namespace: 'shop',
    labels: { app: 'web' },
    hostNetwork: false,
    ips: [],
    unreadable: [],
  });
  if (!('labelsPath' in value) || !('hostNetwork' in value)) throw new Error('no workload');
  expect(formatPath(value.labelsPath)).toBe(`${at}.metadata.labels`);
  expect(value.ports.map(({ path, ...rest }) => [formatPath(path), rest])).toEqual([
    [`${at}.spec.containers[0].ports[0]`, { name: 'http', port: 8080, protocol: 'TCP' }],
    [`${at}.spec.containers[0].ports[1]`, { port: 53, protocol: 'UDP' }],
    [`${at}.spec.initContainers[1].ports[0]`, { port: 2, protocol: 'TCP' }],
  ]);
});

test('a Pod knows its owner, its addresses and its node', () => {
  const { value } = resourceOf(`apiVersion: v1
kind: Pod
metadata:
  name: web-1
  labels: {app: web, tier: }
  ownerReferences: [{kind: Node, name: n1, controller: true}, {kind: Other, name: o}, {kind: ReplicaSet, name: web, controller: true}]
spec: {hostNetwork: true, nodeName: n1}
status: {podIP: 10.0.0.1, podIPs: [{ip: 10.0.0.1}, {ip: "fd00::1"}]}`);
  expect(value).toMatchObject({
    namespace: 'default',
    labels: { app: 'web', tier: '' },
    owner: { kind: 'ReplicaSet', name: 'web' },
    hostNetwork: true,
    nodeName: 'n1',
    ips: ['10.0.0.1', 'fd00::1'],
  });
});

test('Namespace, Service and Node', () => {
  expect(
    resourceOf('apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {team: ops, kubernetes.io/metadata.name: other}}'),
  ).toMatchObject({
    role: 'namespace',
    value: { name: 'shop', labels: { team: 'ops', 'kubernetes.io/metadata.name': 'shop' } },
  });
  expect(
    resourceOf(
      'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80, targetPort: http}, {port: 81}]}',
    ),
  ).toMatchObject({
    role: 'service',
    value: {
      type: 'ClusterIP',
      selector: { requirements: [{ key: 'app', values: ['web'] }] },
      ports: [
        { port: 80, targetPort: 'http' },
        { port: 81, targetPort: 81 },
      ],
    },
  });
  expect(resourceOf('apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {}}').value).not.toHaveProperty('selector');
  expect(
    resourceOf(
      'apiVersion: v1\nkind: Node\nmetadata: {name: n1}\nstatus: {addresses: [{type: InternalIP, address: 10.1.0.1}, {type: Hostname, address: n1}]}',
    ),
  ).toMatchObject({
    role: 'node',
    value: { name: 'n1', ips: ['10.1.0.1'] },
  });
});

describe('what the writer of a kind writes, its reader reads', () => {
  const request = (direction: Direction, action: Action): RuleRequest => ({
    direction,
    action,
    peers: [{ kind: 'pods', namespace: 'ops', labels: { app: 'web', on: 'yes' } }],
    ports: [
      { protocol: 'TCP', port: 80 },
      { protocol: 'UDP', port: 53 },
    ],
  });
  test.each(
    UPSTREAM_KINDS.flatMap((kind) =>
      [...kind.actions.keys()].filter((action) => action !== 'Log').map((action) => [kind.kind, action, kind] as const),
    ),
  )('%s: %s', (_, action, kind) => {
    for (const direction of DIRECTIONS) {
      const rule = kind.write.rule(request(direction, action), 'shop');
      const head = { tier: 'Admin', priority: 1, subject: { namespaces: {} } };
      const spec = kind.traits.namespaced ? { podSelector: {}, policyTypes: ['Ingress', 'Egress'] } : head;
      const text = JSON.stringify({
        apiVersion: apiVersionOf(kind),
        kind: kind.kind,
        metadata: { name: 'default' },
        spec: { ...spec, [direction]: [rule] },
      });
      const [read] = policyOf(text)[direction]?.rules ?? [];
      expect(read?.action).toBe(action);
      const described = read && `${describePeers(read.peers)}, on ${describePorts(read.ports)}`;
      expect(described).toBe('pods with app=web and on=yes in namespace ops, on TCP port 80 or UDP port 53');
    }
  });
});
