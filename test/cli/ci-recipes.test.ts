import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type * as Parser from '@actions/workflow-parser';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';

// What docs/ci.md tells people to write is taken from there and tried: the package as `npm pack` makes it, in a git repository of its own.
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PAGE = readFileSync(join(ROOT, 'docs/ci.md'), 'utf8');
const SLOW = 120_000;

const blocks = [...PAGE.matchAll(/^```(yaml|sh)\n(.*?)^```$/gms)].map(([, language, text = '']) => ({ language, text }));
const hooks = blocks.filter(({ text }) => text.startsWith('repos:'));
const workflows = blocks.filter(({ text }) => /^jobs:/m.test(text));
const script = blocks.find(({ text }) => text.startsWith('#!/bin/sh'));

const BAD = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: web, namespace: shop}\nspec:\n  podselector: {}\n';
const GOOD = BAD.replace('podselector', 'podSelector');

let scratch = '';
let tarball = '';
const repository = (): string => join(scratch, 'repository');

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'netpol-ci-'));
  call(ROOT, 'node', 'test/tools/build.mjs');
  const packed = call(ROOT, 'npm', 'pack', '--pack-destination', scratch).trim().split('\n').at(-1) ?? '';
  tarball = join(scratch, packed);
  mkdirSync(repository());
  put('.gitignore', 'node_modules/\nnetpol.sarif\n');
  call(repository(), 'git', 'init', '-q');
  call(repository(), 'npm', 'install', '--offline', '--save-dev', tarball);
  expect(commit({ 'package.json': readFileSync(join(repository(), 'package.json'), 'utf8') }).status).toBe(0);
}, SLOW);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** The environment without what a git hook or an npm script around the tests would put into it. */
function environment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(?:GIT_|npm_|NODE_OPTIONS|VITEST)/.test(name));
  const person = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@example.org', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@example.org' };
  const alone = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null', PRE_COMMIT_HOME: join(scratch, 'pre-commit') };
  return { ...Object.fromEntries(inherited), ...person, ...alone, npm_config_offline: 'true', npm_config_update_notifier: 'false' };
}

