// Runs the command line in this process, from sources that are bundled once: product(checkout) -> run(words) -> {status, out, err}.
import { createRequire } from 'node:module';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What the oracle asks of the product beside its command line, by module. */
const ASKED = {
  'cli/run': ['run'],
  'cli/cluster': ['loadCluster'],
  'eval/remediations': ['remediations'],
  'features/refactor/remediation-edits': ['remediationEdits'],
  'eval/names': ['workloadsByName'],
  'base/ip': ['parseIp'],
  'syntax/edit': ['applyEdits'],
  settings: ['DEFAULTS'],
  'features/diagnose': ['diagnose'],
  'features/diagnose-workspace': ['diagnoseWorkspace'],
  'base/work': ['finished'],
  'syntax/source-file': ['sourceFile'],
  'workspace/snapshot': ['emptySnapshot', 'withFiles'],
  'features/refactor': ['refactorings'],
};

/** `checkout`: a checkout of the product with node_modules, built once so that the generated modules are there. Nothing is written there. */
export async function product(checkout) {
  const module = await bundled(resolve(checkout));
  const run = (words) => captured(() => module.run(words, { startServer: () => Promise.reject(new Error('no server here')) }));

  /** The ways that explain offers to turn an answer round: what each says, and the file after it. */
  run.remediations = async (file, text, from, to, protocol, port) => {
    const loaded = await module.loadCluster({ paths: [file], values: {} }, module.DEFAULTS);
    const endpoint = (name) => {
      const ip = module.parseIp(name);
      return ip.ok ? { kind: 'address', ip } : { kind: 'workload', workload: module.workloadsByName(loaded.cluster).get(name)[0] };
    };
    const uri = pathToFileURL(file).href;
    return module.remediations(loaded.cluster, { from: endpoint(from), to: endpoint(to), protocol, port }).map((remediation) => {
      const files = module.remediationEdits(loaded.snapshot, remediation, uri);
      return {
        title: remediation.title,
        text:
          files &&
          module.applyEdits(
            text,
            files.flatMap(({ edits }) => edits),
          ),
      };
    });
  };

  const contextOf = (file, text) => {
    const uri = pathToFileURL(file).href;
    const source = module.sourceFile(text);
    const scope = { folders: [uri], clusters: {}, together: true };
    const snapshot = module.withFiles(module.emptySnapshot(scope), [{ uri, file: source, keepTrees: true }]);
    return { uri, file: source, snapshot, settings: { ...module.DEFAULTS, profile: 'audit' }, snippets: false };
  };

  /** Every finding with every repair that is offered for it, and the file after that repair alone. */
  run.fixes = (file, text) => {
    const { uri, file: source, snapshot, settings } = contextOf(file, text);
    const found = [
      ...module.finished(module.diagnose(source, { uri, settings, partial: false })),
      ...module.finished(module.diagnoseWorkspace(snapshot, uri, settings)),
    ];
    return found.flatMap(({ place, finding: { code, message, fixes } }) =>
      fixes.map(({ title, safe, edits }) => {
        const placed = edits.map((edit) => ({ ...edit, start: place.start + edit.start, end: place.start + edit.end }));
        return { code, message, title, safe, text: module.applyEdits(text, placed) };
      }),
    );
  };

  /** Every refactoring that is offered anywhere in the file, and the file after it. */
  run.refactorings = (file, text) =>
    module
      .finished(module.refactorings(contextOf(file, text), { start: 0, end: text.length }))
      .map(({ title, edits }) => ({ title, text: module.applyEdits(text, edits) }));

  return run;
}

async function bundled(checkout) {
  const { build } = createRequire(join(checkout, 'package.json'))('esbuild');
  const folder = join(tmpdir(), 'netpol-oracle');
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, `product-${process.pid}.cjs`);
  const contents = Object.entries(ASKED).map(([name, names]) => `export { ${names.join(', ')} } from './server/${name}.ts';`);
  await build({
    stdin: { contents: contents.join('\n'), resolveDir: checkout, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile,
    logLevel: 'error',
    define: { __VERSION__: '"0"' },
  });
  return createRequire(import.meta.url)(outfile);
}

/** What a command writes and its exit status. */
async function captured(command) {
  const streams = { out: process.stdout, err: process.stderr };
  const texts = { out: '', err: '' };
  const writes = Object.entries(streams).map(([name, stream]) => {
    const { write } = stream;
    stream.write = (text) => {
      texts[name] += text;
      return true;
    };
    return () => void (stream.write = write);
  });
  try {
    return { status: await command(), ...texts };
  } finally {
    for (const restore of writes) restore();
  }
}
