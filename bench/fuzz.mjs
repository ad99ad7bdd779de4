// Random inputs for every part that reads what others wrote. A find is printed with the seed that makes it again; put it into test/ as a
// fixture when it is mended.
//   node bench/fuzz.mjs [--minutes 5] [--seed 1] [--only texts|edits|selectors|calico|builds|messages]
// Status 1 where there are finds.
//   texts      any text: nothing throws, no rule fails, every place lies in the text
//   edits      an edited file reads as a fresh one of the same text
//   selectors  what sets of labels say about a selector is what the selector says of each object
//   calico     a selector is read without a fault, its printed form and its normal form mean the same
//   builds     after changes of files, the builds and clusters are those of a fresh start
//   messages   the server answers every request, whatever it is, and does not end
import { readdirSync, readFileSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { build } from 'esbuild';
import { contentFor, SNIPPETS } from './soak/content.mjs';
import { Lsp, rng } from './soak/lsp.mjs';

const { values: args } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
  },
});
const root = fileURLToPath(new URL('..', import.meta.url));
const core = await coreOf([
  'base/work',
  'eval/label-space',
  'features/diagnose',
  'features/diagnose-workspace',
  'model/calico/selector/expression',
  'model/calico/selector/meaning',
  'model/calico/selector/normal-form',
  'model/calico/selector/parse',
  'model/selector',
  'settings',
  'syntax/source-file',
  'workspace/snapshot',
]);
const CORPUS = [...filesBelow(`${root}examples`), ...filesBelow(`${root}test/rules/cases`)].map((path) => readFileSync(path, 'utf8'));
const URI = 'file:///w/a.yaml';

async function faultOf(work) {
  try {
    return await work();
  } catch (fault) {
    return fault instanceof Error ? String(fault.stack) : String(fault);
  }
}

function texts(r) {
  const text = randomText(r);
  const file = core.sourceFile(text);
  const faults = [];
  const settings = { ...core.DEFAULTS, profile: 'audit' };
  const options = { uri: URI, settings, partial: r.chance(0.1), onFault: (rule, fault) => faults.push(`${rule}: ${fault?.stack}`) };
  const own = core.finished(core.diagnose(file, options));
  const snapshot = core.withFiles(core.emptySnapshot({ folders: ['file:///w'], clusters: {} }), [{ uri: URI, file, keepTrees: true }]);
  const wide = core.finished(core.diagnoseWorkspace(snapshot, URI, settings, options.onFault));
  if (faults.length > 0) return `a rule fails: ${faults[0]}\n${JSON.stringify(text)}`;
  for (const { place, finding } of [...own, ...wide]) {
    const [start, end] = [place.start + finding.span.start, place.start + finding.span.end];
    if (!(start >= 0 && start <= end && end <= text.length))
      return `${finding.code} lies outside of the text: ${start} to ${end}\n${JSON.stringify(text)}`;
  }
  return undefined;
}

function edits(r) {
  let text = randomText(r);
  let file = core.sourceFile(text);
  for (let i = 0; i < 6; i++) {
    const start = r.int(text.length + 1);
    const end = Math.min(text.length, start + r.pick([0, 0, 1, 2, r.int(60)]));
    const put = r.pick(SNIPPETS);
    core.manifestsOf(file);
    file = core.edit(file, { start, end, text: put });
    text = text.slice(0, start) + put + text.slice(end);
  }
  const show = (one) =>
    core.manifestsOf(one).map(({ manifest, ...place }) => ({ ...place, root: manifest.root, problems: manifest.problems }));
  const [edited, fresh] = [show(file), show(core.sourceFile(text))];
  return core.textOf(file) === text && isDeepStrictEqual(edited, fresh) ? undefined : `edited and fresh differ\n${JSON.stringify(text)}`;
}

const KEYS = ['a', 'b', 'c'];
const VALUES = ['', 'x', 'y', 'z'];

