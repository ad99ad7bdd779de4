import { test } from 'vitest';
import { checkHover } from '../checks.ts';

const V1 = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: a\n  namespace: shop\n';
const CNP = 'apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata:\n  name: a\n';

test('a key: what it does, its default, what its absence means', () => {
  checkHover(`${V1}spec:\n  ingress:\n  - ports:\n    - proto$0col: TCP`).toMatchInlineSnapshot(`
    "[protocol]
    Every TCP port.

    **Transport protocol**. The protocol the port belongs to. DNS needs UDP and TCP, as two items.

    Left out or null: TCP.  
    \`""\`: Rejected: an empty string is not a protocol.

    - \`TCP\`: Connections over TCP, the default.
    - \`UDP\`: Datagrams over UDP, such as most DNS queries.
    - \`SCTP\`: Associations over SCTP, if the network plugin supports it."
  `);
  checkHover(`${CNP}spec:\n  subject:\n    pods$0: {}`).toMatchInlineSnapshot(`
    "[pods]
    Applies to every pod of the cluster, except pods that use the host network.

    **Certain pods**. Pods with certain labels, in namespaces with certain labels."
  `);
  checkHover(`${V1}spec:\n  podSelector:\n    matchExpressions:\n    - {key: a, operat$0or: In, values: [b]}`).toMatchInlineSnapshot(`
    "[operator]
    Isolates pods with a=b in namespace shop.

    **Condition operator** (required). How the label is compared. In and NotIn need values; Exists and DoesNotExist must have none.

    - \`In\`: The label is there and its value is one of the list.
    - \`NotIn\`: The label is missing, or its value is none of the list.
    - \`Exists\`: The label is there, whatever its value.
    - \`DoesNotExist\`: The label is missing."
  `);
});

test('selectors of the subject', () => {
  checkHover(`${V1}spec:\n  podSel$0ector: {}`).toMatchInlineSnapshot(`
    "[podSelector]
    Isolates every pod in namespace shop.

    **Selected pods**. The pods of the policy's own namespace that this policy isolates and whose allowed traffic it lists.

    Left out or \`{}\` or null: Selects every pod of the namespace."
  `);
  checkHover(`${V1}spec:\n  podSelector:\n    matchLabels:\n      ap$0p: web`).toMatchInlineSnapshot(`
    "[app]
    Isolates pods with app=web in namespace shop."
  `);
  checkHover(`${CNP}spec:\n  sub$0ject:\n    namespaces:\n      matchLabels: {team: ops}`).toMatchInlineSnapshot(`
    "[subject]
    Applies to every pod in namespaces with team=ops, except pods that use the host network.

    **Pods concerned** (required). The pods this policy applies to: whole namespaces, or certain pods in them. Pods on the host network are never included.

    \`{}\`: Rejected: give namespaces or pods.

    Exactly one of \`namespaces\`, \`pods\`."
  `);
});

const peers = (peer: string): string => `${V1}spec:\n  ingress:\n  - from:\n${peer}\n    ports:\n    - port: 80\n`;

