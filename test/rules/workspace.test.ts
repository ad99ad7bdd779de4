import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { diagnose } from '../../server/features/diagnose.ts';
import { diagnoseWorkspace } from '../../server/features/diagnose-workspace.ts';
import { DEFAULTS, type Settings } from '../../server/settings.ts';
import { formatPath } from '../../server/syntax/path.ts';
import { sourceFile, textOf } from '../../server/syntax/source-file.ts';
import { emptySnapshot, fileAt, withFile, withFiles, type Snapshot } from '../../server/workspace/snapshot.ts';
import { finished } from '../../server/base/work.ts';
import { workspaceFindingsIn, workspaceOf } from './workspace-findings.ts';

const EXAMPLES = new URL('../../examples/', import.meta.url);

function exampleSnapshot(name: string): { readonly snapshot: Snapshot; readonly files: readonly string[] } {
  const root = new URL(`${name}/`, EXAMPLES);
  const files = readdirSync(root, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.yaml'))
    .sort();
  const changes = files.map((file) => ({
    uri: `file:///examples/${name}/${file}`,
    file: sourceFile(readFileSync(new URL(file, root), 'utf8')),
    keepTrees: true,
  }));
  return { snapshot: withFiles(emptySnapshot({ folders: ['file:///examples'], clusters: {} }), changes), files };
}

function told(name: string, settings: Settings = DEFAULTS): readonly string[] {
  const { snapshot, files } = exampleSnapshot(name);
  return files.flatMap((file) =>
    finished(diagnoseWorkspace(snapshot, `file:///examples/${name}/${file}`, settings)).map(
      ({ finding }) => `${file} ${formatPath(finding.path)}: ${finding.severity} ${finding.code}`,
    ),
  );
}

describe('the examples', () => {
  test('nothing is wrong with the shop', () => expect(told('shop')).toEqual([]));

  test('of the lists there is only something to know', () => {
    expect(told('lists').filter((line) => / (?:warning|error) /.test(line))).toEqual([]);
  });

  test('the broken ones are found', async () => {
    await expect(`${told('broken').join('\n')}\n`).toMatchFileSnapshot('workspace-broken.txt');
  });
});

const POD = `apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
  labels: {app: web}
`;

const policy = (spec: string, head = ''): string => `${head}apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: one
  namespace: shop
spec:
${spec.replace(/^/gm, '  ')}`;

/** Codes at the default profile, of what only the workspace can tell. */
function codes(source: string, settings: Partial<Settings> = {}): readonly string[] {
  const { snapshot, uris } = workspaceOf(source);
  return uris.flatMap((uri) => finished(diagnoseWorkspace(snapshot, uri, { ...DEFAULTS, ...settings })).map(({ finding }) => finding.code));
}

// FEATURES, "Wrong answers of existing tools".
test.each([
  ['a textbook default deny needs no rules and no matchLabels (Polaris)', policy('podSelector: {}\npolicyTypes: [Ingress, Egress]')],
  ['an empty selector dangles nowhere (kube-score#293, #420)', policy('podSelector: {}\npolicyTypes: [Ingress]')],
  [
    "a policy's own rules need not match its pods (popeye#367)",
    `${POD}---\n${policy('podSelector: {matchLabels: {app: web}}\npolicyTypes: [Ingress]\ningress:\n- from:\n  - ipBlock: {cidr: 192.0.2.0/24}')}`,
  ],
  ['deny-all with an empty selector is fine (certsuite#1147)', `${POD}---\n${policy('podSelector: {}\npolicyTypes: [Ingress]')}`],
  [
    'an allow to the DNS pods is an allow of DNS (Cyclonus)',
    `${POD}---\n${POD.replaceAll('shop', 'kube-system').replace('name: web', 'name: dns').replace('app: web', 'k8s-app: kube-dns')}---\n${policy('podSelector: {}\npolicyTypes: [Egress]\negress:\n- to:\n  - podSelector: {}\n- to:\n  - namespaceSelector: {}\n    podSelector: {matchLabels: {k8s-app: kube-dns}}\n  ports:\n  - {port: 53, protocol: UDP}\n  - {port: 53, protocol: TCP}')}`,
  ],
])('no false alarm: %s', (_, source) => {
  const asked = ['unprotected-workload', 'egress-not-isolated', 'namespace-without-egress-deny'];
  expect(codes(source, { profile: 'strict' }).filter((code) => !asked.includes(code))).toEqual([]);
});

test('an allow to a public DNS is none to that of the cluster (Cyclonus asks 8.8.8.8)', () => {
  const dns = POD.replaceAll('shop', 'kube-system').replace('name: web', 'name: dns').replace('app: web', 'k8s-app: kube-dns');
  const one = policy(
    'podSelector: {}\npolicyTypes: [Egress]\negress:\n- to:\n  - ipBlock: {cidr: 8.8.8.8/32}\n  ports:\n  - {port: 53, protocol: UDP}\n  - {port: 53, protocol: TCP}',
  );
  expect(codes(`${POD}---\n${dns}---\n${one}`)).toEqual(['dns-blocked']);
});

test('who both selectors of one peer match, on every port of a range, and nobody else (Radar, kubectl-np-viewer)', () => {
  const pods = `${POD}---\n${POD.replaceAll('web', 'db')}---\n${POD.replace('shop', 'ops')}---\n${POD.replace('shop', 'ops').replaceAll('web', 'api')}`;
  const one = policy(
    'podSelector: {matchLabels: {app: db}}\ningress:\n- from:\n  - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ops}}\n    podSelector: {matchLabels: {app: web}}\n  ports:\n  - {port: 9000, endPort: 9010}',
  );
  const expected = [
    'ops/web -> shop/db TCP/9010 allow',
    'ops/web -> shop/db TCP/9011 deny',
    'ops/api -> shop/db TCP/9000 deny',
    'shop/web -> shop/db TCP/9000 deny',
    'shop/db -> ops/api TCP/1 allow',
  ];
  const found = codes(`${pods}---\n${one}\n# file: tests.yaml\n${expected.map((line) => `# expect: ${line}\n`).join('')}`);
  expect(found.filter((code) => code.includes('expectation'))).toEqual([]);
});

test('equal priorities are no fault by themselves (netpol-analyzer)', () => {
  const admin = (name: string, team: string): string =>
    `apiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicy\nmetadata:\n  name: ${name}\nspec:\n  priority: 5\n  subject:\n    namespaces: {matchLabels: {team: ${team}}}\n  ingress:\n  - action: ${name === 'a' ? 'Allow' : 'Deny'}\n    from:\n    - namespaces: {matchLabels: {x: y}}\n`;
  expect(codes(`${admin('a', 'web')}---\n${admin('b', 'ops')}`)).toEqual([]);
  expect(codes(`${admin('a', 'web')}---\n${admin('b', 'web')}`)).toEqual(['priority-tie']);
});

test('a folder that holds only policies is left in peace', () => {
  const one = policy(
    'podSelector: {matchLabels: {app: web}}\npolicyTypes: [Ingress]\ningress:\n- from:\n  - namespaceSelector: {matchLabels: {team: ops}}\n    podSelector: {matchLabels: {app: api}}\n  ports:\n  - port: http',
  );
  expect(codes(one, { profile: 'audit' })).toEqual([]);
});

describe('findings of the workspace are silenced like all others', () => {
  const source = (line = '', head = ''): string =>
    `${policy(`podSelector:\n  matchLabels:\n    app: wbe${line}\npolicyTypes: [Ingress]`, head)}\n---\n${POD}`;
  test('said without a comment', () => expect(codes(source())).toEqual(['near-miss-label']));
  test.each([
    ['on its line', source(' # netpol-ignore: near-miss-label renamed soon'), {}],
    ['in its manifest', source('', '# netpol-ignore: near-miss-label renamed soon\n'), {}],
    ['in its file', source('', '# netpol-ignore-file: near-miss-label renamed soon\n'), {}],
    ['by a level', source(), { rules: { 'near-miss-label': 'off' as const } }],
    ['by a glob', source(), { ignore: { '*.yaml': ['near-miss-label'] } }],
  ])('%s', (_, text, settings) => {
    expect(codes(text, settings)).toEqual([]);
    const all = workspaceFindingsIn(text, { profile: 'recommended', ...settings });
    expect(all.filter(({ code }) => code === 'unused-ignore')).toEqual([]);
  });
});

describe('expectations', () => {
  const closed = `${policy('podSelector: {}\npolicyTypes: [Ingress]')}\n---\n${POD}---\n${POD.replaceAll('web', 'api')}`;
  test.each([
    ['in a file of comments', '# file: tests.yaml\n# expect: shop/api -> shop/web TCP/80 allow\n', ['expectation-failed']],
    [
      'in a file of another kind',
      '# file: tests.yaml\n# expect: shop/api -> shop/web TCP/80 allow\nservices: {}\n',
      ['expectation-failed'],
    ],
    ['that holds', '# file: tests.yaml\n# expect: shop/api -> shop/web TCP/80 deny\n', []],
    ['in a text', '# file: tests.yaml\ntext: |\n  # expect: shop/api -> shop/web TCP/80 allow\n', []],
    ['that is a remark about something else', '# file: tests.yaml\n# expect: 200 OK\nservices: {}\n', []],
    ['about nobody', '# file: tests.yaml\n# expect: shop/apo -> shop/web TCP/80 deny\n', ['unreadable-expectation']],
    ['from outside', '# file: tests.yaml\n# expect: 192.0.2.1 -> shop/web TCP/80 allow\n', ['expectation-failed']],
  ])('%s', (_, file, expected) => {
    expect(codes(`# file: cluster.yaml\n${closed}\n${file}`)).toEqual(expected);
  });

  test('a false one shows the rules that decide', () => {
    const [finding] = workspaceFindingsIn(
      `# file: cluster.yaml\n${closed}\n# file: tests.yaml\n# expect: shop/api -> shop/web TCP/80 allow\n`,
    ).filter(({ code }) => code === 'expectation-failed');
    expect(finding?.related.map(({ path, key }) => [path, key?.includes('NetworkPolicy/shop/one')])).toEqual([[['spec', 'ingress'], true]]);
  });
});

test('a fresh start says the same as an edit', () => {
  const { snapshot, files } = exampleSnapshot('broken');
  const uri = 'file:///examples/broken/near-miss.yaml';
  const text = textOf(fileAt(snapshot, uri) ?? sourceFile('')).replace('app: wbe', 'app: web');
  const edited = withFile(snapshot, uri, sourceFile(text));
  finished(diagnoseWorkspace(snapshot, uri, DEFAULTS));
  const fresh = withFiles(
    emptySnapshot({ folders: ['file:///examples'], clusters: {} }),
    files
      .map((file) => `file:///examples/broken/${file}`)
      .map((one) => ({
        uri: one,
        file: sourceFile(one === uri ? text : textOf(fileAt(snapshot, one) ?? sourceFile(''))),
        keepTrees: true,
      })),
  );
  const all = (of: Snapshot): string =>
    JSON.stringify(
      files.flatMap((file) => finished(diagnoseWorkspace(of, `file:///examples/broken/${file}`, DEFAULTS)).map(({ finding }) => finding)),
    );
  expect(all(edited)).toBe(all(fresh));
  expect(all(edited)).not.toBe(all(snapshot));
});

test('no prefix of the broken examples makes it fail', () => {
  const { snapshot, files } = exampleSnapshot('broken');
  const faults: string[] = [];
  for (const file of files) {
    const uri = `file:///examples/broken/${file}`;
    const text = textOf(fileAt(snapshot, uri) ?? sourceFile(''));
    for (let end = 0; end < text.length; end += 97) {
      const cut = withFile(snapshot, uri, sourceFile(text.slice(0, end)));
      finished(diagnose(sourceFile(text.slice(0, end)), { uri, settings: DEFAULTS, partial: false }));
      finished(diagnoseWorkspace(cut, uri, DEFAULTS, (rule, fault) => faults.push(`${rule} ${String(fault)}`)));
    }
  }
  expect(faults).toEqual([]);
});
