import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

/**
 * Who may import whom, as server/README.md tells it. A part is a folder of server/ (or one of its files), or client.
 * Besides its own part, a file may import the parts, packages and data folders that stand in its row.
 */
const CORE = ['base', 'settings.ts', 'syntax', 'model', 'workspace', 'eval', 'rules', 'features'];
const TABLE: Readonly<Record<string, readonly string[]>> = {
  base: [],
  'settings.ts': ['base'],
  syntax: ['base', 'settings.ts', 'yaml'],
  model: ['base', 'syntax'],
  workspace: ['base', 'syntax', 'model'],
  eval: ['base', 'model', 'workspace', 'syntax/path.ts'], // field paths: verdicts name the rule that decides
  rules: ['base', 'settings.ts', 'syntax', 'model', 'workspace', 'eval', 'schemas/', 'picomatch'],
  features: ['base', 'settings.ts', 'syntax', 'model', 'workspace', 'eval', 'rules', 'snippets/'],
  host: ['base', 'node:', 'ignore'],
  lsp: [...CORE, 'host', 'package.json', 'vscode-languageserver', 'vscode-languageserver-textdocument', 'vscode-languageserver-protocol'],
  cli: [...CORE, 'host', 'package.json', 'node:', 'sarif'], // sarif: types only
  'node.ts': ['host', 'lsp', 'node:', 'vscode-languageserver'],
  'worker.ts': ['host', 'lsp', 'vscode-languageserver'],
  'cli.ts': ['cli', 'node.ts'],
  client: ['lsp/protocol.ts', 'vscode', 'vscode-languageclient'],
};

/** The folders of rules/ that hold rules, by their scope. */
const RULES = ['manifest', 'workspace'];

/** The folders of rules/ for what rules share, as server/README.md tells it: each may import those before it. */
const SHARED_BY_RULES = ['text', 'schema', 'repair', 'ladder', 'witness', 'redundancy', 'wanted'];

/** Packages and modules that only certain files may name. */
const ONLY_IN: Readonly<Record<string, RegExp>> = {
  yaml: /^server\/syntax\/yaml\.ts$/,
  ajv: /^$/, // the schemas are compiled ahead of time, in test/tools/generate.mjs
  'node:': /^server\/(node\.ts|host\/(node[-\w]*|git-ignore)\.ts|cli\/.*)$/,
};

