import { memo2 } from '../base/memo.ts';
import { problemsOfSettings } from '../features/settings-file.ts';
import type { Host } from '../host/host.ts';
import { settingsFrom, untrustedSettings, type Settings } from '../settings.ts';
import { positionIn } from '../syntax/positions.ts';
import { sourceFile, textOf, type SourceFile } from '../syntax/source-file.ts';
import { fileNameOf, normalizeUri, parentOf } from '../workspace/uri.ts';
import type { Diagnostic } from 'vscode-languageserver';
import type { Client } from './client.ts';

/** The file with the settings of a repository, as the command line reads it. */
const SETTINGS_FILE = '.netpol.json';

/** Is it the address of such a file? */
export function isSettingsFile(uri: string): boolean {
  return fileNameOf(uri) === SETTINGS_FILE;
}

/** The `.netpol.json` files of the workspace and of the folders around it, as they are on disk. */
export interface SettingsFiles {
  /** The settings of a file: those given, with what the nearest `.netpol.json` in or above its folder says in their place. */
  over(base: Settings, uri: string): Settings;
  /** Such a file has come, changed or gone. */
  look(uri: string): void;
  /** A folder of the workspace: looks for such files in it and above it. */
  lookAbove(folder: string): void;
  /** Until the workspace is trusted, what could hide findings or change verdicts is left to the settings of the user. */
  trust(isTrusted: boolean): void;
}

/** `news` is called when settings have changed by it; `isOpen` says whether the editor has a file open and shows its problems itself. */
export function settingsFiles(client: Client, host: Host, isOpen: (uri: string) => boolean, news: () => void): SettingsFiles {
  const sections = new Map<string, object>();
  let isTrusted = true;

  async function read(uri: string): Promise<void> {
    const content = await host.read(uri);
    const before = sections.get(parentOf(uri));
    const section = 'text' in content ? sectionIn(content.text) : undefined;
    if (section) sections.set(parentOf(uri), section);
    else sections.delete(parentOf(uri));
    if (!isOpen(uri) && (before || section || 'text' in content))
      client.tell('textDocument/publishDiagnostics', {
        uri,
        diagnostics: 'text' in content ? settingsDiagnostics(sourceFile(content.text)) : [],
      });
    if (JSON.stringify(before) !== JSON.stringify(section)) news();
  }

  const look = (uri: string): void => void read(normalizeUri(uri)).catch(client.fault);
  return {
    over(base, uri) {
      for (let at = normalizeUri(uri); ; at = parentOf(at)) {
        const section = sections.get(at);
        if (section) return isTrusted ? merged(base, section) : untrusted(base, section);
        if (at === parentOf(at)) return base;
      }
    },
    look,
    lookAbove(folder) {
      for (let at = normalizeUri(folder).replace(/(?<=[^/])\/$/, ''); at.startsWith('file:'); at = parentOf(at)) {
        look(`${at}/${SETTINGS_FILE}`);
        if (at === parentOf(at)) return;
      }
    },
    trust(now) {
      if (now === isTrusted) return;
      isTrusted = now;
      news();
    },
  };
}

/** The same settings and the same section give the same object, so that what was worked out with it is not worked out again. */
const merged = memo2((base: Settings, section: object): Settings => settingsFrom(section, base).settings);

/** The same without what could hide findings or change verdicts. */
const untrusted = memo2((base: Settings, section: object): Settings => untrustedSettings(merged(base, section), base));

function sectionIn(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined; // its problems say so
  }
}

/** The problems of a settings file, each at the setting that has it. */
export function settingsDiagnostics(file: SourceFile): Diagnostic[] {
  return problemsOfSettings(textOf(file)).map(({ span, message }) => ({
    range: { start: positionIn(file, span.start), end: positionIn(file, span.end) },
    severity: 2,
    source: 'netpol',
    message,
  }));
}
