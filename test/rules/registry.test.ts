import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { manifestRules } from '../../server/rules/index.ts';
import { overview, page } from './pages.ts';

const folder = new URL('../../server/rules/manifest/', import.meta.url);
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.slice(0, -'.ts'.length))
  .sort();

test('the registry lists every rule', async () => {
  const imports = files.map((name) => `import ${identifier(name)} from './manifest/${name}.ts';`).join('\n');
  const list = files.map((name) => `  ${identifier(name)},`).join('\n');
  const text = `// Written by test/rules/registry.test.ts: run \`npm test -- -u\` after adding a rule.
${imports}
import type { ManifestRule } from './rule.ts';

/** Every rule that looks at one manifest, in the order of their names. */
export const manifestRules: readonly ManifestRule[] = [
${list}
];
`;
  await expect(text).toMatchFileSnapshot('../../server/rules/index.ts');
});

test('a rule has the name of its file', () => {
  expect(manifestRules.map((rule) => rule.name)).toEqual(files);
});

test('names are kebab-case and never used twice, not even as an alias', () => {
  const names = manifestRules.flatMap((rule) => [rule.name, ...(rule.aliases ?? [])]);
  expect(names.filter((name) => !/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name))).toEqual([]);
  expect(new Set(names).size).toBe(names.length);
});

test('only sure rules are errors', () => {
  expect(manifestRules.filter((rule) => rule.severity === 'error' && rule.confidence !== 'high')).toEqual([]);
});

test('every problem that the parser may report has a rule', () => {
  const syntax = new URL('../../server/syntax/', import.meta.url);
  const sources = readdirSync(syntax).map((name) => readFileSync(new URL(name, syntax), 'utf8'));
  const codes = new Set(sources.flatMap((text) => [...text.matchAll(/'((?:yaml|nested)-[a-z-]+)'/g)].map((found) => found[1] ?? '')));
  expect([...codes].filter((code) => !files.includes(code))).toEqual([]);
});

test.each(manifestRules.map((rule) => [rule.name, rule] as const))('the page of %s is up to date', async (name, rule) => {
  await expect(page(rule)).toMatchFileSnapshot(`../../docs/rules/${name}.md`);
});

test('the overview is up to date', async () => {
  await expect(overview(manifestRules)).toMatchFileSnapshot('../../docs/rules/README.md');
});

test('there is no page without a rule', () => {
  const pages = readdirSync(new URL('../../docs/rules/', import.meta.url)).filter((name) => name !== 'README.md');
  expect(pages.sort()).toEqual(files.map((name) => `${name}.md`));
});

function identifier(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
