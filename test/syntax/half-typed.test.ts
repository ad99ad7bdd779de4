import { expect, test } from 'vitest';
import { parse } from '../../server/syntax/parse.ts';
import { printed } from './printed.ts';

/** What stands around a half-typed or mistaken line keeps its place in the tree, and one message, at the mistake, says what is wrong. */
type Case = readonly [text: string, tree: string, ...problems: string[]];

const CASES: readonly Case[] = [
  [
    'spec:\n  podSelector: {}\n  ingr\n  policyTypes: [Ingress]\n',
    '{spec: ?{podSelector: {}, policyTypes: [Ingress]}}',
    'ingr → `ingr` is not followed by a colon, so it is not a field yet. Write `ingr:` and its value.',
  ],
  [
    'spec:\n  podSelector: {}\n  policyTypes: [Ingress]\n  ingr\n',
    '{spec: ?{podSelector: {}, policyTypes: [Ingress]}}',
    'ingr → `ingr` is not followed by a colon, so it is not a field yet. Write `ingr:` and its value.',
  ],
  [
    'spec:\n  ingr\n  podSelector: {}\n',
    '{spec: ?{podSelector: {}}}',
    'ingr → `ingr` is not followed by a colon, so it is not a field yet. Write `ingr:` and its value.',
  ],
  [
    'kin\nspec:\n  a: 1\n',
    '?{spec: {a: 1}}',
    'kin → `kin` is not followed by a colon, so it is not a field yet. Write `kin:` and its value.',
  ],
  [
    'spec:\n  a: 1\nkin\n',
    '?{spec: {a: 1}}',
    'kin → `kin` is not followed by a colon, so it is not a field yet. Write `kin:` and its value.',
  ],
  [
    'spec:\n  a: 1\nkin\nmeta: 1\n',
    '?{spec: {a: 1}, meta: 1}',
    'kin → `kin` is not followed by a colon, so it is not a field yet. Write `kin:` and its value.',
  ],
  [
    'a:\n  - b: 1\n    c\n  - d: 1\n',
    '{a: [?{b: 1}, {d: 1}]}',
    'c → `c` is not followed by a colon, so it is not a field yet. Write `c:` and its value.',
  ],
  ['a:\n  - b\n    c: 1\n', '{a: [?{c: 1}]}', 'b → `b` is not followed by a colon, so it is not a field yet. Write `b:` and its value.'],
  ['a:\n  -\n  - b: 1\n', '{a: [~, {b: 1}]}'],
  ['a:\n  - b: 1\n  -\n', '{a: [{b: 1}, ~]}'],
  ['a:\n  - b: 1\n  -x\n  - c: 1\n', '{a: ?[{b: 1}, {c: 1}]}', '-x → A dash needs a space behind it to start a list item. Put one in.'],
  [
    'a:\n  - b: 1\n  d\n  - c: 1\n',
    '{a: ?[{b: 1}, {c: 1}]}',
    'd → `d` is not followed by a colon, so it is not a field yet. Write `d:` and its value.',
  ],
  [
    'a: "open\nb: 1\nc: 2\n',
    '{a: ?xxxxx, b: 1, c: 2}',
    '"open → This quote is never closed, so YAML reads on to the end in search of it. Add the closing quote.',
  ],
  [
    "a: 'open\nb: 1\nc: 2\n",
    '{a: ?xxxxx, b: 1, c: 2}',
    "'open → This quote is never closed, so YAML reads on to the end in search of it. Add the closing quote.",
  ],
  [
    'a:\n  b: "open\n  c: 1\nd: 2\n',
    '{a: {b: ?xxxxx, c: 1}, d: 2}',
    '"open → This quote is never closed, so YAML reads on to the end in search of it. Add the closing quote.',
  ],
  ['a: [1, 2\nb: 3\nc: 1\n', '{a: [1, 2], b: 3, c: 1}', '[1, 2 → This `[` is never closed. Add a `]` behind the last entry.'],
  ['a: [\nb: 3\n', '{a: [], b: 3}', '[ → This `[` is never closed. Add a `]` behind the last entry.'],
  ['a: {b: 1\nc: 3\n', '{a: {b: 1}, c: 3}', '{b: 1 → This `{` is never closed. Add a `}` behind the last entry.'],
  ['a: {b: 1, c\nd: 3\n', '{a: {b: 1, c: ~}, d: 3}', '{b: 1, c → This `{` is never closed. Add a `}` behind the last entry.'],
  ['a:\n  b: [x,\n  c: 1\nd: 2\n', '{a: {b: [x], c: 1}, d: 2}', '[x, → This `[` is never closed. Add a `]` behind the last entry.'],
  [
    'a: {\n  b: 1,\n  "c\n}\n',
    '{a: ?{b: 1}}',
    '"c → This quote is never closed, so YAML reads on to the end in search of it. Add the closing quote.',
  ],
  ['{"a": 1, "b": {"c": }, "d": 2}\n', '{"a": 1, "b": {"c": ~}, "d": 2}'],
  [
    '{"a": 1, "b"\n "d": 2}\n',
    '{"a": 1, "b": ~, "d": 2}',
    '"d": 2} → A comma is missing in front of this. Put one behind the entry before it.',
  ],
  ['{"a": 1\n "d": 2}\n', '{"a": 1, "d": 2}', '"d": 2} → A comma is missing in front of this. Put one behind the entry before it.'],
  ['{"a": [1, 2}\n', '{"a": [1, 2]}', '[1, 2} → This `[` is never closed. Add a `]` behind the last entry.'],
  [
    'a: 1\n b: 2\nc: 3\n',
    '?{a: 1, c: 3}',
    'b: 2 → This line is indented differently from its neighbours, so YAML cannot tell where it belongs. Line it up with the keys it belongs to.',
  ],
  [
    'a:\n    b: 1\n  c: 2\nd: 3\n',
    '{a: {b: 1}, c: 2, d: 3}',
    'c: 2 → This line is indented differently from its neighbours, so YAML cannot tell where it belongs. Line it up with the keys it belongs to.',
  ],
  [
    'a:\n  b: 1\n    c: 2\nd: 3\n',
    '?{a: ?{b: 1}, d: 3}',
    'c: 2 → This line is indented differently from its neighbours, so YAML cannot tell where it belongs. Line it up with the keys it belongs to.',
  ],
  ['\ta: 1\n', '{a: 1}', '\t → YAML does not allow a tab for indentation. Use spaces.'],
  ['a:\n\tb: 1\nc: 2\n', '{a: {b: 1}, c: 2}', '\t → YAML does not allow a tab for indentation. Use spaces.'],
  [
    'a: b: c\nd: 1\n',
    '{a: ?xxxx, d: 1}',
    'b: c → A second colon on this line starts a map where none can start. Put the value in quotes, or put the inner field on a line of its own.',
  ],
  ['a: @x\nb: 1\n', '{a: ?xx, b: 1}', '@ → A plain value cannot start with this character. Put the value in quotes.'],
  ['a: %x\nb: 1\n', '{a: ?xx, b: 1}', '% → A plain value cannot start with this character. Put the value in quotes.'],
  ['a: `x\nb: 1\n', '{a: ?xx, b: 1}', '` → A plain value cannot start with this character. Put the value in quotes.'],
  [
    'a: *x\nb: 1\n',
    '{a: *x!, b: 1}',
    '*x → No anchor `&x` stands above, so the document cannot be read. Name one that does, or put quotes around text that starts with *.',
  ],
  [
    'a: *\nb: 1\n',
    '{a: *!, b: 1}',
    '* → An anchor (&) or alias (*) needs a name right behind it. Add one, or put text that starts with * or & in quotes.',
  ],
  [
    'a: &\nb: 1\n',
    '{a: ~, b: 1}',
    '& → An anchor (&) or alias (*) needs a name right behind it. Add one, or put text that starts with * or & in quotes.',
  ],
  ['a: x]\nb: 1\n', '{a: x], b: 1}'],
  ['a: ]\nb: 1\n', '{a: ~, b: 1}', '] → This `]` closes nothing. Remove it, or open it further up.'],
  ['a: [1]]\nb: 1\n', '{a: [1], b: 1}', '] → This `]` closes nothing. Remove it, or open it further up.'],
  ['a: "b" c\nd: 1\n', '{a: "b", d: 1}', 'c → The value before this is already complete. Remove this, or put the whole value in quotes.'],
  [
    'a: "b"c: d\nd: 1\n',
    '{a: ?xxxxxxx, d: 1}',
    '"b"c: d → A second colon on this line starts a map where none can start. Put the value in quotes, or put the inner field on a line of its own.',
  ],
  ['a: [1]#c\nd: 1\n', '{a: [1], d: 1}'],
  ['a: |x\n  b\nc: 1\n', '{a: |b/|, c: 1}', 'x → Behind | or > only +, - or a number can stand. Start the text on the next line.'],
  ['a: |\nb\nc: 1\n', '?{a: ?||, c: 1}', 'b → `b` is not followed by a colon, so it is not a field yet. Write `b:` and its value.'],
  [
    'a: "\\q"\nb: 1\n',
    '{a: "\\q", b: 1}',
    '\\ → This escape is not known inside double quotes. Write the backslash twice, or use single quotes.',
  ],
  [
    'a: 1\n- b\nc: 2\n',
    '?{a: 1, c: 2}',
    '- b → A list cannot start here. Put each dash on a line of its own below its key, or write the list in brackets.',
  ],
  [
    '- a\nb: 1\n',
    '?{b: 1}',
    '- a → A list cannot start here. Put each dash on a line of its own below its key, or write the list in brackets.',
  ],
  ['a:b\nc: 1\n', '?{c: 1}', 'a:b → YAML needs a space behind the colon, else `a:b` is one word. Put a space in.'],
  ['a:\n  b:1\n  c: 2\n', '{a: ?{c: 2}}', 'b:1 → YAML needs a space behind the colon, else `b:1` is one word. Put a space in.'],
  [
    'a: - b\nc: 1\n',
    '{a: ?xxx, c: 1}',
    '- b → A list cannot start here. Put each dash on a line of its own below its key, or write the list in brackets.',
  ],
  [
    ' a: 1\nb: 2\n',
    '?{b: 2}',
    'a: 1 → This line is indented differently from its neighbours, so YAML cannot tell where it belongs. Line it up with the keys it belongs to.',
  ],
  [
    '  a: 1\n b: 2\n',
    '?{b: 2}',
    'a: 1 → This line is indented differently from its neighbours, so YAML cannot tell where it belongs. Line it up with the keys it belongs to.',
  ],
  [
    'a: 1\nb: 2: 3\n',
    '{a: 1, b: ?xxxx}',
    '2: 3 → A second colon on this line starts a map where none can start. Put the value in quotes, or put the inner field on a line of its own.',
  ],
  [
    'a: !!\nb: 1\n',
    '{a: tag:yaml.org,2002: ~, b: 1}',
    '!! → This tag means nothing to YAML. Remove it, or put text that starts with ! in quotes.',
  ],
  ['a: !x!y z\nb: 1\n', '{a: z, b: 1}', '!x!y → This tag means nothing to YAML. Remove it, or put text that starts with ! in quotes.'],
  ['? a\nb: 1\n', '{a: ~, b: 1}'],
  [
    ': a\nb: 1\n',
    '{~: a, b: 1}',
    ': → A key is missing in front of the colon; the API server rejects a null key. Write the name of the field.',
  ],
  [
    'a: 1\n:\nb: 2\n',
    '{a: 1, ~: ~, b: 2}',
    ': → A key is missing in front of the colon; the API server rejects a null key. Write the name of the field.',
  ],
  ['a: >\n  x\n y\nb: 1\n', '{a: >x/>, b: 1}', 'y → `y` is not followed by a colon, so it is not a field yet. Write `y:` and its value.'],
  ['hello world\n', 'hello world'],
  ['a\n', 'a'],
  ['"a\n', 'nothing', '"a → This quote is never closed, so YAML reads on to the end in search of it. Add the closing quote.'],
  [
    '%YAML 1.2\n---\na: 1\n',
    '{a: 1}',
    '%YAML 1.2 → Kubernetes reads YAML 1.1 only and rejects a document marked as YAML 1.2. Remove this line.',
  ],
  [
    '%FOO\n---\na: 1\n',
    '{a: 1}',
    '%FOO → A line that starts with % is a directive to YAML, and the API server knows none of this name. Remove it.',
  ],
  ['%\na: 1\n', '{a: 1}', '% → A line that starts with % is a directive to YAML, and the API server knows none of this name. Remove it.'],
  ['a: 1\n}\n', '{a: 1}', '} → This `}` closes nothing. Remove it, or open it further up.'],
  ['a: 1\n,\nb: 1\n', '{a: 1, ,: ~, b: 1}', ', → A plain value cannot start with this character. Put the value in quotes.'],
  [
    'a: {b}: c\n',
    '{a: {b: ~}, ~: c}',
    ': → A key is missing in front of the colon; the API server rejects a null key. Write the name of the field.',
  ],
  ['--- a: 1\n', '{a: 1}', 'a: 1 → No field can stand on the line of the ---. Start it on the next line.'],
  ['---\ta: 1\n', '{a: 1}', '\t → YAML does not allow a tab for indentation. Use spaces.'],
  ['a: 1\n\n   \n\t\nb\n', '?{a: 1}', 'b → `b` is not followed by a colon, so it is not a field yet. Write `b:` and its value.'],
  [
    'spec:\n  ingress:\n  - from:\n    - podSelector:\n        matchLabels:\n          app: web\n      names\n    ports:\n    - port: 80\n',
    '{spec: {ingress: [{from: [?{podSelector: {matchLabels: {app: web}}}], ports: [{port: 80}]}]}}',
    'names → `names` is not followed by a colon, so it is not a field yet. Write `names:` and its value.',
  ],
  [
    'spec:\n  ingress:\n  - from:\n    - podSelector:\n        matchLabels:\n          app: web\n    po\n    ports:\n    - port: 80\n',
    '{spec: {ingress: [?{from: ?[{podSelector: {matchLabels: {app: web}}}], ports: [{port: 80}]}]}}',
    'po → `po` is not followed by a colon, so it is not a field yet. Write `po:` and its value.',
  ],
  [
    'spec:\n  ingress:\n  - from:\n    - podSelector:\n        matchLabels:\n          app: web\n  eg\n',
    '{spec: ?{ingress: ?[{from: [{podSelector: {matchLabels: {app: web}}}]}]}}',
    'eg → `eg` is not followed by a colon, so it is not a field yet. Write `eg:` and its value.',
  ],
  ['a:\n  b\n  c\nd: 1\n', '{a: b c, d: 1}'],
];

for (const [text, tree, ...problems] of CASES)
  test(JSON.stringify(text), () => {
    const { root, problems: found } = parse(text);
    expect(printed(root)).toBe(tree);
    expect(found.map(({ span, message }) => `${text.slice(span.start, span.end)} → ${message}`)).toEqual(problems);
  });
