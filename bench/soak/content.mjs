// Small related manifests from one small vocabulary, so that files of a random workspace concern one another; plus real texts where a folder is given.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const NS = ['shop', 'web', 'default'],
  APPS = ['web', 'db', 'api'],
  PORTS = ['80', '5432', 'http', '"80"', '8080', '53'];
const labels = (r) => `{app: ${r.pick(APPS)}${r.chance(0.2) ? ', tier: back' : ''}}`;
const selector = (r) =>
  r.pick([
    '{}',
    `{matchLabels: ${labels(r)}}`,
    `{matchExpressions: [{key: app, operator: ${r.pick(['In', 'NotIn'])}, values: [${r.pick(APPS)}]}]}`,
  ]);
const nsSelector = (r) => r.pick(['{}', `{matchLabels: {kubernetes.io/metadata.name: ${r.pick(NS)}}}`, '{matchLabels: {team: ops}}']);
const peer = (r) =>
  r.pick([
    `{podSelector: ${selector(r)}}`,
    `{namespaceSelector: ${nsSelector(r)}}`,
    `{namespaceSelector: ${nsSelector(r)}, podSelector: ${selector(r)}}`,
    `{ipBlock: {cidr: ${r.pick(['10.0.0.0/8', '0.0.0.0/0', '10.1.2.3/24', '::/0'])}}}`,
  ]);
const ports = (r) => (r.chance(0.4) ? '' : `\n      ports: [{port: ${r.pick(PORTS)}${r.chance(0.3) ? ', protocol: UDP' : ''}}]`);
const rule = (r, way) => `\n    - ${way}: [${Array.from({ length: 1 + r.int(2) }, () => peer(r)).join(', ')}]${ports(r)}`;
const meta = (r, name) => `metadata: {name: ${name}${r.chance(0.8) ? `, namespace: ${r.pick(NS)}` : ''}}`;

const KINDS = {
  np: (r) =>
    `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n${meta(r, `np${r.int(3)}`)}\nspec:\n  podSelector: ${selector(r)}\n${r.chance(0.5) ? `  policyTypes: [${r.pick(['Ingress', 'Egress', 'Ingress, Egress'])}]\n` : ''}${r.chance(0.7) ? `  ingress:${r.pick([' []', ' [{}]', rule(r, 'from'), rule(r, 'from') + rule(r, 'from')])}\n` : ''}${r.chance(0.5) ? `  egress:${r.pick([' []', rule(r, 'to'), rule(r, 'to')])}\n` : ''}`,
  cnp: (r) =>
    `apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: c${r.int(3)}}\nspec:\n  tier: ${r.pick(['Admin', 'Baseline'])}\n  priority: ${r.pick([1, 1, 10])}\n  subject: ${r.pick(['{namespaces: {}}', `{pods: {namespaceSelector: ${nsSelector(r)}, podSelector: ${selector(r)}}}`])}\n  ingress:\n    - {action: ${r.pick(['Accept', 'Deny', 'Pass'])}, from: [{namespaces: ${nsSelector(r)}}]}\n${r.chance(0.5) ? `  egress:\n    - {action: ${r.pick(['Accept', 'Deny'])}, to: [{networks: [${r.pick(['10.0.0.0/8', '0.0.0.0/0'])}]}]}\n` : ''}`,
  anp: (r) =>
    `apiVersion: policy.networking.k8s.io/v1alpha1\nkind: ${r.pick(['AdminNetworkPolicy', 'BaselineAdminNetworkPolicy'])}\nmetadata: {name: default}\nspec:\n  priority: ${r.int(4)}\n  subject: {namespaces: ${nsSelector(r)}}\n  ingress:\n    - {action: ${r.pick(['Allow', 'Deny', 'Pass'])}, from: [{pods: {namespaceSelector: ${nsSelector(r)}, podSelector: ${selector(r)}}}]}\n`,
  deploy: (r) => {
    const a = r.pick(APPS);
    return `apiVersion: apps/v1\nkind: ${r.pick(['Deployment', 'StatefulSet', 'DaemonSet'])}\n${meta(r, a)}\nspec:\n  selector: {matchLabels: {app: ${a}}}\n  template:\n    metadata: {labels: {app: ${a}}}\n    spec: {${r.chance(0.1) ? 'hostNetwork: true, ' : ''}containers: [{name: c, image: i, ports: [{containerPort: ${r.pick([80, 5432, 8080])}${r.chance(0.5) ? ', name: http' : ''}}]}]}\n`;
  },
  pod: (r) =>
    `apiVersion: v1\nkind: Pod\nmetadata: {name: p${r.int(3)}, namespace: ${r.pick(NS)}, labels: ${labels(r)}}\nspec: {containers: [{name: c, image: i, ports: [{containerPort: 80, name: http}]}]}\n`,
  ns: (r) => `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${r.pick(NS)}${r.chance(0.6) ? ', labels: {team: ops}' : ''}}\n`,
  svc: (r) => {
    const a = r.pick(APPS);
    return `apiVersion: v1\nkind: Service\n${meta(r, a)}\nspec: {selector: {app: ${a}}, ports: [{port: 80, targetPort: ${r.pick(['http', '8080', '5432'])}}]}\n`;
  },
  ing: (r) =>
    `apiVersion: networking.k8s.io/v1\nkind: Ingress\n${meta(r, 'front')}\nspec: {defaultBackend: {service: {name: ${r.pick(APPS)}, port: {number: 80}}}}\n`,
  mon: (r) =>
    `apiVersion: monitoring.coreos.com/v1\nkind: ${r.pick(['PodMonitor', 'ServiceMonitor'])}\n${meta(r, 'm')}\nspec: {selector: {matchLabels: {app: ${r.pick(APPS)}}}, ${r.pick(['podMetricsEndpoints: [{port: http}]', 'endpoints: [{port: http}]'])}}\n`,
  hook: () =>
    `apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: {name: h}\nwebhooks: [{name: a.b.c, clientConfig: {service: {name: api, namespace: shop}}}]\n`,
  list: (r) =>
    `apiVersion: v1\nkind: List\nitems:\n${[0, 1].map(() => `- apiVersion: networking.k8s.io/v1\n  kind: NetworkPolicy\n  metadata: {name: l${r.int(2)}, namespace: ${r.pick(NS)}}\n  spec:\n    podSelector: ${selector(r)}\n    ingress:\n    - from: [${peer(r)}]\n`).join('')}`,
  expect: (r) =>
    `# expect: ${r.pick(NS)}/${r.pick(APPS)} -> ${r.pick(NS)}/${r.pick(APPS)} TCP/${r.pick(['80', '5432'])} ${r.pick(['allow', 'deny'])}\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: e${r.int(2)}, namespace: ${r.pick(NS)}}\nspec: {podSelector: ${selector(r)}}\n`,
  ignore: () =>
    `# netpol-ignore: allow-all-ingress\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ig, namespace: shop}\nspec:\n  podSelector: {}\n  ingress: [{}]\n`,
  half: (r) =>
    r.pick([
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nspec:\n  podSel',
      'kind: NetworkPolicy\nspec:\n  ingress:\n    - from:\n      - ',
      'kind: Pod\n',
      'a: [1, 2\n',
      '{{ if .x }}\nkind: NetworkPolicy\n{{ end }}\n',
      '- 1\n',
      '\ufeffkind: Namespace\n',
      'x: "😀"\n',
      '',
    ]),
  helm: () =>
    `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: {{ .Release.Name }}\nspec:\n  podSelector: {}\n  {{- if .x }}\n  ingress: []\n  {{- end }}\n`,
  // Comments with surrogate pairs, odd spaces.
  emoji: (r) =>
    `# 😀 é \u2028 漢字\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: "u😀", namespace: ${r.pick(NS)}}\nspec: {podSelector: ${selector(r)}} # 🎉\n`,
};
const NAMES = Object.keys(KINDS);
const KUST = (r) =>
  r.pick([
    'resources: [a.yaml, base]\n',
    'resources: [../one, a.yaml]\nnamespace: web\n',
    'resources: [../base]\nnamespace: shop\ncommonLabels: {team: ops}\n',
    'resources: [d.yaml, sub/c.yaml]\nnamePrefix: x-\n',
    'resources: [a.yaml]\npatches: [{path: b.yml}]\n',
    'resources: [d.yaml]\npatchesStrategicMerge: [c.yaml]\n',
    'resources: [.]\n',
    'resources: [../../two, ../one]\n',
    'resources: [',
    'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n- base\n- sub\nlabels: [{pairs: {app: web}, includeSelectors: true}]\n',
    'components: [../base]\nresources: [a.yaml, a.yaml]\n',
  ]);

