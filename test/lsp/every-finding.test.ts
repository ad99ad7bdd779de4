import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { CodeAction, Diagnostic } from 'vscode-languageserver';
import { finished } from '../../server/base/work.ts';
import { diagnose } from '../../server/features/diagnose.ts';
import { diagnoseBuilt } from '../../server/features/diagnose-built.ts';
import { diagnoseWorkspace } from '../../server/features/diagnose-workspace.ts';
import { manifestRules, workspaceRules } from '../../server/rules/index.ts';
import { DEFAULTS } from '../../server/settings.ts';
import { sourceFile } from '../../server/syntax/source-file.ts';
import { emptySnapshot, fileAt, isPatch, withFiles, type Snapshot } from '../../server/workspace/snapshot.ts';
import { fixture } from '../fixture.ts';
import { casesOf } from '../rules/cases.ts';
import { connect } from './server.ts';

/*
 * The promise of the documentation, asked of a server: at every finding the editor offers the fix of the rule (where it has one), to
 * ignore the finding, and the page of the rule.
 */

type Files = ReadonlyMap<string, string>;

const root = fileURLToPath(new URL('../..', import.meta.url));
const settings = { ...DEFAULTS, profile: 'audit' as const };

const examples: readonly (readonly [string, Files])[] = [
  ...readdirSync(join(root, 'examples'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => [`examples/${name}`, filesBelow(join(root, 'examples', name))] as const),
  // The example of `too-many-findings` has a thousand findings of one kind.
  ...[...manifestRules, ...workspaceRules]
    .filter(({ name }) => name !== 'too-many-findings')
    .flatMap((rule) =>
      casesOf(rule).bad.map(
        ({ yaml }, i) => [`${rule.name} ${i}`, new Map(fixture(yaml).files.map((file) => [`file:///w/${file.name}`, file.text]))] as const,
      ),
    ),
];

test('there are findings of every kind to ask at', () => {
  const all = examples.flatMap(([, files]) => [...findingsIn(files).values()].flat());
  expect(new Set(all.map(({ code }) => code)).size).toBeGreaterThan(140);
  expect(all.length).toBeGreaterThan(800);
});

test.each(examples)('%s: fix, ignore and page at every finding', async (_name, files) => {
  const { rpc, open, until } = await connect({ files, settings: { profile: 'audit' } });
  const expected = findingsIn(files);
  for (const [uri, text] of files) open(uri, text);
  const missing: string[] = [];
  for (const uri of files.keys()) {
    const diagnostics = await until(uri, (all) => all.length === expected.get(uri)?.length);
    for (const diagnostic of diagnostics) missing.push(...(await missingAt(diagnostic, uri)));
  }
  expect(missing).toEqual([]);

  async function missingAt(diagnostic: Diagnostic, uri: string): Promise<readonly string[]> {
    const params = { textDocument: { uri }, range: diagnostic.range, context: { diagnostics: [diagnostic] } };
    const actions = await rpc.sendRequest<CodeAction[]>('textDocument/codeAction', params);
    const about = actions.filter(({ diagnostics }) => diagnostics?.some((one) => same(one, diagnostic)) === true);
    const where = `${diagnostic.code} at ${uri}:${diagnostic.range.start.line + 1}`;
    const page = diagnostic.codeDescription?.href.replace(/^.*\/docs\//, 'docs/') ?? '';
    const promised = (expected.get(uri) ?? []).some(
      (one) => one.code === diagnostic.code && one.message === diagnostic.message && one.hasFix,
    );
    return [
      ...(actions.some(({ title }) => title.startsWith(`Ignore ${diagnostic.code} `)) ? [] : [`${where}: ignore`]),
      ...(page !== '' && existsSync(join(root, page)) ? [] : [`${where}: page`]),
      ...(!promised || about.some(({ title }) => !title.startsWith('Ignore ')) ? [] : [`${where}: fix`]),
    ];
  }
});

function same(a: Diagnostic, b: Diagnostic): boolean {
  return a.code === b.code && a.message === b.message && JSON.stringify(a.range) === JSON.stringify(b.range);
}

interface Expected {
  readonly code: string;
  readonly message: string;
  readonly hasFix: boolean;
}

/** What the core finds in the same files, by file. */
function findingsIn(files: Files): ReadonlyMap<string, readonly Expected[]> {
  const snapshot: Snapshot = withFiles(
    emptySnapshot({ folders: ['file:///w'], clusters: {} }),
    [...files].map(([uri, text]) => ({ uri, file: sourceFile(text), keepTrees: true })),
  );
  return new Map(
    [...files].map(([uri, text]) => {
      const written = finished(diagnose(fileAt(snapshot, uri) ?? sourceFile(text), { uri, settings, partial: isPatch(snapshot, uri) }));
      const own = finished(diagnoseBuilt(snapshot, uri, settings, written));
      const all = [...own, ...finished(diagnoseWorkspace(snapshot, uri, settings))];
      return [uri, all.map(({ finding: { code, message, fixes } }) => ({ code, message, hasFix: fixes.length > 0 }))];
    }),
  );
}

function filesBelow(folder: string): Files {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(?:ya?ml|json)$/.test(name));
  return new Map(names.sort().map((name) => [`file:///w/${name}`, readFileSync(join(folder, name), 'utf8')]));
}
