import { describe, expect, test } from 'vitest';
import { applyEdits } from '../../server/syntax/edit.ts';
import { DNS, documents, namespace, pod } from './manifests.ts';
import { fixture } from '../fixture.ts';
import { workspaceFindingsIn } from './workspace-findings.ts';

const OF_THE_TIERS = [
  'admin-deny-blocks-system',
  'dns-blocked',
  'deny-networks-blocks-pods',
  'domain-names-without-dns',
  'domain-names-without-deny',
];

/** What the rules about verdicts in the tiers say, without those that an example is not about. */
function told(source: string, ...codes: readonly string[]): readonly string[] {
  const about = codes.length > 0 ? codes : OF_THE_TIERS;
  return workspaceFindingsIn(source).flatMap(({ code, message }) => (about.includes(code) ? [`${code}: ${message}`] : []));
}

const admin = (name: string, priority: number, subject: string, rules: string): string => `apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata:
  name: ${name}
spec:
  tier: Admin
  priority: ${priority}
  subject: {${subject}}
${rules}`;

const ALL = 'namespaces: {}';
const WEB = 'namespaces: {matchLabels: {team: web}}';
const SYSTEM = 'namespaces: {matchLabels: {kubernetes.io/metadata.name: kube-system}}';
const egress = (action: string, to: string, more = ''): string => `  egress:\n  - action: ${action}\n    to:\n    - ${to}${more}`;
const ingress = (action: string, from: string): string => `  ingress:\n  - action: ${action}\n    from:\n    - ${from}`;
const OUTSIDE = 'networks: ["0.0.0.0/0"]';

const web = [namespace('shop', 'team: web'), pod('shop', 'web', 'app: web')];
const metrics = pod('kube-system', 'metrics-server', 'k8s-app: metrics-server', '10250');
const onHost = pod('kube-system', 'kube-proxy', 'k8s-app: kube-proxy').replace('spec:\n', 'spec:\n  hostNetwork: true\n');

describe('admin-deny-blocks-system', () => {
  test('names the system pods that lose the DNS, once', () =>
    expect(told(documents(admin('guard', 7, ALL, egress('Deny', 'namespaces: {}')), metrics, DNS, ...web))).toEqual([
      'admin-deny-blocks-system: This Deny blocks DNS queries of system pods: kube-system/metrics-server[Pod] -> kube-system/coredns[Pod] UDP 53 is denied, regardless of NetworkPolicies. Accept DNS in an earlier rule, of this policy or of one with priority 6, or exclude kube-system from the subject.',
    ]));

  test.each([
    [
      'an address of the API server is open',
      admin(
        'guard',
        7,
        ALL,
        egress('Accept', 'networks: [10.0.0.5/32]\n    - namespaces: {}') + `\n  - action: Deny\n    to:\n    - ${OUTSIDE}`,
      ),
    ],
    [
      'nodes are accepted, whatever their addresses',
      admin('guard', 7, ALL, egress('Accept', 'nodes: {}\n    - namespaces: {}') + `\n  - action: Deny\n    to:\n    - ${OUTSIDE}`),
    ],
    ['only IPv6 is denied', admin('guard', 7, ALL, egress('Deny', 'networks: ["::/0"]'))],
    [
      'an earlier policy may be about the system',
      documents(
        admin('guard', 7, ALL, egress('Deny', OUTSIDE)),
        admin('maybe', 3, 'namespaces: {matchLabels: {system: "yes"}}', egress('Pass', OUTSIDE)),
      ),
    ],
    [
      'a policy of the same priority accepts it',
      documents(admin('guard', 7, ALL, egress('Deny', OUTSIDE)), admin('tie', 7, SYSTEM, egress('Accept', OUTSIDE))),
    ],
    [
      'a template may let it through',
      admin('guard', 7, ALL, egress('Accept', 'networks: ["{{ .Values.api }}"]') + `\n  - action: Deny\n    to:\n    - ${OUTSIDE}`),
    ],
  ])('is silent where %s', (_, policies) => {
    expect(told(policies, 'admin-deny-blocks-system')).toEqual([]);
    expect(told(documents(policies, metrics, DNS), 'admin-deny-blocks-system')).toEqual([]);
  });

  test('pods in the host network are no system pods that a policy could cut', () => {
    const guard = admin('guard', 0, ALL, egress('Deny', OUTSIDE));
    expect(told(documents(guard, onHost), 'admin-deny-blocks-system')).toEqual(told(guard, 'admin-deny-blocks-system'));
    expect(told(guard, 'admin-deny-blocks-system').join()).toContain('in an earlier rule, or exclude kube-system');
  });

  test('a Deny of some pods in particular is left to dns-blocked', () => {
    const quarantine = admin('guard', 7, ALL, ingress('Deny', 'namespaces: {matchLabels: {team: web}}'));
    const other = [namespace('lab'), pod('lab', 'api', 'app: api')];
    expect(told(documents(quarantine, DNS, ...web, ...other))).toEqual([
      'dns-blocked: Cluster DNS cannot receive queries from shop/web[Pod]: this policy denies UDP 53 to kube-system/coredns[Pod]. Allow it from all sources.',
    ]);
  });

  test('the fix speaks the words of AdminNetworkPolicy', () => {
    const guard = `apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata:
  name: guard
spec:
  priority: 7
  subject:
    namespaces: {}
  egress:
    # Nobody leaves.
    - name: closed
      action: Deny
      to:
        - namespaces: {}
`;
    const source = documents(guard, metrics, DNS);
    const fix = workspaceFindingsIn(source).find(({ code }) => code === 'admin-deny-blocks-system')?.fixes[0];
    const [file] = fixture(source).files;
    const fixed = fix && file ? applyEdits(file.text, fix.edits) : '';
    expect(fixed.split('---')[0]).toMatchInlineSnapshot(`
      "apiVersion: policy.networking.k8s.io/v1alpha1
      kind: AdminNetworkPolicy
      metadata:
        name: guard
      spec:
        priority: 7
        subject:
          namespaces: {}
        egress:
          - name: accept-dns
            action: Allow
            to:
              - pods:
                  namespaceSelector:
                    matchLabels:
                      kubernetes.io/metadata.name: kube-system
                  podSelector:
                    matchLabels:
                      k8s-app: kube-dns
            ports:
              - portNumber:
                  protocol: UDP
                  port: 53
              - portNumber:
                  protocol: TCP
                  port: 53
          # Nobody leaves.
          - name: closed
            action: Deny
            to:
              - namespaces: {}
      "
    `);
    expect(told(fixed)).toEqual([]);
  });
});

