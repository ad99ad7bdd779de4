// Compiles schemas/*.json ahead of time: ajv's standalone code, bundled into server/rules/validators.generated.js.
// The file is not in the repository; the build and the tests make it. It is written only when it changed, and in one step.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ajvModule from 'ajv';
import { packagesOf } from './notices.mjs';
import standaloneModule from 'ajv/dist/standalone/index.js';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
const target = `${root}server/rules/validators.generated.js`;
const Ajv = ajvModule.default ?? ajvModule;
const standalone = standaloneModule.default ?? standaloneModule;

/** What ajv looks at; words for people and our own keywords stay out of the validators. */
const CHECKED = new Set([
  '$id',
  '$ref',
  'type',
  'enum',
  'required',
  'additionalProperties',
  'properties',
  'items',
  'definitions',
  'minimum',
  'maximum',
  'minItems',
  'maxItems',
  'minLength',
  'maxLength',
]);

/** Makes the validators, unless those that are there came from the same schemas. */
async function generate() {
  const schemas = readdirSync(`${root}schemas`, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(readFileSync(`${root}schemas/${name}`, 'utf8')));
  const stamp = `// ${createHash('sha256')
    .update(readFileSync(fileURLToPath(import.meta.url)))
    .update(JSON.stringify(schemas))
    .digest('hex')}`;
  if (existsSync(target) && readFileSync(target, 'utf8').startsWith(stamp)) return;
  const ajv = new Ajv({
    allErrors: true,
    strict: false,
    logger: false,
    messages: false,
    inlineRefs: false,
    code: { source: true, esm: true, optimize: 2 },
  });
  for (const schema of schemas) ajv.addSchema(checkedPart(schema));
  const kinds = schemas.filter((schema) => schema['x-kind']);
  const names = Object.fromEntries(kinds.map((schema, i) => [`kind${i}`, schema.$id]));
  const code = withoutCopying(standalone(ajv, names));
  const table = kinds.map((schema, i) => `${JSON.stringify(keyOf(schema['x-kind']))}: kind${i}`).join(', ');
  const result = await build({
    stdin: {
      contents: `import { ${Object.keys(names).join(', ')} } from 'validators'; export const validators = { ${table} };`,
      resolveDir: root,
    },
    absWorkingDir: root,
    plugins: [{ name: 'validators', setup: (bundler) => provide(bundler, code) }],
    bundle: true,
    minify: true,
    format: 'esm',
    legalComments: 'none',
    write: false,
    metafile: true,
    logLevel: 'warning',
  });
  const fresh = `${target}.${process.pid}`;
  // What of ajv the code brings along, for the notices of the package.
  const from = packagesOf(Object.keys(result.metafile.inputs)).join(' ');
  writeFileSync(fresh, `${stamp}\n// from: ${from}\n${result.outputFiles[0].text}`);
  renameSync(fresh, target);
}

/** ajv copies all errors so far for each part of a value that has one; of many errors that takes as many steps as they are, squared. */
function withoutCopying(code) {
  const call = /vErrors\.concat\(([\w.]+)\)/g;
  if (!call.test(code)) throw new Error('ajv writes other code than it did: look how it gathers errors now.');
  return `function append(list, more) { for (const one of more) list.push(one); return list; }\n${code.replace(call, 'append(vErrors, $1)')}`;
}

function keyOf({ group, version, kind }) {
  return `${group}/${version} ${kind}`;
}

function checkedPart(schema) {
  if (typeof schema !== 'object' || schema === null) return schema;
  const kept = Object.entries(schema).filter(([name]) => CHECKED.has(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, partOf(name, value)]));
}

function partOf(name, value) {
  if (name === 'properties' || name === 'definitions')
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, checkedPart(part)]));
  return name === 'items' || name === 'additionalProperties' ? checkedPart(value) : value;
}

function provide(bundler, contents) {
  bundler.onResolve({ filter: /^validators$/ }, () => ({ path: 'validators', namespace: 'generated' }));
  bundler.onLoad({ filter: /.*/, namespace: 'generated' }, () => ({ contents, resolveDir: root }));
}

/** Vitest calls this before the first test. */
export default generate;

if (process.argv[1] === fileURLToPath(import.meta.url)) await generate();