interface Source {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

interface Import {
  readonly target: string;
  readonly dynamic: boolean;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = ['server', 'client'].flatMap(filesBelow).map(read);

test('there is something to look at', () => expect(sources.length).toBeGreaterThan(50));

// Two features that are there for the tests of the checks only.
const invented = ['one', 'two'].map((one) =>
  parse(`server/features/invented-${one}.ts`, `export function invented${one === 'one' ? 'One' : 'Two'}() {}`),
);

describe('each file imports only what its part may', () => {
  for (const source of sources) test(source.path, () => expect(source.imports.flatMap((one) => objections(source, one))).toEqual([]));
});

test('rules stand in the folders of their scope, and what they share in the others', () => {
  const below = sources.filter(({ path }) => path.startsWith('server/rules/'));
  const misplaced = below.filter(({ path, text }) => isRule(path) !== /^export default /m.test(text));
  expect(misplaced.map(({ path }) => path)).toEqual([]);
  expect(new Set(below.map(({ path }) => folderOfRules(path)))).toEqual(new Set(['', ...SHARED_BY_RULES, ...RULES]));
});

test('no file imports itself by way of others', () => expect(circles(sources)).toEqual([]));

describe('the core reads no clock, does no I/O, and keeps no state', () => {
  for (const source of sources.filter(({ path }) => CORE.includes(partOf(path))))
    test(source.path, () => expect(impurities(source.text)).toEqual([]));
});

describe('no file outgrows 400 lines, no function 100', () => {
  for (const source of sources)
    test(source.path, () => {
      expect(source.text.split('\n').length).toBeLessThanOrEqual(400);
      expect(longFunctions(source.text)).toEqual([]);
    });
});

// The checks themselves, tried on what they must refuse.
test.each([
  ['server/base/span.ts', "import { parse } from '../syntax/parse.ts';", 'base may not import syntax'],
  ['server/eval/reach.ts', "export type { Node } from '../syntax/tree.ts';", 'eval may not import syntax'],
  ['server/features/invented-one.ts', "import { inventedTwo } from './invented-two.ts';", 'a feature never imports another'],
  ['server/rules/manifest/invented-one.ts', "import rule from './invented-two.ts';", 'a rule never imports another'],
  ['server/rules/text/words.ts', "import { cutsAt } from '../wanted/cut.ts';", 'text may not import wanted'],
  ['server/features/hover.ts', "import { Hover } from 'vscode-languageserver';", 'features may not import vscode-languageserver'],
  [
    'server/model/networkpolicy.ts',
    "import {\n  tiered,\n} from './clusternetworkpolicy.ts';",
    "a kind's file never imports another kind's",
  ],
  ['server/syntax/tree.ts', "import { Document } from 'yaml';", 'only server/syntax/yaml.ts imports yaml'],
  ['server/rules/run.ts', "import Ajv from 'ajv';", 'rules may not import ajv'],
  ['server/lsp/documents.ts', "import { readFile } from 'node:fs/promises';", 'lsp may not import node:fs/promises'],
  ['server/host/host.ts', "import { readFile } from 'node:fs/promises';", 'imports node:'],
  ['server/cli/run.ts', "const it = await import('../lsp/connection.ts');", 'cli may not import lsp'],
  ['server/cli.ts', "import { serve } from './node.ts';", 'the server is loaded only for "netpol lsp", so dynamically'],
  ['client/start.ts', "import { settings } from '../server/settings.ts';", 'client may not import settings.ts'],
])('%s must not say: %s', (path, text, objection) => {
  const source = parse(path, text);
  expect(source.imports.flatMap((one) => objections(source, one)).join()).toContain(objection);
});

test('two files that import each other are a circle', () => {
  const pair = [parse('server/base/a.ts', "import { b } from './b.ts';"), parse('server/base/b.ts', "import type { A } from './a.ts';")];
  expect(circles(pair)).toEqual(['server/base/b.ts -> server/base/a.ts']);
});

test.each([
  'let count = 0;',
  'export let count = 0;',
  'const cache = new Map();',
  'const now = Date.now();',
  'console.log(1);',
  'process.exit();',
])('the core must not say: %s', (text) => expect(impurities(text)).not.toEqual([]));

test('a function of 101 lines is too long', () => {
  const body = (lines: number): string => `function long(): void {\n${'  work();\n'.repeat(lines - 2)}}\n`;
  expect(longFunctions(body(100))).toEqual([]);
  expect(longFunctions(body(101))).toEqual(['function long(): void { (101 lines)']);
});

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.includes('.generated.'))
    .map((name) => posix.join(folder, name));
}

function read(path: string): Source {
  return parse(path, readFileSync(join(root, path), 'utf8'));
}

