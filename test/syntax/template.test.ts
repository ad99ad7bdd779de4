import { expect, test } from 'vitest';
import { maskTemplate } from '../../server/syntax/template.ts';
import { parse } from '../../server/syntax/parse.ts';
import { printed } from './printed.ts';

/** A `?` in the tree marks what a hole makes or may change: nothing may be claimed about it. All the rest can be checked. */
type Case = readonly [name: string, text: string, tree: string];

const CASES: readonly Case[] = [
  ['toYaml below its key', 'labels:\n  {{- toYaml .x | nindent 2 }}\nb: 1\n', '{labels: ?~, b: 1}'],
  ['toYaml below its key, at the margin', 'labels:\n{{ toYaml .x | indent 2 }}\nb: 1\n', '{labels: ?~, b: 1}'],
  ['toYaml behind its key', 'labels: {{ toYaml .x | nindent 2 }}\nb: 1\n', '{labels: ?xxxxxxxxxxxxxxxxxxxxxxxxxxx, b: 1}'],
  ['toYaml behind key with siblings below', 'labels: {{ toYaml .x | nindent 2 }}\n  a: 1\nb: 1\n', '{labels: ?{a: 1}, b: 1}'],
  [
    'include among keys',
    'metadata:\n  name: x\n  labels:\n    a: b\n    {{- include "l" . | nindent 4 }}\nspec:\n  c: 1\n',
    '{metadata: {name: x, labels: ?{a: b}}, spec: {c: 1}}',
  ],
  [
    'include of unknown indent',
    'metadata:\n  labels:\n    a: b\n    {{- include "l" . }}\nspec:\n  c: 1\n',
    '?{metadata: ?{labels: ?{a: b}}, spec: {c: 1}}',
  ],
  [
    'if around a key',
    'spec:\n  a: {x: 1}\n  {{- if .x }}\n  b: [1]\n  {{- end }}\n  c: 1\nd: {e: 1}\n',
    '{spec: ?{a: {x: 1}, b: [1], c: 1}, d: {e: 1}}',
  ],
  ['if at the end', 'spec:\n  a:\n    x: 1\n  {{- if .x }}\n  b: [1]\n  {{- end }}\nd: 1\n', '{spec: ?{a: {x: 1}, b: [1]}, d: 1}'],
  ['if at the start', 'spec:\n  {{- if .x }}\n  b: [1]\n  {{- end }}\n  c: 1\nd: 1\n', '{spec: ?{b: [1], c: 1}, d: 1}'],
  ['if around everything', '{{- if .x }}\na: 1\nb:\n  c: 1\n{{- end }}\n', '{a: 1, b: {c: 1}}'],
  ['if else around everything', '{{- if .x }}\na: 1\n{{- else }}\nb: 1\n{{- end }}\n', '?{a: 1, b: 1}'],
  ['if else in map', 'x:\n  {{- if .x }}\n  a: 1\n  {{- else }}\n  a: 2\n  {{- end }}\ny: 1\n', '{x: ?{a: 1, a: 2}, true: 1}'],
  ['range around items', 'a:\n  {{- range .x }}\n  - b: {{ . }}\n    c: 1\n  {{- end }}\nd: 1\n', '{a: ?[{b: ?xxxxxxx, c: 1}], d: 1}'],
  ['range after items', 'a:\n  - b: 1\n  {{- range .x }}\n  - {{ . }}\n  {{- end }}\nd: 1\n', '{a: ?[{b: 1}, ?xxxxxxx], d: 1}'],
  ['if around value', 'a:\n  {{- if .x }}\n  b: 1\n  {{- end }}\nd: 1\n', '{a: ?{b: 1}, d: 1}'],
  ['with and toYaml', 'a:\n  {{- with .x }}\n  {{- toYaml . | nindent 2 }}\n  {{- end }}\nd:\n', '{a: ?~, d: ~}'],
  ['null before if', 'a:\n{{- if .x }}\nb: 1\n{{- end }}\n', '?{a: ~, b: 1}'],
  ['comment', 'a:\n  {{/* about b */}}\n  b: 1\n', '{a: {b: 1}}'],
  ['assignment', '{{- $x := .Values.y }}\na: 1\n', '{a: 1}'],
  ['comment of two lines', '{{- /*\n a: b\n*/}}\na: 1\n', '{a: 1}'],
  ['inline', 'a: {{ .x }}\nb: 1\n', '{a: ?xxxxxxxx, b: 1}'],
  ['inline part', 'a: web-{{ .x }}-{{ .y }}\nb: 1\n', '{a: ?web-xxxxxxxx-xxxxxxxx, b: 1}'],
  ['in double quotes', 'a: "{{ .x }}"\nb: "c"\n', '{a: ?"xxxxxxxx", b: "c"}'],
  ['in single quotes', "a: '{{ .x }}'\nb: 1\n", "{a: ?'xxxxxxxx', b: 1}"],
  ['quotes inside', 'a: {{ .x | default "y" | quote }}\n', '{a: ?xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx}'],
  ['in flow list', 'a: [{{ .x }}, 1]\nb: [1]\n', '{a: ?[?xxxxxxxx, 1], b: [1]}'],
  ['in flow map', 'a: { {{ .k }}: {{ .v }}, b: 1 }\n', '{a: ?{?xxxxxxxx: ?xxxxxxxx, b: 1}}'],
  ['alone in flow map', 'a: {{ "{" }}{{ .x }}}\nb: 1\n', '{a: ?xxxxxxxxxxxxxxxxx}, b: 1}'],
  ['whole-line in flow list', 'a: [\n  1,\n  {{ .x }}\n]\nb: 1\n', '?{a: ?[1], b: 1}'],
  ['as key', '{{ .k }}: 1\nb: 2\n', '?{?xxxxxxxx: 1, b: 2}'],
  ['as part of key', 'a-{{ .k }}: 1\nb: 2\n', '?{?a-xxxxxxxx: 1, b: 2}'],
  ['in block scalar', 'a: |\n  x\n  {{ .y }}\n  z\nb: 1\n', '?{a: ?|x/        /z/|, b: 1}'],
  ['last in block scalar', 'a: |\n  x\n  {{ .y }}\nb: 1\n', '?{a: ?|x/        /|, b: 1}'],
  ['as item', 'a:\n- {{ .x }}\n- 1\n', '{a: [?xxxxxxxx, 1]}'],
  ['item made of lines', 'a:\n- {{ toYaml .x | nindent 2 }}\n  b: 1\n- c: 1\n', '{a: [?{b: 1}, {c: 1}]}'],
  ['dash with hole below', 'a:\n-\n  {{ toYaml .x | nindent 2 }}\n- c: 1\n', '{a: [?~, {c: 1}]}'],
  ['action of two lines', 'a: {{ dict\n  "b" 1 | toYaml }}\nc: 1\n', '{a: ?xxxxxxx, c: 1}'],
  ['variable', 'a: ${APP}-cache\nb: 1\n', '{a: ?xxxxxx-cache, b: 1}'],
  [
    'variable with a default',
    'a: ${A:=x}\nb: ${B:-6379}\nc: ${C/a/b}\nd: ${D:-${E}}\n',
    '{a: ?xxxxxxx, b: ?xxxxxxxxxx, c: ?xxxxxxxx, d: ?xxxxxxxxxx}',
  ],
  ['variable in a flow map', 'a: {cidr: ${CIDR}, b: [${X}, 1]}\n', '{a: {cidr: ?xxxxxxx, b: ?[?xxxx, 1]}}'],
  ['variable in quotes', 'a: "${A}"\nb: \'${B}\'\n', '{a: ?"xxxx", b: ?\'xxxx\'}'],
  ['variable as key', '${A}: 1\nb: 1\n', '?{?xxxx: 1, b: 1}'],
  ['variable below its key', 'a:\n  ${A}\nb: 1\n', '{a: ?xxxx, b: 1}'],
  ['variable on a line of its own', 'a:\n  b: 1\n  ${MORE}\nc: 1\n', '?{a: ?{b: 1}, c: 1}'],
  ['variable in a comment', '# ${A}\na: 1 # ${B}\n', '{a: 1}'],
  ['variable of kustomize', 'a: $(NAME)\nb: $(5)\n', '{a: ?xxxxxxx, b: $(5)}'],
  ['dollars that are no variable', 'a: $\nb: ${}\nc: $x\nd: ${ 1 }\n', '{a: $, b: ${}, c: $x, d: ${ 1 }}'],
  ['value in parentheses', "a: (join('-', [$a, $b]))\nb: 1\n", '{a: ?xxxxxxxxxxxxxxxxxxxxx, b: 1}'],
  ['value in parentheses, quoted', 'a: "(x)"\nb: [(y), (z)]\nc: {d: (e)}\n', '{a: ?"xxx", b: ?[?xxx, ?xxx], c: {d: ?xxx}}'],
  ['key in parentheses', '(length(a)): 3\nb: 1\n', '?{?xxxxxxxxxxx: 3, b: 1}'],
  ['parentheses in a text', 'a: x (y)\nb: (y) x\nc: "(x) y"\n', '{a: x (y), b: (y) x, c: "(x) y"}'],
  ['statement of Jinja', 'a: 1\n{% if x %}\nb: 1\n{% endif %}\nc: 1\n', '?{a: 1, b: 1, c: 1}'],
  ['statement of Jinja in a value', 'a: {% if x %}1{% else %}2{% endif %}\nb: 1\n', '{a: ?xxxxxxxxxx1xxxxxxxxxx2xxxxxxxxxxx, b: 1}'],
  ['dollar and action', 'a: ${{ NAME }}\nb: 1\n', '{a: ?xxxxxxxxxxx, b: 1}'],
  ['unclosed', 'a: {{ .x\nb: 1\n', '{a: ?xxxxx, b: 1}'],
  ['unclosed, braces below', 'a: {{ .x\nb: {c: {d: 1}}\n', '{a: ?xxxxx, b: {c: {d: 1}}}'],
  ['unclosed, closed one below', 'a: {{ .x\nb: {{ .y }}\nc: 1\n', '{a: ?xxxxx, b: ?xxxxxxxx, c: 1}'],
  ['unclosed on own line', 'a:\n  {{- if .x\n  b: 1\n', '{a: ?{b: 1}}'],
  ['if in a line', 'a: {{ if .x }}1{{ else }}2{{ end }}\nb: 1\n', '{a: ?xxxxxxxxxxx1xxxxxxxxxx2xxxxxxxxx, b: 1}'],
  ['if key in a line', '{{ if .x }}a: 1{{ end }}\nb: 1\n', '?{?xxxxxxxxxxxa: ?1xxxxxxxxx, b: 1}'],
  ['in a comment', '# {{ .x }}\na: 1 # {{ .y }}\n', '{a: 1}'],
  ['trailing comment behind hole line', 'a: 1\n{{ .x }} # c\nb: 2\n', '?{a: 1, b: 2}'],
  ['CRLF', 'a:\r\n  {{- if .x }}\r\n  b: 1\r\n  {{- end }}\r\nc: {{ .y }}\r\n', '{a: ?{b: 1}, c: ?xxxxxxxx}'],
  ['github expression', 'a: ${{ x.y }}\nb: 1\n', '{a: ?xxxxxxxxxx, b: 1}'],
  ['flow map as key, no template', 'a: {{b: 1}: c}\n', '{a: ?xxxxxxxxxxx}'],
  ['json braces', '{"a":{"b":{}}}\n', '{"a": {"b": {}}}'],
  ['end and else without if', 'a: 1\n{{- else }}\nb: 1\n{{- end }}\n', '?{a: 1, b: 1}'],
  ['template with dots only', 'a: {{.}}\n', '{a: ?xxxxx}'],
  ['syntax not judged', 'a: {{ .x }}\nb: [1\n', '{a: ?xxxxxxxx, b: [1]}'],
];

