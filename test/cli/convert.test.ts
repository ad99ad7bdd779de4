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