export function contentFor(file, r, corpus = []) {
  if (/kustomization\.ya?ml$/.test(file)) return KUST(r);
  if (corpus.length && r.chance(0.2)) return r.pick(corpus);
  const n = r.pick([1, 1, 2, 3, 5]);
  let text = Array.from({ length: n }, () => KINDS[r.pick(NAMES)](r)).join('---\n');
  if (/\.json$/.test(file))
    text = r.pick([
      '{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"shop","labels":{"team":"ops"}}}\n',
      '{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"j","namespace":"shop"},"spec":{"podSelector":{}}}',
      '{"kind":"NetworkPolicy",',
      '{}',
    ]);
  return r.chance(0.15) ? text.replaceAll('\n', '\r\n') : text;
}

export const SNIPPETS = [
  '---\n',
  '\n',
  '- ',
  '  ',
  'x',
  ':',
  'app: web\n',
  '{',
  '}',
  '"',
  "'",
  '#',
  '\r\n',
  '\r',
  'kind: List\n',
  '{{ x }}',
  '...\n',
  '&a',
  '*a',
  '😀',
  '\u2028',
  '\t',
  'namespace: web\n',
  '# expect: shop/web -> shop/db TCP/80 allow\n',
  '# netpol-ignore\n',
  '[',
  ']',
  ', ',
  '0',
  'é',
  '\ufeff',
  '---\nkind: Pod\n',
  '|\n',
  '? ',
  '%YAML 1.1\n',
  'kind: NetworkPolicy\n',
  'items:\n',
];

function corpusFrom(folders, most = 20000) {
  const texts = [];
  const walk = (path) => {
    for (const name of readdirSync(path)) {
      const p = join(path, name);
      if (statSync(p).isDirectory()) walk(p);
      else if (/\.ya?ml$/.test(name)) {
        const t = readFileSync(p, 'utf8');
        if (t.length <= most) texts.push(t);
      } else if (/\.md$/.test(name))
        for (const m of readFileSync(p, 'utf8').matchAll(/```ya?ml\n([\s\S]*?)```/g)) if (m[1].length <= most) texts.push(m[1]);
    }
  };
  for (const f of folders) walk(f);
  return texts;
}