function randomSelector(r) {
  const requirements = Array.from({ length: r.int(4) }, () => {
    const operator = r.pick(['In', 'NotIn', 'Exists', 'DoesNotExist']);
    const values = operator.endsWith('In') ? VALUES.filter(() => r.chance(0.5)) : [];
    return { key: r.pick(KEYS), operator, values, path: [] };
  });
  return { requirements, path: [] };
}

/** Every object with some of three keys and one of four values each. */
const OBJECTS = KEYS.reduce((all, key) => all.flatMap((one) => [one, ...VALUES.map((value) => ({ ...one, [key]: value }))]), [{}]);

function selectors(r) {
  const [one, other] = [randomSelector(r), randomSelector(r)];
  const [box, otherBox] = [core.boxOf(one), core.boxOf(other)];
  const of = (selector) => OBJECTS.filter((labels) => core.selects(selector, labels));
  const [mine, theirs] = [of(one), of(other)];
  const says = (what, is) => (is ? undefined : `${what}: ${JSON.stringify([one.requirements, other.requirements])}`);
  return (
    // Values that are not among ours may be what makes a set larger, so what holds for all objects holds for these, and not the other way round.
    says('empty', !core.isEmptyBox(box) || mine.length === 0) ??
    says('example', core.isEmptyBox(box) || core.selects(one, core.exampleOf(box))) ??
    says('meet', core.boxesMeet(box, otherBox) || !mine.some((labels) => theirs.includes(labels))) ??
    says('within', !core.isBoxWithin(box, otherBox) || mine.every((labels) => theirs.includes(labels))) ??
    says('met example', !core.boxesMeet(box, otherBox) || isOfBoth(core.exampleOf(core.meetBoxes(box, otherBox)), one, other))
  );
}

function isOfBoth(labels, one, other) {
  return core.selects(one, labels) && core.selects(other, labels);
}

const CALICO = ['a', 'b', "'x'", '"y"', '==', '!=', 'in', 'not', 'not in', 'has(a)', 'all()', 'global()', '!', '&&', '||', '(', ')', '{'];
const CALICO_MORE = [
  '}',
  ',',
  'contains',
  'starts with',
  'ends with',
  "{'x', 'y'}",
  "a == 'x'",
  "b in {'z'}",
  '!has(c)',
  '=',
  '&',
  '"',
  '`',
  '😀',
];

function calico(r) {
  const text = r.chance(0.5)
    ? randomExpression(r, 0)
    : Array.from({ length: 1 + r.int(9) }, () => r.pick([...CALICO, ...CALICO_MORE])).join(r.pick([' ', '']));
  const { expression, problems } = core.parseSelector(text);
  const outside = problems.find(({ span }) => !(span.start >= 0 && span.start <= span.end && span.end <= text.length));
  if (outside) return `a problem outside of ${JSON.stringify(text)}: ${JSON.stringify(outside)}`;
  if (!expression) return problems.length > 0 ? undefined : `neither a selector nor a problem: ${JSON.stringify(text)}`;
  const printed = core.canonical(expression);
  const again = core.parseSelector(printed);
  if (!again.expression) return `${JSON.stringify(text)} is printed as ${printed}, which is no selector`;
  const form = core.normalForm(expression);
  for (const labels of OBJECTS) {
    const meant = core.matchesExpression(expression, { labels });
    if (meant !== core.matchesExpression(again.expression, { labels }))
      return `${text} and ${printed} differ for ${JSON.stringify(labels)}`;
    if (!/global/.test(text) && (meant === 'yes') !== holdsIn(form, labels))
      return `${text} and its normal form differ for ${JSON.stringify(labels)}`;
  }
  return undefined;
}

