import { expect, test } from 'vitest';
import { parse } from '../../server/syntax/parse.ts';
import { printed } from './printed.ts';

/** What stands around a half-typed or mistaken line keeps its place in the tree, and one message, at the mistake, says what is wrong. */
type Case = readonly [text: string, tree: string, ...problems: string[]];

const CASES: readonly Case[] = [
  [
    'spec:\n  podSelector: {}\n  ingr\n  policyTypes: [Ingress]\n',
    '{spec: ?{podSelector: {}, policyTypes: [Ingress]}}',
    "ingr → 'ingr' is not followed by a colon, so it is not a field. Write 'ingr:' and its value.",
  ],
  [
    'spec:\n  podSelector: {}\n  policyTypes: [Ingress]\n  ingr\n',
    '{spec: ?{podSelector: {}, policyTypes: [Ingress]}}',
    "ingr → 'ingr' is not followed by a colon, so it is not a field. Write 'ingr:' and its value.",
  ],
  [
    'spec:\n  ingr\n  podSelector: {}\n',
    '{spec: ?{podSelector: {}}}',
    "ingr → 'ingr' is not followed by a colon, so it is not a field. Write 'ingr:' and its value.",
  ],
  ['kin\nspec:\n  a: 1\n', '?{spec: {a: 1}}', "kin → 'kin' is not followed by a colon, so it is not a field. Write 'kin:' and its value."],
  ['spec:\n  a: 1\nkin\n', '?{spec: {a: 1}}', "kin → 'kin' is not followed by a colon, so it is not a field. Write 'kin:' and its value."],
  [
    'spec:\n  a: 1\nkin\nmeta: 1\n',
    '?{spec: {a: 1}, meta: 1}',
    "kin → 'kin' is not followed by a colon, so it is not a field. Write 'kin:' and its value.",
  ],
  [
    'a:\n  - b: 1\n    c\n  - d: 1\n',
    '{a: [?{b: 1}, {d: 1}]}',
    "c → 'c' is not followed by a colon, so it is not a field. Write 'c:' and its value.",
  ],
  ['a:\n  - b\n    c: 1\n', '{a: [?{c: 1}]}', "b → 'b' is not followed by a colon, so it is not a field. Write 'b:' and its value."],
  ['a:\n  -\n  - b: 1\n', '{a: [~, {b: 1}]}'],
  ['a:\n  - b: 1\n  -\n', '{a: [{b: 1}, ~]}'],
  ['a:\n  - b: 1\n  -x\n  - c: 1\n', '{a: ?[{b: 1}, {c: 1}]}', '-x → A dash must be followed by a space to start an item. Add the space.'],
  [
    'a:\n  - b: 1\n  d\n  - c: 1\n',
    '{a: ?[{b: 1}, {c: 1}]}',
    "d → 'd' is not followed by a colon, so it is not a field. Write 'd:' and its value.",
  ],
  [
    'a: "open\nb: 1\nc: 2\n',
    '{a: ?xxxxx, b: 1, c: 2}',
    '"open → This quote is not terminated, so YAML reads to the end of the document. Add the closing quote.',
  ],
  [
    "a: 'open\nb: 1\nc: 2\n",
    '{a: ?xxxxx, b: 1, c: 2}',
    "'open → This quote is not terminated, so YAML reads to the end of the document. Add the closing quote.",
  ],
  [
    'a:\n  b: "open\n  c: 1\nd: 2\n',
    '{a: {b: ?xxxxx, c: 1}, d: 2}',
    '"open → This quote is not terminated, so YAML reads to the end of the document. Add the closing quote.',
  ],
  ['a: [1, 2\nb: 3\nc: 1\n', '{a: [1, 2], b: 3, c: 1}', "[1, 2 → This '[' is not closed. Add ']' after the last entry."],
  ['a: [\nb: 3\n', '{a: [], b: 3}', "[ → This '[' is not closed. Add ']' after the last entry."],
  ['a: {b: 1\nc: 3\n', '{a: {b: 1}, c: 3}', "{b: 1 → This '{' is not closed. Add '}' after the last entry."],
  ['a: {b: 1, c\nd: 3\n', '{a: {b: 1, c: ~}, d: 3}', "{b: 1, c → This '{' is not closed. Add '}' after the last entry."],
  ['a:\n  b: [x,\n  c: 1\nd: 2\n', '{a: {b: [x], c: 1}, d: 2}', "[x, → This '[' is not closed. Add ']' after the last entry."],
  [
    'a: {\n  b: 1,\n  "c\n}\n',
    '{a: ?{b: 1}}',
    '"c → This quote is not terminated, so YAML reads to the end of the document. Add the closing quote.',
  ],
  ['{"a": 1, "b": {"c": }, "d": 2}\n', '{"a": 1, "b": {"c": ~}, "d": 2}'],
  [
    '{"a": 1, "b"\n "d": 2}\n',
    '{"a": 1, "b": ~, "d": 2}',
    '"d": 2} → A comma is missing before this entry. Add it after the previous entry.',
  ],
  ['{"a": 1\n "d": 2}\n', '{"a": 1, "d": 2}', '"d": 2} → A comma is missing before this entry. Add it after the previous entry.'],
  ['{"a": [1, 2}\n', '{"a": [1, 2]}', "[1, 2} → This '[' is not closed. Add ']' after the last entry."],
  [
    'a: 1\n b: 2\nc: 3\n',
    '?{a: 1, c: 3}',
    'b: 2 → The indentation of this line matches no block above it. Align it with the keys that it belongs to.',
  ],
  [
    'a:\n    b: 1\n  c: 2\nd: 3\n',
    '{a: {b: 1}, c: 2, d: 3}',
    'c: 2 → The indentation of this line matches no block above it. Align it with the keys that it belongs to.',
  ],
  [
    'a:\n  b: 1\n    c: 2\nd: 3\n',
    '?{a: ?{b: 1}, d: 3}',
    'c: 2 → The indentation of this line matches no block above it. Align it with the keys that it belongs to.',
  ],
  ['\ta: 1\n', '{a: 1}', '\t → YAML does not allow tabs in the indentation. Use spaces.'],
  ['a:\n\tb: 1\nc: 2\n', '{a: {b: 1}, c: 2}', '\t → YAML does not allow tabs in the indentation. Use spaces.'],
  [
    'a: b: c\nd: 1\n',
    '{a: ?xxxx, d: 1}',
    'b: c → A second colon on this line starts an object where none can start. Quote the value, or write the inner field on its own line.',
  ],
  ['a: @x\nb: 1\n', '{a: ?xx, b: 1}', '@ → An unquoted value cannot start with this character. Quote the value.'],
  ['a: %x\nb: 1\n', '{a: ?xx, b: 1}', '% → An unquoted value cannot start with this character. Quote the value.'],
  ['a: `x\nb: 1\n', '{a: ?xx, b: 1}', '` → An unquoted value cannot start with this character. Quote the value.'],
  [
    'a: *x\nb: 1\n',
    '{a: *x!, b: 1}',
    "*x → No anchor '&x' is defined above, so the API server rejects the manifest. Define it, or quote a string that starts with '*'.",
  ],
  [
    'a: *\nb: 1\n',
    '{a: *!, b: 1}',
    "* → An anchor (&) or an alias (*) must be followed by a name. Add the name, or quote a string that starts with '*' or '&'.",
  ],
  [
    'a: &\nb: 1\n',
    '{a: ~, b: 1}',
    "& → An anchor (&) or an alias (*) must be followed by a name. Add the name, or quote a string that starts with '*' or '&'.",
  ],
  ['a: x]\nb: 1\n', '{a: x], b: 1}'],
  ['a: ]\nb: 1\n', '{a: ~, b: 1}', "] → This ']' has no opening bracket. Remove it, or add the opening bracket."],
  ['a: [1]]\nb: 1\n', '{a: [1], b: 1}', "] → This ']' has no opening bracket. Remove it, or add the opening bracket."],
  ['a: "b" c\nd: 1\n', '{a: "b", d: 1}', 'c → The value before this is already complete. Remove this text, or quote the whole value.'],
  [
    'a: "b"c: d\nd: 1\n',
    '{a: ?xxxxxxx, d: 1}',
    '"b"c: d → A second colon on this line starts an object where none can start. Quote the value, or write the inner field on its own line.',
  ],
  ['a: [1]#c\nd: 1\n', '{a: [1], d: 1}'],
  ['a: |x\n  b\nc: 1\n', '{a: |b/|, c: 1}', "x → Only '+', '-' or a number can follow '|' or '>'. Start the text on the next line."],
  ['a: |\nb\nc: 1\n', '?{a: ?||, c: 1}', "b → 'b' is not followed by a colon, so it is not a field. Write 'b:' and its value."],
  [
    'a: "\\q"\nb: 1\n',
    '{a: "\\q", b: 1}',
    '\\ → Unknown escape sequence in double quotes. Write the backslash twice, or use single quotes.',
  ],
  [
    'a: 1\n- b\nc: 2\n',
    '?{a: 1, c: 2}',
    '- b → A list cannot start in this place. Write each dash on its own line below the key, or write the list in brackets.',
  ],
  [
    '- a\nb: 1\n',
    '?{b: 1}',
    '- a → A list cannot start in this place. Write each dash on its own line below the key, or write the list in brackets.',
  ],
  ['a:b\nc: 1\n', '?{c: 1}', "a:b → 'a:b' is one word without a space after the colon. Add the space."],
  ['a:\n  b:1\n  c: 2\n', '{a: ?{c: 2}}', "b:1 → 'b:1' is one word without a space after the colon. Add the space."],
  [
    'a: - b\nc: 1\n',
    '{a: ?xxx, c: 1}',
    '- b → A list cannot start in this place. Write each dash on its own line below the key, or write the list in brackets.',
  ],
  [' a: 1\nb: 2\n', '?{b: 2}', 'a: 1 → The indentation of this line matches no block above it. Align it with the keys that it belongs to.'],
  [
    '  a: 1\n b: 2\n',
    '?{b: 2}',
    'a: 1 → The indentation of this line matches no block above it. Align it with the keys that it belongs to.',
  ],
  [
    'a: 1\nb: 2: 3\n',
    '{a: 1, b: ?xxxx}',
    '2: 3 → A second colon on this line starts an object where none can start. Quote the value, or write the inner field on its own line.',
  ],
  ['a: !!\nb: 1\n', '{a: tag:yaml.org,2002: ~, b: 1}', "!! → Unknown YAML tag. Remove it, or quote a string that starts with '!'."],
  ['a: !x!y z\nb: 1\n', '{a: z, b: 1}', "!x!y → Unknown YAML tag. Remove it, or quote a string that starts with '!'."],
  ['? a\nb: 1\n', '{a: ~, b: 1}'],
  [
    ': a\nb: 1\n',
    '{~: a, b: 1}',
    ': → A key is missing before the colon, so the API server rejects the manifest. Write the name of the field.',
  ],
  [
    'a: 1\n:\nb: 2\n',
    '{a: 1, ~: ~, b: 2}',
    ': → A key is missing before the colon, so the API server rejects the manifest. Write the name of the field.',
  ],
  ['a: >\n  x\n y\nb: 1\n', '{a: >x/>, b: 1}', "y → 'y' is not followed by a colon, so it is not a field. Write 'y:' and its value."],
  ['hello world\n', 'hello world'],
  ['a\n', 'a'],
  ['"a\n', 'nothing', '"a → This quote is not terminated, so YAML reads to the end of the document. Add the closing quote.'],
  [
    '%YAML 1.2\n---\na: 1\n',
    '{a: 1}',
    '%YAML 1.2 → Kubernetes reads YAML 1.1 and rejects a document that declares YAML 1.2. Remove this line.',
  ],
  ['%FOO\n---\na: 1\n', '{a: 1}', '%FOO → A line that starts with % is a YAML directive, and the API server rejects this one. Remove it.'],
  ['%\na: 1\n', '{a: 1}', '% → A line that starts with % is a YAML directive, and the API server rejects this one. Remove it.'],
  ['a: 1\n}\n', '{a: 1}', "} → This '}' has no opening bracket. Remove it, or add the opening bracket."],
  ['a: 1\n,\nb: 1\n', '{a: 1, ,: ~, b: 1}', ', → An unquoted value cannot start with this character. Quote the value.'],
  [
    'a: {b}: c\n',
    '{a: {b: ~}, ~: c}',
    ': → A key is missing before the colon, so the API server rejects the manifest. Write the name of the field.',
  ],
  ['--- a: 1\n', '{a: 1}', "a: 1 → A field cannot follow '---' on the same line. Start it on the next line."],
  ['---\ta: 1\n', '{a: 1}', '\t → YAML does not allow tabs in the indentation. Use spaces.'],
  ['a: 1\n\n   \n\t\nb\n', '?{a: 1}', "b → 'b' is not followed by a colon, so it is not a field. Write 'b:' and its value."],
  [
    'spec:\n  ingress:\n  - from:\n    - podSelector:\n        matchLabels:\n          app: web\n      names\n    ports:\n    - port: 80\n',
    '{spec: {ingress: [{from: [?{podSelector: {matchLabels: {app: web}}}], ports: [{port: 80}]}]}}',
    "names → 'names' is not followed by a colon, so it is not a field. Write 'names:' and its value.",
  ],
  [
    'spec:\n  ingress:\n  - from:\n    - podSelector:\n        matchLabels:\n          app: web\n    po\n    ports:\n    - port: 80\n',
    '{spec: {ingress: [?{from: ?[{podSelector: {matchLabels: {app: web}}}], ports: [{port: 80}]}]}}',
    "po → 'po' is not followed by a colon, so it is not a field. Write 'po:' and its value.",
  ],
  [
    'spec:\n  ingress:\n  - from:\n    - podSelector:\n        matchLabels:\n          app: web\n  eg\n',
    '{spec: ?{ingress: ?[{from: [{podSelector: {matchLabels: {app: web}}}]}]}}',
    "eg → 'eg' is not followed by a colon, so it is not a field. Write 'eg:' and its value.",
  ],
  ['a:\n  b\n  c\nd: 1\n', '{a: b c, d: 1}'],
];

for (const [text, tree, ...problems] of CASES)
  test(JSON.stringify(text), () => {
    const { root, problems: found } = parse(text);
    expect(printed(root)).toBe(tree);
    expect(found.map(({ span, message }) => `${text.slice(span.start, span.end)} → ${message}`)).toEqual(problems);
  });
