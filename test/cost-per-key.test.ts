import { countsOf, total, type Counts } from './counting.ts'; // First: see there.
import { describe, expect, test } from 'vitest';
import { finished } from '../server/base/work.ts';
import { diagnose } from '../server/features/diagnose.ts';
import { diagnoseBuilt } from '../server/features/diagnose-built.ts';
import { diagnoseWorkspace } from '../server/features/diagnose-workspace.ts';
import { DEFAULTS } from '../server/settings.ts';
import { edit, sourceFile, textOf } from '../server/syntax/source-file.ts';
import { clusterWork, emptySnapshot, fileAt, withEdit, withFiles, type Snapshot } from '../server/workspace/snapshot.ts';

const SMALL = 12;
/** Above all bounds within which things are compared pair by pair. */
const SIZE = 600;

const uriOf = (name: string): string => `file:///w/${name}.yaml`;

const policy = (i: number): string =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: np${i}, namespace: shop}\nspec:\n  podSelector: {matchLabels: {app: x${i % 20}}}\n  policyTypes: [Ingress, Egress]\n  ingress:\n  - from: [{podSelector: {matchLabels: {app: x${i % 7}}}}]\n    ports: [{port: 80, protocol: TCP}]\n`;
const pod = (i: number): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: p${i}, namespace: shop, labels: {app: x${i % 30}}}\nspec: {containers: [{name: c, image: i, ports: [{containerPort: 80}]}]}\n`;
const tiered = (i: number): string =>
  `apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: c${i}}\nspec: {tier: Admin, priority: ${i}, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: x${i % 20}}}}}]}]}\n`;
const mixed = (i: number): string => [policy, pod, tiered][i % 3]?.(i) ?? '';
const many = (n: number, one: (i: number) => string): string => Array.from({ length: n }, (_, i) => one(i)).join('---\n');

/** Workspaces of a size: their files, the first of which is edited. */
const SHAPES: Readonly<Record<string, (n: number) => readonly string[]>> = {
  'a file of policies': (n) => [many(n, policy)],
  'a workspace of files': (n) => Array.from({ length: n }, (_, i) => (i % 3 === 2 ? pod(i) : policy(i))),
  'a file of mixed documents': (n) => [many(n, mixed)],
};

/** What a key costs. */
interface Key {
  /** Until what the text says by itself is shown. */
  readonly local: Counts;
  /** Until the workspace has been judged anew. */
  readonly workspace: Counts;
}

/** Opens a workspace, looks at everything, and types two keys into the first manifest of its first file; counts what the second one costs. */
function key(texts: readonly string[]): Key {
  const uri = uriOf('0');
  const changes = texts.map((text, i) => ({ uri: uriOf(String(i)), file: sourceFile(text), keepTrees: i === 0 }));
  const opened = withFiles(emptySnapshot({ folders: ['file:///w'], clusters: {} }), changes);
  judge(opened, uri);
  const typed = typing(opened, uri, 'a').after;
  judge(typed, uri);
  let after = typed;
  const local = countsOf(() => (after = typing(typed, uri, 'b').after));
  return { local, workspace: countsOf(() => judge(after, uri)) };
}

const OPTIONS = { settings: DEFAULTS, partial: false };

/** A letter behind the name of the first manifest, and what its file says by itself then. */
function typing(snapshot: Snapshot, uri: string, letter: string): { readonly after: Snapshot } {
  const file = fileAt(snapshot, uri) ?? sourceFile('');
  const at = textOf(file).indexOf('name: ') + 'name: '.length;
  const change = { start: at, end: at, text: letter };
  finished(diagnose(edit(file, change), { uri, ...OPTIONS }));
  return { after: withEdit(snapshot, uri, change) };
}

function judge(snapshot: Snapshot, uri: string): void {
  finished(clusterWork(snapshot));
  finished(diagnoseWorkspace(snapshot, uri, DEFAULTS));
  finished(diagnoseBuilt(snapshot, uri, DEFAULTS, []));
}

/** What may not depend on how much else there is. */
const CONSTANT: Readonly<Record<string, string>> = {
  'manifests parsed': 'server/syntax/parse.ts parseWork',
  'nodes created': 'server/syntax/tree-builder.ts leaf',
  'schemas asked': 'server/rules/schema.ts findIssues',
  'manifests judged': 'server/rules/manifest-findings.ts findAll',
};

describe.each(Object.entries(SHAPES))('a key in %s', (_, shape) => {
  key(shape(SMALL)); // What is made once for all.
  const [one, two] = [key(shape(SIZE)), key(shape(2 * SIZE))];

  test.each(Object.entries(CONSTANT))('%s: those of the manifest that is typed in', (what, name) => {
    const counts = [one, two].map(({ local, workspace }) => (local.get(name) ?? 0) + (workspace.get(name) ?? 0));
    expect(counts[0], what).toBeGreaterThan(0);
    expect(counts[1], what).toBe(counts[0]);
  });

  test('the workspace is judged anew in time that grows with it, and no faster', () => {
    expect(total(two.workspace) / total(one.workspace), grown(one.workspace, two.workspace)).toBeLessThan(2.4);
  });
});

/** Where most of it comes from, for whoever reads the failure. */
function grown(one: Counts, two: Counts): string {
  const all = [...two].map(([name, count]) => [name, count, count / (one.get(name) ?? 1)] as const);
  const worst = all.filter(([, , by]) => by > 2.4).toSorted((a, b) => b[1] - a[1]);
  return worst
    .slice(0, 8)
    .map(([name, count, by]) => `${name}: ${count}, ${by.toFixed(1)} times as often`)
    .join('\n');
}
