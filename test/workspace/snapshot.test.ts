import { expect, test } from 'vitest';
import { sourceFile, textOf } from '../../server/syntax/source-file.ts';
import { keysOf, keysWithLabel, labelKeys, labelValues } from '../../server/workspace/lookup.ts';
import { locate } from '../../server/workspace/locate.ts';
import {
  allUniverses,
  cluster,
  clusterFor,
  emptySnapshot,
  fileAt,
  indexOf,
  isPatch,
  resourceAt,
  universesOf,
  withEdit,
  withFile,
  withFiles,
  withScope,
} from '../../server/workspace/snapshot.ts';
import { growing, reading } from '../../server/workspace/record.ts';
import { answersOf, FOLDER, shortly, snapshotOf } from './making.ts';

const policy = (name: string, more: string = ''): string =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}, namespace: shop}\n${more}`;
const pod = (name: string, more: string = ''): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: shop, labels: {app: ${name}}${more}}\n`;

test('a folder is one cluster; what stands in a List counts, other kinds do not', () => {
  const snapshot = snapshotOf(`# file: a.yaml
${policy('deny')}---
apiVersion: v1
kind: ConfigMap
metadata: {name: other}
# file: b/live.yaml
apiVersion: v1
kind: PodList
items:
- metadata: {name: web, namespace: shop, labels: {app: web}}
- metadata: {name: db, namespace: data}
# file: c.json
{"kind": "List", "apiVersion": "v1", "items": [{"kind": "Service", "apiVersion": "v1", "metadata": {"name": "s"}}, {"kind": "Node", "apiVersion": "v1", "metadata": {"name": "n1"}}]}
# file: d.yaml
items:
- metadata: {name: late, labels: {team: ops}}
kind: NamespaceList
apiVersion: v1
`);
  expect(allUniverses(snapshot)).toEqual([`folder ${FOLDER}`]);
  expect(shortly(clusterFor(snapshot, `${FOLDER}/a.yaml`))).toEqual([
    'NetworkPolicy shop/deny',
    'Pod shop/web {"app":"web"}',
    'Pod data/db {}',
    'Namespace late',
    'Namespace data',
    'Namespace default',
    'Namespace shop',
    'Service default/s',
    'Node n1',
  ]);
});

test('what cannot be read or has a wrong name takes no part, and that is said', () => {
  const snapshot = snapshotOf(`# file: a.yaml
apiVersion: networking.k8s.io/v1beta1
kind: NetworkPolicy
metadata: {name: old}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    metadata:
      labels: {{ .Values.labels }}
---
apiVersion: v1
kind: Pod
metadata:
  name: p
  namespace: {{ .Release.Namespace }}
`);
  expect(shortly(clusterFor(snapshot, `${FOLDER}/a.yaml`))).toEqual([
    "! NetworkPolicy 'default/old' is left out of verdicts: its apiVersion and kind name nothing that the API server knows.",
    "! Deployment 'default/web' is left out of verdicts: spec.template.metadata.labels is not known yet, because it is filled in later or the YAML is not finished.",
    "! Pod 'p' is left out of verdicts: metadata.namespace is not known yet, because it is filled in later or the YAML is not finished.",
  ]);
});

