// An LSP client whose every word can be chosen: capabilities, settings, answers to the server's requests, raw bytes.
// Beside ../lib/client.mjs (which measures time) this one is for probing behaviour.
import { spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';

export const sleep = (ms) => new Promise((r) => setTimeout(r, ms));
export const toUri = (path) => pathToFileURL(path).href;

const FULL = {
  general: { positionEncodings: ['utf-16'] },
  workspace: {
    configuration: true,
    workspaceFolders: true,
    didChangeConfiguration: { dynamicRegistration: true },
    didChangeWatchedFiles: { dynamicRegistration: true },
    codeLens: { refreshSupport: true },
    inlayHint: { refreshSupport: true },
    semanticTokens: { refreshSupport: true },
    diagnostics: { refreshSupport: true },
    workspaceEdit: { documentChanges: true },
  },
  textDocument: {
    publishDiagnostics: { versionSupport: true, relatedInformation: true, codeDescriptionSupport: true, tagSupport: { valueSet: [1, 2] } },
    hover: { contentFormat: ['markdown', 'plaintext'] },
    completion: { completionItem: { snippetSupport: true, documentationFormat: ['markdown', 'plaintext'] } },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['', 'quickfix', 'refactor', 'source'] } } },
    definition: { linkSupport: true },
    diagnostic: {},
  },
  window: { workDoneProgress: true, showMessage: {} },
};

export class Lsp {
  constructor(command, { env, cwd, answer } = {}) {
    this.next = 1;
    this.pending = new Map();
    this.published = new Map();
    this.stderr = '';
    this.logs = [];
    this.requests = [];
    this.notifications = [];
    this.settings = {};
    this.answer = answer;
    this.lastMessage = Date.now();
    this.unanswered = 0;
    this.late = [];
    this.perUri = new Map();
    this.child = spawn(command[0], command.slice(1), { env: { ...process.env, ...env }, cwd, stdio: ['pipe', 'pipe', 'pipe'] });
    this.exited = new Promise((r) =>
      this.child.once('exit', (code, signal) => {
        this.dead = { code, signal };
        for (const p of this.pending.values()) p({ error: { code: 'DEAD', message: `server ended ${code ?? signal}` } });
        this.pending.clear();
        r(this.dead);
      }),
    );
    this.child.stdin.on('error', () => {});
    this.child.stderr.on('data', (d) => {
      if (this.stderr.length < 40000) this.stderr += d;
    });
    this.buffer = Buffer.alloc(0);
    this.child.stdout.on('data', (d) => {
      this.buffer = this.buffer.length ? Buffer.concat([this.buffer, d]) : d;
      this.#read();
    });
  }
  get pid() {
    return this.child.pid;
  }
  #read() {
    for (;;) {
      const i = this.buffer.indexOf('\r\n\r\n');
      if (i < 0) return;
      const length = Number(/content-length: *(\d+)/i.exec(this.buffer.toString('latin1', 0, i))?.[1] ?? NaN);
      if (!(this.buffer.length >= i + 4 + length)) return;
      const body = this.buffer.toString('utf8', i + 4, i + 4 + length);
      this.buffer = this.buffer.subarray(i + 4 + length);
      this.lastMessage = Date.now();
      this.#take(JSON.parse(body));
    }
  }
  #take(m) {
    if (m.method && m.id !== undefined) {
      this.requests.push(m);
      const custom = this.answer?.(m);
      if (custom === 'silence') return;
      if (custom !== undefined) return this.send({ id: m.id, ...custom });
      let result = null;
      if (m.method === 'workspace/configuration')
        result = m.params.items.map(({ section, scopeUri }) =>
          section === 'netpol' ? (this.perUri.get(scopeUri) ?? this.settings) : null,
        );
      else if (m.method === 'workspace/workspaceFolders') result = this.folders ?? [];
      return this.send({ id: m.id, result });
    }
    if (m.method) {
      if (m.method === 'textDocument/publishDiagnostics') this.published.set(m.params.uri, m.params);
      else if (m.method === 'window/logMessage') this.logs.push(m.params);
      if (this.notifications.length < 5000) this.notifications.push(m);
      return;
    }
    const p = this.pending.get(m.id);
    if (!p) {
      this.late.push(m);
      return;
    }
    this.pending.delete(m.id);
    p(m);
  }
  raw(bytes) {
    this.child.stdin.write(bytes);
  }
  send(message) {
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
    this.child.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
    this.child.stdin.write(body);
  }
  notify(method, params) {
    this.send({ method, params });
  }
  /** Resolves to the whole response: { result } or { error }. */
  ask(method, params, limit = 20000) {
    if (this.dead) return Promise.resolve({ error: { code: 'DEAD', message: `server ended ${this.dead.code ?? this.dead.signal}` } });
    const id = this.next++;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.pending.delete(id);
        this.unanswered++;
        resolve({ error: { code: 'TIMEOUT', message: `no answer to ${method} within ${limit} ms` } });
      }, limit);
      this.pending.set(id, (m) => {
        clearTimeout(timer);
        resolve(m);
      });
      this.send({ id, method, params });
    });
  }
  async request(method, params, limit) {
    const m = await this.ask(method, params, limit);
    return m.error ? { ERROR: m.error } : m.result;
  }
  async start({ folders = [], capabilities = FULL, options = {}, extra = {}, initialized = true } = {}) {
    this.folders = folders;
    const m = await this.ask('initialize', {
      processId: process.pid,
      rootUri: folders[0]?.uri ?? null,
      workspaceFolders: folders,
      initializationOptions: options,
      capabilities,
      ...extra,
    });
    this.info = m.result;
    if (initialized) this.notify('initialized', {});
    return m;
  }
  open(uri, text, languageId = 'yaml', version = 1) {
    this.notify('textDocument/didOpen', { textDocument: { uri, languageId, version, text } });
  }
  change(uri, version, contentChanges) {
    this.notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges });
  }
  close(uri) {
    this.notify('textDocument/didClose', { textDocument: { uri } });
  }
  /** Waits until the server has said nothing for a while, a barrier request in between. */
  async quiet(ms = 130, limit = 30000) {
    const end = Date.now() + limit;
    for (;;) {
      await this.ask('netpol/templates', {});
      if (this.dead) return;
      const t = Date.now();
      await sleep(ms);
      if (this.lastMessage <= t + 1 || Date.now() > end) return;
    }
  }
  async stop() {
    if (this.dead) return this.dead;
    const t = setTimeout(() => this.child.kill('SIGKILL'), 4000);
    await Promise.race([this.ask('shutdown', undefined, 3000), sleep(3000)]);
    this.notify('exit');
    const r = await this.exited;
    clearTimeout(t);
    return r;
  }
}

/** Line starts as LSP counts them: after \n, \r\n and \r. */
export function positions(text) {
  const starts = [0];
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 10 || (c === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1);
  }
  return {
    count: starts.length,
    at(offset) {
      let lo = 0,
        hi = starts.length - 1;
      while (lo < hi) {
        const mid = (lo + hi + 1) >> 1;
        if (starts[mid] <= offset) lo = mid;
        else hi = mid - 1;
      }
      return { line: lo, character: offset - starts[lo] };
    },
  };
}

/** mulberry32 */
export function rng(seed) {
  let a = seed >>> 0;
  const next = () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = a;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return { next, int: (n) => Math.floor(next() * n), pick: (list) => list[Math.floor(next() * list.length)], chance: (p) => next() < p };
}
