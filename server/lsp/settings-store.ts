import type { Connection } from 'vscode-languageserver';
import { DEFAULTS, settingsFrom, type Settings } from '../settings.ts';

/** The settings of every open document, asked from the client where it can be asked. */
export interface SettingsStore {
  /** What is known now: the settings of this document, else those of the window, else the defaults. */
  of(uri: string): Settings;
  /** Asks for the settings of a document; `true` where they turn out different from what `of` said. */
  refresh(uri: string): Promise<boolean>;
  /** The client changed settings: what it sent, or nothing where it wants to be asked. */
  changed(sent: unknown): Promise<void>;
  forget(uri: string): void;
}

/** `pull`: the client answers `workspace/configuration`. */
export function settingsStore(connection: Connection, pull: () => boolean): SettingsStore {
  let common = DEFAULTS;
  const own = new Map<string, Settings>();
  const told = new Set<string>();

  function read(section: unknown): Settings {
    const { settings, problems } = settingsFrom(section);
    for (const problem of problems) {
      if (told.has(problem)) continue;
      connection.console.warn(problem);
      connection.window.showWarningMessage(`Netpol: ${problem}`);
      told.add(problem);
    }
    return settings;
  }

  async function ask(scopeUri?: string): Promise<Settings> {
    try {
      const section: unknown = await connection.workspace.getConfiguration(
        scopeUri === undefined ? { section: 'netpol' } : { scopeUri, section: 'netpol' },
      );
      return read(section);
    } catch {
      return common; // The client went away, or promised an answer that it does not give.
    }
  }

  return {
    of: (uri) => own.get(uri) ?? common,
    async refresh(uri) {
      if (!pull()) return false;
      const before = JSON.stringify(own.get(uri) ?? common);
      const settings = await ask(uri);
      const isSame = JSON.stringify(settings) === before;
      // Equal settings stay one object, so that what was worked out with them is not worked out again.
      own.set(uri, isSame ? (own.get(uri) ?? common) : settings);
      return !isSame;
    },
    async changed(sent) {
      own.clear();
      if (pull()) common = await ask();
      else if (typeof sent === 'object' && sent !== null) common = read('netpol' in sent ? sent.netpol : {});
    },
    forget: (uri) => void own.delete(uri),
  };
}
