import { DEFAULTS, settingsFrom, type Settings } from '../settings.ts';
import type { Client } from './client.ts';
import type { SettingsFiles } from './settings-files.ts';

/** The settings of every open document, asked from the client where it can be asked. */
export interface SettingsStore {
  /** What is known now: the settings of this document, else those of the window, else the defaults; the nearest `.netpol.json` takes precedence. */
  of(uri: string): Settings;
  /** Asks for the settings of a document; `true` where they turn out different from what `of` said. */
  refresh(uri: string): Promise<boolean>;
  /** The client changed settings: what it sent, or nothing where it wants to be asked. A client that does not answer changes nothing. */
  changed(sent: unknown): Promise<void>;
  forget(uri: string): void;
}

/** `pull`: the client answers `workspace/configuration`. */
export function settingsStore(client: Client, pull: () => boolean, files: SettingsFiles): SettingsStore {
  let common = DEFAULTS;
  const own = new Map<string, Settings>();
  const reported = new Set<string>();
  /** The latest configuration request of each document: answers to earlier ones are outdated. */
  const questions = new Map<string, object>();

  function read(section: unknown): Settings {
    const { settings, problems } = settingsFrom(section);
    for (const problem of problems) {
      if (reported.has(problem)) continue;
      client.log('warning', problem);
      client.show('warning', `Netpol: ${problem}`);
      reported.add(problem);
    }
    return settings;
  }

  /** The client's answer; `undefined` where it gives none, or where a newer question has been asked meanwhile. */
  async function ask(scopeUri: string): Promise<Settings | undefined> {
    const mine = {};
    questions.set(scopeUri, mine);
    const item = scopeUri === '' ? { section: 'netpol' } : { scopeUri, section: 'netpol' };
    const sections = await client.ask('workspace/configuration', { items: [item] });
    if (questions.get(scopeUri) !== mine) return undefined;
    questions.delete(scopeUri);
    return Array.isArray(sections) ? read(sections[0]) : undefined;
  }

  return {
    of: (uri) => files.over(own.get(uri) ?? common, uri),
    async refresh(uri) {
      if (!pull()) return false;
      const settings = await ask(uri);
      if (!settings) return false;
      const before = own.get(uri) ?? common;
      const isSame = JSON.stringify(settings) === JSON.stringify(before);
      // Equal settings stay one object, so that what was worked out with them is not worked out again.
      own.set(uri, isSame ? before : settings);
      return !isSame;
    },
    async changed(sent) {
      if (!pull()) {
        own.clear();
        if (typeof sent === 'object' && sent !== null) common = read('netpol' in sent ? sent.netpol : {});
        return;
      }
      const settings = await ask('');
      if (!settings) return;
      own.clear();
      common = settings;
    },
    forget(uri) {
      own.delete(uri);
      questions.delete(uri);
    },
  };
}
