// Deterministic corpus generator: Kubernetes network-policy YAML that looks like
// what people write. Same seed => same bytes. No dependencies.
//
//   node corpus.mjs small                      # the 30-line policy, to stdout
//   node corpus.mjs multi N [--seed S]         # N policies in one multi-document file, to stdout
//   node corpus.mjs workspace DIR N [--seed S] # N YAML files below DIR
//   node corpus.mjs stats                      # sizes of the standard corpora
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export function rng(seed) {
  let a = seed >>> 0;
  const next = () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return {
    next,
    int: (lo, hi) => lo + Math.floor(next() * (hi - lo + 1)),
    pick: (xs) => xs[Math.floor(next() * xs.length)],
    chance: (p) => next() < p,
  };
}

const APPS = [
  'web',
  'api',
  'auth',
  'billing',
  'cart',
  'catalog',
  'checkout',
  'gateway',
  'inventory',
  'ledger',
  'mailer',
  'metrics',
  'orders',
  'payments',
  'profile',
  'queue',
  'redis',
  'search',
  'shipping',
  'users',
];
const TIERS = ['frontend', 'backend', 'cache', 'database', 'edge'];
const TEAMS = ['payments', 'platform', 'data', 'growth', 'security', 'core'];
const ENVS = ['prod', 'staging', 'dev'];
const PROTOCOLS = ['TCP', 'TCP', 'TCP', 'UDP', 'SCTP'];
const NAMED = ['http', 'https', 'grpc', 'metrics', 'dns'];
const COMMENTS = [
  'traffic agreed with the platform team',
  'see the runbook before you widen this',
  'monitoring scrapes every pod',
  'temporary until the migration is done',
  'do not remove: audit finding',
  'DNS must stay open or nothing resolves',
  'office range, reviewed yearly',
];

const ns = (r) => `${r.pick(TEAMS)}-${r.pick(ENVS)}`;
const cidr4 = (r, bits = r.pick([8, 16, 24])) =>
  bits === 8 ? `${r.int(11, 99)}.0.0.0/8` : bits === 16 ? `10.${r.int(0, 255)}.0.0/16` : `10.${r.int(0, 255)}.${r.int(0, 255)}.0/24`;

function labels(r, pad) {
  const out = [`${pad}app: ${r.pick(APPS)}`];
  if (r.chance(0.5)) out.push(`${pad}tier: ${r.pick(TIERS)}`);
  if (r.chance(0.2)) out.push(`${pad}app.kubernetes.io/part-of: ${r.pick(TEAMS)}`);
  return out;
}

function selector(r, pad, { empty = 0.1 } = {}) {
  if (r.chance(empty)) return null; // caller writes `{}`
  if (r.chance(0.25)) {
    const op = r.pick(['In', 'NotIn', 'Exists']);
    const out = [`${pad}matchExpressions:`, `${pad}- key: ${r.pick(['tier', 'env', 'team', 'app'])}`, `${pad}  operator: ${op}`];
    if (op !== 'Exists') out.push(`${pad}  values: [${r.pick(TIERS)}, ${r.pick(ENVS)}]`);
    return out;
  }
  return [`${pad}matchLabels:`, ...labels(r, pad + '  ')];
}

function field(r, pad, key, opts) {
  const s = selector(r, pad.replace('- ', '  ') + '  ', opts);
  return s ? [`${pad}${key}:`, ...s] : [`${pad}${key}: {}`];
}

function ports(r, pad) {
  const out = [`${pad}ports:`];
  for (let i = 0, n = r.chance(0.3) ? 2 : 1; i < n; i++) {
    const range = r.chance(0.25);
    out.push(`${pad}- protocol: ${r.pick(PROTOCOLS)}`);
    if (range) {
      const p = r.int(30000, 32000);
      out.push(`${pad}  port: ${p}`, `${pad}  endPort: ${p + r.int(1, 700)}`);
    } else out.push(`${pad}  port: ${r.chance(0.15) ? r.pick(NAMED) : r.pick([53, 80, 443, 5432, 6379, 8080, 9090])}`);
  }
  return out;
}

function rule(r, dir, pad) {
  const peers = dir === 'ingress' ? 'from' : 'to';
  const out = [];
  if (r.chance(0.3)) out.push(`${pad}# ${r.pick(COMMENTS)}`);
  out.push(`${pad}- ${peers}:`);
  const p = pad + '  ';
  for (let i = 0, n = r.chance(0.25) ? 2 : 1; i < n; i++) {
    const k = r.next();
    if (k < 0.25) {
      const o = r.int(0, 255);
      out.push(`${p}- ipBlock:`, `${p}    cidr: 10.${o}.0.0/16`);
      if (r.chance(0.6)) out.push(`${p}    except:`, `${p}    - 10.${o}.${r.int(0, 255)}.0/24`);
    } else if (k < 0.6) out.push(...field(r, p + '- ', 'podSelector'));
    else {
      out.push(`${p}- namespaceSelector:`, `${p}    matchLabels:`, `${p}      kubernetes.io/metadata.name: ${ns(r)}`);
      if (r.chance(0.6)) out.push(...field(r, p + '  ', 'podSelector'));
    }
  }
  return out.concat(ports(r, p));
}

