import { describe, expect, test } from 'vitest';
import { finished } from '../../server/base/work.ts';
import { diagnoseWorkspace } from '../../server/features/diagnose-workspace.ts';
import { annotated, pod, service } from './manifests.ts';
import { DEFAULTS } from '../../server/settings.ts';
import { sourceFile } from '../../server/syntax/source-file.ts';
import { emptyMap } from '../../server/workspace/persistent-map.ts';
import { allUniverses, universeOf, withFile } from '../../server/workspace/snapshot.ts';
import { workspaceFindingsIn, workspaceOf } from './workspace-findings.ts';

const policy = (name: string, rest: string, namespace = 'shop'): string => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}, namespace: ${namespace}}
spec: ${rest}`;

const object = (apiVersion: string, kind: string, rest: string): string => `apiVersion: ${apiVersion}
kind: ${kind}
metadata: {name: it, namespace: shop}
${rest}`;

const SHUT = policy('shut', '{podSelector: {}, policyTypes: [Ingress]}');
const WEB = [service('shop', 'web', 'app: web', '80:8080'), pod('shop', 'web', 'app: web', 'http:8080', 'metrics:9090')];
const NGINX = pod('edge', 'nginx', 'app.kubernetes.io/name: ingress-nginx');
const PROMETHEUS = pod('monitoring', 'prometheus', 'app: prometheus');

const CODES = ['metrics-blocked', 'webhook-blocked', 'ingress-backend-blocked', 'api-server-blocked', 'service-without-client'];

/** What the rules about wanted connections say: `code manifest`. */
function cutsIn(...documents: readonly string[]): readonly string[] {
  return workspaceFindingsIn(documents.join('\n---\n'))
    .filter(({ code }) => CODES.includes(code))
    .map(({ code, severity }) => `${severity} ${code}`);
}

function messagesIn(...documents: readonly string[]): readonly string[] {
  return workspaceFindingsIn(documents.join('\n---\n'))
    .filter(({ code }) => CODES.includes(code))
    .map(({ message }) => message);
}

const ingress = (backend: string, more = ''): string =>
  object('networking.k8s.io/v1', 'Ingress', `spec: {${more}defaultBackend: ${backend}}`);
const TO_WEB = ingress('{service: {name: web, port: {number: 80}}}');

describe('Ingress', () => {
  test('a controller that is denied, by name or number of the port, in every version of the API', () => {
    const found = ['warning ingress-backend-blocked'];
    expect(cutsIn(TO_WEB, SHUT, NGINX, ...WEB)).toEqual(found);
    const old = 'spec: {rules: [{http: {paths: [{backend: {serviceName: web, servicePort: 80}}]}}]}';
    expect(cutsIn(object('networking.k8s.io/v1beta1', 'Ingress', old), SHUT, NGINX, ...WEB)).toEqual(found);
    expect(cutsIn(object('extensions/v1beta1', 'Ingress', old), SHUT, NGINX, ...WEB)).toEqual(found);
    const named = service('shop', 'web', 'app: web', '80:8080').replace('- port: 80', '- name: http\n    port: 80');
    expect(cutsIn(ingress('{service: {name: web, port: {name: http}}}'), SHUT, NGINX, named, ...WEB.slice(1))).toEqual(found);
  });

  test('closed at the controller: it stands there', () => {
    const shut = policy('out', '{podSelector: {}, policyTypes: [Egress]}', 'edge');
    expect(messagesIn(TO_WEB, shut, NGINX, ...WEB)).toEqual([
      'Ingress shop/it cannot reach its backend: this policy denies edge/nginx[Pod] -> shop/web[Pod] TCP 8080. Allow egress from the controller to it.',
    ]);
  });

  test('of two policies that close the pods, the one that opens something is the one to change', () => {
    const web = policy('web', '{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {}}]}]}');
    const found = workspaceFindingsIn([SHUT, web, TO_WEB, NGINX, ...WEB].join('\n---\n')).filter(
      ({ code }) => code === 'ingress-backend-blocked',
    );
    expect(found.map(({ path, related }) => [path, related.map(({ message }) => message)])).toEqual([
      [
        ['spec', 'ingress'],
        ['Ingress shop/it routes to Service shop/web.', 'The pods of shop/web[Pod].', 'Policy shop/shut does not allow it either.'],
      ],
    ]);
  });

  test.each([
    [
      'an address outside that may be the controller',
      policy('web', '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}'),
    ],
    ['nothing is closed', policy('web', '{podSelector: {}, ingress: [{}]}')],
    ['a value that cannot be read', policy('web', '{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: 7}}]}]}')],
  ])('silent: %s', (_, open) => {
    expect(cutsIn(TO_WEB, open, NGINX, ...WEB)).toEqual([]);
  });

  test("silent where the Service or its pods are not known, or in the host's network", () => {
    expect(cutsIn(ingress('{service: {name: other, port: {number: 80}}}'), SHUT, NGINX, ...WEB)).toEqual([
      'information service-without-client',
    ]);
    expect(cutsIn(TO_WEB, SHUT, NGINX, ...WEB.slice(0, 1))).toEqual([]);
    const host = WEB.map((text) => text.replace('spec:\n  containers', 'spec:\n  hostNetwork: true\n  containers'));
    expect(cutsIn(TO_WEB, SHUT, NGINX, ...host)).toEqual([]);
  });

  test("a class of another controller than the known one may be anybody's", () => {
    const from = policy('web', '{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: edge}}}]}]}');
    const classed = (name: string): string => ingress('{service: {name: web, port: {number: 80}}}', `ingressClassName: ${name}, `);
    expect(cutsIn(classed('nginx-internal'), from, NGINX, ...WEB)).toEqual(['warning ingress-backend-blocked']);
    expect(cutsIn(classed('public'), from, NGINX, ...WEB)).toEqual([]);
    expect(cutsIn(classed('public'), SHUT, NGINX, ...WEB)).toEqual(['information ingress-backend-blocked']);
  });
});

test('what nobody knows may be let in by a label that nobody here has', () => {
  const by = (label: string): string =>
    policy('web', `{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: ${label}}}}]}]}`);
  expect(cutsIn(TO_WEB, by('our-ingress'), ...WEB)).toEqual([]);
  expect(cutsIn(TO_WEB, by('web'), ...WEB)).toEqual(['information ingress-backend-blocked']);
});

test('of a port of a Service that is closed to Prometheus is told once', () => {
  const ports = service('shop', 'web', 'app: web', '80:8080').replace('- port', '- name: http\n    port');
  const both = `${ports}\n  - name: metrics\n    port: 9090\n    targetPort: 9090`;
  const some = policy('some', '{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {}}], ports: [{port: 8080}]}]}');
  const web = pod('shop', 'web', 'app: web', '8080', '9090');
  const scraped = annotated(web, { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '9090' });
  const other = pod('shop', 'api', 'app: api');
  expect(cutsIn(some, both, web, other, PROMETHEUS)).toEqual(['information service-without-client']);
  expect(cutsIn(some, both, scraped, other, PROMETHEUS)).toEqual(['warning metrics-blocked']);
});

test('cut by a policy of a tier', () => {
  const guard = `apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: guard}
