import { describe, expect, test } from 'vitest';
import { scratch } from './scratch.ts';

const { netpol } = scratch();

const GUARD = `
# file: guard.yaml
# The platform team owns this.
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata:
  name: guard # keep the name
spec:
  priority: 10
  # Everything but the system.
  subject:
    namespaces:
      matchExpressions:
        - {key: kubernetes.io/metadata.name, operator: NotIn, values: [kube-system]}
  ingress:
    # Metrics.
    - name: scrape
      action: Allow # always
      from:
        - namespaces: {matchLabels: {team: monitoring}}
      ports:
        - portNumber: {port: 9090}
        - portRange: {protocol: UDP, start: 53, end: 53}
        - portRange: {start: 8000, end: 8100}
        - namedPort: http
    - action: Deny
      from:
        - pods: {namespaceSelector: {}, podSelector: {matchLabels: {role: batch}}}
# The end.
`;

const BASELINE = `
# file: baseline.yaml
apiVersion: policy.networking.k8s.io/v1alpha1
kind: BaselineAdminNetworkPolicy
metadata: {name: default}
spec:
  subject: {namespaces: {}}
  ingress:
    - action: Deny
      from: [{namespaces: {}}]
`;

describe('AdminNetworkPolicy to ClusterNetworkPolicy', () => {
  test('keeps the comments, makes protocols explicit, and turns a range of one port into a number', async () => {
    const { status, out, err } = await netpol('convert --to clusternetworkpolicy .', GUARD);
    expect([status, err]).toEqual([0, '']);
    expect(out).toMatchInlineSnapshot(`
      "# The platform team owns this.
      apiVersion: policy.networking.k8s.io/v1alpha2
      kind: ClusterNetworkPolicy
      metadata:
        name: guard # keep the name
      spec:
        tier: Admin
        priority: 10
        # Everything but the system.
        subject:
          namespaces:
            matchExpressions:
              - key: kubernetes.io/metadata.name
                operator: NotIn
                values: [kube-system]
        ingress:
          # Metrics.
          - name: scrape
            action: Accept # always
            from:
              - namespaces:
                  matchLabels:
                    team: monitoring
            protocols:
              - tcp:
                  destinationPort:
                    number: 9090
              - udp:
                  destinationPort:
                    number: 53
              - tcp:
                  destinationPort:
                    range:
                      start: 8000
                      end: 8100
              - destinationNamedPort: http
          - action: Deny
            from:
              - pods:
                  namespaceSelector: {}
                  podSelector:
                    matchLabels:
                      role: batch
      # The end.
      "
    `);
  });

  test('proves the result, and says so', async () => {
    const { out } = await netpol('convert --to clusternetworkpolicy --format json .', GUARD);
    const { documents } = JSON.parse(out);
    expect(documents).toHaveLength(1);
    expect(documents[0]).toMatchObject({ from: { file: 'guard.yaml', document: 0 }, proved: 'equal', lost: [], differences: [] });
  });

  test('needs a priority for the baseline', async () => {
    const without = await netpol('convert --to clusternetworkpolicy .', BASELINE);
    expect([without.status, without.out]).toEqual([1, '']);
    expect(without.err).toContain('--priority');
    const { status, out } = await netpol('convert --to clusternetworkpolicy --priority 900 .', BASELINE);
    expect(status).toBe(0);
    expect(out).toContain('tier: Baseline\n  priority: 900\n');
  });

  test('divides what is too long for one list, in the same order', async () => {
    const rules = Array.from(
      { length: 60 },
      (_, i) =>
        `    - {action: ${i % 2 ? 'Deny' : 'Allow'}, from: [{namespaces: {matchLabels: {n: "${i % 7}"}}}], ports: [{portNumber: {port: ${1000 + i}}}]}`,
    );
    const blocks = Array.from({ length: 30 }, (_, i) => `10.${i}.0.0/16`);
    const source = `
# file: long.yaml
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: long}
spec:
  priority: 20
  subject: {namespaces: {}}
  ingress:
${rules.join('\n')}
  egress:
    - name: blocks
      action: Deny
      to: [${blocks.map((block) => `{networks: [${block}]}`).join(', ')}]
`;
    const { status, out } = await netpol('convert --to clusternetworkpolicy --format json .', source);
    const { documents } = JSON.parse(out);
    const yaml = String(documents[0].yaml);
    expect([status, documents[0].proved]).toEqual([0, 'equal']);
    expect(yaml.match(/^ {2}name: .*|^ {2}priority: .*/gm)).toEqual([
      '  name: long',
      '  priority: 20',
      '  name: long-2',
      '  priority: 21',
      '  name: long-3',
      '  priority: 22',
    ]);
    expect(yaml.match(/name: blocks.*/g)).toEqual(['name: blocks', 'name: blocks-2']);
  });

  test('does not divide where another policy stands between', async () => {
    const rules = Array.from({ length: 30 }, (_, i) => `    - {action: Deny, from: [{namespaces: {matchLabels: {n: "${i}"}}}]}`);
    const source = `
# file: long.yaml
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: long}
spec:
  priority: 20
  subject: {namespaces: {}}
  ingress:
${rules.join('\n')}
---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: next}
spec: {tier: Admin, priority: 21, subject: {namespaces: {}}}
`;
    const { status, err } = await netpol('convert --to clusternetworkpolicy .', source);
    expect(status).toBe(1);
    expect(err).toContain("'next' has priority 21");
  });
});