test('selectors of peers: own namespace, AND, OR, everything', () => {
  checkHover(peers('    - podSel$0ector: {matchLabels: {app: web}}')).toMatchInlineSnapshot(`
    "[podSelector]
    From pods with app=web in namespace shop: only the policy's own namespace, since this item has no namespaceSelector.

    **Peer pods**. Peer pods, by their labels. Without namespaceSelector it selects pods in the policy's own namespace; with it, pods in the namespaces that it matches.

    Left out or null: With namespaceSelector: every pod of those namespaces.  
    \`{}\`: Every pod: of the policy's own namespace, or of the namespaces that namespaceSelector matches."
  `);
  checkHover(peers('    - podSel$0ector: {matchLabels: {app: web}}\n      namespaceSelector: {matchLabels: {team: ops}}'))
    .toMatchInlineSnapshot(`
      "[podSelector]
      From pods with app=web in namespaces with team=ops: both selectors must match (AND).

      **Peer pods**. Peer pods, by their labels. Without namespaceSelector it selects pods in the policy's own namespace; with it, pods in the namespaces that it matches.

      Left out or null: With namespaceSelector: every pod of those namespaces.  
      \`{}\`: Every pod: of the policy's own namespace, or of the namespaces that namespaceSelector matches."
    `);
  checkHover(peers('    - podSelector: {matchLabels: {app: web}}\n    - namespaceSel$0ector: {matchLabels: {team: ops}}'))
    .toMatchInlineSnapshot(`
      "[namespaceSelector]
      From every pod in namespaces with team=ops: any one of the 2 items is enough (OR).

      **Peer namespaces**. Namespaces of the peer pods, by their labels. Every namespace has the label kubernetes.io/metadata.name with its name.

      Left out or null: With podSelector: only the policy's own namespace.  
      \`{}\`: Every namespace of the cluster."
    `);
  checkHover(peers('    - namespaceSel$0ector: {}')).toMatchInlineSnapshot(`
    "[namespaceSelector]
    From every pod of the cluster.

    **Peer namespaces**. Namespaces of the peer pods, by their labels. Every namespace has the label kubernetes.io/metadata.name with its name.

    Left out or null: With podSelector: only the policy's own namespace.  
    \`{}\`: Every namespace of the cluster."
  `);
  checkHover(peers('    - podSelector: {matchLabels: {app: web}}\n      namespaceSel$0ector:')).toMatchInlineSnapshot(`
    "[namespaceSelector]
    From pods with app=web in namespace shop: only the policy's own namespace, since this item has no namespaceSelector.

    **Peer namespaces**. Namespaces of the peer pods, by their labels. Every namespace has the label kubernetes.io/metadata.name with its name.

    Left out or null: With podSelector: only the policy's own namespace.  
    \`{}\`: Every namespace of the cluster."
  `);
  checkHover(`${CNP}spec:\n  egress:\n  - action: Deny\n    to:\n    - pods:\n        podSel$0ector: {matchLabels: {app: db}}`)
    .toMatchInlineSnapshot(`
    "[podSelector]
    To pods with app=db in any namespace: without a namespaceSelector, all of them.

    **Pod selector** (required). The pods, by their labels.

    Left out or null: Rejected. For every pod write {}.  
    \`{}\`: Every pod of those namespaces."
  `);
});

test('dashes say what the whole item says', () => {
  checkHover(`${V1}spec:\n  ingress:\n  $0- from:\n    - podSelector: {}`).toMatchInlineSnapshot(`
    "[-]
    Allows connections from every pod in namespace shop, on every port. This applies to connections to every pod in namespace shop."
  `);
  checkHover(peers('    $0- podSelector: {}')).toMatchInlineSnapshot(`
    "[-]
    From every pod in namespace shop: only the policy's own namespace, since this item has no namespaceSelector.

    The rule: Allows connections from every pod in namespace shop, on TCP port 80."
  `);
  checkHover(`${V1}spec:\n  ingress:\n  $0- {}`).toMatchInlineSnapshot(`
    "[-]
    Allows connections from anywhere, inside the cluster and outside, on every port. This applies to connections to every pod in namespace shop."
  `);
});

test('lists of peers', () => {
  checkHover(`${V1}spec:\n  ingress:\n  - fr$0om: []`).toMatchInlineSnapshot(`
    "[from]
    From anywhere, inside the cluster and outside.

    **Allowed sources**. Who may connect. One matching item is enough (OR); inside an item all keys must match (AND).

    Left out or null: Any source, inside or outside the cluster.  
    \`[]\`: Any source, inside or outside the cluster. It does not mean no source."
  `);
  checkHover(peers('    - podSelector: {}\n    - ipBlock: {cidr: 10.0.0.0/8}').replace('from', 'fr$0om')).toMatchInlineSnapshot(`
    "[from]
    From every pod in namespace shop, or addresses in 10.0.0.0/8.

    **Allowed sources**. Who may connect. One matching item is enough (OR); inside an item all keys must match (AND).

    Left out or null: Any source, inside or outside the cluster.  
    \`[]\`: Any source, inside or outside the cluster. It does not mean no source."
  `);
});