function networkPolicy(r, i) {
  const types = r.pick([['Ingress'], ['Ingress'], ['Egress'], ['Ingress', 'Egress']]);
  const out = [];
  if (r.chance(0.4)) out.push(`# ${r.pick(COMMENTS)}`);
  out.push(
    'apiVersion: networking.k8s.io/v1',
    'kind: NetworkPolicy',
    'metadata:',
    `  name: ${r.pick(APPS)}-policy-${i}`,
    `  namespace: ${ns(r)}`,
  );
  if (r.chance(0.3)) out.push('  labels:', `    team: ${r.pick(TEAMS)}`);
  out.push('spec:', ...field(r, '  ', 'podSelector', { empty: 0.15 }), '  policyTypes:', ...types.map((t) => `  - ${t}`));
  for (const t of types) {
    out.push(`  ${t.toLowerCase()}:`);
    for (let k = 0, n = r.chance(0.25) ? 2 : 1; k < n; k++) out.push(...rule(r, t.toLowerCase(), '  '));
  }
  return out;
}

// ClusterNetworkPolicy, policy.networking.k8s.io/v1alpha2 (fields as in that CRD, bundle v0.2.0).
function clusterNetworkPolicy(r, i) {
  const out = [
    'apiVersion: policy.networking.k8s.io/v1alpha2',
    'kind: ClusterNetworkPolicy',
    'metadata:',
    `  name: ${r.pick(TEAMS)}-guardrail-${i}`,
    'spec:',
    `  tier: ${r.pick(['Admin', 'Baseline'])}`,
    `  priority: ${r.int(0, 1000)}`,
    '  subject:',
  ];
  if (r.chance(0.5)) out.push(...field(r, '    ', 'namespaces', { empty: 0.3 }));
  else
    out.push('    pods:', ...field(r, '      ', 'namespaceSelector', { empty: 0.2 }), ...field(r, '      ', 'podSelector', { empty: 0.2 }));
  for (const dir of r.pick([['ingress'], ['egress'], ['ingress', 'egress']])) {
    out.push(`  ${dir}:`);
    for (let k = 0, n = r.int(1, 2); k < n; k++) {
      const action = r.pick(['Accept', 'Deny', 'Pass']);
      if (r.chance(0.3)) out.push(`  # ${r.pick(COMMENTS)}`);
      out.push(`  - name: ${action.toLowerCase()}-${dir}-${k}`, `    action: ${action}`, `    ${dir === 'ingress' ? 'from' : 'to'}:`);
      const kind = r.next();
      if (dir === 'egress' && kind < 0.3) out.push('    - networks:', `      - ${cidr4(r)}`, `      - ${cidr4(r)}`);
      else if (dir === 'egress' && kind < 0.4 && action === 'Accept') out.push('    - domainNames:', "      - '*.example.com'");
      else if (kind < 0.6) out.push(...field(r, '    - ', 'namespaces', { empty: 0.3 }));
      else
        out.push(
          '    - pods:',
          ...field(r, '        ', 'namespaceSelector', { empty: 0.3 }),
          ...field(r, '        ', 'podSelector', { empty: 0.3 }),
        );
      if (r.chance(0.7)) {
        out.push('    protocols:');
        if (r.chance(0.2)) out.push(`    - destinationNamedPort: ${r.pick(NAMED)}`);
        else if (r.chance(0.3))
          out.push(
            '    - tcp:',
            '        destinationPort:',
            '          range:',
            '            start: 8080',
            `            end: ${r.int(8081, 9090)}`,
          );
        else
          out.push(
            `    - ${r.pick(['tcp', 'tcp', 'udp', 'sctp'])}:`,
            '        destinationPort:',
            `          number: ${r.pick([53, 80, 443, 8080])}`,
          );
      }
    }
  }
  return out;
}

function namespace(r, i) {
  const name = `${ns(r)}-${i}`;
  return [
    'apiVersion: v1',
    'kind: Namespace',
    'metadata:',
    `  name: ${name}`,
    '  labels:',
    `    kubernetes.io/metadata.name: ${name}`,
    `    team: ${r.pick(TEAMS)}`,
    `    env: ${r.pick(ENVS)}`,
  ];
}