function randomExpression(r, depth) {
  const some = () => randomExpression(r, depth + 1);
  const value = () => JSON.stringify(r.pick(VALUES));
  const simple = [
    () => `${r.pick(KEYS)} ${r.pick(['==', '!=', 'contains', 'starts with', 'ends with'])} ${value()}`,
    () => `${r.pick(KEYS)} ${r.pick(['in', 'not in'])} {${value()}, ${value()}}`,
    () => `${r.pick(['', '!'])}has(${r.pick(KEYS)})`,
    () => 'all()',
  ];
  const nested = [() => `${some()} && ${some()}`, () => `${some()} || ${some()}`, () => `(${some()})`, () => `!(${some()})`];
  return r.pick(depth > 3 ? simple : [...simple, ...nested])();
}

function holdsIn(form, labels) {
  if (form.kind === 'everything' || form.kind === 'nothing') return form.kind === 'everything';
  if (form.kind === 'and') return form.of.every((one) => holdsIn(one, labels));
  if (form.kind === 'or') return form.of.some((one) => holdsIn(one, labels));
  const { key, test, values, negated } = form.condition;
  const value = labels[key];
  const fits = {
    present: () => true,
    equals: (one) => value === one,
    contains: (one) => value.includes(one),
    'starts with': (one) => value.startsWith(one),
    'ends with': (one) => value.endsWith(one),
  }[test];
  return negated !== (value !== undefined && (test === 'present' || values.some(fits)));
}

const FILES = [
  'a.yaml',
  'b.yml',
  'kustomization.yaml',
  'base/kustomization.yaml',
  'base/d.yaml',
  'sub/c.yaml',
  'overlay/kustomization.yaml',
  'overlay/c.yaml',
];

function builds(r) {
  const scope = { folders: ['file:///w'], clusters: r.pick([{}, {}, { all: ['**'] }]) };
  let snapshot = core.emptySnapshot(scope);
  const files = new Map();
  const put = (name, text) => {
    const uri = `file:///w/${name}`;
    if (text === undefined) files.delete(uri);
    else files.set(uri, text);
    snapshot = core.withFiles(snapshot, [{ uri, file: text === undefined ? undefined : core.sourceFile(text), keepTrees: true }]);
  };
  for (const name of FILES.filter(() => r.chance(0.7))) put(name, contentFor(name, r));
  for (let i = 0; i < 5; i++) {
    if (r.chance(0.6)) core.finished(core.clusterWork(snapshot));
    const name = r.pick(FILES);
    put(name, r.chance(0.2) ? undefined : contentFor(name, r));
  }
  const changes = [...files].map(([uri, text]) => ({ uri, file: core.sourceFile(text), keepTrees: true }));
  const [edited, fresh] = [stateOf(snapshot), stateOf(core.withFiles(core.emptySnapshot(scope), changes))];
  return isDeepStrictEqual(edited, fresh)
    ? undefined
    : `after changes the clusters differ from those of a fresh start\n${JSON.stringify([...files])}`;
}

/** What builds and clusters say, without the objects that only serve to find it. */
function stateOf(snapshot) {
  const plain = (value) => JSON.stringify(value, (_, one) => (one instanceof Map || one instanceof Set ? [...one] : one));
  return core
    .allUniverses(snapshot)
    .map((id) => ({ id, cluster: plain(core.cluster(snapshot, id)), unknown: plain(core.unknownParts(snapshot, id)) }));
}

const METHODS = [
  'hover',
  'completion',
  'definition',
  'references',
  'rename',
  'codeAction',
  'codeLens',
  'documentSymbol',
  'inlayHint',
  'formatting',
];
const NOTES = [
  'textDocument/didOpen',
  'textDocument/didChange',
  'textDocument/didClose',
  'workspace/didChangeWatchedFiles',
  '$/cancelRequest',
  '$/nonsense',
];
let server;

