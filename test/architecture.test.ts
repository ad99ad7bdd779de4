import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/**
 * Who may import whom, as server/README.md tells it. A part is a folder of server/ (or one of its files), or client.
 * Besides its own part, a file may import the parts, packages and data folders that stand in its row.
 */
const CORE = ['base', 'settings.ts', 'syntax', 'model', 'workspace', 'eval', 'analysis', 'rules', 'features'];
const TABLE: Readonly<Record<string, readonly string[]>> = {
  base: [],
  'settings.ts': ['base'],
  syntax: ['base', 'settings.ts', 'yaml'],
  model: ['base', 'syntax', 're2js'],
  workspace: ['base', 'syntax', 'model', 'fast-json-patch', 're2js'],
  eval: ['base', 'model', 'workspace', 'syntax/path.ts'], // field paths: verdicts name the rule that decides
  analysis: ['base', 'settings.ts', 'syntax', 'model', 'workspace', 'eval'],
  rules: ['base', 'settings.ts', 'syntax', 'model', 'workspace', 'eval', 'analysis', 'schemas/'],
  features: ['base', 'settings.ts', 'syntax', 'model', 'workspace', 'eval', 'analysis', 'rules', 'snippets/', '@dagrejs/dagre'],
  host: ['base', 'node:', 'ignore'],
  lsp: [...CORE, 'host', 'package.json', 'vscode-languageserver', 'vscode-languageserver-textdocument', 'vscode-languageserver-protocol'],
  cli: [...CORE, 'host', 'package.json', 'node:', 'diff', 'sarif'], // sarif: types only
  'node.ts': ['host', 'lsp', 'node:', 'vscode-languageserver'],
  'worker.ts': ['host', 'lsp', 'vscode-languageserver'],
  'cli.ts': ['cli', 'node.ts'],
  client: ['lsp/protocol.ts', 'vscode', 'vscode-languageclient'],
};

/** The folders of rules/ that hold rules, by their scope. */
const RULES = ['manifest', 'workspace'];

/**
 * The floors within a part: its folders and the files at its top, from the lowest to the highest; no import leads up. An asterisk stands
 * for all files at the top that no other floor names.
 */
const FLOORS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  analysis: [['*'], ['precedence'], ['witness'], ['redundancy'], ['required-connections'], ['conversion']],
  rules: [
    ['about.ts', 'finding.ts'],
    ['text'],
    ['schema'],
    ['silence.ts'],
    ['rule.ts'],
    ['*'],
    ['repair'],
    ['antrea'],
    ['findings'],
    RULES,
    ['index.ts'],
    ['run.ts'],
    ['manifest-findings.ts', 'workspace-findings.ts'],
    ['rejected.ts'],
  ],
};