describe('what is not converted', () => {
  test('a policy that is known in part is refused with the reason, the others are converted', async () => {
    const partly = GUARD.replace('action: Allow # always', 'action: Permit')
      .replace('guard.yaml', 'partly.yaml')
      .replace('name: guard', 'name: partly');
    const { status, out, err } = await netpol('convert --to clusternetworkpolicy .', `${GUARD}${partly}`);
    expect(status).toBe(1);
    expect(out).toContain('name: guard');
    expect(out).not.toContain('name: partly');
    expect(err).toContain('is known in part only');
  });

  test('a template is refused', async () => {
    const { status, err } = await netpol('convert --to clusternetworkpolicy .', GUARD.replace('role: batch', 'role: "{{ .Values.role }}"'));
    expect(status).toBe(1);
    expect(err).toMatch(/template|filled in later/);
  });

  test('nothing to convert is a wrong command', async () => {
    const { status, err } = await netpol(
      'convert --to clusternetworkpolicy .',
      '\n# file: a.yaml\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n',
    );
    expect(status).toBe(2);
    expect(err).toContain('no policy here that can be converted');
  });

  test('--to is needed, and takes known targets', async () => {
    expect((await netpol('convert .', GUARD)).err).toContain('--to is missing');
    expect((await netpol('convert --to istio .', GUARD)).err).toContain('--to takes');
  });
});

const SHOP = `
# file: shop.yaml
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: shop}}
---
apiVersion: v1
kind: Namespace
metadata: {name: edge, labels: {team: edge}}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: main, image: example/web, ports: [{name: http, containerPort: 8080}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
spec: {containers: [{name: main, image: example/db}]}
---
apiVersion: v1
kind: Pod
metadata: {name: proxy, namespace: edge, labels: {app: proxy}}
spec: {containers: [{name: main, image: example/proxy}]}
`;

const NETWORK_POLICIES = `
# file: policies.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: default-deny, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}} # the front
  policyTypes: [Ingress, Egress]
  ingress:
    # The proxy only.
    - from:
        - namespaceSelector: {matchLabels: {team: edge}}
          podSelector: {matchExpressions: [{key: app, operator: In, values: [proxy, gateway]}]}
      ports: [{port: http}, {port: 9000, endPort: 9100, protocol: UDP}]
  egress:
    - to: [{podSelector: {matchLabels: {app: db}}}]
      ports: [{port: 5432}]
    - to: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]
`;

describe('NetworkPolicies', () => {
  test.each(['cilium', 'calico', 'antrea'])('to %s and back: proved equal both ways, comments kept', async (target) => {
    const there = await netpol(`convert --to ${target} .`, `${SHOP}${NETWORK_POLICIES}`);
    expect([there.status, there.err]).toEqual([0, '']);
    expect(there.out).toContain('# The proxy only.');
    expect(there.out).toContain('# the front');
    const back = await netpol(`convert --to networkpolicy --cni ${target} .`, `${SHOP}\n# file: policies.yaml\n${there.out}`);
    expect([back.status, back.err]).toEqual([0, '']);
    expect(back.out).toContain('# The proxy only.');
    expect(back.out.match(/kind: NetworkPolicy/g)?.length).toBeGreaterThanOrEqual(2);
  });

  test('to Antrea: at the start of tier baseline, where a Pass of an earlier tier leads, too', async () => {
    const pass = `
---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: scrape}
spec:
  tier: Admin
  priority: 5
  subject: {namespaces: {}}
  ingress:
    - {name: scrape, action: Pass, from: [{namespaces: {matchLabels: {team: edge}}}]}
    - {action: Deny, from: [{namespaces: {matchLabels: {team: other}}}]}
`;
    const { status, out, err } = await netpol('convert --to antrea .', `${SHOP}${NETWORK_POLICIES}${pass}`);
    expect([status, err]).toEqual([0, '']);
    expect(out).toContain('kind: Tier');
    expect(out).toContain('name: default-deny\n  namespace: shop\nspec:\n  tier: baseline\n  priority: 2\n');
  });
});

