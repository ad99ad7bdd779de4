import { describe, expect, test } from 'vitest';
import { findingsIn } from './findings.ts';
import { workspaceFindingsIn } from './workspace-findings.ts';

/* What was noise on real policies: one fact told twice, or a claim about what no workspace shows. */

const policy = (name: string, spec: string): string =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: ${name}\n  namespace: shop\nspec:\n${spec.trim().replace(/^/gm, '  ')}\n`;

const pod = (name: string, port: number, namespace = 'shop'): string =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\n  labels: {app: ${name}}\nspec:\n  containers:\n  - name: main\n    image: registry.example/${name}:1\n    ports:\n    - containerPort: ${port}\n`;

const told = (...documents: readonly string[]): readonly string[] =>
  workspaceFindingsIn(documents.join('---\n'), { profile: 'recommended' }).map(({ code }) => code);

describe('one fact is told once', () => {
  test('a Pass that is never reached need not be told that it skips nothing', () => {
    const guard = (name: string, priority: number, action: string): string =>
      `apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata:\n  name: ${name}\nspec:\n  tier: Admin\n  priority: ${priority}\n  subject:\n    namespaces: {matchLabels: {team: shop}}\n  ingress:\n  - action: ${action}\n    from:\n    - namespaces: {matchLabels: {team: web}}\n`;
    const pass = '  - action: Pass\n    from:\n    - namespaces: {matchLabels: {team: web}}\n';
    expect(told(guard('deny', 1, 'Deny') + pass)).toEqual(['shadowed-rule']);
    expect(told(guard('deny', 1, 'Deny'), guard('pass', 2, 'Pass'))).toEqual(['shadowed-by-policy']);
    expect(told(guard('pass', 2, 'Pass'))).toEqual(['pass-skips-nothing']);
  });

  test('a policy beside one that allows everything is defeated, not redundant', () => {
    const open = policy('allow-all-ingress', 'podSelector: {}\npolicyTypes: [Ingress]\ningress:\n- {}');
    const narrow = policy('web', 'podSelector: {matchLabels: {app: web}}\npolicyTypes: [Ingress]\ningress:\n- from:\n  - podSelector: {}');
    expect(told(open, narrow)).toEqual(['redundant-with-allow-all']);
  });

  test.each([
    ['ingress', 'from'],
    ['egress', 'to'],
  ])('every address is no news beside a rule for everything: %s', (direction, peers) => {
    const type = direction === 'ingress' ? 'Ingress' : 'Egress';
    const rules = `${direction}:\n- ${peers}:\n  - ipBlock: {cidr: 0.0.0.0/0}\n  ports:\n  - {port: 80, protocol: TCP}`;
    const codes = (spec: string): readonly string[] =>
      findingsIn(policy('allow-all', `podSelector: {}\npolicyTypes: [${type}]\n${spec}`), { profile: 'strict' }).map(({ code }) => code);
    expect(codes(rules)).toEqual(direction === 'ingress' ? ['open-to-the-world'] : ['egress-to-the-world', 'metadata-address-reachable']);
    expect(codes(`${rules}\n- {}`)).toEqual(['redundant-rule']);
  });
});

describe('of kube-system, which every cluster has, a workspace seldom knows anything', () => {
  const dns = (peer: string): string =>
    policy(
      'web',
      `podSelector: {matchLabels: {app: web}}\npolicyTypes: [Egress]\negress:\n- to:\n  - ${peer}\n  ports:\n  - {port: 5353, protocol: UDP}\n  - {port: 5353, protocol: TCP}`,
    );
  const closed = policy('default-deny', 'podSelector: {}\npolicyTypes: [Ingress]');
  test.each(['namespaceSelector: {}', 'namespaceSelector: {}\n    podSelector: {matchLabels: {k8s-app: kube-dns}}'])(
    'the DNS is looked for among all namespaces: %s',
    (peer) => {
      expect(told(dns(peer), closed, pod('web', 80), pod('api', 8080))).toEqual([]);
    },
  );

  test('a part of it that is known says nothing about the rest', () => {
    const peer = 'namespaceSelector: {}\n    podSelector: {matchLabels: {k8s-app: kube-dns}}';
    expect(told(dns(peer), closed, pod('web', 80), pod('proxy', 8080, 'kube-system'))).not.toContain('peer-selects-nothing');
  });

  test('a slip is told all the same', () => {
    const peer = 'namespaceSelector: {}\n    podSelector: {matchLabels: {app: appi}}';
    expect(told(dns(peer).replaceAll('5353', '8080'), pod('web', 80), pod('appy', 8080))).toContain('near-miss-label');
  });
});
