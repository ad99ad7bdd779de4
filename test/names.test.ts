import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseSync, type Program } from 'oxc-parser';
import { describe, expect, test } from 'vitest';

/*
 * A reader of the program who has met a name once knows what it means: one exported name stands for one thing, a bound says in which unit
 * it counts, and a comment refers only to documents that the reader has.
 */

const root = fileURLToPath(new URL('..', import.meta.url));

interface Source {
  readonly file: string;
  readonly program: Program;
  readonly comments: readonly string[];
}

const sources = [...filesBelow('server'), ...filesBelow('client')].map((file): Source => parsed(file, readFileSync(root + file, 'utf8')));

/** Tests and measurements: their comments, found without a parser. */
const tests = [
  ...filesBelow('test').filter((file) => !file.endsWith('names.test.ts')),
  ...filesBelow('test', '.mjs'),
  ...filesBelow('bench', '.mjs'),
].map((file) => ({
  file,
  comments: readFileSync(root + file, 'utf8').match(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm) ?? [],
}));

test('one exported name means one thing', () => expect(exportedTwice(sources)).toEqual([]));

test('bounds are named with their unit', () => expect(sources.flatMap(boundsWithoutUnit)).toEqual([]));

test('comments cite only documents that are in the repository', () => {
  expect([...sources, ...tests].flatMap(missingDocuments)).toEqual([]);
});

describe('the checks see what they look for', () => {
  const source = (text: string): Source => parsed('a.ts', text);

  test('the same name for two things', () => {
    const twice = [source('export interface Rule {}'), { ...source('export const Rule = 1;'), file: 'b.ts' }];
    expect(exportedTwice(twice)).toEqual(['Rule: a.ts, b.ts']);
    expect(exportedTwice([source('export function f(a: 1): 1;\nexport function f(a: 2): 2;'), source('const f = 1;')])).toEqual([]);
  });

  test.each(['const MAX = 5;', 'const PATIENCE = 10_000;', 'const LONGEST = 2 * 1024;', 'const MAX_KEY = 201;', 'const mostPods = 3;'])(
    'a bound without a unit: %s',
    (text) => expect(boundsWithoutUnit(source(text))).toHaveLength(1),
  );

  test.each(['function f(most: number) {}', 'function f(limit = 60) {}'])('a parameter without a unit: %s', (text) =>
    expect(boundsWithoutUnit(source(text))).toHaveLength(1),
  );

  test.each(['const MAX_KEY_CHARACTERS = 201;', 'const PAUSE_MILLISECONDS = 40;', 'const KUBELET_PORT = 10250;', "const MOST = 'most';"])(
    'a name that says it: %s',
    (text) => expect(boundsWithoutUnit(source(text))).toEqual([]),
  );

  test('a document that nobody has', () => {
    expect(missingDocuments(source('/* See ../NOTES.md, docs/notes.md and CHANGELOG.md. */'))).toEqual([
      'a.ts: NOTES.md',
      'a.ts: docs/notes.md',
    ]);
    expect(missingDocuments(source('// kubernetes `dns-pod-service.md`, antrea `docs/traceflow.md`, README.md'))).toEqual([]);
  });
});

/** Names that more than one file exports. */
function exportedTwice(all: readonly Source[]): readonly string[] {
  const files = new Map<string, Set<string>>();
  for (const { file, program } of all) for (const name of exportsOf(program)) files.set(name, (files.get(name) ?? new Set()).add(file));
  return [...files].flatMap(([name, found]) => (found.size > 1 ? [`${name}: ${[...found].join(', ')}`] : []));
}

function exportsOf(program: Program): readonly string[] {
  return program.body.flatMap((statement) => {
    if (statement.type !== 'ExportNamedDeclaration' || statement.declaration === null) return [];
    const { declaration } = statement;
    if (declaration.type === 'VariableDeclaration')
      return declaration.declarations.flatMap(({ id }) => (id.type === 'Identifier' ? [id.name] : []));
    return 'id' in declaration && declaration.id?.type === 'Identifier' ? [declaration.id.name] : [];
  });
}

