import { plain } from './english.ts';

/*
 * Text from files (names, labels, annotations, paths) on its way into an output. In each format it stays text: it starts no line, no
 * terminal sequence, no command of a build server, no markup and no formula. One function per format; Markdown has its own in markdown.ts.
 */

/**
 * Text for a terminal or a log: one line without control characters. GitHub's runner takes lines that begin with `::name` and anything
 * with `##[` for commands (actions/runner, ActionCommand.cs), Azure's `##vso[`; neither is left.
 */
export function terminalText(text: string): string {
  return plain(text)
    .replace(/^\s*::(?=[a-z])/i, ': :')
    .replace(/##(?=(?:vso)?\[)/gi, '# #');
}

/** A field of a CSV file (RFC 4180). Spreadsheet programs take what begins with `=`, `+`, `-` or `@` for a formula; an apostrophe says it is none. */
export function csvField(text: string): string {
  const line = plain(text);
  const safe = /^(?:[\t\r\n]|\s*[=+\-@＝＋－＠])/.test(text) || /^\s*[=+\-@＝＋－＠]/.test(line) ? `'${line}` : line;
  return /[",]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The message of a GitHub workflow command. */
export function workflowData(text: string): string {
  return plain(text).replaceAll('%', '%25');
}

/** The value of a property of a GitHub workflow command. */
export function workflowProperty(text: string): string {
  return workflowData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** Text in a quoted label of a Mermaid chart: all that could mean something to Mermaid, Markdown or HTML as an entity code. */
export function mermaidText(text: string): string {
  return plain(text).replace(/[^\p{L}\p{N} ./:,_[\]()-]/gu, (character) => `#${character.codePointAt(0)};`);
}

/** A quoted string of Graphviz' DOT language. */
export function dotString(text: string): string {
  return `"${plain(text).replace(/["\\]/g, '\\$&')}"`;
}

/** A value as JSON; what a terminal or an editor would act on is written as `\u…`, which is the same to a parser. */
export function inertJson(value: unknown, indent?: number): string {
  // Line breaks in the result are those of the indentation: JSON escapes all others.
  return JSON.stringify(value, undefined, indent).replace(UNSEEN, (found) => found.split('').map(escapedUnit).join(''));
}

/** A text as a YAML scalar in double quotes (YAML 1.2, 5.7), on one line and without characters that a terminal or an editor would act on. */
export function yamlQuoted(text: string): string {
  return JSON.stringify(text).replace(UNSEEN, (found) =>
    found.length === 1 ? escapedUnit(found) : `\\U${(found.codePointAt(0) ?? 0).toString(16).padStart(8, '0')}`,
  );
}

/** Control and format characters, and what some programs take for line breaks. */
const UNSEEN = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** One UTF-16 unit. */
function escapedUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Text as it is in HTML, on one line, in attributes too. */
export function htmlText(text: string): string {
  return plain(text).replace(/[&<>"'`]/g, (char) => `&#${char.charCodeAt(0)};`);
}