test('ports and ranges', () => {
  checkHover(`${V1}spec:\n  ingress:\n  - ports:\n    - port: 8080\n      endP$0ort: 8090`).toMatchInlineSnapshot(`
    "[endPort]
    TCP 8080–8090, 11 ports.

    **Last port**. Makes a range from port to endPort, both included. It needs a numeric port that is not higher. Network plugins without support for ranges look at port only.

    Left out or null: Only the one port.

    [KEP-2079: port ranges](https://github.com/kubernetes/enhancements/tree/master/keps/sig-network/2079-network-policy-port-range)"
  `);
  checkHover(`${V1}spec:\n  ingress:\n  - ports:\n    - {protocol: UDP, port: d$0ns}`).toMatchInlineSnapshot(`
    "[dns]
    The UDP port that the destination's containers call \`dns\`, whatever its number. Addresses have no port names.

    **Port number or name**. A number from 1 to 65535, or the name of a container port of the destination pod. A quoted number counts as a name and is rejected. A name matches nothing in an ipBlock."
  `);
  checkHover(`${V1}spec:\n  ingress:\n  - po$0rts:\n    - port: 80\n    - port: 443\n    - {protocol: UDP, port: 53}`)
    .toMatchInlineSnapshot(`
    "[ports]
    TCP ports 80 and 443 or UDP port 53.

    **Allowed ports**. The ports of the selected pods that may be reached. One matching item is enough.

    Left out or null: Every port and protocol.  
    \`[]\`: Every port and protocol. It does not mean none."
  `);
  checkHover(
    `${CNP}spec:\n  ingress:\n  - action: Deny\n    from: [{namespaces: {}}]\n    protocols:\n    - tcp: {destinationPort: {range: {st$0art: 1, end: 1024}}}`,
  ).toMatchInlineSnapshot(`
    "[start]
    TCP 1–1024, 1,024 ports.

    **First port** (required). The lowest port of the range. It must be lower than end."
  `);
});

test('address blocks', () => {
  const block = (text: string): string => `${V1}spec:\n  egress:\n  - to:\n    - ipBlock:\n        ${text}`;
  checkHover(block('cidr: 10.0$0.0.0/16\n        except: [10.0.1.0/24]')).toMatchInlineSnapshot(`
    "[10.0.0.0/16]
    65,536 addresses, 10.0.0.0 – 10.0.255.255; except leaves 65,280. Private network (RFC 1918).

    **Address range** (required). The range in CIDR notation, IPv4 or IPv6. From Kubernetes 1.36 on, bits after the prefix and leading zeros are rejected."
  `);
  checkHover(block('cidr: 10.0.0.0/16\n        except: [10.0.1$0.0/24]')).toMatchInlineSnapshot(`
    "[10.0.1.0/24]
    256 addresses, 10.0.1.0 – 10.0.1.255: excluded from \`10.0.0.0/16\`. Private network (RFC 1918).

    **Excluded range**. A CIDR inside cidr, of the same address family and with a longer prefix."
  `);
  checkHover(block('ci$0dr: 0.0.0.0/0')).toMatchInlineSnapshot(`
    "[cidr]
    Every IPv4 address, 0.0.0.0 – 255.255.255.255. Includes: private network (RFC 1918), cloud metadata service, AWS container credentials and 3 more.

    **Address range** (required). The range in CIDR notation, IPv4 or IPv6. From Kubernetes 1.36 on, bits after the prefix and leading zeros are rejected."
  `);
  checkHover(`${CNP}spec:\n  egress:\n  - action: Deny\n    to:\n    - networks:\n      - 169.254.169$0.254/32`).toMatchInlineSnapshot(`
    "[169.254.169.254/32]
    1 address, 169.254.169.254. Cloud metadata service.

    **Address range**. One range, IPv4 or IPv6. Bits after the prefix are accepted; leading zeros and IPv4 inside IPv6 are rejected."
  `);
});

const WORKLOADS = `---
apiVersion: v1
kind: Namespace
metadata: {name: ops, labels: {team: ops}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {metadata: {labels: {app: web}}, spec: {containers: []}}}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, namespace: ops}
spec: {template: {metadata: {labels: {app: agent}}, spec: {hostNetwork: true, containers: []}}}
`;