/** Packages and modules that only certain files may name. */
const ONLY_IN: Readonly<Record<string, RegExp>> = {
  'fast-json-patch': /^server\/workspace\/kustomize\/json-patch\.ts$/,
  yaml: /^server\/syntax\/yaml\.ts$/,
  '@dagrejs/dagre': /^server\/features\/reports\/layout\.ts$/,
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

test('each file imports only what its part may', () =>
  expect(among(sources, (source) => source.imports.flatMap((one) => objections(source, one)))).toEqual([]));

test('rules stand in the folders of their scope, and what they share in the others', () => {
  const below = sources.filter(({ path }) => path.startsWith('server/rules/'));
  const misplaced = below.filter(({ path, text }) => isRule(path) !== /^export default /m.test(text));
  expect(misplaced.map(({ path }) => path)).toEqual([]);
});

test.each(Object.entries(FLOORS))('every folder and file of %s has a floor', (part, floors) => {
  const places = sources.filter(({ path }) => partOf(path) === part).map(({ path }) => placeIn(path));
  const named = floors.flat().filter((name) => name !== '*');
  expect(places.filter((name) => !name.endsWith('.ts') && !named.includes(name))).toEqual([]);
  expect(named.filter((name) => !places.includes(name))).toEqual([]);
});

test('the core is checked without the types of Node.js and VS Code', () => {
  const { compilerOptions, include } = JSON.parse(readFileSync(join(root, 'server/tsconfig.core.json'), 'utf8'));
  expect(compilerOptions.types).toEqual([]);
  expect(include).toEqual(['platform.d.ts', ...CORE]);
  expect(readFileSync(join(root, 'package.json'), 'utf8')).toContain('tsc -p server/tsconfig.core.json');
});

test('no file imports itself by way of others', () => expect(circles(sources)).toEqual([]));

test('the core reads no clock, does no I/O, and keeps no state', () => {
  const core = sources.filter(({ path }) => CORE.includes(partOf(path)));
  expect(among(core, ({ text }) => impurities(text))).toEqual([]);
});

test('what depends on how an API behaves asks its traits or its stage, never its name', () => {
  const outside = sources.filter(({ path }) => !/^server\/(?:model\/|eval\/stages\.ts$)/.test(path));
  expect(among(outside, ({ text }) => namesTested(text))).toEqual([]);
});

test('what is remembered is remembered by base/memo.ts: no WeakMap outside it', () => {
  expect(
    sources.filter(({ path, text }) => path !== 'server/base/memo.ts' && /\bnew Weak(?:Map|Set|Ref)\b/.test(text)).map(({ path }) => path),
  ).toEqual([]);
});

test('no file outgrows 400 lines, no function 100', () => {
  // The list of all rules is generated.
  const written = sources.filter(({ path }) => path !== 'server/rules/index.ts');
  expect(written.filter(({ text }) => text.split('\n').length > 400).map(({ path }) => path)).toEqual([]);
  expect(among(sources, ({ text }) => longFunctions(text))).toEqual([]);
});

// The checks themselves, tried on what they must refuse.
test.each([
  ['server/base/span.ts', "import { parse } from '../syntax/parse.ts';", 'base may not import syntax'],
  ['server/eval/reach.ts', "export type { Node } from '../syntax/tree.ts';", 'eval may not import syntax'],
  ['server/features/invented-one.ts', "import { inventedTwo } from './invented-two.ts';", 'a feature never imports another'],
  ['server/rules/manifest/invented-one.ts', "import rule from './invented-two.ts';", 'a rule never imports another'],
  ['server/analysis/witness/pairs.ts', "import type { Draft } from '../../rules/rule.ts';", 'analysis may not import rules'],
  ['server/analysis/facts.ts', "import { x } from './witness/pairs.ts';", 'facts.ts may not import witness'],
  ['server/rules/text/words.ts', "import { onKey } from '../draft.ts';", 'text may not import draft.ts'],
  ['server/rules/rule.ts', "import rule from './manifest/end-port.ts';", 'rule.ts may not import manifest'],
  ['server/rules/run.ts', "import { findingsOf } from './manifest-findings.ts';", 'run.ts may not import manifest-findings.ts'],
  ['server/features/hover.ts', "import { Hover } from 'vscode-languageserver';", 'features may not import vscode-languageserver'],
  [
    'server/model/networkpolicy.ts',
    "import {\n  tiered,\n} from './clusternetworkpolicy.ts';",
    "a kind's file never imports another kind's",
  ],
  ['server/syntax/tree.ts', "import { Document } from 'yaml';", 'only server/syntax/yaml.ts imports yaml'],
  ['server/rules/manifest-findings.ts', "import Ajv from 'ajv';", 'rules may not import ajv'],
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

test.each([
  "if (policy.kind === 'NetworkPolicy') return;",
  "const is = 'Baseline' !== policy.tier;",
  "switch (kind) { case 'AdminNetworkPolicy': }",
  "kind.startsWith('Admin')",
  "['ClusterNetworkPolicy', 'AdminNetworkPolicy'].includes(kind)",
])('outside the model nothing must say: %s', (text) => expect(namesTested(text)).not.toEqual([]));

test('a function of 101 lines is too long', () => {
  const body = (lines: number): string => `function long(): void {\n${'  work();\n'.repeat(lines - 2)}}\n`;
  expect(longFunctions(body(100))).toEqual([]);
  expect(longFunctions(body(101))).toEqual(['function long(): void { (101 lines)']);
});

/** Places that test a tier, a stage or a policy kind by its name. */
function namesTested(text: string): string[] {
  const name = `'(?:(?:Cluster|Admin|BaselineAdmin)?NetworkPolicy|Admin|Baseline|admin|baseline|networkpolicy)'`;
  const tests = [
    `[!=]== ${name}`,
    `${name} [!=]==`,
    `\\bcase ${name}:`,
    `(?:startsWith|endsWith|includes)\\(${name}\\)`,
    `${name}[^\\]\\n]*\\]\\.includes\\(`,
  ];
  return tests.flatMap((pattern) => text.match(new RegExp(pattern, 'g')) ?? []);
}

/** What a check says of files, each with the file that it is about. */
function among(files: readonly Source[], check: (source: Source) => readonly string[]): string[] {
  return files.flatMap((source) => check(source).map((objection) => `${source.path}: ${objection}`));
}

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
  if (isAbove(target, path)) return [`${placeIn(path)} may not import ${placeIn(target)} (${target})`];
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
  return partOf(path) === 'rules' && RULES.includes(placeIn(path));
}

/** The folder that a file stands in within its part of server/, or its own name where it stands at the top. */
function placeIn(path: string): string {
  return path.split('/')[2] ?? '';
}

/** Does a file stand on a higher floor of the same part than another? */
function isAbove(path: string, other: string): boolean {
  const floors = partOf(path) === partOf(other) ? FLOORS[partOf(path)] : undefined;
  if (!floors) return false;
  const floorOf = (file: string): number => {
    const named = floors.findIndex((floor) => floor.includes(placeIn(file)));
    return named === -1 ? floors.findIndex((floor) => floor.includes('*')) : named;
  };
  return floorOf(path) > floorOf(other);
}

/** A file of model/ that has a schema of the same name. */
function isPolicyKind(path: string): boolean {
  return /^server\/model\/\w+policy\.ts$/.test(path) && existsSync(join(root, 'schemas', posix.basename(path).replace('.ts', '.json')));
}

/** Lines that read a clock, do I/O, or hold state outside a function. A WeakMap keyed by immutable objects is no state. */
function impurities(text: string): string[] {
  const impure =
    /\b(Date\.now|new Date\(\)|performance\.now|Math\.random|setTimeout|setInterval|setImmediate)\b|\bfetch\(|\b(process|console|globalThis)\.|^(export )?let |^(export )?const \w+[^=]*= new (Map|Set|Array)(<[^>]*>)?\(\);/;
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
