// A minimal LSP client over stdio: no dependencies, timestamps taken as bytes arrive.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

export const now = () => performance.now();
export const toUri = (p) => pathToFileURL(resolve(p)).href;

// 'a "b c" d' -> ['a', 'b c', 'd']
const splitCommand = (s) => [...s.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map((m) => m[1] ?? m[2] ?? m[3]);

// Settings file (JSON). Every field is optional; "${dir}" in strings is the folder of the settings file.
//   settings              answered to workspace/configuration by section, sent by didChangeConfiguration
//   initializationOptions passed in initialize
//   notify                [[method, params], ...] sent after `initialized`
//   content               { url: path } answers of the request named by contentMethod
//   contentMethod         default "vscode/content"
//   pull                  true: ask with textDocument/diagnostic instead of waiting for publishDiagnostics
export function loadSettings(path) {
  if (!path) return {};
  const dir = dirname(resolve(path));
  return JSON.parse(readFileSync(path, 'utf8').replaceAll('${dir}', dir));
}

const section = (obj, name) => (name ? name.split('.').reduce((o, k) => (o == null ? undefined : o[k]), obj) : obj);

export class Client {
  constructor(command, config = {}, { cwd, env } = {}) {
    this.config = config;
    this.nextId = 1;
    this.pending = new Map();
    this.waiters = new Set();
    this.docs = new Map(); // uri -> { lines, version }
    this.published = new Map(); // uri -> last publish { t, version, diagnostics, signature, count }
    this.stderr = '';
    this.notes = [];
    this.spawnedAt = now();
    const [cmd, ...args] = splitCommand(command);
    this.child = spawn(cmd, args, { cwd, env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
    this.pid = this.child.pid;
    this.exited = new Promise((r) =>
      this.child.once('exit', (code, sig) => {
        this.dead = `exit ${code ?? sig}`;
        this.#failAll();
        r(this.dead);
      }),
    );
    this.child.once('error', (e) => {
      this.dead = String(e);
      this.#failAll();
    });
    this.child.stdin.on('error', () => {});
    this.child.stderr.on('data', (d) => {
      if (this.stderr.length < 20000) this.stderr += d;
    });
    this.buf = [];
    this.have = 0;
    this.need = -1;
    this.child.stdout.on('data', (d) => this.#data(d));
  }

  #failAll() {
    const e = new Error(`server ended (${this.dead}) ${this.stderr.slice(-500)}`);
    for (const p of this.pending.values()) p.reject(e);
    for (const w of this.waiters) w.reject(e);
    this.pending.clear();
    this.waiters.clear();
  }

  #data(d) {
    const t = now();
    this.buf.push(d);
    this.have += d.length;
    for (;;) {
      if (this.need < 0) {
        const all = this.buf.length === 1 ? this.buf[0] : Buffer.concat(this.buf);
        this.buf = [all];
        const i = all.indexOf('\r\n\r\n');
        if (i < 0) return;
        this.need = Number(/content-length: *(\d+)/i.exec(all.toString('latin1', 0, i))[1]);
        this.buf = [all.subarray(i + 4)];
        this.have = all.length - i - 4;
      }
      if (this.have < this.need) return;
      const all = this.buf.length === 1 ? this.buf[0] : Buffer.concat(this.buf);
      const body = all.toString('utf8', 0, this.need);
      this.buf = [all.subarray(this.need)];
      this.have = all.length - this.need;
      this.need = -1;
      this.#message(JSON.parse(body), t, body.length);
    }
  }

  #send(msg) {
    const body = JSON.stringify({ jsonrpc: '2.0', ...msg });
    this.child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  notify(method, params) {
    this.#send({ method, params });
  }

  // Resolves to { result, ms }.
  request(method, params) {
    if (this.dead) return Promise.reject(new Error(this.dead));
    const id = this.nextId++,
      t0 = now();
    return new Promise((resolve, reject) => {
      this.pending.set(id, { reject, resolve: (result, t) => resolve({ result, ms: t - t0, at: t }) });
      this.#send({ id, method, params });
    });
  }

  #message(m, t, bytes) {
    if (m.method && m.id !== undefined) return this.#serverRequest(m);
    if (m.method) {
      if (m.method === 'textDocument/publishDiagnostics') this.#publish(m.params, t, bytes);
      else if (m.method === 'window/logMessage' || m.method === 'window/showMessage') {
        if (this.notes.length < 50) this.notes.push(m.params.message);
      }
      return;
    }
    const p = this.pending.get(m.id);
    this.pending.delete(m.id);
    if (m.error) p?.reject(new Error(m.error.message));
    else p?.resolve(m.result, t);
  }

  #serverRequest(m) {
    const c = this.config;
    let result = null;
    if (m.method === 'workspace/configuration') result = m.params.items.map((i) => section(c.settings ?? {}, i.section) ?? null);
    else if (m.method === (c.contentMethod ?? 'vscode/content')) {
      const url = Array.isArray(m.params) ? m.params[0] : m.params;
      const path = c.content?.[url] ?? c.content?.[url.split('#')[0]];
      if (!path) return this.#send({ id: m.id, error: { code: -32603, message: `no content for ${url}` } });
      result = readFileSync(path, 'utf8');
    } else if (m.method === 'workspace/workspaceFolders') result = this.folders ?? [];
    this.#send({ id: m.id, result });
  }

  #publish(p, t, bytes) {
    const signature = JSON.stringify(p.diagnostics.map((d) => [d.range, d.message]));
    const rec = { t, bytes, version: p.version, diagnostics: p.diagnostics, signature, count: p.diagnostics.length };
    this.published.set(p.uri, rec);
    for (const w of this.waiters)
      if (w.uri === p.uri && w.test(rec)) {
        this.waiters.delete(w);
        w.resolve(rec);
      }
  }

  waitPublish(uri, test, limitMs) {
    return new Promise((resolve, reject) => {
      if (this.dead) return reject(new Error(this.dead));
      const w = {
        uri,
        test,
        resolve: (r) => {
          clearTimeout(timer);
          resolve(r);
        },
        reject,
      };
      const timer = setTimeout(() => {
        this.waiters.delete(w);
        reject(new Error(`no diagnostics within ${limitMs} ms`));
      }, limitMs);
      this.waiters.add(w);
    });
  }

  async initialize(root) {
    const folders = root ? [{ uri: toUri(root), name: 'bench' }] : null;
    this.folders = folders;
    const diag = this.config.pull ? { diagnostic: { dynamicRegistration: false } } : {};
    const r = await this.request('initialize', {
      processId: process.pid,
      clientInfo: { name: 'lspbench' },
      locale: 'en',
      rootUri: root ? toUri(root) : null,
      workspaceFolders: folders,
      initializationOptions: this.config.initializationOptions ?? {},
      capabilities: {
        general: { positionEncodings: ['utf-16'] },
        workspace: {
          configuration: true,
          workspaceFolders: true,
          didChangeConfiguration: { dynamicRegistration: true },
          didChangeWatchedFiles: { dynamicRegistration: true },
        },
        textDocument: {
          synchronization: { didSave: true },
          publishDiagnostics: { versionSupport: true, relatedInformation: true },
          hover: { contentFormat: ['markdown', 'plaintext'] },
          completion: { completionItem: { snippetSupport: true, documentationFormat: ['markdown', 'plaintext'] } },
          documentSymbol: { hierarchicalDocumentSymbolSupport: true },
          ...diag,
        },
        window: { workDoneProgress: true },
      },
    });
    this.info = r.result;
    this.notify('initialized', {});
    for (const [method, params] of this.config.notify ?? []) this.notify(method, params ?? {});
    if (this.config.settings) this.notify('workspace/didChangeConfiguration', { settings: this.config.settings });
    return r;
  }

  open(uri, text, languageId = 'yaml') {
    this.docs.set(uri, { lines: text.split('\n'), version: 1 });
    this.notify('textDocument/didOpen', { textDocument: { uri, languageId, version: 1, text } });
  }

  // Opens and resolves with the first diagnostics published for it (or pulled).
  async openAndWait(uri, text, limitMs = 300000) {
    const t0 = now();
    if (this.config.pull) {
      this.open(uri, text);
      const rec = await this.#pull(uri);
      return { ms: rec.t - t0, rec };
    }
    const p = this.waitPublish(uri, () => true, limitMs);
    this.open(uri, text);
    const rec = await p;
    return { ms: rec.t - t0, rec };
  }

  async #pull(uri) {
    const r = await this.request('textDocument/diagnostic', { textDocument: { uri } });
    const diagnostics = r.result.items ?? [];
    const rec = {
      t: r.at,
      diagnostics,
      signature: JSON.stringify(diagnostics.map((d) => [d.range, d.message])),
      count: diagnostics.length,
    };
    this.published.set(uri, rec);
    return rec;
  }

  // Replaces [ch, ch + del) on one line by `text` (no newline), mirrors it and notifies the server.
  edit(uri, line, ch, del, text) {
    const d = this.docs.get(uri);
    const l = d.lines[line];
    d.lines[line] = l.slice(0, ch) + text + l.slice(ch + del);
    d.version++;
    this.notify('textDocument/didChange', {
      textDocument: { uri, version: d.version },
      contentChanges: [{ range: { start: { line, character: ch }, end: { line, character: ch + del } }, text }],
    });
    return d.version;
  }

  // One edit, resolved by the diagnostics that reflect it: by version if the server sends it,
  // else by the first publish whose diagnostics differ from those before the edit.
  async editAndWait(uri, line, ch, del, text, limitMs = 120000) {
    const before = this.published.get(uri)?.signature;
    const want = this.docs.get(uri).version + 1;
    const p = this.config.pull
      ? null
      : this.waitPublish(uri, (r) => (r.version !== undefined && r.version !== null ? r.version >= want : r.signature !== before), limitMs);
    const t0 = now();
    this.edit(uri, line, ch, del, text);
    const rec = p ? await p : await this.#pull(uri);
    return { ms: rec.t - t0, rec, changed: rec.signature !== before };
  }

  close(uri) {
    this.docs.delete(uri);
    this.notify('textDocument/didClose', { textDocument: { uri } });
  }

  async stop() {
    if (this.dead) return;
    const t = setTimeout(() => this.child.kill('SIGKILL'), 3000);
    try {
      await Promise.race([this.request('shutdown'), new Promise((r) => setTimeout(r, 2000))]);
      this.notify('exit');
    } catch {
      /* gone */
    }
    await this.exited;
    clearTimeout(t);
  }
}
