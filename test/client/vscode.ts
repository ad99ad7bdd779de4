/** What the client asks of VS Code, as far as the tests of test/client drive it. The real one is tried in test/e2e. */

type Listener<T> = (event: T) => void;

/** An event of VS Code that a test can fire. */
function event<T>(): { readonly on: (listener: Listener<T>) => { dispose: () => void }; readonly fire: (event: T) => void } {
  const listeners = new Set<Listener<T>>();
  return {
    on: (listener) => {
      listeners.add(listener);
      return { dispose: () => void listeners.delete(listener) };
    },
    fire: (value) => listeners.forEach((listener) => listener(value)),
  };
}

interface Text {
  readonly languageId: string;
  readonly getText: () => string;
  readonly lineAt: (line: number) => { readonly text: string };
  readonly uri: { readonly scheme: string; readonly query: string; readonly toString: () => string };
}

interface Change {
  readonly document: Text;
  readonly contentChanges: readonly { readonly range: { readonly start: { readonly line: number } }; readonly text: string }[];
}

/** A document as VS Code hands it to extensions. */
export function textDocument(languageId: string, text: string, uri: string = 'file:///w/a'): Text {
  return {
    languageId,
    getText: () => text,
    lineAt: (line) => ({ text: text.split('\n')[line] ?? '' }),
    uri: { scheme: 'file', query: '', toString: () => uri },
  };
}

/** What the user sees and does, and what the tests look at afterwards. */
export const desk: {
  documents: Text[];
  found: string[];
  active: Text | undefined;
  /** The label or the button that the user takes; `undefined` where they press Escape. */
  takes: string | undefined;
  shown: string[];
  ran: string[];
  readonly opened: ReturnType<typeof event<Text>>;
  readonly changed: ReturnType<typeof event<Change>>;
} = { documents: [], found: [], active: undefined, takes: undefined, shown: [], ran: [], opened: event(), changed: event() };

export const workspace: object = {
  get textDocuments() {
    return desk.documents;
  },
  findFiles: async () => desk.found,
  onDidOpenTextDocument: desk.opened.on,
  onDidChangeTextDocument: desk.changed.on,
};

export const window: object = {
  get activeTextEditor() {
    return desk.active && { document: desk.active };
  },
  async showQuickPick(items: readonly { readonly label: string; readonly description?: string }[]) {
    desk.shown.push(items.map(({ label, description }) => `${label}: ${description}`).join('; '));
    return items.find(({ label }) => label === desk.takes);
  },
  async showInformationMessage(message: string, ...buttons: readonly string[]) {
    desk.shown.push([message, ...buttons].join(' | '));
    return buttons.find((button) => button === desk.takes);
  },
};

export const commands: object = { executeCommand: async (name: string) => void desk.ran.push(name) };

export const Disposable: object = {
  from: (...all: readonly { dispose: () => void }[]) => ({ dispose: () => all.forEach((one) => one.dispose()) }),
};
