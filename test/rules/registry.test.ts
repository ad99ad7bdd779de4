import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { manifestRules, workspaceRules } from '../../server/rules/index.ts';
import { casesOf } from './cases.ts';
import { findingsIn } from './findings.ts';
import { overview, page } from './pages.ts';

const narrow = namesIn('manifest');
const wide = namesIn('workspace');
const files = [...narrow, ...wide].sort();
const rules = [...manifestRules, ...workspaceRules];

test('the registry lists every rule', async () => {
  const imports = [...narrow.map((name) => importOf('manifest', name)), ...wide.map((name) => importOf('workspace', name))].join('\n');
  const text = `// Written by test/rules/registry.test.ts: run \`npm test -- -u\` after adding a rule.
${imports}
import type { ManifestRule, WorkspaceRule } from './rule.ts';

/** Every rule that looks at one manifest, in the order of their names. */
export const manifestRules: readonly ManifestRule[] = ${listOf(narrow)};

/** Every rule that asks the whole cluster, in the order of their names. */
export const workspaceRules: readonly WorkspaceRule[] = ${listOf(wide)};
`;
  await expect(text).toMatchFileSnapshot('../../server/rules/index.ts');
});

test('a rule has the name of its file', () => {
  expect(manifestRules.map((rule) => rule.name)).toEqual(narrow);
  expect(workspaceRules.map((rule) => rule.name)).toEqual(wide);
});

test('names are kebab-case and never used twice, not even as an alias', () => {
  const names = rules.flatMap((rule) => [rule.name, ...(rule.aliases ?? [])]);
  expect(names.filter((name) => !/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name))).toEqual([]);
  expect(new Set(names).size).toBe(names.length);
});

test('only sure rules are errors', () => {
  expect(rules.filter((rule) => rule.severity === 'error' && rule.confidence !== 'high')).toEqual([]);
});

test('a rule with a profile of its own reports no errors, so that it need not be asked where the profile is off', () => {
  const modest = manifestRules.filter(({ profile }) => profile !== undefined);
  const found = modest.flatMap((rule) =>
    casesOf(rule).bad.flatMap(({ yaml }) => findingsIn(yaml).filter(({ code }) => code === rule.name)),
  );
  expect(found.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(modest.filter(({ severity }) => severity === 'error')).toEqual([]);
});

test('the companions of a rule are rules', () => {
  const names = rules.map(({ name }) => name);
  expect(rules.flatMap(({ companions = [] }) => companions).filter((name) => !names.includes(name))).toEqual([]);
});

test('every page names its sources, related rules that exist, and when a finding may be ignored', () => {
  const names = rules.map(({ name }) => name);
  const faults = rules.flatMap((rule) => {
    const { ignore, references, related } = casesOf(rule).page;
    return [
      ...(references.length === 0 ? [`${rule.name}: no reference`] : []),
      ...(related.length === 0 ? [`${rule.name}: no related rule`] : []),
      ...related.filter((name) => !names.includes(name)).map((name) => `${rule.name}: no rule is named ${name}`),
      ...(ignore === undefined && rule.severity !== 'error' ? [`${rule.name}: not said when to ignore it`] : []),
    ];
  });
  expect(faults).toEqual([]);
});

test('every problem that the parser may report has a rule', () => {
  const syntax = new URL('../../server/syntax/', import.meta.url);
  const sources = readdirSync(syntax).map((name) => readFileSync(new URL(name, syntax), 'utf8'));
  const codes = new Set(sources.flatMap((text) => [...text.matchAll(/'((?:yaml|nested)-[a-z-]+)'/g)].map((found) => found[1] ?? '')));
  expect([...codes].filter((code) => !files.includes(code))).toEqual([]);
});

test.each(rules.map((rule) => [rule.name, rule] as const))('the page of %s is up to date', async (name, rule) => {
  await expect(page(rule)).toMatchFileSnapshot(`../../docs/rules/${name}.md`);
});

test('the overview is up to date', async () => {
  await expect(overview(rules.toSorted((a, b) => (a.name < b.name ? -1 : 1)))).toMatchFileSnapshot('../../docs/rules/README.md');
});

test('there is no page without a rule', () => {
  const pages = readdirSync(new URL('../../docs/rules/', import.meta.url)).filter((name) => name !== 'README.md');
  expect(pages.sort()).toEqual(files.map((name) => `${name}.md`).sort());
});

/** What each page says, in this order. */
const SECTIONS = ['Why it matters', 'Reported', 'Fix', 'Not reported', 'When to ignore it', 'References', 'Related rules'];

test.each(files)('the page of %s has every section, an example for each verdict, and says how to mend it', (name) => {
  const text = readFileSync(new URL(`../../docs/rules/${name}.md`, import.meta.url), 'utf8');
  const sections = new Map(
    text.split(/^## /m).flatMap((part, i) => (i === 0 ? [] : [[part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n')).trim()]])),
  );
  expect([...sections.keys()]).toEqual(SECTIONS);
  expect([...sections].flatMap(([title, body]) => (body === '' ? [title] : []))).toEqual([]);
  const reported = sections.get('Reported') ?? '';
  const { bad, page: notes } = casesOf({ name });
  const shown = bad.filter(({ onPage, shown }, i) => (i === 0 || onPage === true) && shown === undefined);
  expect(reported.split('```yaml').length - 1).toBe(shown.length);
  expect(reported).toMatch(/^> [A-Z'].*\.$/m);
  expect((sections.get('Not reported') ?? '').split('```yaml').length - 1).toBe(1);
  expect(
    sections
      .get('References')
      ?.split('\n')
      .filter((line) => /^- \[.+\]\(https:\/\/.+\)$/.test(line)),
  ).toHaveLength(notes.references.length);
  expect(sections.get('When to ignore it')).toContain('(README.md#silence-a-finding)');
});

test('rule files have no examples', () => {
  const examples = ['manifest', 'workspace'].flatMap((scope) =>
    namesIn(scope).filter((name) =>
      /^\s*(?:apiVersion: |(?:bad|good|examples):)/m.test(
        readFileSync(new URL(`../../server/rules/${scope}/${name}.ts`, import.meta.url), 'utf8'),
      ),
    ),
  );
  expect(examples).toEqual([]);
});

/** The rules of a scope: the names of the files in its folder. */
function namesIn(scope: string): readonly string[] {
  return readdirSync(new URL(`../../server/rules/${scope}/`, import.meta.url))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.slice(0, -'.ts'.length))
    .sort();
}

function importOf(scope: string, name: string): string {
  return `import ${identifier(name)} from './${scope}/${name}.ts';`;
}

function listOf(names: readonly string[]): string {
  return names.length === 0 ? '[]' : `[\n${names.map((name) => `  ${identifier(name)},\n`).join('')}]`;
}

function identifier(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
