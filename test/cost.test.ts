import { countsOf, total, type Counts } from './counting.ts'; // First: see there.
import { describe, expect, test } from 'vitest';
import { finished } from '../server/base/work.ts';
import { diagnose } from '../server/features/diagnose.ts';
import { diagnoseWorkspace } from '../server/features/diagnose-workspace.ts';
import { symbols } from '../server/features/symbols.ts';
import { DEFAULTS } from '../server/settings.ts';
import { sourceFile } from '../server/syntax/source-file.ts';
import { emptySnapshot, withFiles } from '../server/workspace/snapshot.ts';

const URI = 'file:///w/a.yaml';
const SETTINGS = { ...DEFAULTS, profile: 'audit' as const };

/** Everything that `check` does with a text, and its outline. */
function check(text: string): void {
  const file = sourceFile(text);
  const snapshot = withFiles(emptySnapshot({ folders: ['file:///w'], clusters: {} }), [{ uri: URI, file, keepTrees: true }]);
  finished(diagnose(file, { uri: URI, settings: SETTINGS, partial: false }));
  finished(diagnoseWorkspace(snapshot, URI, SETTINGS));
  finished(symbols({ uri: URI, file, settings: SETTINGS, snapshot, snippets: true }));
}

const HEAD = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: a\n  namespace: shop\nspec:\n';
const lines = (n: number, line: (i: number) => string): string => Array.from({ length: n }, (_, i) => line(i)).join('\n');