function deployment(r, i) {
  const app = r.pick(APPS),
    tier = r.pick(TIERS);
  return [
    'apiVersion: apps/v1',
    'kind: Deployment',
    'metadata:',
    `  name: ${app}-${i}`,
    `  namespace: ${ns(r)}`,
    '  labels:',
    `    app: ${app}`,
    'spec:',
    `  replicas: ${r.int(1, 5)}`,
    '  selector:',
    '    matchLabels:',
    `      app: ${app}`,
    `      tier: ${tier}`,
    '  template:',
    '    metadata:',
    '      labels:',
    `        app: ${app}`,
    `        tier: ${tier}`,
    '    spec:',
    '      containers:',
    `      - name: ${app}`,
    `        image: registry.example/${app}:${r.int(1, 9)}.${r.int(0, 20)}.${r.int(0, 9)}`,
    '        ports:',
    '        - name: http',
    `          containerPort: ${r.pick([80, 8080, 9090])}`,
    '        resources:',
    '          requests:',
    `            cpu: ${r.int(1, 9)}00m`,
    `            memory: ${r.int(1, 8) * 64}Mi`,
    '        env:',
    '        - name: LOG_LEVEL',
    `          value: "${r.pick(['info', 'debug', 'warn'])}"`,
  ];
}

function service(r, i) {
  const app = r.pick(APPS);
  return [
    'apiVersion: v1',
    'kind: Service',
    'metadata:',
    `  name: ${app}-${i}`,
    `  namespace: ${ns(r)}`,
    'spec:',
    '  selector:',
    `    app: ${app}`,
    '  ports:',
    '  - name: http',
    '    protocol: TCP',
    `    port: ${r.pick([80, 443, 8080])}`,
    '    targetPort: http',
  ];
}

// Exactly 30 lines, no error.
export const SMALL = `# Web pods: let the gateway and the monitoring namespace in, DNS and the office out.
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web-allow
  namespace: payments-prod
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes:
  - Ingress
  - Egress
  ingress:
  - from:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: platform-prod
      podSelector:
        matchExpressions:
        - {key: app, operator: In, values: [gateway, metrics]}
    ports:
    - protocol: TCP
      port: 8080
      endPort: 8090
  egress:
  - to:
    - ipBlock:
        cidr: 10.0.0.0/16
        except: [10.0.5.0/24]
`;

// A multi-document file of n policies; share of ClusterNetworkPolicy documents as given.
export function multi(n, { seed = 1, cnpShare = 0.15 } = {}) {
  const r = rng(seed),
    out = [];
  for (let i = 0; i < n; i++) {
    if (i) out.push('---');
    out.push(...(r.chance(cnpShare) ? clusterNetworkPolicy(r, i) : networkPolicy(r, i)));
  }
  return out.join('\n') + '\n';
}

// n YAML files: 40% policies, 30% Deployments, 20% Services, 10% Namespaces. Returns the paths.
export function writeWorkspace(dir, n, { seed = 7 } = {}) {
  const r = rng(seed),
    paths = [];
  for (let i = 0; i < n; i++) {
    const sub = join(dir, `team-${i % 20}`, `app-${Math.floor(i / 20) % 50}`);
    if (i < 1000) mkdirSync(sub, { recursive: true });
    const k = r.next();
    const [name, body] =
      k < 0.34
        ? ['netpol', networkPolicy(r, i)]
        : k < 0.4
          ? ['cnp', clusterNetworkPolicy(r, i)]
          : k < 0.7
            ? ['deploy', deployment(r, i)]
            : k < 0.9
              ? ['svc', service(r, i)]
              : ['ns', namespace(r, i)];
    const p = join(sub, `${name}-${i}.yaml`);
    writeFileSync(p, body.join('\n') + '\n');
    paths.push(p);
  }
  return paths;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [cmd, ...rest] = process.argv.slice(2);
  const si = rest.indexOf('--seed');
  const seed = si >= 0 ? Number(rest[si + 1]) : undefined;
  const opt = seed === undefined ? {} : { seed };
  if (cmd === 'small') process.stdout.write(SMALL);
  else if (cmd === 'multi') process.stdout.write(multi(Number(rest[0]), opt));
  else if (cmd === 'workspace') console.log(writeWorkspace(rest[0], Number(rest[1]), opt).length);
  else if (cmd === 'stats') {
    for (const [name, t] of [
      ['small', SMALL],
      ['1000', multi(1000)],
      ['5000', multi(5000)],
    ])
      console.log(name, 'lines', t.split('\n').length - 1, 'bytes', Buffer.byteLength(t));
  } else {
    console.error('usage: corpus.mjs small | multi N | workspace DIR N | stats');
    process.exit(2);
  }
}