/** Words for a bound that leave open what is counted: the name must go on with the unit. */
const BARE =
  /^(?:max|min|most|many|few|limit|budget|patience|pause|pace|grace|slice|batch|portion|longest|shortest|largest|smallest|deepest|highest|lowest|near|rounds|threshold)$/i;

/** What a bound counts or measures: the plural of a noun (`MAX_LISTED_POLICIES`), a unit, or a rate. */
const UNIT = /(?:S|DEPTH|DISTANCE|PRIORITY|PORT|PREFIX|PER_[A-Z]+|OF_A_STEP)$/;

/** Constants that are numbers and parameters whose names promise a bound and do not say of what. */
function boundsWithoutUnit({ file, program }: Source): readonly string[] {
  const found: string[] = [];
  visit(program, (node) => {
    if (node['type'] === 'VariableDeclarator' && isNumber(node['init'])) {
      const name = nameOf(node['id']);
      const [first = '', second] = wordsOf(name);
      const isBound = BARE.test(first) && (/^[A-Z_0-9]+$/.test(name) || /^(?:max|min|most)$/i.test(first));
      const unit = UNIT.test(wordsOf(name).join('_').toUpperCase());
      if (isBound && (second === undefined || !unit || /^(?:most|many|few|longest)$/i.test(first))) found.push(`${file}: ${name}`);
    }
    const parameters = node['params'];
    if (Array.isArray(parameters))
      for (const parameter of parameters) {
        const start = isRecord(parameter) && parameter['type'] === 'AssignmentPattern' ? parameter['right'] : undefined;
        const name = nameOf(isRecord(parameter) && start !== undefined ? parameter['left'] : parameter);
        // Without a number, a limit may be any object.
        if (/^(?:max|most|few|many)$/.test(name) || (name === 'limit' && isNumber(start))) found.push(`${file}: ${name}`);
      }
  });
  return found;
}

/** `MAX_LISTED_PODS` and `maxListedPods` in words. */
function wordsOf(name: string): readonly string[] {
  return name.replace(/([a-z])([A-Z])/g, '$1_$2').split('_');
}

function isNumber(node: unknown): boolean {
  if (!isRecord(node)) return false;
  if (node['type'] === 'Literal') return typeof node['value'] === 'number';
  return node['type'] === 'BinaryExpression' && isNumber(node['left']) && isNumber(node['right']);
}

/** A document in capitals (`NOTES.md`), or below a folder of the repository, is one of ours unless a project stands before it: "antrea `docs/x.md`". */
const DOCUMENT =
  /((?:[\w.-]+(?:\/[\w-]+)?\s+`)?)(?:[\w.-]*\/)*?((?:(?:docs|server|test|bench|schemas|snippets|examples)\/[\w./-]*|[A-Z][A-Z_-]+)\.md)\b/g;

function missingDocuments({ file, comments }: Pick<Source, 'file' | 'comments'>): readonly string[] {
  const named = comments.flatMap((text) =>
    [...text.replace(/\s*\n\s*\*?\s*/g, ' ').matchAll(DOCUMENT)].flatMap(([, project = '', name = '']) => (project === '' ? [name] : [])),
  );
  const isThere = (name: string): boolean => [name, file.replace(/[^/]*$/, name)].some((path) => existsSync(root + path));
  return [...new Set(named)].filter((name) => !isThere(name) && !name.includes('NAME')).map((name) => `${file}: ${name}`);
}

function visit(node: unknown, act: (node: Readonly<Record<string, unknown>>) => void): void {
  if (Array.isArray(node)) for (const item of node) visit(item, act);
  if (!isRecord(node)) return;
  act(node);
  for (const value of Object.values(node)) visit(value, act);
}

function nameOf(node: unknown): string {
  return isRecord(node) && node['type'] === 'Identifier' && typeof node['name'] === 'string' ? node['name'] : '';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(file: string, text: string): Source {
  const { program, comments } = parseSync(file, text);
  return { file, program, comments: comments.map(({ value }) => value) };
}

function filesBelow(folder: string, ending: string = '.ts'): readonly string[] {
  return readdirSync(root + folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending) && !name.includes('generated') && !name.includes('node_modules'))
    .map((name) => `${folder}/${name}`)
    .sort();
}