spec:
  tier: Admin
  priority: 5
  subject: {namespaces: {matchLabels: {kubernetes.io/metadata.name: shop}}}
  ingress:
  - {name: shut, action: Deny, from: [{namespaces: {}}]}`;
  const found = workspaceFindingsIn([TO_WEB, guard, NGINX, ...WEB].join('\n---\n')).filter(({ code }) => CODES.includes(code));
  expect(found.map(({ code, path, fixes }) => [code, path, fixes])).toEqual([['ingress-backend-blocked', ['spec', 'ingress', 0], []]]);
});

describe('routes of the Gateway API', () => {
  const route = (kind: string, version = 'v1', ref = '{name: web, port: 80}'): string =>
    object(
      `gateway.networking.k8s.io/${version}`,
      kind,
      `spec: {parentRefs: [{name: front, namespace: edge}], rules: [{backendRefs: [${ref}]}]}`,
    );
  const proxy = pod('edge', 'front', 'gateway.networking.k8s.io/gateway-name: front');

  test.each([
    ['HTTPRoute', 'v1beta1'],
    ['GRPCRoute', 'v1'],
    ['TLSRoute', 'v1alpha2'],
    ['TCPRoute', 'v1alpha2'],
    ['UDPRoute', 'v1alpha2'],
  ])('%s', (kind, version) => {
    expect(cutsIn(route(kind, version), SHUT, proxy, ...WEB)).toEqual(['warning ingress-backend-blocked']);
    expect(cutsIn(route(kind, version), SHUT, ...WEB)).toEqual(['information ingress-backend-blocked']);
  });

  test('the proxy may live beside the pods, where its Gateway is', () => {
    const home = object(
      'gateway.networking.k8s.io/v1',
      'HTTPRoute',
      'spec: {parentRefs: [{name: front}], rules: [{backendRefs: [{name: web, port: 80}]}]}',
    );
    const same = policy('web', '{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}');
    expect(cutsIn(home, same, ...WEB)).toEqual([]);
    expect(cutsIn(route('HTTPRoute'), same, ...WEB)).toEqual(['information ingress-backend-blocked']);
  });

  test('what gets no traffic, or is no Service, is not wanted', () => {
    expect(cutsIn(route('HTTPRoute', 'v1', '{name: web, port: 80, weight: 0}'), SHUT, proxy)).toEqual([]);
    expect(cutsIn(route('HTTPRoute', 'v1', '{name: web, port: 80, kind: Backend, group: x.example}'), SHUT, proxy)).toEqual([]);
  });
});

describe('webhooks', () => {
  const at = '{name: web, namespace: shop, port: 80}';

  test.each([
    ['admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration', `webhooks: [{clientConfig: {service: ${at}}}]`],
    [
      'apiextensions.k8s.io/v1',
      'CustomResourceDefinition',
      `spec: {conversion: {strategy: Webhook, webhook: {clientConfig: {service: ${at}}}}}`,
    ],
    [
      'apiextensions.k8s.io/v1beta1',
      'CustomResourceDefinition',
      `spec: {conversion: {strategy: Webhook, webhookClientConfig: {service: ${at}}}}`,
    ],
    ['apiregistration.k8s.io/v1', 'APIService', `spec: {service: ${at}}`],
  ])('%s %s', (apiVersion, kind, rest) => {
    expect(cutsIn(object(apiVersion, kind, rest), SHUT, ...WEB)).toEqual(['warning webhook-blocked']);
    const open = policy('web', '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 192.0.2.10/32}}], ports: [{port: 8080}]}]}');
    expect(cutsIn(object(apiVersion, kind, rest), open, ...WEB)).toEqual([]);
  });

  test('an API server that is known and let in', () => {
    const hook = object('admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration', `webhooks: [{clientConfig: {service: ${at}}}]`);
    const server = pod('control', 'api', 'component: kube-apiserver');
    const open = policy(
      'web',
      '{podSelector: {}, ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {component: kube-apiserver}}}]}]}',
    );
    expect(cutsIn(hook, open, server, ...WEB)).toEqual([]);
  });
});

describe('metrics', () => {
  const monitor = (kind: string, rest: string): string => object('monitoring.coreos.com/v1', kind, `spec: {${rest}}`);
  const labelled = (WEB[0] ?? '')
    .replace('metadata:', 'metadata:\n  labels: {team: web}')
    .replace('- port: 80', '- name: http\n    port: 80');

  test.each([
    ['a port of the Service', monitor('ServiceMonitor', 'selector: {matchLabels: {team: web}}, endpoints: [{port: http}]')],
    ['a port of the pod behind it', monitor('ServiceMonitor', 'selector: {}, endpoints: [{targetPort: metrics}]')],
    ['every namespace', monitor('ServiceMonitor', 'selector: {}, namespaceSelector: {any: true}, endpoints: [{targetPort: 9090}]')],
    ['pods', monitor('PodMonitor', 'selector: {matchLabels: {app: web}}, podMetricsEndpoints: [{port: metrics}]')],
    [
      'pods, by number',
      monitor('PodMonitor', 'selector: {}, namespaceSelector: {matchNames: [shop]}, podMetricsEndpoints: [{portNumber: 9090}]'),
    ],
  ])('%s', (_, asked) => {
    expect(cutsIn(asked, SHUT, PROMETHEUS, labelled, ...WEB.slice(1))).toContain('warning metrics-blocked');
  });

  test.each([
    ['other labels', monitor('ServiceMonitor', 'selector: {matchLabels: {team: api}}, endpoints: [{port: http}]')],
    [
      'another namespace',
      monitor('PodMonitor', 'selector: {}, namespaceSelector: {matchNames: [other]}, podMetricsEndpoints: [{port: metrics}]'),
    ],
    ['no selector', monitor('ServiceMonitor', 'endpoints: [{port: http}]')],
    ['a port that nobody has', monitor('ServiceMonitor', 'selector: {}, endpoints: [{port: web}]')],
  ])('silent: %s', (_, asked) => {
    expect(cutsIn(asked, SHUT, PROMETHEUS, labelled, ...WEB.slice(1))).not.toContain('warning metrics-blocked');
  });

  test('one Prometheus that gets through is enough', () => {
    const asked = monitor('PodMonitor', 'selector: {}, podMetricsEndpoints: [{port: metrics}]');
    const open = policy('web', '{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: prometheus}}}]}]}');
    expect(cutsIn(asked, open, PROMETHEUS, pod('shop', 'prometheus', 'app: prometheus'), ...WEB)).toEqual([]);
  });

  test('a Prometheus that the operator makes is in no workspace, so nobody at all may get in for a finding', () => {
    const asked = monitor('PodMonitor', 'selector: {}, podMetricsEndpoints: [{port: metrics}]');
    expect(messagesIn(asked, SHUT, ...WEB.slice(1))).toEqual([
      'PodMonitor shop/it requests the metrics of shop/web[Pod], but neither pods of other namespaces nor addresses outside the cluster can reach it on TCP 9090. Allow Prometheus.',
    ]);
    expect(cutsIn(asked, SHUT, ...WEB.slice(1))).toEqual(['information metrics-blocked']);
  });

  test.each([
    ['a namespace', '{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}}'],
    ['a namespace of which other pods are known', '{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: edge}}}'],
    ['its own namespace', '{podSelector: {}}'],
    ['pods like those of the operator', '{podSelector: {matchLabels: {app.kubernetes.io/name: prometheus}}}'],
    ['addresses', '{ipBlock: {cidr: 10.0.0.0/8}}'],
  ])('one that nobody knows may be let in: %s', (_, peer) => {
    const asked = monitor('PodMonitor', 'selector: {}, podMetricsEndpoints: [{port: metrics}]');
    expect(cutsIn(asked, policy('web', `{podSelector: {}, ingress: [{from: [${peer}]}]}`), NGINX, ...WEB.slice(1))).toEqual([]);
  });

  test('many pods, one finding', () => {
    const asked = monitor('PodMonitor', 'selector: {}, podMetricsEndpoints: [{portNumber: 9090}]');
    expect(messagesIn(asked, SHUT, PROMETHEUS, ...WEB.slice(1), pod('shop', 'api', 'app: api'), pod('shop', 'db', 'app: db'))).toEqual([
      'Prometheus cannot collect the metrics of shop/web[Pod]: this policy denies monitoring/prometheus[Pod] -> shop/web[Pod] TCP 9090. Allow Prometheus on this port. The same is true for 2 more workloads.',
    ]);
  });
});

describe('the API server', () => {
  const bound = object(
    'rbac.authorization.k8s.io/v1',
    'RoleBinding',
    'roleRef: {kind: Role, name: reader}\nsubjects: [{kind: ServiceAccount, name: robot, namespace: shop}]',
  );
  const robot = pod('shop', 'robot', 'app: robot').replace('spec:', 'spec:\n  serviceAccountName: robot');
  const shut = policy('out', '{podSelector: {}, policyTypes: [Egress]}');

  test('closed', () => {
    expect(cutsIn(bound, robot, shut)).toEqual(['information api-server-blocked']);
    expect(cutsIn(bound.replace('RoleBinding', 'ClusterRoleBinding'), robot, shut)).toEqual(['information api-server-blocked']);
  });

  test('open by its address', () => {
    const address = '{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 192.0.2.10/32}}], ports: [{port: 16443}]}]}';
    expect(cutsIn(bound, robot, policy('out', address))).toEqual([]);
  });

  test('a selector of its pods does not match it, as it is in the host network', () => {
    const pods = '{podSelector: {}, egress: [{to: [{namespaceSelector: {}, podSelector: {matchLabels: {component: kube-apiserver}}}]}]}';
    expect(cutsIn(bound, robot, policy('out', pods))).toEqual(['warning api-server-blocked']);
  });

  test('no token, no rights, or rights that are for others', () => {
    expect(cutsIn(bound, robot.replace('spec:', 'spec:\n  automountServiceAccountToken: false'), shut)).toEqual([]);
    expect(cutsIn(robot, shut)).toEqual([]);
    expect(cutsIn(bound.replace('reader', 'system:openshift:scc:anyuid'), robot, shut)).toEqual([]);
  });
});

describe('a Service without client', () => {
  const DB = [service('shop', 'db', 'app: db', '5432'), pod('shop', 'db', 'app: db', '5432')];

  test('pods of one StatefulSet may be clients of each other', () => {
    const set = `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec: {template: {metadata: {labels: {app: db}}, spec: {containers: [{name: db, ports: [{containerPort: 5432}]}]}}}`;
    const own = policy('db', '{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: db}}}]}]}');
    expect(cutsIn(...DB.slice(0, 1), set, own, pod('shop', 'web', 'app: web'))).toEqual([]);
    expect(cutsIn(...DB, own, pod('shop', 'web', 'app: web'))).toEqual(['information service-without-client']);
  });

  test('a rule in vain, for its client is closed', () => {
    const open = policy('db', '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]}');
    const out = policy('out', '{podSelector: {}, policyTypes: [Egress]}');
    expect(cutsIn(...DB, open, out, pod('shop', 'web', 'app: web'))).toEqual(['information service-without-client']);
    expect(cutsIn(...DB, open, pod('shop', 'web', 'app: web'))).toEqual([]);
  });

  test('nobody else is known, or another rule says so already', () => {
    expect(cutsIn(...DB, SHUT)).toEqual([]);
    const balancer = (DB[0] ?? '').replace('ClusterIP', 'LoadBalancer');
    expect(cutsIn(balancer, ...DB.slice(1), SHUT, pod('shop', 'web', 'app: web'))).toEqual([]);
  });
});

test('objects that call others make no namespace known and are never judged', () => {
  const other = TO_WEB.replace('namespace: shop', 'namespace: elsewhere').replace('spec:', 'spce: 7\nspec:');
  const { snapshot } = workspaceOf(`${other}\n---\n${SHUT}`);
  const names = allUniverses(snapshot).flatMap((id) => JSON.stringify([...entriesIn(universeOf(snapshot, id)?.homes ?? emptyMap())]));
  expect(names.join()).not.toContain('elsewhere');
  expect(workspaceFindingsIn(other)).toEqual([]);
});

function* entriesIn(value: unknown): Generator {
  if (typeof value !== 'object' || value === null) yield value;
  else for (const [key, one] of Object.entries(value)) yield* [key, ...entriesIn(one)];
}

test('no prefix of the objects makes a rule fail', () => {
  const texts = [
    TO_WEB,
    object(
      'gateway.networking.k8s.io/v1',
      'HTTPRoute',
      'spec:\n  parentRefs:\n  - name: front\n  rules:\n  - backendRefs:\n    - name: web\n      port: 80',
    ),
    object(
      'admissionregistration.k8s.io/v1',
      'MutatingWebhookConfiguration',
      'webhooks:\n- clientConfig:\n    service: {name: web, namespace: shop}',
    ),
    object(
      'monitoring.coreos.com/v1',
      'ServiceMonitor',
      'spec:\n  selector: {matchLabels: {a: b}}\n  namespaceSelector: {any: true}\n  endpoints:\n  - port: http',
    ),
    object(
      'rbac.authorization.k8s.io/v1',
      'RoleBinding',
      'roleRef: {name: x}\nsubjects:\n- kind: ServiceAccount\n  name: robot\n  namespace: shop',
    ),
    ...WEB,
  ];
  const { snapshot } = workspaceOf([SHUT, NGINX, PROMETHEUS, ...WEB].join('\n---\n'));
  const faults: string[] = [];
  for (const text of texts) {
    for (let end = 0; end <= text.length; end++) {
      const cut = withFile(snapshot, 'file:///workspace/more.yaml', sourceFile(text.slice(0, end)));
      for (const uri of ['file:///workspace/more.yaml', 'file:///workspace/fixture.yaml'])
        finished(diagnoseWorkspace(cut, uri, { ...DEFAULTS, profile: 'audit' }, (rule, fault) => faults.push(`${rule} ${String(fault)}`)));
    }
  }
  expect(faults).toEqual([]);
});
