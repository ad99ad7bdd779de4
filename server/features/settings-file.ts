import type { Span } from '../base/span.ts';
import { settingsFrom } from '../settings.ts';
import { manifestsOf, sourceFile } from '../syntax/source-file.ts';
import { asMap, type Node } from '../syntax/tree.ts';

/** What is wrong with a settings file, and where, in offsets of its text. */
export interface SettingsProblem {
  readonly span: Span;
  readonly message: string;
}

/** The problems of `.netpol.json`: no JSON, unknown settings, values that a setting does not take. */
export function problemsOfSettings(text: string): readonly SettingsProblem[] {
  let section: unknown;
  try {
    section = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const at = Math.min(text.length, Number(/position (\d+)/.exec(String(error))?.[1] ?? 0));
    return [{ span: { start: at, end: Math.min(text.length, at + 1) }, message: 'This file is not JSON, so none of its settings apply.' }];
  }
  const keys = keysIn(text);
  return settingsFrom(section).problems.map((message) => ({ span: spanFor(message, keys), message }));
}

/** The key that a problem names, or the first character. */
function spanFor(message: string, keys: ReadonlyMap<string, Span>): Span {
  const name = /netpol\.([\w.-]+?)(?=[ ;,]|\.?$)/.exec(message)?.[1] ?? '';
  return keys.get(name) ?? { start: 0, end: 1 };
}

/** The places of all keys by their whole names: `cilium.version`, written with dots or nested. */
function keysIn(text: string): ReadonlyMap<string, Span> {
  const found = new Map<string, Span>();
  const visit = (node: Node | undefined, prefix: string, start: number): void => {
    for (const { key, value } of asMap(node)?.pairs ?? []) {
      const word = text.slice(start + key.span.start, start + key.span.end).replace(/^"|"$/g, '');
      const name = `${prefix}${word}`.replace(/^netpol\./, '');
      found.set(name, { start: start + key.span.start, end: start + key.span.end });
      visit(value, `${prefix}${word}.`, start);
    }
  };
  for (const { manifest, start } of manifestsOf(sourceFile(text))) visit(manifest.root, '', start);
  return found;
}
