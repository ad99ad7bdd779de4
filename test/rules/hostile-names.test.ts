import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { complete } from '../../server/features/complete.ts';
import { remediationActions } from '../../server/features/remediation-actions.ts';
import { manifestRules, workspaceRules } from '../../server/rules/index.ts';
import { applyEdits, likeScalar, scalarText } from '../../server/syntax/edit.ts';
import { manifestsOf, sourceFile, textOf } from '../../server/syntax/source-file.ts';
import { parse } from '../../server/syntax/parse.ts';
import { asScalar, get, stringOf, type Node, type ScalarNode } from '../../server/syntax/tree.ts';
import { fileAt } from '../../server/workspace/snapshot.ts';
import { applied, workspaceAt } from '../checks.ts';
import { fixture } from '../fixture.ts';
import { casesOf } from './cases.ts';
import { workspaceFindingsIn } from './workspace-findings.ts';

/** Names that Kubernetes takes for namespaces, labels and ports, and that YAML takes for something else unless they are quoted. */
const HOSTILE = ['123', '1e3', 'true', 'null', 'no', '0x1f', '0', 'y', '1-0', '12e03'] as const;

/** Where names stand: the string is a namespace, a label's value, or the name of a Namespace. */
const NAME_PLACE = /(?:^|\.)(?:namespace|matchLabels\.[^]*|labels\.[^]*|values\.\d+)$/;

const examples = [...manifestRules, ...workspaceRules].flatMap((rule) =>
  casesOf(rule).bad.map(({ yaml }) => [rule.name, renamed(yaml)] as const),
);

describe('what a fix writes is read as the string that it stands for', () => {
  test.each([...new Set(examples.map(([name]) => name))])('%s', (name) => {
    for (const [, example] of examples.filter(([rule]) => rule === name)) {
      for (const { code, uri, fixes } of workspaceFindingsIn(example)) {
        const text = fixture(example).files.find((file) => uri.endsWith(`/${file.name}`))?.text ?? '';
        for (const { title, edits } of fixes) {
          const after = applyEdits(text, edits);
          expect(misread(after).length, `${code}: ${title}\n${after}`).toBeLessThanOrEqual(misread(text).length);
        }
      }
    }
  });
});

/** An example of which every namespace and every value of a label has become a hostile one, the same one everywhere. */
function renamed(example: string): string {
  const known = new Map<string, string>();
  return fixture(example)
    .files.map(({ name, text }) => {
      const edits = manifestsOf(sourceFile(text)).flatMap(({ manifest, start }) =>
        scalarsOf(manifest.root, stringOf(get(manifest.root, 'kind')) === 'Namespace').flatMap(({ node, path, isNamespace }) => {
          if (!(NAME_PLACE.test(path) || (isNamespace && path === 'metadata.name')) || node.value.type !== 'string') return [];
          if (
            node.hole ||
            node.style === 'literal' ||
            node.style === 'folded' ||
            node.text === 'kube-dns' ||
            node.text === 'kube-system' ||
            node.text === ''
          )
            return [];
          const to = known.get(node.text) ?? HOSTILE[known.size % HOSTILE.length] ?? '';
          known.set(node.text, to);
          return [{ start: node.span.start + start, end: node.span.end + start, text: JSON.stringify(to) }];
        }),
      );
      return `# file: ${name}\n${applyEdits(text, [...new Map(edits.map((edit) => [edit.start, edit])).values()])}`;
    })
    .join('\n');
}

interface Placed {
  readonly node: ScalarNode;
  readonly path: string;
  readonly isNamespace: boolean;
}

function scalarsOf(node: Node | undefined, isNamespace: boolean, path: string = ''): readonly Placed[] {
  const inner = (step: string): string => (path === '' ? step : `${path}.${step}`);
  if (node?.kind === 'map') return node.pairs.flatMap(({ name, value }) => scalarsOf(value, isNamespace, inner(name ?? '')));
  if (node?.kind === 'seq') return node.items.flatMap(({ value }, i) => scalarsOf(value, isNamespace, inner(String(i))));
  return node?.kind === 'scalar' ? [{ node, path, isNamespace }] : [];
}

/** The scalars in the place of a name that YAML does not read as strings. */
function misread(text: string): readonly Placed[] {
  return manifestsOf(sourceFile(text)).flatMap(({ manifest }) =>
    scalarsOf(manifest.root, stringOf(get(manifest.root, 'kind')) === 'Namespace').filter(
      ({ node, path, isNamespace }) =>
        (NAME_PLACE.test(path) || (isNamespace && path === 'metadata.name')) && !node.hole && node.value.type !== 'string',
    ),
  );
}

