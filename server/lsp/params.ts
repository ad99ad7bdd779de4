/**
 * What may be sent to the server: the shape of the parameters of each method. Messages are held against it before a handler sees them, so
 * that handlers can rely on their types, whatever a client sends.
 */

/** What is wrong with a value, in words; `undefined` where nothing is. `at` names the value: `params.textDocument.uri`. */
type Shape = (value: unknown, at: string) => string | undefined;

/** Why the parameters of a request are refused; `undefined` where they are not. Unknown methods are not checked. */
export function problemInRequest(method: string, params: unknown): string | undefined {
  return Object.hasOwn(REQUESTS, method) ? REQUESTS[method]?.(params, 'params') : undefined;
}

/** Why a notification is ignored; `undefined` where it is not. */
export function problemInNotification(method: string, params: unknown): string | undefined {
  return Object.hasOwn(NOTIFICATIONS, method) ? NOTIFICATIONS[method]?.(params, 'params') : undefined;
}

const anything: Shape = () => undefined;
const text: Shape = (value, at) => (typeof value === 'string' ? undefined : `${at} must be a string`);
// Places beyond the text and before it are moved into it; a number that is not an integer names no place at all.
const integer: Shape = (value, at) => (Number.isInteger(value) ? undefined : `${at} must be an integer`);

function optional(shape: Shape): Shape {
  return (value, at) => (value === undefined || value === null ? undefined : shape(value, at));
}

function listOf(shape: Shape): Shape {
  return (value, at) => {
    if (!Array.isArray(value)) return `${at} must be a list`;
    for (const [i, item] of value.entries()) {
      const problem = shape(item, `${at}[${i}]`);
      if (problem !== undefined) return problem;
    }
    return undefined;
  };
}

function fields(shapes: Readonly<Record<string, Shape>>): Shape {
  return (value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return `${at} must be an object`;
    const sent = new Map<string, unknown>(Object.entries(value));
    for (const [name, shape] of Object.entries(shapes)) {
      const problem = shape(sent.get(name), `${at}.${name}`);
      if (problem !== undefined) return problem;
    }
    return undefined;
  };
}

const position = fields({ line: integer, character: integer });
const range = fields({ start: position, end: position });
const identifier = fields({ uri: text });
const inDocument = fields({ textDocument: identifier });
const atPlace = fields({ textDocument: identifier, position });
const inRange = fields({ textDocument: identifier, range });
const item = fields({ item: fields({}) });
const folder = fields({ uri: text, name: optional(text) });

const explain = fields({ kind: text, from: text, to: text, protocol: text, port: integer });
const report: Shape = (value, at) => {
  const problem = fields({ kind: text })(value, at);
  if (problem !== undefined) return problem;
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'explain'
    ? explain(value, at)
    : fields({ key: optional(text) })(value, at);
};

const REQUESTS: Readonly<Record<string, Shape>> = {
  initialize: fields({}),
  'textDocument/hover': atPlace,
  'textDocument/completion': atPlace,
  'textDocument/definition': atPlace,
  'textDocument/references': fields({ textDocument: identifier, position, context: fields({}) }),
  'textDocument/documentHighlight': atPlace,
  'textDocument/prepareRename': atPlace,
  'textDocument/rename': fields({ textDocument: identifier, position, newName: text }),
  'textDocument/prepareCallHierarchy': atPlace,
  'textDocument/documentSymbol': inDocument,
  'textDocument/foldingRange': inDocument,
  'textDocument/selectionRange': fields({ textDocument: identifier, positions: listOf(position) }),
  'textDocument/codeLens': inDocument,
  'textDocument/inlayHint': inRange,
  'textDocument/semanticTokens/full': inDocument,
  'textDocument/semanticTokens/range': inRange,
  'textDocument/diagnostic': fields({ textDocument: identifier, previousResultId: optional(text) }),
  'codeAction/resolve': fields({ title: text }),
  'textDocument/codeAction': fields({
    textDocument: identifier,
    range,
    context: fields({ diagnostics: listOf(fields({ range })), only: optional(listOf(text)) }),
  }),
  'codeLens/resolve': fields({}),
  'callHierarchy/incomingCalls': item,
  'callHierarchy/outgoingCalls': item,
  'workspace/symbol': fields({ query: text }),
  'workspace/executeCommand': fields({ command: text, arguments: optional(listOf(anything)) }),
  'netpol/report': fields({ uri: text, cluster: optional(text), what: report }),
  'netpol/flips': fields({ uri: text, cluster: optional(text), what: explain }),
  'netpol/keepExpectation': fields({ uri: text, cluster: optional(text), what: explain }),
  'netpol/graphSubjects': fields({ uri: text, cluster: optional(text) }),
  'netpol/ends': fields({ uri: text, cluster: optional(text) }),
  'netpol/checkWorkspace': optional(fields({ workDoneToken: optional(text) })),
  'workspace/diagnostic': fields({ previousResultIds: listOf(fields({ uri: text, value: text })) }),
  'netpol/clusters': optional(fields({ uri: optional(text) })),
};

const change: Shape = fields({ text, range: optional(range) });

const NOTIFICATIONS: Readonly<Record<string, Shape>> = {
  'textDocument/didOpen': fields({ textDocument: fields({ uri: text, languageId: text, version: integer, text }) }),
  // Some clients send no version, or null.
  'textDocument/didChange': fields({ textDocument: fields({ uri: text, version: optional(integer) }), contentChanges: listOf(change) }),
  'textDocument/didClose': inDocument,
  'workspace/didChangeWatchedFiles': fields({ changes: listOf(fields({ uri: text })) }),
  'workspace/didChangeConfiguration': fields({}),
  'workspace/didChangeWorkspaceFolders': fields({ event: fields({ added: listOf(folder), removed: listOf(folder) }) }),
  'netpol/client': fields({}),
  'netpol/head': fields({ files: optional(listOf(fields({ uri: text, text: optional(text) }))) }),
  'textDocument/didSave': inDocument,
  '$/cancelRequest': fields({ id: (value, at) => (typeof value === 'string' ? undefined : integer(value, at)) }),
};
