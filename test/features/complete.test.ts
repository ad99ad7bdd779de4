import { test } from 'vitest';
import { checkChosen, checkCompletions } from '../checks.ts';

const V1 = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n';
const CNP = 'apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\n';

test('keys: of a blank line, without those that are there', () => {
  checkCompletions(`${V1}spec:\n  podSelector: {}\n  $0`).toMatchInlineSnapshot(`
    "policyTypes  Isolated directions
    ingress  Ingress rules
    egress  Egress rules"
  `);
});

test('keys: of a line that is being typed', () => {
  checkChosen(`${V1}spec:\n  podSel$0\n  ingress: []`, 'podSelector').toMatchInlineSnapshot(`
    "apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    spec:
      podSelector:
        $0
      ingress: []"
  `);
});

test('keys: renaming a key leaves its value alone', () => {
  checkChosen(`${V1}spec:\n  pod$0: {}`, 'podSelector').toMatchInlineSnapshot(`
    "apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    spec:
      podSelector: {}"
  `);
});

test('keys: below a key with nothing behind it', () => {
  checkCompletions(`${V1}spec:\n  podSelector:\n    $0`).toMatchInlineSnapshot(`
    "matchLabels  Exact labels
    matchExpressions  Label conditions"
  `);
});

test('keys: right behind the colon, on the same line and on the next', () => {
  checkCompletions(`${V1}spec:\n  podSelector: $0`).toMatchInlineSnapshot(`
    "{}  Selects every pod of the namespace.
    matchLabels  Exact labels
    matchExpressions  Label conditions"
  `);
  checkChosen(`${V1}spec:\n  podSelector:$0`, 'matchLabels').toMatchInlineSnapshot(`
    "apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    spec:
      podSelector:
        matchLabels:
          $0"
  `);
  checkChosen(`${V1}spec:\n  podSelector:$0`, '{}').toMatchInlineSnapshot(`
    "apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    spec:
      podSelector: {}"
  `);
});

test('keys: a cursor in the first column still reaches what the line above opens', () => {
  checkChosen(`${V1}spec:\n$0`, 'podSelector').toMatchInlineSnapshot(`
    "apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    spec:
      podSelector:
        $0"
  `);
});

test('keys: a list wants a dash, in the way the document writes lists', () => {
  checkCompletions(`${V1}spec:\n  ingress:\n    $0`).toMatchInlineSnapshot(`
    "- from  Allowed sources
    - ports  Allowed ports"
  `);
  checkChosen(`${V1}spec:\n  ingress:\n    $0`, '- from').toMatchInlineSnapshot(`
    "apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    spec:
      ingress:
        - from:
          - $0"
  `);
  checkChosen(`${V1}spec:\n  ingress:\n  - $0`, 'from').toMatchInlineSnapshot(`
    "apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    spec:
      ingress:
      - from:
        - $0"
  `);
  checkChosen(`${V1}spec:\n  ingress:\n  -$0`, 'ports').toMatchInlineSnapshot(`
    "apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    spec:
      ingress:
      - ports:
        - $0"
  `);
  checkChosen(`${V1}spec:\n  policyTypes:\n    - Ingress\n  in$0`, 'ingress').toMatchInlineSnapshot(`
    "apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    spec:
      policyTypes:
        - Ingress
      ingress:
        - $0"
  `);
});

test('keys: behind a list without indentation: the next item, or the next key', () => {
  checkCompletions(`${V1}spec:\n  ingress:\n  - from: []\n  $0`).toMatchInlineSnapshot(`
    "podSelector  Selected pods
    policyTypes  Isolated directions
    egress  Egress rules
    - from  Allowed sources
    - ports  Allowed ports
    ports  of the item above · Allowed ports"
  `);
});

test('keys: keys that exclude each other', () => {
  checkCompletions(`${V1}spec:\n  ingress:\n  - from:\n    - ipBlock:\n        cidr: 10.0.0.0/8\n      $0`).toMatchInlineSnapshot(
    `"nothing"`,
  );
  checkCompletions(`${CNP}spec:\n  subject:\n    pods: {}\n    $0`).toMatchInlineSnapshot(`"nothing"`);
});

test('keys: required keys come first, with what they need', () => {
  checkCompletions(`${CNP}spec:\n  $0`).toMatchInlineSnapshot(`
    "tier  Policy tier · required
    priority  Order in tier · required
    subject  Pods concerned · required
    ingress  Ingress rules
    egress  Egress rules"
  `);
  checkChosen(`${CNP}spec:\n  $0`, 'ingress').toMatchInlineSnapshot(`
    "apiVersion: policy.networking.k8s.io/v1alpha2
    kind: ClusterNetworkPolicy
    spec:
      ingress:
      - action: \${1|Accept,Deny,Pass|}
        from:
        - $2"
  `);
  checkChosen(`${CNP}spec:\n  $0`, 'ingress', { snippets: false }).toMatchInlineSnapshot(`
    "apiVersion: policy.networking.k8s.io/v1alpha2
    kind: ClusterNetworkPolicy
    spec:
      ingress:
      - action: Accept
        from:
        - "
  `);
  checkChosen(`${V1}$0`, 'metadata').toMatchInlineSnapshot(`
    "apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: $0"
  `);
});

test('keys: fields of the experimental channel only where they exist', () => {
  const peer = `${CNP}spec:\n  egress:\n  - to:\n    - $0`;
  checkCompletions(peer).toMatchInlineSnapshot(`
    "namespaces  Peer namespaces
    pods  Peer pods
    networks  Address ranges
    nodes  Cluster nodes · experimental channel
    domainNames  Domain names · experimental channel"
  `);
  checkCompletions(peer, { policyApiChannel: 'standard' }).toMatchInlineSnapshot(`
    "namespaces  Peer namespaces
    pods  Peer pods
    networks  Address ranges"
  `);
});