test('pods become one with their controller', () => {
  const owner = (kind: string, name: string): string => `, ownerReferences: [{controller: true, kind: ${kind}, name: ${name}}]`;
  const withIp = (text: string, ip: string): string => `${text}status: {podIP: ${ip}}\n---\n`;
  const snapshot = snapshotOf(`# file: a.yaml
${withIp(
  pod('web')
    .replace('name: web', 'name: web-1')
    .replace('}}', `}${owner('ReplicaSet', 'web')}}`),
  '10.0.0.1',
)}
${withIp(
  pod('web')
    .replace('name: web', 'name: web-2')
    .replace('}}', `}${owner('ReplicaSet', 'web')}}`),
  '10.0.0.2',
)}
${withIp(
  pod('odd')
    .replace('name: odd', 'name: web-3')
    .replace('}}', `}${owner('ReplicaSet', 'web')}}`),
  '10.0.0.3',
)}
${withIp(pod('db').replace('}}', `}${owner('StatefulSet', 'db')}}`), '10.0.1.1')}
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec: {template: {metadata: {labels: {app: database}}}}
---
${pod('a').replace('}}', `}${owner('Pod', 'b')}}`)}
---
${pod('b').replace('}}', `}${owner('Pod', 'a')}}`)}
`);
  expect(shortly(clusterFor(snapshot, `${FOLDER}/a.yaml`)).filter((line) => !line.startsWith('Namespace'))).toEqual([
    'ReplicaSet shop/web {"app":"web"} 10.0.0.1 10.0.0.2',
    'ReplicaSet shop/web {"app":"odd"} 10.0.0.3',
    'StatefulSet shop/db {"app":"database","apps.kubernetes.io/pod-index":"0","statefulset.kubernetes.io/pod-name":"db-0"} 10.0.1.1',
    'Pod shop/b {"app":"a"}',
    'Pod shop/a {"app":"b"}',
  ]);
});

test('of two definitions the nearest counts, and that is said', () => {
  const snapshot = snapshotOf(`# file: p.yaml
${policy('deny', 'spec: {policyTypes: [Egress]}')}
# file: prod/p.yaml
${policy('deny')}
# file: prod/x.yaml
${pod('x')}
`);
  const seen = clusterFor(snapshot, `${FOLDER}/prod/x.yaml`);
  expect(seen.policies.map(({ value }) => value.egress === undefined)).toEqual([true]);
  expect(seen.problems.map(({ message }) => message)).toEqual([
    "NetworkPolicy 'shop/deny' is defined in 2 places; the one in prod/p.yaml counts. Rename this one, or list each set of files under netpol.clusters.",
  ]);
  expect(clusterFor(snapshot, `${FOLDER}/p.yaml`).policies.map(({ value }) => value.egress === undefined)).toEqual([false]);
  const alone = withFile(snapshot, `${FOLDER}/p.yaml`, undefined);
  expect(clusterFor(alone, `${FOLDER}/prod/x.yaml`).problems).toEqual([]);
});

const KUSTOMIZED = `# file: base/kustomization.yaml
resources: [deploy.yaml, policy.yaml]
commonLabels: {part: shop}
# file: base/deploy.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {template: {metadata: {labels: {app: web}}}}
# file: base/policy.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny}
spec: {podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {}}]}]}
# file: dev/kustomization.yaml
namespace: dev
namePrefix: dev-
resources: [../base]
patches: [{path: patch.yaml}]
# file: dev/patch.yaml
kind: NetworkPolicy
metadata: {name: deny}
# file: prod/kustomization.yml
namespace: prod
resources: [../base, ns.yaml]
labels: [{pairs: {tier: gold}, includeTemplates: true}]
# file: prod/ns.yaml
apiVersion: v1
kind: Namespace
metadata: {name: anything}
# file: loose.yaml
${pod('loose')}
`;