const workloads = HOSTILE.map(
  (name) => `---\napiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: "${name}", labels: {"${name}": "${name}", app: "${name}"}}\n`,
).join('');

test.each([
  ['label values', '  podSelector:\n    matchLabels:\n      app: $0'],
  ['values of an expression', '  podSelector:\n    matchExpressions:\n    - {key: app, operator: In, values: [$0]}'],
  ['namespaces', '  ingress:\n  - from:\n    - namespaceSelector:\n        matchLabels:\n          kubernetes.io/metadata.name: $0'],
] as const)('what completion writes is read as the string that it stands for: %s', (_, spec) => {
  const source = `# file: pods.yaml\n${workloads}# file: policy.yaml\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: n, namespace: "123"}\nspec:\n${spec}`;
  const { context, cursor } = workspaceAt(source);
  const offered = complete(context, cursor).filter(({ label }) => HOSTILE.some((name) => name === label));
  for (const one of offered) expect(misread(applied(textOf(context.file), one)), one.label).toEqual([]);
  expect(offered.length).toBeGreaterThan(0);
});

test('what completion writes as the key of a label is the key that it stands for', () => {
  const source = `# file: pods.yaml\n${workloads}# file: policy.yaml\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: n, namespace: "1e3"}\nspec:\n  podSelector:\n    matchLabels:\n      $0`;
  const { context, cursor } = workspaceAt(source);
  const offered = complete(context, cursor).filter(({ label }) => HOSTILE.some((name) => name === label));
  for (const one of offered) {
    const after = applied(textOf(context.file), one).replace(/\$\{?\d.*$/s, 'x');
    expect(get(get(get(parse(after).root, 'spec'), 'podSelector'), 'matchLabels')).toMatchObject({ pairs: [{ name: one.label }] });
  }
  expect(offered.length).toBeGreaterThan(0);
});

test.each(HOSTILE)('what makes an expectation hold is read as the string that it stands for: %s', (name) => {
  const pods = `---\napiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: "${name}", labels: {"${name}": "${name}"}}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: b, namespace: shop, labels: {"${name}": b}}\n`;
  const policy =
    'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: n, namespace: shop}\nspec: {podSelector: {}, policyTypes: [Ingress]}\n';
  const { context, cursor } = workspaceAt(
    `# file: pods.yaml\n${pods}# file: policy.yaml\n# exp$0ect: ${name}/a -> shop/b TCP/80 allow\n${policy}`,
  );
  const actions = remediationActions(context, { start: cursor, end: cursor });
  expect(actions.length).toBeGreaterThan(0);
  for (const { title, files } of actions) {
    for (const { uri, edits } of files) {
      const file = fileAt(context.snapshot, uri);
      const after = applyEdits(file ? textOf(file) : '', edits);
      expect(misread(after), `${title}\n${after}`).toEqual([]);
      expect(after.includes(`${JSON.stringify(name)}: `) || !after.includes('matchLabels') || scalarText(name) === name, after).toBe(true);
    }
  }
});

const NAME = fc.oneof(
  fc.constantFrom(
    ...HOSTILE,
    'a: b',
    'a #b',
    '- a',
    '*a',
    '&a',
    '!a',
    '%a',
    '@a',
    '`a',
    '<<',
    '...',
    '---',
    '=',
    '~',
    '.5',
    '1_0',
    '12:30',
    "it's",
    '"',
    '\\',
    '',
  ),
  fc.stringMatching(/^[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,20}[a-z0-9A-Z])?$/),
  fc.string({ maxLength: 12 }),
);

test('any string is written as a scalar that is read as this string, in block and in flow style, as a value and as a key', () => {
  const like = (style: 'plain' | 'single' | 'double'): ScalarNode => ({
    kind: 'scalar',
    style,
    span: { start: 0, end: 0 },
    text: '',
    value: { type: 'null' },
    hole: false,
  });
  fc.assert(
    fc.property(NAME, (name) => {
      if (/[{}$<\ufffe\uffff]/.test(name)) return; // What a template may mean, and what YAML has no way to write.
      for (const written of [scalarText(name), likeScalar(name, like('plain')), likeScalar(name, like('double'))]) {
        expect(stringOf(parse(`a: ${written}\n`).root && get(parse(`a: ${written}\n`).root, 'a')), written).toBe(name);
        expect(asScalar(get(parse(`b: {a: ${written}, c: d}\n`).root, 'b'))).toBeUndefined();
        expect(stringOf(get(get(parse(`b: {a: ${written}, c: d}\n`).root, 'b'), 'a')), written).toBe(name);
      }
      const field = parse(`a:\n  ${scalarText(name)}: x\n`).root;
      expect(get(field, 'a')).toMatchObject({ pairs: [{ name }] });
    }),
    { numRuns: 2000 },
  );
});