const CLUSTER_POLICY = `
# file: guard.yaml
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: guard}
spec:
  tier: Admin
  priority: 7
  subject: {pods: {namespaceSelector: {matchLabels: {team: shop}}, podSelector: {matchLabels: {app: db}}}}
  ingress:
    # Own pods.
    - {name: own, action: Accept, from: [{pods: {namespaceSelector: {matchLabels: {team: shop}}, podSelector: {}}}], protocols: [{tcp: {destinationPort: {number: 5432}}}]}
    - {name: edge, action: Pass, from: [{namespaces: {matchLabels: {team: edge}}}]}
    - {name: rest, action: Deny, from: [{namespaces: {}}]}
  egress:
    - {name: net, action: Deny, to: [{networks: [192.0.2.0/24, "2001:db8::/32"]}]}
`;

describe('ClusterNetworkPolicies', () => {
  test.each(['calico', 'antrea'])('to a tier of %s and back: proved equal both ways', async (target) => {
    const there = await netpol(`convert --to ${target} --format json .`, `${SHOP}${CLUSTER_POLICY}`);
    const [document] = JSON.parse(there.out).documents;
    expect(document).toMatchObject({ proved: 'equal' });
    const back = await netpol(`convert --to clusternetworkpolicy --cni ${target} .`, `${SHOP}\n# file: guard.yaml\n${document.yaml}`);
    expect([back.status, back.err]).toEqual([0, '']);
    expect(back.out).toContain('tier: Admin');
    expect(back.out).toContain('# Own pods.');
  });
});

describe('what a target cannot express', () => {
  const antrea = (rules: string): string => `${SHOP}
# file: antrea.yaml
apiVersion: crd.antrea.io/v1beta1
kind: ClusterNetworkPolicy
metadata: {name: guard}
spec:
  tier: securityops
  priority: 5
  appliedTo: [{namespaceSelector: {matchLabels: {team: shop}}}]
${rules}`;

  test('is listed field by field, and left out of rules that allow with --lossy only', async () => {
    const source = antrea(`  egress:
    - {name: ok, action: Allow, to: [{ipBlock: {cidr: 10.0.0.0/8}}]}
    - {name: api, action: Allow, toServices: [{name: db, namespace: shop}]}
    - {name: rest, action: Drop}
`);
    const strict = await netpol('convert --to clusternetworkpolicy .', source);
    expect([strict.status, strict.out]).toEqual([1, '']);
    expect(strict.err).toContain('spec.egress[1].toServices[0]: The peer (the cluster IP of Service shop/db) has no counterpart.');
    const lossy = await netpol('convert --to clusternetworkpolicy --lossy .', source);
    expect(lossy.out).toContain('name: ok');
    expect(lossy.out).not.toContain('name: api');
  });

  test('is refused in a rule that denies, with and without --lossy', async () => {
    const source = antrea('  ingress:\n    - {name: rest, action: Drop, from: [{ipBlock: {cidr: 192.0.2.0/24}}]}\n');
    for (const lossy of ['', '--lossy ']) {
      const { status, out, err } = await netpol(`convert --to clusternetworkpolicy ${lossy}.`, source);
      expect([status, out]).toEqual([1, '']);
      expect(err).toContain('nothing of it can be left out');
    }
  });

  test('a result that allows more is refused, with and without --lossy', async () => {
    const source = `${SHOP}${NETWORK_POLICIES}
---
apiVersion: crd.antrea.io/v1beta1
kind: NetworkPolicy
metadata: {name: closed, namespace: shop}
spec:
  priority: 5
  appliedTo: [{podSelector: {matchLabels: {app: web}}}]
  ingress: [{name: closed, action: Drop}]
`;
    for (const lossy of ['', '--lossy ']) {
      const { status, out, err } = await netpol(`convert --to networkpolicy --cni antrea ${lossy}.`, source);
      expect([status, out]).toEqual([1, '']);
      expect(err).toContain("'shop/closed': The result for NetworkPolicy allows connections that the policy denies");
      expect(err).toContain('newly allowed: edge/proxy[Pod] -> shop/web[Pod] TCP 8080');
    }
  });
});