test('each kustomization that no other one references is a cluster of its own', () => {
  const snapshot = snapshotOf(KUSTOMIZED);
  const [dev, prod] = [`kustomization ${FOLDER}/dev/kustomization.yaml`, `kustomization ${FOLDER}/prod/kustomization.yml`];
  expect(allUniverses(snapshot)).toEqual([`folder ${FOLDER}`, dev, prod]);
  expect(universesOf(snapshot, `${FOLDER}/base/policy.yaml`)).toEqual([dev, prod]);
  expect(shortly(cluster(snapshot, dev))).toEqual([
    'NetworkPolicy dev/dev-deny',
    'Deployment dev/dev-web {"app":"web","part":"shop"}',
    'Namespace dev',
  ]);
  expect(shortly(cluster(snapshot, prod))).toEqual([
    'NetworkPolicy prod/deny',
    'Deployment prod/web {"app":"web","part":"shop","tier":"gold"}',
    'Namespace prod',
  ]);
  expect(cluster(snapshot, prod).policies[0]?.value.subject).toMatchObject({
    namespaces: { namespace: 'prod' },
    pods: { requirements: [{ key: 'app' }, { key: 'part' }] },
  });
  expect(shortly(clusterFor(snapshot, `${FOLDER}/loose.yaml`))).toEqual(['Pod shop/loose {"app":"loose"}', 'Namespace shop']);
  expect(isPatch(snapshot, `${FOLDER}/dev/patch.yaml`)).toBe(true);
  expect(isPatch(snapshot, `${FOLDER}/base/policy.yaml`)).toBe(false);
});

test('what calls others follows what a kustomization does to it, and makes no namespace known', () => {
  const snapshot = snapshotOf(`# file: base/kustomization.yaml
resources: [all.yaml]
# file: base/all.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: front}
spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}
---
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata: {name: pods}
spec: {selector: {}, podMetricsEndpoints: [{port: http}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: empty}
roleRef: {name: reader}
subjects: [{kind: User, name: ServiceAccount}]
# file: dev/kustomization.yaml
namespace: dev
namePrefix: dev-
resources: [../base]`);
  const { callers, namespaces } = cluster(snapshot, `kustomization ${FOLDER}/dev/kustomization.yaml`);
  expect(callers.map(({ value }) => value)).toMatchObject([
    { kind: 'Ingress', name: 'dev-front', namespace: 'dev', calls: [{ kind: 'service', namespace: 'dev', service: 'web' }] },
    { kind: 'PodMonitor', name: 'dev-pods', namespace: 'dev', calls: [{ kind: 'scrape', namespaces: ['dev'] }] },
  ]);
  expect(namespaces).toEqual([]);
});

test('the settings say what forms a cluster before anything else', () => {
  const snapshot = withScope(snapshotOf(KUSTOMIZED), { folders: [FOLDER], clusters: { one: ['base/**', 'loose.yaml'], all: ['**'] } });
  expect(allUniverses(snapshot)).toEqual(['cluster all', 'cluster one']);
  expect(universesOf(snapshot, `${FOLDER}/base/policy.yaml`)).toEqual(['cluster all', 'cluster one']);
  // Two overlays make different things of the base, so it counts as it stands.
  expect(shortly(cluster(snapshot, 'cluster one'))).toEqual([
    'NetworkPolicy default/deny',
    'Deployment default/web {"app":"web"}',
    'Pod shop/loose {"app":"loose"}',
    'Namespace default',
    'Namespace shop',
  ]);
});

test('kustomizations that go round in a circle, or over a thousand ways to one file, end', () => {
  const circle = snapshotOf(
    '# file: a/kustomization.yaml\nresources: [../b, x.yaml]\n# file: b/kustomization.yaml\nresources: [../a]\n# file: a/x.yaml\n' +
      pod('x'),
  );
  expect(universesOf(circle, `${FOLDER}/a/x.yaml`)).toEqual([`kustomization ${FOLDER}/a/kustomization.yaml`]);
  const diamonds = Array.from(
    { length: 40 },
    (_, i) =>
      `# file: l${i}/kustomization.yaml\nresources: [../l${i + 1}, ../r${i + 1}]\n# file: r${i}/kustomization.yaml\nresources: [../l${i + 1}, ../r${i + 1}]`,
  );
  const last = `# file: l40/kustomization.yaml\nresources: [x.yaml]\n# file: l40/x.yaml\n${pod('x')}`;
  const many = [...diamonds, last].join('\n');
  expect(allUniverses(snapshotOf(many))).toEqual([
    `kustomization ${FOLDER}/l0/kustomization.yaml`,
    `kustomization ${FOLDER}/r0/kustomization.yaml`,
  ]);
});

