// Manifests of a wanted size in characters, most of one shape that repeats: what large manifests look like, and what is built to hurt.
const head = (kind, apiVersion = 'networking.k8s.io/v1') =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: a\n  namespace: shop\nspec:\n`;
const POLICY = head('NetworkPolicy');
const INGRESS = `${POLICY}  podSelector: {}\n  ingress:\n`;
const EGRESS = `${POLICY}  podSelector: {}\n  egress:\n`;

/** Repeats a part until the text has the size. */
function filled(size, start, part, end = '', between = '') {
  const parts = [];
  for (let i = 0, length = start.length + end.length; length < size; i++) {
    parts.push(part(i));
    length += parts.at(-1).length + between.length;
  }
  return start + parts.join(between) + end;
}

const block = (i) => `10.${(i >> 8) & 255}.${i & 255}.0/24`;

/** name: a text of the size. */
export const LARGE_MANIFESTS = {
  'rules with peers and ports': (size) =>
    filled(
      size,
      INGRESS,
      (i) =>
        `    - from:\n        - podSelector:\n            matchLabels:\n              app: a${i}\n      ports:\n        - protocol: TCP\n          port: ${1 + (i % 60000)}\n`,
    ),
  'peers of one rule': (size) =>
    filled(size, `${INGRESS}    - from:\n`, (i) => `        - podSelector:\n            matchLabels:\n              app: a${i}\n`),
  'rules in flow style': (size) =>
    filled(size, INGRESS, (i) => `    - {from: [{podSelector: {matchLabels: {app: a${i}}}}], ports: [{port: ${1 + (i % 60000)}}]}\n`),
  'blocks of addresses': (size) => filled(size, `${EGRESS}    - to:\n`, (i) => `        - ipBlock:\n            cidr: ${block(i)}\n`),
  'one policy as JSON': (size) =>
    filled(
      size,
      '{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"a","namespace":"shop"},"spec":{"podSelector":{},"ingress":[',
      (i) => `{"from":[{"podSelector":{"matchLabels":{"app":"a${i}"}}}],"ports":[{"protocol":"TCP","port":${1 + (i % 60000)}}]}`,
      ']}}\n',
      ',',
    ),
  'a List of policies': (size) =>
    filled(
      size,
      'apiVersion: v1\nkind: List\nitems:\n',
      (i) =>
        `- apiVersion: networking.k8s.io/v1\n  kind: NetworkPolicy\n  metadata: {name: a${i}, namespace: n${i % 10}}\n  spec:\n    podSelector:\n      matchLabels: {app: a${i % 50}}\n    ingress:\n    - from:\n      - podSelector: {matchLabels: {app: b${i % 40}}}\n`,
    ),
  'documents of policies and pods': (size) =>
    filled(
      size,
      '',
      (i) =>
        i % 2
          ? `apiVersion: v1\nkind: Pod\nmetadata: {name: p${i}, namespace: shop, labels: {app: x${i % 300}}}\nspec: {containers: [{name: c, image: i, ports: [{containerPort: ${1 + (i % 5000)}}]}]}\n`
          : `${POLICY.replace('name: a', `name: a${i}`)}  podSelector: {matchLabels: {app: x${i % 100}}}\n  ingress:\n  - from:\n    - podSelector: {matchLabels: {app: y${i % 90}}}\n`,
      '',
      '---\n',
    ),
  'rules of a ClusterNetworkPolicy': (size) =>
    filled(
      size,
      'apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: a}\nspec:\n  tier: Admin\n  priority: 1\n  subject: {namespaces: {}}\n  ingress:\n',
      (i) =>
        `  - action: Deny\n    from:\n    - pods:\n        namespaceSelector: {}\n        podSelector: {matchLabels: {app: x${i}}}\n    protocols:\n    - tcp: {destinationPort: {number: ${1 + (i % 60000)}}}\n`,
    ),
  'rules of a CiliumNetworkPolicy': (size) =>
    filled(
      size,
      `${head('CiliumNetworkPolicy', 'cilium.io/v2')}  endpointSelector: {}\n  ingress:\n`,
      (i) =>
        `  - fromEndpoints:\n    - matchLabels:\n        app: a${i}\n    toPorts:\n    - ports:\n      - port: "${1 + (i % 60000)}"\n        protocol: TCP\n`,
    ),
  'rules of a Calico NetworkPolicy': (size) =>
    filled(
      size,
      `${head('NetworkPolicy', 'projectcalico.org/v3')}  selector: all()\n  ingress:\n`,
      (i) =>
        `  - action: Allow\n    protocol: TCP\n    source:\n      selector: app == 'a${i}' && tier in {'x', 'y'}\n    destination:\n      ports: [${1 + (i % 60000)}]\n`,
    ),
  'rules of an Antrea NetworkPolicy': (size) =>
    filled(
      size,
      `${head('NetworkPolicy', 'crd.antrea.io/v1beta1')}  priority: 5\n  tier: application\n  appliedTo:\n  - podSelector: {}\n  ingress:\n`,
      (i) =>
        `  - action: Allow\n    name: r${i}\n    from:\n    - podSelector:\n        matchLabels:\n          app: a${i}\n    ports:\n    - protocol: TCP\n      port: ${1 + (i % 60000)}\n`,
    ),
  'containers of a Deployment': (size) =>
    filled(
      size,
      `${head('Deployment', 'apps/v1')}  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec:\n      containers:\n`,
      (i) =>
        `      - name: c${i}\n        image: registry/image:${i}\n        env:\n        - name: A\n          value: "b"\n        ports:\n        - containerPort: ${1 + (i % 60000)}\n`,
    ),
  'a ConfigMap with a long text': (size) =>
    filled(size, 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: |\n', (i) => `    line ${i} of NetworkPolicy text\n`),
  'resources of a kustomization': (size) =>
    filled(size, 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n', (i) => `- ./x${i}.yaml\n`),
  'labels of a selector': (size) => filled(size, `${POLICY}  podSelector:\n    matchLabels:\n`, (i) => `      k${i}: v${i}\n`),
  'rules that allow everything': (size) => filled(size, INGRESS, () => '    - {}\n'),
  'ranges of ports': (size) =>
    filled(size, `${INGRESS}    - ports:\n`, (i) => `        - {port: ${1 + (i % 60000)}, endPort: ${2 + (i % 60000)}}\n`),
  'exceptions of a block': (size) =>
    filled(
      size,
      `${EGRESS}    - to:\n        - ipBlock:\n            cidr: 10.0.0.0/8\n            except:\n`,
      (i) => `              - ${block(i)}\n`,
    ),
  'comments that ignore': (size) => filled(size, '', () => '# netpol-ignore: allow-all-ingress\n', `${POLICY}  podSelector: {}\n`),
  'comments that expect': (size) => filled(size, '', () => '# expect: shop/web -> shop/db TCP/80 allow\n', `${POLICY}  podSelector: {}\n`),
  aliases: (size) => filled(size, `${POLICY}  podSelector: &a {matchLabels: {a: b}}\n  ingress:\n`, () => '    - from: [*a]\n'),
  anchors: (size) => filled(size, INGRESS, (i) => `    - &a${i} {}\n`),
  'unknown fields': (size) => filled(size, `${POLICY}  podSelector: {}\n`, (i) => `  k${i}: v\n`),
  'holes of a template': (size) =>
    filled(size, INGRESS, (i) => `    - from: [{podSelector: {matchLabels: {app: "{{ .Values.app${i} }}"}}}]\n`),
  'lines behind an open quote': (size) => filled(size, `${POLICY}  podSelector: "\n`, () => '  a: b\n'),
  'lines behind an open bracket': (size) => filled(size, `${POLICY}  podSelector: {\n`, () => '  a: b,\n'),
};