/** Texts in which one thing stands n times. */
const SHAPES: Readonly<Record<string, (n: number) => string>> = {
  'labels of a selector': (n) => `${HEAD}  podSelector:\n    matchLabels:\n${lines(n, (i) => `      k${i}: v${i}`)}\n`,
  'the same label': (n) => `${HEAD}  podSelector:\n    matchLabels:\n${lines(n, () => '      k: v')}\n`,
  'requirements on one label': (n) =>
    `${HEAD}  podSelector:\n    matchExpressions:\n${lines(n, (i) => `    - {key: k, operator: NotIn, values: [a${i}, b]}`)}\n`,
  'values of a requirement': (n) =>
    `${HEAD}  podSelector:\n    matchExpressions:\n    - {key: k, operator: In, values: [${lines(n, (i) => `a${i},`)}]}\n`,
  'rules that allow everything': (n) => `${HEAD}  podSelector: {}\n  ingress:\n${lines(n, () => '    - {}')}\n`,
  'rules with peers and ports': (n) =>
    `${HEAD}  podSelector: {}\n  ingress:\n${lines(n, (i) => `    - {from: [{podSelector: {matchLabels: {app: a${i}}}}], ports: [{port: ${1 + i}}]}`)}\n`,
  'peers of a rule': (n) =>
    `${HEAD}  podSelector: {}\n  ingress:\n  - from:\n${lines(n, (i) => `    - podSelector: {matchLabels: {app: a${i}}}`)}\n`,
  'the same peer': (n) =>
    `${HEAD}  podSelector: {}\n  ingress:\n  - from:\n${lines(n, () => '    - podSelector: {matchLabels: {app: a}}')}\n`,
  'peers that are null': (n) => `${HEAD}  podSelector: {}\n  ingress:\n  - from:\n${lines(n, () => '    -')}\n`,
  'ranges of ports': (n) =>
    `${HEAD}  podSelector: {}\n  ingress:\n  - ports:\n${lines(n, (i) => `    - {port: ${i * 3 + 1}, endPort: ${i * 3 + 2}}`)}\n`,
  'ports out of range': (n) => `${HEAD}  podSelector: {}\n  ingress:\n  - ports:\n${lines(n, (i) => `    - {port: ${70_000 + i}}`)}\n`,
  'blocks of addresses': (n) =>
    `${HEAD}  podSelector: {}\n  egress:\n  - to:\n${lines(n, (i) => `    - ipBlock: {cidr: 10.${(i >> 8) & 255}.${i & 255}.0/24}`)}\n`,
  'exceptions of a block': (n) =>
    `${HEAD}  podSelector: {}\n  egress:\n  - to:\n    - ipBlock:\n        cidr: 10.0.0.0/8\n        except:\n${lines(n, (i) => `        - 10.${(i >> 8) & 255}.${i & 255}.0/24`)}\n`,
  'exceptions that cannot be read': (n) =>
    `${HEAD}  podSelector: {}\n  egress:\n  - to:\n    - ipBlock:\n        cidr: 10.0.0.0/8\n        except:\n${lines(n, (i) => `        - 10.${i}.1.0/24/8`)}\n`,
  'comments that ignore, above': (n) => `${lines(n, () => '# netpol-ignore: allow-all-ingress')}\n${HEAD}  podSelector: {}\n`,
  'comments that ignore, beside': (n) =>
    `${HEAD}  podSelector: {}\n  ingress:\n${lines(n, () => '    - {} # netpol-ignore: allow-all-ingress')}\n`,
  'comments that expect': (n) => `${lines(n, () => '# expect: shop/web -> shop/db TCP/80 allow')}\n${HEAD}  podSelector: {}\n`,
  aliases: (n) => `${HEAD}  podSelector: &a {matchLabels: {a: b}}\n  ingress:\n${lines(n, () => '    - from: [*a]')}\n`,
  anchors: (n) => `${HEAD}  podSelector: {}\n  ingress:\n${lines(n, (i) => `    - &a${i} {}`)}\n`,
  'merge keys': (n) =>
    `${HEAD}  podSelector: &a {matchLabels: {a: b}}\n  ingress:\n${lines(n, () => '    - from: [{podSelector: {<<: *a}}]')}\n`,
  'unknown fields': (n) => `${HEAD}  podSelector: {}\n${lines(n, (i) => `  k${i}: v`)}\n`,
  'fields that are nearly right': (n) => `${HEAD}  podSelector: {}\n${lines(n, (i) => `  ingres${i}: x`)}\n`,
  'the same field': (n) => `${HEAD}${lines(n, () => '  podSelector: {}')}\n`,
  'wrong types': (n) => `${HEAD}  podSelector: {}\n  ingress:\n${lines(n, () => '  - from: yes')}\n`,
  'holes of a template': (n) => `${HEAD}  podSelector: {}\n  ingress:\n${lines(n, () => '  - {{ .Values.rule }}')}\n`,
  'lines behind an open quote': (n) => `${HEAD}  podSelector: "\n${lines(n, () => '  a: b')}\n`,
  annotations: (n) => `${HEAD.replace('spec:\n', `  annotations:\n${lines(n, (i) => `    a${i}: "1"`)}\nspec:\n`)}  podSelector: {}\n`,
  'labels that are no text': (n) =>
    `${HEAD.replace('spec:\n', `  labels:\n${lines(n, (i) => `    a${i}: 1`)}\nspec:\n`)}  podSelector: {}\n`,
};

describe('what one manifest costs grows with it, and no faster', () => {
  test.each(Object.entries(SHAPES))('%s', (_, shape) => {
    check(shape(20)); // What is made once for all.
    const [one, two] = [countsOf(() => check(shape(SIZE))), countsOf(() => check(shape(2 * SIZE)))];
    expect(total(two) / total(one), grown(one, two)).toBeLessThan(2.4);
  });
});

/** The bound of what is compared pair by pair lies below, so that what is within it counts as constant. */
const SIZE = 600;

/** Where most of it comes from, for whoever reads the failure. */
function grown(one: Counts, two: Counts): string {
  const all = [...two].map(([name, count]) => [name, count, count / (one.get(name) ?? 1)] as const);
  const worst = all.filter(([, , by]) => by > 2.4).toSorted((a, b) => b[1] - a[1]);
  return worst
    .slice(0, 5)
    .map(([name, count, by]) => `${name}: ${count}, ${by.toFixed(1)} times as often`)
    .join('\n');
}