test('addresses are one, however they are spelt; other sides of diffs are no members', () => {
  const snapshot = withFile(
    emptySnapshot({ folders: ['file:///C:/My%20Work/'], clusters: {} }),
    'file:///c%3A/My Work/a.yaml',
    sourceFile(pod('a')),
  );
  expect(universesOf(snapshot, 'FILE:///C:/My%20Work/a.yaml')).toEqual(['folder file:///c%3A/My%20Work']);
  expect(fileAt(snapshot, 'file:///C:/My%20Work/a.yaml')).toBeDefined();
  const diff = withFile(snapshot, 'git:/c%3A/My%20Work/a.yaml?ref', sourceFile(pod('b')));
  expect(shortly(clusterFor(diff, 'file:///c:/My%20Work/a.yaml'))).toEqual(['Pod shop/a {"app":"a"}', 'Namespace shop']);
  const fresh = withFile(snapshot, 'untitled:Untitled-1', sourceFile(policy('new')));
  expect(clusterFor(fresh, 'untitled:Untitled-1').workloads.length).toBe(1);
});

test('an edit that changes no meaning leaves the very cluster, and others keep their objects', () => {
  const before = snapshotOf(`# file: a.yaml\n${policy('deny')}---\n${pod('web')}# file: b.yaml\n${pod('db')}`);
  const uri = `${FOLDER}/a.yaml`;
  const [old] = [clusterFor(before, uri)];
  const commented = withEdit(before, uri, { start: 0, end: 0, text: '# a comment\n' });
  expect(clusterFor(commented, uri)).toBe(old);
  const text = textOf(fileAt(commented, uri) ?? sourceFile(''));
  const renamed = withEdit(commented, uri, { start: text.indexOf('deny'), end: text.indexOf('deny') + 4, text: 'allow' });
  const fresh = clusterFor(renamed, uri);
  expect(fresh.policies[0]?.value.name).toBe('allow');
  expect(fresh.workloads).toBe(old.workloads);
  expect(clusterFor(before, uri)).toBe(old);
});

test('a reference is resolved to where the field stands now', () => {
  const uri = `${FOLDER}/a.yaml`;
  const before = snapshotOf(`# file: a.yaml\n${policy('deny', 'spec: {podSelector: {matchLabels: {app: web}}}\n')}`);
  const key = clusterFor(before, uri).policies[0]?.key ?? '';
  const after = withEdit(before, uri, { start: 0, end: 0, text: `${pod('first')}---\n` });
  for (const snapshot of [before, after]) {
    const found = locate(snapshot, key, ['spec', 'podSelector', 'matchLabels', 'app']);
    expect(textOf(fileAt(snapshot, uri) ?? sourceFile('')).slice(found?.span.start, found?.span.end)).toBe('web');
  }
  expect(resourceAt(after, key)?.value.name).toBe('deny');
  expect(locate(withFile(after, uri, undefined), key, [])).toBeUndefined();
});

test('the index finds objects by name and by label, and counts the use of words', () => {
  const snapshot = snapshotOf(
    `# file: a.yaml\n${policy('deny', 'spec: {podSelector: {matchLabels: {app: web}}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: ops}}}]}]}\n')}---\n${pod('web')}---\n${pod('db')}---\n${pod('web').replace('name: web', 'name: web2')}`,
  );
  const index = indexOf(snapshot, `folder ${FOLDER}`);
  expect(keysOf(index, 'NetworkPolicy', 'shop', 'deny').length).toBe(1);
  expect(labelKeys(index, 'pod')).toEqual([{ word: 'app', count: 3 }]);
  expect(labelValues(index, 'pod', 'app')).toEqual([
    { word: 'web', count: 2 },
    { word: 'db', count: 1 },
  ]);
  expect(keysWithLabel(index, 'podSelector', 'app', 'web').length).toBe(1);
  expect(keysWithLabel(index, 'namespaceSelector', 'team').length).toBe(1);
  expect(keysWithLabel(index, 'pod', 'app', 'none')).toEqual([]);
  expect(withFiles(snapshot, [])).toBe(snapshot);
});