function call(folder: string, command: string, ...words: readonly string[]): string {
  return execFileSync(command, words, { cwd: folder, env: environment(), encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function tried(command: string, ...words: readonly string[]): { readonly status: number | null; readonly said: string } {
  const { status, stdout, stderr } = spawnSync(command, words, { cwd: repository(), env: environment(), encoding: 'utf8' });
  return { status, said: stdout + stderr };
}

function put(name: string, text: string): void {
  writeFileSync(join(repository(), name), text);
}

/** Writes files and commits them; the index is as before where the commit is refused. */
function commit(files: Readonly<Record<string, string>>): { readonly status: number | null; readonly said: string } {
  for (const [name, text] of Object.entries(files)) put(name, text);
  call(repository(), 'git', 'add', '-A');
  return tried('git', 'commit', '-q', '--allow-empty', '-m', 'a commit');
}

/** What every hook must do: stop a bad policy and say why, let a good one through. */
function blocksBadOnly(): void {
  const refused = commit({ 'web.yaml': BAD });
  expect(refused.said).toContain('[unknown-field]');
  expect(refused.status).toBe(1);
  const taken = commit({ 'web.yaml': GOOD });
  expect(taken).toMatchObject({ status: 0 });
  expect(tried('git', 'show', 'HEAD:web.yaml').said).toBe(GOOD);
}

const onPath = (command: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => spawnSync(join(folder, command), ['--version']).status === 0);

test('the package holds the command line, the server beside it, and the pages of the rules', () => {
  const files = call(scratch, 'tar', '-tzf', tarball).split('\n');
  for (const file of ['dist/cli.cjs', 'dist/server.cjs', 'docs/rules/unknown-field.md', 'LICENSE', 'package.json'])
    expect(files).toContain(`package/${file}`);
});

describe('hooks', () => {
  test(
    'a script of plain git',
    () => {
      const hook = join(repository(), '.git/hooks/pre-commit');
      mkdirSync(join(hook, '..'), { recursive: true });
      writeFileSync(hook, script?.text ?? '');
      chmodSync(hook, 0o755);
      blocksBadOnly();
      rmSync(hook);
    },
    SLOW,
  );

  describe.skipIf(!onPath('pre-commit'))('the pre-commit framework (skipped where there is no pre-commit)', () => {
    test.each(hooks)(
      'recipe %#',
      ({ text }) => {
        const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
        if (text.includes('netpol@')) expect(text).toContain(`[netpol@${version}]`);
        put('.pre-commit-config.yaml', text.replace(`netpol@${version}`, tarball));
        call(repository(), 'pre-commit', 'install');
        blocksBadOnly();
        call(repository(), 'pre-commit', 'uninstall');
      },
      SLOW,
    );

    test(
      'with --fix the commit stops, and the repair waits on disk',
      () => {
        put('.pre-commit-config.yaml', (hooks[0]?.text ?? '').replace('netpol check --max', 'netpol check --fix --max'));
        call(repository(), 'pre-commit', 'install');
        expect(commit({ 'web.yaml': BAD })).toMatchObject({ status: 1, said: expect.stringContaining('files were modified') });
        expect(readFileSync(join(repository(), 'web.yaml'), 'utf8')).toBe(GOOD);
        call(repository(), 'pre-commit', 'uninstall');
      },
      SLOW,
    );
  });
});

interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}

interface Step {
  readonly run?: string;
  readonly uses?: string;
  readonly if?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the `run:` steps as a Linux runner does: each by `bash -e`; behind a failed one only those that say so. */
function ran(text: string): { readonly failed: boolean; readonly said: string; readonly uploads: boolean } {
  const { jobs }: Workflow = parse(text);
  let failed = false;
  let uploads = false;
  const said: string[] = [];
  for (const step of Object.values(jobs).flatMap(({ steps }) => steps)) {
    if (failed && step.if === undefined) continue;
    if (step.uses?.includes('/upload-sarif@')) uploads = true;
    if (step.run === undefined) continue;
    put('step.sh', step.run);
    const { status, said: words } = tried('bash', '-e', 'step.sh');
    said.push(words);
    failed ||= status !== 0;
  }
  rmSync(join(repository(), 'step.sh'));
  return { failed, said: said.join(''), uploads };
}

/** The workflow that posts what a pull request changes, with a `gh` in the PATH that notes how it was called. */
function posted(base: string): string {
  const { jobs }: Workflow = parse(workflows.find(({ text }) => text.includes('gh pr comment'))?.text ?? '');
  const programs = join(scratch, 'programs');
  mkdirSync(programs, { recursive: true });
  writeFileSync(join(programs, 'gh'), '#!/bin/sh\nfor word; do echo "gh: $word"; done\ncat "$5"\n', { mode: 0o755 });
  const values: Readonly<Record<string, string>> = { BASE: base, NUMBER: '7', GH_TOKEN: 'none' };
  return Object.values(jobs)
    .flatMap(({ steps }) => steps)
    .map(({ run, env }) => {
      if (run === undefined) return '';
      const given = Object.fromEntries(Object.keys(env ?? {}).map((name) => [name, values[name] ?? '']));
      const PATH = `${programs}${delimiter}${process.env['PATH'] ?? ''}`;
      return execFileSync('bash', ['-e', '-c', run.replace('npm ci', 'true')], {
        cwd: repository(),
        env: { ...environment(), PATH, ...given },
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      });
    })
    .join('');
}

describe('GitHub workflows', () => {
  test(
    'what a pull request changes becomes one comment',
    () => {
      const pod = 'apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec: {containers: [{name: a, image: b}]}\n';
      commit({ 'pod.yaml': pod, 'web.yaml': GOOD });
      commit({ 'web.yaml': `${GOOD}  policyTypes: [Egress]\n` });
      const comment = posted('HEAD~1');
      expect(comment).toContain('gh: pr\ngh: comment\ngh: 7\ngh: --body-file\ngh: netpol-diff.md\ngh: --edit-last\ngh: --create-if-none\n');
      expect(comment).toContain('- **Allowed**: any address can now reach shop/web on all traffic.');
      expect(comment).toContain('- **Denied**: shop/web can no longer reach any address on all traffic.');
    },
    SLOW,
  );

  test("keep to the schema of GitHub's own parser", async () => {
    // The parser imports its JSON in a way that Node does not know, so it is bundled first.
    const outfile = join(scratch, 'parser.mjs');
    await build({
      stdin: { contents: "export * from '@actions/workflow-parser'", resolveDir: ROOT },
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile,
    });
    const { parseWorkflow, NoOperationTraceWriter }: typeof Parser = await import(outfile);
    expect(workflows).toHaveLength(3);
    const errorsIn = (content: string): readonly string[] =>
      parseWorkflow({ name: 'ci.yml', content }, new NoOperationTraceWriter())
        .context.errors.getErrors()
        .map(({ message }) => message);
    for (const { text } of workflows) {
      expect(errorsIn(text)).toEqual([]);
      expect(errorsIn(text.replace('runs-on', 'runs-upon'))).not.toEqual([]);
    }
  });

  test(
    'annotations, and a check that fails',
    () => {
      put('web.yaml', BAD);
      const bad = ran(workflows[0]?.text ?? '');
      expect(bad.said).toMatch(
        /^::error file=web\.yaml,line=5,endLine=5,col=3,endColumn=14,title=unknown-field::Unknown field 'podselector'/m,
      );
      expect(bad.failed).toBe(true);
      put('web.yaml', GOOD);
      expect(ran(workflows[0]?.text ?? '').failed).toBe(false);
    },
    SLOW,
  );

  test(
    'code scanning gets the report of a check that fails, and may write it',
    () => {
      const text = workflows[1]?.text ?? '';
      const { permissions }: Workflow = parse(text);
      expect(permissions).toMatchObject({ contents: 'read', 'security-events': 'write' });
      for (const [policy, results] of [
        [BAD, 1],
        [GOOD, 0],
      ] as const) {
        put('web.yaml', policy);
        expect(ran(text)).toMatchObject({ failed: results > 0, uploads: true });
        expect(JSON.parse(readFileSync(join(repository(), 'netpol.sarif'), 'utf8')).runs[0].results).toHaveLength(results);
      }
    },
    SLOW,
  );
});