function parse(path: string, text: string): Source {
  const code = text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const fixed = [...code.matchAll(/^(?:import|export)\b[^'";]*?\bfrom\s*'([^']+)'|^import\s*'([^']+)'/gm)];
  const loaded = [...code.matchAll(/\bimport\(\s*'([^']+)'/g)];
  return {
    path,
    text,
    imports: [
      ...fixed.map((match) => ({ target: match[1] ?? match[2] ?? '', dynamic: false })),
      ...loaded.map((match) => ({ target: match[1] ?? '', dynamic: true })),
    ],
  };
}

/** `server/model/pod.ts` belongs to `model`, `server/cli.ts` to `cli.ts`, everything in client/ to `client`. */
function partOf(path: string): string {
  const [top = '', part = ''] = path.split('/');
  return top === 'server' ? part : top;
}

/** Why `source` must not import `one`; empty if it may. */
function objections(source: Source, one: Import): string[] {
  const part = partOf(source.path);
  const allowed = TABLE[part];
  if (allowed === undefined) return [`${part} is in no row of the table`];
  const found = [...onlyInObjections(source, one)];
  if (!one.target.startsWith('.')) {
    if (!allowed.some((name) => one.target === name || one.target.startsWith(name.endsWith(':') ? name : `${name}/`)))
      found.push(`${part} may not import ${one.target}`);
    return found;
  }
  const target = posix.join(posix.dirname(source.path), one.target);
  if (!existsInTable(target, part, allowed)) found.push(`${part} may not import ${partOf(target)} (${target})`);
  return [...found, ...neighbourObjections(source, target, one)];
}

function existsInTable(target: string, part: string, allowed: readonly string[]): boolean {
  const other = partOf(target);
  return (
    other === part ||
    allowed.some(
      (name) => name === other || target === `server/${name}` || (name.endsWith('/') && target.startsWith(name)) || target === name,
    )
  );
}

function onlyInObjections({ path }: Source, { target }: Import): string[] {
  return Object.entries(ONLY_IN)
    .filter(
      ([name, files]) =>
        (name.endsWith(':') ? target.startsWith(name) : target === name || target.startsWith(`${name}/`)) && !files.test(path),
    )
    .map(([name, files]) => `only ${files.source.replaceAll(/[\\^$]/g, '')} imports ${name}`);
}

/** Neighbours that must not know each other: features, rules, and the files of the policy kinds. */
function neighbourObjections({ path }: Source, target: string, { dynamic }: Import): string[] {
  if (path === 'server/cli.ts' && target === 'server/node.ts' && !dynamic)
    return ['the server is loaded only for "netpol lsp", so dynamically'];
  if (isFeature(path) && isFeature(target)) return [`a feature never imports another (${target})`];
  if (isRule(path) && isRule(target)) return [`a rule never imports another (${target})`];
  if (isAbove(folderOfRules(target), folderOfRules(path)))
    return [`${folderOfRules(path)} may not import ${folderOfRules(target)} (${target})`];
  if (isPolicyKind(path) && isPolicyKind(target)) return [`a kind's file never imports another kind's (${target})`];
  return [];
}

/** The imports that close a circle, of values and of types. What is loaded later on is none. */
function circles(among: readonly Source[]): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = ({ path, imports }: Source, above: readonly string[]): void => {
    if (done.has(path)) return;
    const targets = imports.filter(({ dynamic }) => !dynamic).map(({ target }) => posix.join(posix.dirname(path), target));
    found.push(...targets.filter((target) => target === path || above.includes(target)).map((target) => `${path} -> ${target}`));
    for (const next of among.filter((one) => targets.includes(one.path) && one.path !== path && !above.includes(one.path)))
      visit(next, [...above, path]);
    done.add(path);
  };
  for (const source of among) visit(source, []);
  return found;
}

/** A file of features/ that exports a function of its own name; the others there are what features are made with. */
function isFeature(path: string): boolean {
  const [, file] = /^server\/features\/([\w-]+)\.ts$/.exec(path) ?? [];
  if (file === undefined) return false;
  const name = file.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  return [...sources, ...invented].some(
    (source) => source.path === path && new RegExp(`^export (async )?function\\*? ${name}\\(`, 'm').test(source.text),
  );
}

/** A file in the folders of rules/ where rules stand, by their scope. */
function isRule(path: string): boolean {
  return RULES.includes(folderOfRules(path));
}

/** The folder within rules/ that a file stands in; empty for those at its top, and outside. */
function folderOfRules(path: string): string {
  return /^server\/rules\/([\w-]+)\//.exec(path)?.[1] ?? '';
}

/** Does a folder of rules/ build on another? */
function isAbove(folder: string, other: string): boolean {
  return SHARED_BY_RULES.includes(other) && [...SHARED_BY_RULES, ...RULES].indexOf(folder) > SHARED_BY_RULES.indexOf(other);
}

/** A file of model/ that has a schema of the same name. */
function isPolicyKind(path: string): boolean {
  return /^server\/model\/\w+policy\.ts$/.test(path) && existsSync(join(root, 'schemas', posix.basename(path).replace('.ts', '.json')));
}

/** Lines that read a clock, do I/O, or hold state outside a function. A WeakMap keyed by immutable objects is no state. */
function impurities(text: string): string[] {
  const impure =
    /\b(Date\.now|new Date\(\)|performance\.now|Math\.random|setTimeout|setInterval|setImmediate|fetch)\b|\b(process|console|globalThis)\.|^(export )?let |^(export )?const \w+[^=]*= new (Map|Set|Array)(<[^>]*>)?\(\);/;
  return text.split('\n').filter((line) => impure.test(line.replace(/\/\/.*$|^\s*\*.*$/, '')));
}

/** Functions of more than 100 lines, found by their indentation (the formatter guarantees it). */
function longFunctions(text: string): string[] {
  const lines = text.split('\n');
  return lines.flatMap((line, start) => {
    const head = /^(\s*)(?:export )?(?:default )?(?:async )?(?:function\*? |const \w+[^=]*= .*=> \{$)/.exec(line);
    if (head === null || line.trimEnd().endsWith('}')) return [];
    const length = lines.slice(start).findIndex((other) => other.startsWith(`${head[1] ?? ''}}`)) + 1;
    return length > 100 ? [`${line.trim()} (${length} lines)`] : [];
  });
}