test('a closed file that nothing depends on is let go; one with an expectation or open is kept', () => {
  const closed = withFiles(emptySnapshot(), [
    { uri: 'file:///a.yaml', file: sourceFile('a: 1') },
    { uri: 'file:///b.yaml', file: sourceFile('# expect: shop/a -> shop/b TCP/80 allow') },
  ]);
  expect(['file:///a.yaml', 'file:///b.yaml'].map((uri) => fileAt(closed, uri) !== undefined)).toEqual([false, true]);
  expect(fileAt(withFile(closed, 'file:///a.yaml', sourceFile('a: 1')), 'file:///a.yaml')).toBeDefined();
});

const PATCHED_BASE = `# file: base/kustomization.yaml
resources: [all.yaml]
# file: base/all.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db}
spec: {podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web}
spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress]}
# file: prod/kustomization.yaml
resources: [../base]
namePrefix: prod-
`;

const OPENED = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: db}\nspec: {ingress: [{}]}\n';
const INDENTED = OPENED.replace(/^(?=.)/gm, '    ');

test.each([
  ['a target', 'patches: [{target: {kind: NetworkPolicy, name: "d."}, patch: "[{op: add, path: /spec/ingress, value: [{}]}]"}]\n'],
  ['a patch in its text', `patches:\n- patch: |-\n${INDENTED}`],
  ['a file', `patches: [{path: db.yaml}]\n# file: prod/db.yaml\n${OPENED}`],
  ['a file of the older list', `patchesStrategicMerge: [db.yaml]\n# file: prod/db.yaml\n${OPENED}`],
])('a policy is what the patches of its kustomization make of it: %s', (_, patches) => {
  const snapshot = snapshotOf(PATCHED_BASE + patches);
  const found = cluster(snapshot, `kustomization ${FOLDER}/prod/kustomization.yaml`).policies;
  expect(found.map(({ value }) => [value.name, value.ingress?.rules.length])).toEqual([
    ['prod-db', 1],
    ['prod-web', 0],
  ]);
  const place = locate(snapshot, found[0]?.key ?? '', ['spec', 'ingress', 0]);
  const text = place && textOf(place.file).slice(place.span.start, place.span.end);
  expect(text).toContain('{}');
  expect(place?.uri).toBe(patches.includes('# file:') ? `${FOLDER}/prod/db.yaml` : `${FOLDER}/prod/kustomization.yaml`);
});

test.each(['documents', 'a List whose kind stands behind its items'])('taken in by portions, a file is what it is at once: %s', (form) => {
  const uri = `${FOLDER}/big.yaml`;
  const names = Array.from({ length: 26 }, (_, i) => `web-${i % 24}`);
  const text =
    form === 'documents'
      ? names.map((name) => pod(name)).join('---\n')
      : `items:\n${names.map((name) => `- metadata: {name: ${name}, namespace: shop, labels: {app: ${name}}}\n`).join('')}kind: PodList\napiVersion: v1\n`;
  const [file, fresh] = [sourceFile(text), snapshotOf(`# file: big.yaml\n${text}`)];
  for (const _ of reading(file, false)) continue;
  let [snapshot, steps, count] = [emptySnapshot({ folders: [FOLDER], clusters: {} }), 0, 0];
  for (const portion of growing(file, 10)) {
    snapshot = withFiles(snapshot, [{ uri, file: portion }]);
    const { workloads } = clusterFor(snapshot, uri);
    expect(workloads.length).toBeGreaterThan(count);
    [steps, count] = [steps + 1, workloads.length];
  }
  expect([steps, count]).toEqual([3, 24]);
  expect(answersOf(snapshot, [uri])).toEqual(answersOf(fresh, [uri]));
});