for (const [name, text, tree] of CASES)
  test(name, () => {
    const { root, problems } = parse(text);
    expect(printed(root)).toBe(tree);
    expect(problems).toEqual([]);
    expect(maskTemplate(text).text.replace(/[^\r\n]/g, '.')).toBe(text.replace(/[^\r\n]/g, '.'));
  });

test.each([
  ['a word without its colon', 'a: {{ .x }}\nb: 1\nc: 2\nd:\n  podSel\n  e: 1\n', 'yaml-colon'],
  ['a missing blank', 'd:\n  e:1\n  f: 2\n  g: 3\nh: {{ .x }}\n', 'yaml-colon'],
  ['a tab', 'a: {{ .x }}\nb: 1\nc: 2\nd:\n  e: 1\n\tf: 2\n', 'yaml-tab'],
  ['a word without its colon near a hole', 'a: {{ .x }}\nb: 1\npodSel\nc: 2\n', undefined],
  ['a word near a hole alone on its line', 'b:\n  {{- include "x" . }}\n\n  podSel\n  c: 2\n', undefined],
  ['a mistake that may be the cause of another', 'a: [{{ .x }}\nb: 1\nc: 2\nd: 3\npodSel\ne: 1\n', undefined],
  ['a mistake beside a variable', 'a: ${X}\nb: [1\nc: 1\n', 'yaml-bracket'],
  ['a mistake on the line of a variable', 'b: 1\nc: [${X}\nd: 1\n', undefined],
  ['a mistake of several lines', 'a: {{ .x }}\nb: 1\nc: 2\nd: [\n\ne: 1\n', undefined],
])('syntax of a template, told where it is apart from holes: %s', (_, text, code) => {
  expect([...new Set(parse(text).problems.map((problem) => problem.code))]).toEqual(code === undefined ? [] : [code]);
});
