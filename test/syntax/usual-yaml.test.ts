import fc from 'fast-check';
import { expect, test } from 'vitest';
import { manifestRules, workspaceRules } from '../../server/rules/index.ts';
import { split } from '../../server/syntax/split.ts';
import { parse } from '../../server/syntax/parse.ts';
import { content, type Node } from '../../server/syntax/tree.ts';
import { buildTree, type Built } from '../../server/syntax/tree-builder.ts';
import { readUsual } from '../../server/syntax/usual-yaml.ts';
import { compose, type Composed } from '../../server/syntax/yaml.ts';
import { TRICKY_TEXTS } from './texts.ts';
import { textsOf } from '../rules/cases.ts';

/** What nearly every manifest is made of. */
const USUAL = [
  `# above
---
apiVersion: networking.k8s.io/v1 # behind
kind: NetworkPolicy
metadata:
  name: web
  labels: {app.kubernetes.io/name: web, "b": 'c d'}
spec:
  podSelector:
    matchLabels:
      app: "web"
      # between

      on: ~
  policyTypes: [Ingress, Egress]
  ingress:
  - from:
    - podSelector: {}
    -   ipBlock:
          cidr: 10.0.0.0/8
          except: []
    ports:
      - port: 80
      -
        port: http
  egress:
`,
  '  - - a\r\n    - -1\r\n  -\r\n  - b: c # d\r\n    e: x#y:z\r\n',
  'a:\n- b:\n  - c\n- "d"\ne: {f: [1, {g: h}]}\n',
  'a: |\n  b: "c\n\n    d # e\n  \n\nf: >-\n\n  g h\n  i\n\n\n  j\nk:\n- |-\n  #!/bin/sh\n  l\n- >\n m\n n: |-\n  p\n# o\n',
  "a: b c\n  d\n\n  (e) f\n# g\nh:\n  - i j\n   k, l\n  - \"m \\\"n\\\"\\\\ \\n o\"\n  - 'p ''q'' r'\ns: \"t  \n\n  u \\n\n  v\" # w\nx:\n  y: 'z\n    a''s\n    b'\nc: &d \"e\\/\"\n",
  'a:\n  b c\n  d\ne:\n  "f\n  g"\nh:\n-\n  i\n-\n  |\n  j\nk:\n    # l\n  {m: n}\no:\n  >-\n    p\n    q\n',
  'a: &x {b: c}\nd: &y-1 # e\n  f: &z g\nh:\n- *x\n- &s [*y-1, "i"]\n- &q "j" # k\n- &m\n  l: *q # n\no: [*x, {p: *z}]\nq: {r: *s}\ns: *m\n',
  '{\n  "a": {"b":[1, 2,true], "c":{}},\r\n  "d": [\n    {"e":null},\n    "f: g"\n  ], h: i\n}\n \n',
  '---\n{"a":[{"b":"c"},{"d":[]}],"e":{"f":0.5}}',
];

const SPARKS = [' ', '\n', '- ', ':', ': ', ' #', '"', "'", '{', ']', ',', 'a: ', '\n  ', '\t', '&', '|', '?', '\n---\n', '\r'];

test('what is read without the library is what the library reads', () => {
  const examples = [...manifestRules, ...workspaceRules].flatMap((rule) => textsOf(rule));
  const pieces = [...examples, ...TRICKY_TEXTS].flatMap((text) => split(text)).map((piece) => piece.text);
  const read = [...USUAL, ...pieces].filter((text) => isSame(text));
  expect(read.length).toBeGreaterThan(pieces.length / 2);
});

test('and after any small edit', () => {
  for (const text of USUAL) {
    for (let at = 0; at <= text.length; at++) {
      isSame(text.slice(0, at) + text.slice(at + 1));
      isSame(text.slice(0, at) + SPARKS[at % SPARKS.length] + text.slice(at));
      isSame(text.slice(0, at) + SPARKS[(at * 7 + 3) % SPARKS.length] + text.slice(at));
    }
  }
});

/** What YAML texts are made of, and what goes wrong in them. */
const WORDS = [
  'a',
  'b: ',
  'a:',
  '- ',
  '-',
  ' ',
  '\n',
  '\n  ',
  '\n    ',
  '\n- ',
  '\n  - ',
  '\n\n',
  '\n#c\n',
  ' # d',
  'a#b',
  ':',
  ': ',
  '"q"',
  "'r'",
];
const MARKS = [
  '&x ',
  '*x',
  '&x\n  ',
  '*x, ',
  '"',
  "'",
  '[',
  ']',
  '{',
  '}',
  ', ',
  'x y',
  '-1',
  '~',
  '.',
  '\r\n',
  '---\n',
  '...',
  '?',
  '&',
  '*',
  '!',
  '|',
  '>',
  '|\n  ',
  '>-\n    ',
  '|-\n',
  '\\n',
  '\\',
  "''",
  '\n   ',
  '%',
  'é',
  '{a: b}',
  '[a, b]',
  '<<',
];

test('and of whatever words are put in a row', () => {
  const text = fc.array(fc.constantFrom(...WORDS, ...MARKS), { minLength: 1, maxLength: 14 }).map((words) => words.join(''));
  let read = 0;
  fc.assert(
    fc.property(text, (one) => {
      if (isSame(one)) read++;
    }),
    { numRuns: 20_000 },
  );
  expect(read).toBeGreaterThan(200);
});

const JSON_WORDS = ['"a":1', '"b": [2,"c"]', '"d" :e', "'f':{}", '"g":{"h":null}', 'i: *x', '1', '"j"', '"k":', '}', '#'];
const JSON_GAPS = [',', ',\n  ', ', ', '\r\n,', ' ', '\n', ''];

test('and of whatever stands between braces', () => {
  const part = fc.tuple(fc.constantFrom(...JSON_WORDS), fc.constantFrom(...JSON_GAPS));
  const text = fc.array(part, { maxLength: 5 }).map((parts) => `{"z":1,${parts.flat().join('')}"y":2}\n`);
  let read = 0;
  fc.assert(
    fc.property(text, (one) => {
      if (isSame(one)) read++;
    }),
    { numRuns: 5000 },
  );
  expect(read).toBeGreaterThan(200);
});

test.each(USUAL)('the usual is not left to the library: %j', (text) => expect(readUsual(text)).toBeDefined());

test('to Go, and to Kubernetes, a colon is not part of the name of an alias', () => {
  const json = (node: Node | undefined): unknown => {
    const at = node && content(node);
    if (at?.kind === 'map') return Object.fromEntries(at.pairs.map(({ name, value }) => [name, json(value)]));
    return at?.kind === 'seq' ? at.items.map(({ value }) => json(value)) : at?.kind === 'scalar' ? at.text : undefined;
  };
  const { root, problems } = parse('a: &x b\nc:\n  *x: d\ne: &y f\n*y:\n  - *x\n');
  expect([json(root), problems]).toEqual([{ a: 'b', c: { b: 'd' }, e: 'f', f: ['b'] }, []]);
});

/** Was the text read without the library? Then both must agree. */
function isSame(text: string): boolean {
  const read = readUsual(text);
  // The library takes the colon of such a key for a part of the name.
  if (!read || /\*[\w-]+:/.test(text)) return false;
  const composed = compose(text);
  expect([composed.errors, composed.documents.slice(1).filter(({ content }) => content)], text).toEqual([[], []]);
  expect(treeOf(read, text), text).toEqual(treeOf(composed, text));
  return true;
}

function treeOf({ documents }: Composed, text: string): Built | undefined {
  const [first] = documents;
  return first?.content && buildTree(first.content, text, [], text);
}
