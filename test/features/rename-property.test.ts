import { expect, test } from 'vitest';
import { evaluationOf, verdict } from '../../server/eval/evaluate.ts';
import { prepareRename, rename } from '../../server/features/rename.ts';
import { DEFAULTS } from '../../server/settings.ts';
import { sourceFile, textOf } from '../../server/syntax/source-file.ts';
import { clusterFor, emptySnapshot, withFiles, type Snapshot } from '../../server/workspace/snapshot.ts';
import { textAfter } from '../checks.ts';

/** Numbers that look random and are always the same (mulberry32). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const NAMESPACES = ['one', 'two'];
const KEYS = ['app', 'tier', 'x'];
const VALUES = ['a', 'b', 'c'];
const PORTS = ['http', 'admin'];

/** A small cluster in which few words stand for many things, so that they get in one another's way. */
function workspace(below: (limit: number) => number): string[] {
  const one = (list: readonly string[]): string => list[below(list.length)] ?? '';
  const labels = (): string =>
    KEYS.filter(() => below(3) > 0)
      .map((key) => `${key}: ${one(VALUES)}`)
      .join(', ');
  const condition = (): string => {
    const operator = one(['In', 'NotIn', 'Exists', 'DoesNotExist']);
    return `{key: ${one(KEYS)}, operator: ${operator}${/In$/.test(operator) ? `, values: [${one(VALUES)}, ${one(VALUES)}]` : ''}}`;
  };
  const selector = (): string =>
    below(2) === 0
      ? `{matchLabels: {${one(KEYS)}: ${one(VALUES)}}}`
      : `{matchLabels: {${one(KEYS)}: ${one(VALUES)}}, matchExpressions: [${condition()}]}`;
  const scope = (): string =>
    one([
      '{}',
      '{matchLabels: {team: a}}',
      '{matchLabels: {kubernetes.io/metadata.name: one}}',
      '{matchExpressions: [{key: team, operator: NotIn, values: [b]}]}',
    ]);
  const port = (): string => one([`port: ${one(PORTS)}`, 'port: 80', 'protocol: UDP']);
  const namespaces = NAMESPACES.map(
    (name) => `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}, labels: {team: ${one(VALUES)}}}\n`,
  );
  const pods = Array.from({ length: 6 }, (_, i) => {
    const port80 = `ports: [{name: ${one(PORTS)}, containerPort: ${one(['80', '81'])}}]`;
    return `apiVersion: v1\nkind: Pod\nmetadata: {name: p${i}, namespace: ${one(NAMESPACES)}, labels: {${labels()}}}\nspec: {containers: [{name: c, ${port80}}]}\n`;
  });
  const policies = Array.from({ length: 5 }, (_, i) => {
    const peer = below(2) === 0 ? `{podSelector: ${selector()}}` : `{podSelector: ${selector()}, namespaceSelector: ${scope()}}`;
    const rules =
      below(2) === 0
        ? `ingress: [{from: [${peer}], ports: [{${port()}}]}]`
        : `policyTypes: [Egress], egress: [{to: [${peer}], ports: [{${port()}}]}]`;
    return `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: n${i}, namespace: ${one(NAMESPACES)}}\nspec: {podSelector: ${selector()}, ${rules}}\n`;
  });
  const wide = `apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: wide}\nspec:\n  tier: Admin\n  priority: 1\n  subject: {pods: {namespaceSelector: ${scope()}, podSelector: ${selector()}}}\n  ingress: [{action: Deny, from: [{namespaces: ${scope()}}], protocols: [{destinationNamedPort: ${one(PORTS)}}]}]\n`;
  return [...namespaces, ...pods, ...policies, wide];
}

const uriOf = (i: number): string => `file:///w/f${i}.yaml`;

/** What may pass between any two pods, by their names. */
function verdictsOf(snapshot: Snapshot): unknown {
  const made = evaluationOf(clusterFor(snapshot, uriOf(0)));
  const pods = made.cluster.workloads.map(({ value }) => value).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return pods.map((from) =>
    pods.map((to) => verdict(made, { kind: 'workload', workload: from }, { kind: 'workload', workload: to }).allowed),
  );
}

test('whatever is renamed in whatever cluster, no verdict changes', () => {
  const counts = { renamed: 0, refused: 0, edits: 0 };
  for (let seed = 1; seed <= 400; seed++) {
    const below = numbers(seed);
    const files = workspace(below).map((text, i) => ({ uri: uriOf(i), file: sourceFile(text), keepTrees: true }));
    const snapshot = withFiles(emptySnapshot({ folders: ['file:///w'], clusters: {} }), files);
    const asked = files[below(files.length)];
    const words = [...(asked ? textOf(asked.file) : '').matchAll(/\b(?:app|tier|x|a|b|c|team|http|admin|one|two)\b/g)];
    const word = words[below(Math.max(1, words.length))];
    if (!asked || !word) continue;
    const context = { uri: asked.uri, file: asked.file, settings: DEFAULTS, snapshot, snippets: true };
    const name = ['a', 'b', 'tier', 'admin', 'fresh', 'fresh'][below(6)] ?? 'fresh';
    const renamed = rename(context, word.index, name);
    expect(prepareRename(context, word.index).ok || !renamed.ok).toBe(true);
    if (!renamed.ok) {
      counts.refused += 1;
      continue;
    }
    counts.renamed += 1;
    counts.edits += renamed.files.reduce((sum, { edits }) => sum + edits.length, 0);
    const changes = renamed.files.map((one) => ({ uri: one.uri, file: sourceFile(textAfter(one)), keepTrees: true }));
    const after = withFiles(snapshot, changes);
    expect(verdictsOf(after), `seed ${seed}: ${word[0]} -> ${name} in ${asked.uri}`).toEqual(verdictsOf(snapshot));
  }
  expect(counts.renamed).toBeGreaterThan(100);
  expect(counts.refused).toBeGreaterThan(20);
  expect(counts.edits).toBeGreaterThan(counts.renamed);
});
