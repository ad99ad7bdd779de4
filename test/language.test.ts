import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { expect, test } from 'vitest';
import { avoidedIn } from './language.ts';

/*
 * What people read is written in the terms of the Kubernetes API reference and of network verification. The expressions that never
 * appear stand in language.ts, each with the term to use. They are looked for in every sentence of the program (string literals, whoever
 * reads them), in its comments, and in every page and example.
 */

const root = fileURLToPath(new URL('..', import.meta.url));

const sources = filesBelow('server', '.ts').concat(filesBelow('client', '.ts'));
const pages = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'server/README.md',
  'package.json',
  ...filesBelow('docs', '.md'),
  ...filesBelow('examples', '.md'),
  ...filesBelow('examples', '.yaml'),
  ...filesBelow('schemas', '.json'),
  ...filesBelow('snippets', '.json'),
];

test('no sentence of the program uses an expression that readers would have to translate', () => {
  expect(sources.flatMap((file) => hits(file, sentencesOf(file)))).toEqual([]);
});

test('no comment does', () => {
  expect(sources.flatMap((file) => hits(file, commentsOf(file), true))).toEqual([]);
});

test('no page, example, schema or template does', () => {
  expect(pages.flatMap((file) => hits(file, linesOf(file)))).toEqual([]);
});

function hits(file: string, texts: readonly (readonly [number, string])[], areComments: boolean = false): readonly string[] {
  return texts.flatMap(([line, text]) =>
    avoidedIn(text, areComments).map(({ found, instead }) => `${file}:${line} '${found}': write ${instead}. | ${text.slice(0, 160)}`),
  );
}

/** The string literals and templates of a source file that hold at least two words, with their lines. */
function sentencesOf(file: string): readonly (readonly [number, string])[] {
  const text = readFileSync(root + file, 'utf8');
  const found: [number, string][] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if (Array.isArray(node)) return node.forEach(visit);
    if ('type' in node && 'start' in node && typeof node.start === 'number') {
      if (node.type === 'ImportDeclaration') return;
      if (node.type === 'Literal' && 'value' in node && typeof node.value === 'string') found.push([lineAt(text, node.start), node.value]);
      if (node.type === 'TemplateLiteral' && 'end' in node && typeof node.end === 'number')
        found.push([lineAt(text, node.start), text.slice(node.start + 1, node.end - 1).replace(/\$\{[^}]*\}/g, '…')]);
    }
    Object.values(node).forEach(visit);
  };
  visit(parseSync(file, text).program);
  return found.filter(([, words]) => /\S\s+\S/.test(words));
}

function commentsOf(file: string): readonly (readonly [number, string])[] {
  const text = readFileSync(root + file, 'utf8');
  return parseSync(file, text).comments.map(({ start, value }) => [lineAt(text, start), value.replace(/\s*\n\s*\*?\s*/g, ' ')] as const);
}

function linesOf(file: string): readonly (readonly [number, string])[] {
  return readFileSync(root + file, 'utf8')
    .split('\n')
    .map((line, i) => [i + 1, line] as const);
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

function filesBelow(folder: string, ending: string): string[] {
  return readdirSync(root + folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending) && !name.includes('generated'))
    .map((name) => `${folder}/${name}`)
    .sort();
}

test('no identifier of the program has a name that the field does not use', () => {
  const found = sources.flatMap((file) =>
    identifiersOf(file)
      .filter((name) => RETIRED.has(name))
      .map((name) => `${file}: ${name}`),
  );
  expect([...new Set(found)]).toEqual([]);
});

/** Names that were replaced by the term of the field, such as `Rung` by `TierGroup`. */
const RETIRED: ReadonlySet<string> = new Set(
  'End elementOf LADDER Rung Meant MeantRule doubts Wish flip lockOut STRANGER SOMEBODY letIn sayRule whyTorn whyHomeless told remarks isCut Cut cutBy Said said Asked asked Wanted wanted known made picksNobody isEverybody strangers isStranger flips flipsOf FlipEdit FlipPosition NOBODY SAID WANTED RowsWanted cut cuts cutOut doubtNotes doubtful doubtfulFiles withDoubt everybody nobody isMade torn isTornAbove isTornBelow isWanted'.split(
    ' ',
  ),
);

function identifiersOf(file: string): readonly string[] {
  const names: string[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if ('type' in node && node.type === 'Identifier' && 'name' in node && typeof node.name === 'string') names.push(node.name);
    Object.values(node).forEach(visit);
  };
  visit(parseSync(file, readFileSync(root + file, 'utf8')).program);
  return names;
}