test('keys: in braces', () => {
  checkCompletions(`${V1}spec: { podSelector: {}, $0 }`).toMatchInlineSnapshot(`
    "policyTypes  Isolated directions
    ingress  Ingress rules
    egress  Egress rules"
  `);
  checkChosen(`${V1}spec: { podSelector: {$0} }`, 'matchLabels').toMatchInlineSnapshot(`
    "apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    spec: { podSelector: {matchLabels: {$0}} }"
  `);
});

test('keys: in JSON, with quotes', () => {
  const json = '{\n  "apiVersion": "networking.k8s.io/v1",\n  "kind": "NetworkPolicy",\n  "spec": {\n    "po$0"\n  }\n}';
  checkChosen(json, 'podSelector').toMatchInlineSnapshot(`
    "{
      "apiVersion": "networking.k8s.io/v1",
      "kind": "NetworkPolicy",
      "spec": {
        "podSelector": {$0}
      }
    }"
  `);
});

test('keys: labels that most objects have', () => {
  checkCompletions(`${V1}spec:\n  podSelector:\n    matchLabels:\n      $0`).toMatchInlineSnapshot(`
    "app  a common label
    app.kubernetes.io/name  a common label"
  `);
  checkChosen(
    `${V1}spec:\n  ingress:\n  - from:\n    - namespaceSelector:\n        matchLabels:\n          $0`,
    'kubernetes.io/metadata.name',
  ).toMatchInlineSnapshot(`
    "apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    spec:
      ingress:
      - from:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: $0"
  `);
});

test('keys: a key that is there is renamed where it stands', () => {
  checkChosen(`${V1}spec:\n  podSelecto$0:\n    matchLabels: {}`, 'podSelector').toMatchInlineSnapshot(`
    "apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    spec:
      podSelector:
        matchLabels: {}"
  `);
});

test('keys: of older kinds, and in the items of a List', () => {
  const older = 'apiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicy\n';
  checkCompletions(`${older}spec:\n  ingress:\n  - action: Deny\n    from: []\n    ports:\n    - $0`).toMatchInlineSnapshot(`
    "portNumber  Port by number
    portRange  Port range
    namedPort  Named port · experimental channel"
  `);
  checkCompletions(`${older}metadata:\n  $0`).toMatchInlineSnapshot(`
    "name  Object name
    labels  Object labels
    annotations  Object annotations
    generateName  Name prefix
    finalizers  Deletion blockers
    ownerReferences  Owning objects"
  `);
  checkChosen('kind: List\nitems:\n- apiVersion: networking.k8s.io/v1\n  kind: NetworkPolicy\n  spec:\n    $0', 'podSelector')
    .toMatchInlineSnapshot(`
    "kind: List
    items:
    - apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      spec:
        podSelector:
          $0"
  `);
});

test.each([
  ['in a comment', `${V1}spec:\n  # $0`],
  ['behind a value', `${V1}spec:\n  policyTypes: [] $0`],
  ['in a block scalar', `${V1}metadata:\n  annotations:\n    a: |\n      text\n      $0`],
  ['in a template hole', `${V1}spec: {{ .Val$0 }}`],
  ['in somebody else’s object', 'apiVersion: apps/v1\nkind: Deployment\nspec:\n  $0'],
  ['in another file', 'services:\n  web:\n    image: x\n$0'],
  ['in another dialect', 'apiVersion: k8s.ovn.org/v1\nkind: $0'],
])('nothing %s', (_, source) => checkCompletions(source).toBe('nothing'));

test('the kinds of an API of a network plugin', () => {
  checkCompletions('apiVersion: cilium.io/v2\nkind: $0').toContain('CiliumCIDRGroup  cilium.io/v2');
});

test.each(['toString', 'valueOf', 'constructor', '__proto__', 'hasOwnProperty'])('beside a key called %s all keys are offered', (name) => {
  checkCompletions(`kind: NetworkPolicy\n${name}: 1\n$0`).toMatch(/^apiVersion.*\nmetadata.*\nspec/);
  checkCompletions(`${V1}spec:\n  ${name}: 1\n  $0`).toContain('podSelector');
  checkCompletions(`${V1}spec:\n  ingress:\n  - from:\n    - ${name}: 1\n      $0`).toContain('podSelector');
});

test('a kind chosen in an empty document brings what it needs', () => {
  checkChosen('$0', 'NetworkPolicy').toMatchInlineSnapshot(`
    "apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: $1
    spec:
      $2"
  `);
  checkChosen('$0', 'ClusterNetworkPolicy').toMatchInlineSnapshot(`
    "apiVersion: policy.networking.k8s.io/v1alpha2
    kind: ClusterNetworkPolicy
    metadata:
      name: $1
    spec:
      tier: \${2|Admin,Baseline|}
      priority: $3
      subject:
        $4"
  `);
  checkChosen('kind: Pod\n---\n$0', 'NetworkPolicy').toMatchInlineSnapshot(`
    "kind: Pod
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: $1
    spec:
      $2"
  `);
});

test('behind a protocol alone, the port of that item comes first, where the next item would start', () => {
  const text = `${V1}spec:\n  ingress:\n  - ports:\n    - protocol: TCP\n    $0`;
  checkCompletions(text).toMatch(/^port  of the item above/);
  checkChosen(text, 'port').toContain('    - protocol: TCP\n      port: ');
  checkCompletions(`${V1}spec:\n  ingress:\n  - ports:\n    - port: 80\n      protocol: TCP\n    $0`).not.toMatch(/^port/);
});