describe('dns-blocked under a Deny of the tiers', () => {
  const deny = '\n  - action: Deny\n    to:\n    - namespaces: {}';

  test('is sure where addresses stay open that are asked about later', () =>
    expect(told(documents(admin('guard', 7, WEB, egress('Deny', 'namespaces: {}')), DNS, ...web))).toEqual([
      'dns-blocked: Pods of shop/web[Pod] cannot resolve DNS names: UDP 53 and TCP 53 to kube-system/coredns[Pod] are denied. Accept this in an earlier rule.',
    ]));

  test('is not sure where a block that may hold the DNS is accepted before', () =>
    expect(told(documents(admin('guard', 7, WEB, `${egress('Accept', 'networks: [10.0.0.0/8]')}${deny}`), DNS, ...web)).join()).toMatch(
      /^dns-blocked: Whether shop\/web\[Pod\] can resolve DNS names depends on the network plugin/,
    ));

  test('locks out nobody for sure then', () =>
    expect(
      told(
        documents(admin('guard', 7, ALL, `${egress('Accept', 'networks: [10.0.0.0/8]')}${deny}`), DNS, metrics),
        'admin-deny-blocks-system',
      ),
    ).toEqual([]));
});

describe('deny-networks-blocks-pods', () => {
  const db = pod('shop', 'db', 'app: db', '5432');

  test('also where the address of the pod is known', () =>
    expect(
      told(
        documents(admin('guard', 7, WEB, egress('Deny', OUTSIDE)), ...web, `${db}\nstatus:\n  podIP: 10.1.2.3`),
        'deny-networks-blocks-pods',
      ),
    ).toEqual([
      "deny-networks-blocks-pods: This also denies connections to the pods of the cluster, by their addresses, such as shop/web[Pod] -> shop/db[Pod] TCP 5432. To deny only addresses outside the cluster, add a Pass rule for 'namespaces: {}' before this rule.",
    ]));

  test.each([
    [
      'the pods there are were let through before',
      documents(
        admin(
          'guard',
          7,
          WEB,
          `${egress('Accept', 'namespaces: {matchLabels: {team: web}}')}\n  - action: Deny\n    to:\n    - ${OUTSIDE}`,
        ),
        ...web,
        db,
      ),
    ],
    [
      'a policy of the same priority may let them through',
      documents(admin('guard', 7, WEB, egress('Deny', OUTSIDE)), admin('tie', 7, WEB, egress('Pass', 'namespaces: {}')), ...web, db),
    ],
    [
      'the ports are none that the pods have',
      documents(
        admin('guard', 7, WEB, egress('Deny', OUTSIDE, '\n    protocols:\n    - tcp: {destinationPort: {number: 25}}')),
        namespace('shop', 'team: web'),
        db,
        pod('shop', 'api', 'app: api', '80'),
      ),
    ],
  ])('is silent where %s', (_, source) => expect(told(source, 'deny-networks-blocks-pods')).toEqual([]));
});

describe('domain names', () => {
  const names = (more = ''): string => admin('names', 7, WEB, `${egress('Accept', 'domainNames: [api.example.com]')}${more}`);
  const denied = `\n  - action: Deny\n    to:\n    - namespaces: {}\n    - ${OUTSIDE}`;

  test('DNS that is cut is told once, at the names', () =>
    expect(told(documents(names(denied), DNS, ...web))).toEqual(
      [
        'domain-names-without-dns: Pods of shop/web[Pod] cannot resolve these names: UDP 53 to kube-system/coredns[Pod] is denied by ClusterNetworkPolicy names. Accept DNS in an earlier rule.',
        'deny-networks-blocks-pods: This also denies connections',
      ].slice(0, 1),
    ));

  test('a Deny for some addresses makes the names a list', () =>
    expect(told(documents(names('\n  - action: Deny\n    to:\n    - networks: [10.0.0.0/8]'), ...web))).toEqual([]));

  test('an earlier Deny over the tier cuts the DNS as well', () =>
    expect(told(documents(names(), admin('first', 3, ALL, egress('Deny', 'namespaces: {}'))), 'domain-names-without-dns')).toEqual([
      'domain-names-without-dns: The pods cannot resolve these names: egress rule 1 of first denies UDP 53 to the DNS pods. Accept DNS in an earlier rule.',
    ]));

  test('pods that nothing isolates are told of, others not', () => {
    const isolated = `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: closed\n  namespace: shop\nspec:\n  podSelector: {matchLabels: {app: web}}\n  policyTypes: [Egress]`;
    expect(told(documents(names(), isolated, ...web), 'domain-names-without-deny')).toEqual([]);
    expect(told(documents(names(), isolated, ...web, pod('shop', 'api', 'app: api')), 'domain-names-without-deny').join()).toContain(
      'shop/api[Pod] -> 192.0.2.1 TCP 443 is allowed',
    );
  });
});
