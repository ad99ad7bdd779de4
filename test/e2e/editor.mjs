// A real VS Code from the npm registry alone: installed once into test/e2e/node_modules, started on a fresh profile.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const vsix = join(root, 'dist/netpol.vsix');
export const out = join(root, 'test/e2e/out');

const here = join(root, 'test/e2e');
const vscode = join(here, 'node_modules/code-server/lib/vscode');
const node = join(here, 'node_modules/.bin/node');
const codeServer = join(here, 'node_modules/code-server/out/node/entry.js');
const stamp = join(here, 'node_modules/.netpol-editor');

/** Settings that keep a fresh profile quiet: no welcome page, no restored text, no look-ups on the network. */
const profileSettings = {
  'workbench.startupEditor': 'none',
  'workbench.editorLargeFileConfirmation': 1024,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'security.workspace.trust.enabled': false,
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'chat.disableAIFeatures': true,
  'files.hotExit': 'off',
  'git.enabled': false,
  'telemetry.telemetryLevel': 'off',
};

/** Why this machine cannot run that VS Code, or undefined when it can. */
export function editorUnavailable() {
  if (process.platform === 'linux' && process.arch === 'x64') return undefined;
  return `the VS Code from npm runs on Linux x64 only, this is ${process.platform} ${process.arch}`;
}

/** The Chromium to drive, or undefined. `CHROMIUM` names one that is somewhere else. */
export function findChromium() {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
  const places = ['/usr/bin', ...(process.env.PATH ?? '').split(delimiter)];
  const candidates = [process.env.CHROMIUM, ...names.flatMap((name) => places.map((place) => join(place, name)))];
  return candidates.find((file) => file && isExecutable(file));
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Installs the editor unless this very version is there already. */
export async function ensureEditor(log = console.log) {
  const version = createHash('sha256')
    .update(readFileSync(join(here, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === version) return;
  log('Fetching VS Code for the browser (code-server), once: about 260 MB from the npm registry, 800 MB on disk, 20 s …');
  npm(['ci', '--ignore-scripts'], here);
  // Its own postinstall would do this too, but insists on another Node and on a compiler.
  npm(['install', '--omit=dev', '--ignore-scripts'], vscode);
  await copyFile(join(here, 'spdlog.cjs'), join(vscode, 'node_modules/@vscode/spdlog/index.js'));
  writeFileSync(stamp, version);
}

function npm(args, cwd) {
  const { status, stdout, stderr } = spawnSync('npm', [...args, '--no-audit', '--no-fund'], {
    cwd,
    encoding: 'utf8',
    env: cleanEnvironment(),
  });
  if (status !== 0) throw new Error(`npm ${args.join(' ')} failed in ${cwd}:\n${stdout}\n${stderr}`);
}

/** Builds and packs the extension unless dist/netpol.vsix is newer than everything it is made of. */
export function ensurePackage() {
  if (process.env.NETPOL_PACKAGED === '1') return; // whoever runs several lanes has packed once for all of them
  const sources = ['server', 'client', 'schemas', 'snippets', 'docs', 'test/tools', 'package.json', '.vscodeignore', 'README.md'];
  const present = sources.filter((source) => existsSync(join(root, source)));
  const newer = existsSync(vsix)
    ? spawnSync('find', [...present, '-newer', vsix, '-type', 'f', '-not', '-name', '*.generated.*'], { cwd: root, encoding: 'utf8' })
        .stdout
    : 'all';
  if (newer === '') return;
  const { status, stdout } = spawnSync('npm', ['run', 'package'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status === 0) return;
  console.error(stdout);
  process.exit(1);
}

/**
 * Starts the editor on a fresh profile with the given .vsix installed.
 * `driver` lets a page run tests inside the extension host. Call `stop` in a `finally`.
 */
export async function startEditor({ extension = vsix, driver = false, settings = {} } = {}) {
  const profile = await mkdtemp(join(tmpdir(), 'netpol-editor-'));
  const places = [
    '--config',
    join(profile, 'config.yaml'),
    '--user-data-dir',
    join(profile, 'data'),
    '--extensions-dir',
    join(profile, 'extensions'),
  ];
  await mkdir(join(profile, 'data/User'), { recursive: true });
  await writeFile(join(profile, 'config.yaml'), '');
  await writeFile(join(profile, 'data/User/settings.json'), JSON.stringify({ ...profileSettings, ...settings }, undefined, 2));

  const installed = spawnSync(node, [codeServer, ...places, '--install-extension', extension], {
    encoding: 'utf8',
    env: cleanEnvironment(),
  });
  if (installed.status !== 0) throw new Error(`installing ${extension} failed:\n${installed.stdout}\n${installed.stderr}`);

  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const quiet = [
    '--auth',
    'none',
    '--disable-telemetry',
    '--disable-update-check',
    '--disable-workspace-trust',
    '--disable-getting-started-override',
  ];
  const server = spawn(
    node,
    [codeServer, ...places, '--bind-addr', address, ...quiet, '-e', ...(driver ? ['--vscode-option', 'enable-smoke-test-driver'] : [])],
    // A process group of its own: Ctrl-C reaches only us, and we end the whole group.
    { env: cleanEnvironment(), stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
  let log = '';
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (chunk) => (log += chunk));
  const stop = () => stopEditor(server, profile);
  try {
    await ready(`http://${address}/healthz`, server, () => log);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    address,
    url: (query) => `http://${address}/?${query}`,
    profile,
    exited: new Promise((done) => server.once('exit', done)),
    log: () => log,
    stop,
  };
}

async function stopEditor(server, profile) {
  const gone = new Promise((done) => (server.exitCode === null && server.signalCode === null ? server.once('exit', done) : done()));
  signalGroup(server, 'SIGTERM');
  await within(5000, gone);
  signalGroup(server, 'SIGKILL');
  await gone;
  await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

function signalGroup(server, signal) {
  try {
    process.kill(-server.pid, signal);
  } catch {
    // The group is gone already, which is what we want.
  }
}

async function ready(health, server, log) {
  for (const end = Date.now() + 60_000; Date.now() < end; await pause(100)) {
    if (server.exitCode !== null) throw new Error(`the editor ended with status ${server.exitCode}:\n${log()}`);
    const answer = await fetch(health).catch(() => undefined);
    if (answer?.ok) return;
  }
  throw new Error(`the editor was not ready after 60 s:\n${log()}`);
}

/** The environment without what would steer npm, Node or code-server from outside. */
function cleanEnvironment() {
  const steering = /^(npm_|NODE_OPTIONS$|VSCODE_|CODE_SERVER_|PORT$|PASSWORD$|HASHED_PASSWORD$|INIT_CWD$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !steering.test(name)));
}

function freePort() {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

export function pause(milliseconds) {
  return new Promise((done) => setTimeout(done, milliseconds));
}

/** What the promise gives, or `late` when it takes longer. Leaves no timer behind that would keep the process alive. */
export async function within(milliseconds, promise, late) {
  let timer;
  const timeout = new Promise((done) => (timer = setTimeout(done, milliseconds, late)));
  return Promise.race([promise, timeout]).finally(() => clearTimeout(timer));
}