async function messages(r) {
  if (!server || server.dead) {
    server = new Lsp([process.execPath, `${root}dist/server.cjs`, '--stdio']);
    await server.start({ folders: [] });
  }
  const requests = Array.from({ length: 8 }, () => {
    if (r.chance(0.5)) server.notify(r.pick(NOTES), randomParams(r, 0));
    const method = r.pick([
      `textDocument/${r.pick(METHODS)}`,
      'codeLens/resolve',
      'workspace/symbol',
      'netpol/report',
      'netpol/ends',
      'x/y',
    ]);
    return server.ask(method, randomParams(r, 0), 20_000).then(({ error }) => [method, error]);
  });
  for (const [method, error] of await Promise.all(requests)) {
    if (error?.code === 'TIMEOUT' || error?.code === 'DEAD') return `${method}: ${error.message} ${server.stderr.slice(-500)}`;
    // InternalError: the server has failed.
    if (error?.code === -32603) return `${method} fails: ${error.message}`;
  }
  const logged = server.logs.splice(0).find(({ type }) => type === 1);
  return logged && `logged: ${logged.message}`;
}

function randomParams(r, depth) {
  const leaf = () => r.pick([null, true, 0, -1, 1e99, '', 'x', URI, 'file:///%', 'untitled:1', [], {}, randomText(r).slice(0, 400)]);
  if (depth > 3 || r.chance(0.2)) return leaf();
  const names = [
    'textDocument',
    'position',
    'range',
    'start',
    'end',
    'uri',
    'line',
    'character',
    'text',
    'version',
    'context',
    'query',
    'what',
    'kind',
    'changes',
    'contentChanges',
    'languageId',
    'newName',
    'data',
  ];
  const good = {
    textDocument: { uri: URI, version: 1, languageId: 'yaml', text: randomText(r) },
    position: { line: r.int(20), character: r.int(20) },
  };
  const random = Object.fromEntries(names.filter(() => r.chance(0.3)).map((name) => [name, randomParams(r, depth + 1)]));
  return r.chance(0.5) ? { ...good, ...random } : random;
}

/** A text of ours that is broken somewhere, or several of them. */
function randomText(r) {
  const base = () =>
    r.chance(0.6) ? r.pick(CORPUS).replace(/^#=.*$/gm, '---') : contentFor(r.pick(['a.yaml', 'kustomization.yaml', 'a.json']), r);
  let text = r.chance(0.2) ? `${base()}\n---\n${base()}` : base();
  for (let n = r.int(4); n > 0; n--) {
    const at = r.int(text.length + 1);
    const length = r.pick([0, 1, 2, r.int(40)]);
    text =
      text.slice(0, at) +
      r.pick([...SNIPPETS, '', '\t', '&a ', '*a', '<<: ', '{{ x }}', '!!str ', '\r', '"', '[', '}', '\0', '999999999999']) +
      text.slice(at + length);
  }
  return r.chance(0.1) ? text.slice(0, r.int(text.length + 1)) : text;
}

async function coreOf(modules) {
  const folder = mkdtempSync(join(tmpdir(), 'netpol-fuzz-'));
  const outfile = join(folder, 'core.cjs');
  const contents = modules.map((name) => `export * from '${root}server/${name}.ts';`).join('\n');
  await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    outfile,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    logLevel: 'error',
    mainFields: ['module', 'main'],
  });
  const loaded = createRequire(import.meta.url)(outfile);
  rmSync(folder, { recursive: true });
  return loaded;
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:ya?ml|json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

const PARTS = { texts, edits, selectors, calico, builds, messages };
const asked = Object.entries(PARTS).filter(([name]) => args.only === '' || args.only.split(',').includes(name));
let finds = 0;
for (const [name, one] of asked) {
  const until = Date.now() + (Number(args.minutes) * 60_000) / asked.length;
  let count = 0;
  const found = new Set();
  for (let seed = Number(args.seed); Date.now() < until; seed++, count++) {
    const problem = await faultOf(() => one(rng(seed * 7919 + name.length)));
    if (problem === undefined) continue;
    finds++;
    const kind = problem.slice(0, 60);
    if (!found.has(kind)) console.log(`${name}, seed ${seed}: ${problem.slice(0, 1500)}`);
    found.add(kind);
  }
  console.log(`${name}: ${count} inputs, ${found.size} kinds of finds`);
}
await server?.stop();
process.exit(finds > 0 ? 1 : 0);