test('selectors name the workloads of the workspace', () => {
  checkHover(`${V1}spec:\n  podSel$0ector: {}\n${WORKLOADS}`).toMatchInlineSnapshot(`
    "[podSelector]
    Isolates every pod in namespace shop.

    In this workspace: 1 workload, [shop/web](file:///workspace/fixture.yaml#L16).

    **Selected pods**. The pods of the policy's own namespace that this policy isolates and whose allowed traffic it lists.

    Left out or \`{}\` or null: Selects every pod of the namespace."
  `);
  checkHover(`${V1}spec:\n  podSelector: {matchLabels: {app: $0wbe}}\n${WORKLOADS}`).toMatchInlineSnapshot(`
    "[wbe]
    Isolates pods with app=wbe in namespace shop.

    In this workspace: no workloads. No pod there has \`app=wbe\`. The closest match is \`app=web\` (1 workload: [shop/web](file:///workspace/fixture.yaml#L16))."
  `);
  checkHover(`${peers('    - namespaceSel$0ector: {matchLabels: {team: ops}}')}${WORKLOADS}`).toMatchInlineSnapshot(`
    "[namespaceSelector]
    From every pod in namespaces with team=ops.

    In this workspace: 1 workload, [ops/agent](file:///workspace/fixture.yaml#L25).

    **Peer namespaces**. Namespaces of the peer pods, by their labels. Every namespace has the label kubernetes.io/metadata.name with its name.

    Left out or null: With podSelector: only the policy's own namespace.  
    \`{}\`: Every namespace of the cluster."
  `);
  checkHover(`${CNP}spec:\n  subject:\n    name$0spaces: {matchLabels: {team: ops}}\n${WORKLOADS}`).toMatchInlineSnapshot(`
    "[namespaces]
    Applies to every pod in namespaces with team=ops, except pods that use the host network.

    In this workspace: no workloads. Excluded, because they use the host network: [ops/agent](file:///workspace/fixture.yaml#L21).

    **All pods in namespaces**. Every pod of the namespaces with these labels. A namespace's name is in its label kubernetes.io/metadata.name.

    \`{}\`: Every pod of every namespace, the system's own included."
  `);
});

test('what stands behind an alias, in a List, and beside a template hole', () => {
  checkHover(`${V1}spec:\n  podSelector: &web {matchLabels: {app: web}}\n  ingress:\n  - from:\n    - podSelector: *we$0b`)
    .toMatchInlineSnapshot(`
      "[*web]
      From pods with app=web in namespace shop: only the policy's own namespace, since this item has no namespaceSelector.

      **Peer pods**. Peer pods, by their labels. Without namespaceSelector it selects pods in the policy's own namespace; with it, pods in the namespaces that it matches."
    `);
  checkHover(`kind: List\nitems:\n- apiVersion: networking.k8s.io/v1\n  kind: NetworkPolicy\n  spec:\n    podSel$0ector: {}`)
    .toMatchInlineSnapshot(`
    "[podSelector]
    Isolates every pod in namespace default.

    **Selected pods**. The pods of the policy's own namespace that this policy isolates and whose allowed traffic it lists.

    Left out or \`{}\` or null: Selects every pod of the namespace."
  `);
  checkHover(`${V1}spec:\n  podSel$0ector: {{ toYaml .Values.labels }}`).toMatchInlineSnapshot(`
    "[podSelector]
    Isolates pods (not certain: the selector is not known yet, because it is filled in later or the YAML is not finished) in namespace shop.

    **Selected pods**. The pods of the policy's own namespace that this policy isolates and whose allowed traffic it lists.

    Left out or \`{}\` or null: Selects every pod of the namespace."
  `);
});

test.each([
  ['in a comment', `${V1}spec: {} # com$0ment`],
  ['on an unknown field', `${V1}spec:\n  podSelecto$0: {}`],
  ['in somebody else’s object', 'apiVersion: apps/v1\nkind: Deployment\nspec:\n  repl$0icas: 1'],
  ['between documents', `${V1}\n---$0\n${V1}`],
])('nothing %s', (_, source) => checkHover(source).toBe('nothing'));

test('a field leads to the proposal behind it; a label of the same name does not', () => {
  checkHover(`${CNP}spec:\n  ti$0er: Admin`).toContain('[NPEP-285: one kind for both tiers](');
  checkHover(`${CNP}spec:\n  tier: Admin\n  subject: {pods: {podSelector: {matchLabels: {ti$0er: data}}}}`).not.toContain('NPEP');
  checkHover(`${V1}spec:\n  ingress:\n  - ports: [{port: 1, end$0Port: 2}]`).toContain('KEP-2079');
  checkHover(`${V1}spec:\n  ingress:\n  - from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.na$0me: x}}}]`).toContain(
    'KEP-2161',
  );
  checkHover(`${CNP.replace('name: a', 'name: a\n  labels:\n    ti$0er: x')}spec: {}`).not.toContain('NPEP');
});

test('a value called like a member of every object is told nothing about', () => {
  checkHover(`${V1}spec:\n  policyTypes: [toSt$0ring]`).not.toMatch(/function|undefined/);
});
