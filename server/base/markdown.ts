import { plain } from './english.ts';

/**
 * Builders for Markdown (CommonMark with GitHub's tables) in which text from a document stays text: it can neither end the place it is
 * put in nor become a link, an image, HTML or a heading. Each takes and gives Markdown unless it says `text`.
 */

/** Text as it is, on one line. */
export function escape(text: string): string {
  return plain(text)
    .replace(/[\\`*_[\]<>|~&#!$@{}]/g, '\\$&')
    .replace(/:(?=\/\/)|(?<=\bmailto|\bxmpp):/gi, '\\:')
    .replace(/\bwww\./gi, (found) => `${found.slice(0, -1)}\\.`)
    .replace(/^(\s*)([-+=]|\d+(?=[.)]))/, (_, blank: string, mark: string) =>
      /\d/.test(mark) ? `${blank}${mark}\\` : `${blank}\\${mark}`,
    );
}

/** Text in a code span, on one line. The span's fence is longer than any run of backticks in it. Nothing for an empty string. */
export function code(text: string): string {
  const content = plain(text);
  if (content === '') return '';
  const fence = '`'.repeat(freeRun(content));
  // CommonMark: one blank at each end is taken off; without it a backtick there would lengthen the fence.
  const padded = /^`|`$|^ .* $/.test(content) && /[^ ]/.test(content) ? ` ${content} ` : content;
  return fence + padded + fence;
}

/** Text in bold; nothing for a blank text. */
export function bold(text: string): string {
  const content = escape(text.trim());
  return content === '' ? '' : `**${content}**`;
}

/** Text as a link. An address that could run something (`javascript:`, `data:`, `command:`) leaves the text alone. */
export function link(text: string, address: string): string {
  const target = plain(address).trim();
  if (target === '' || /^[^/?#]*(?:script|data|command)\s*:/i.test(target)) return escape(text);
  return `[${escape(text)}](${target.replace(/[\s<>()\\`"'|*_[\]�]/g, encoded)})`;
}

/** A list, one bullet an item; further lines of an item stay in it. */
export function bullets(items: readonly string[]): string {
  return items.map((item) => `- ${item.replaceAll('\n', '\n  ')}`).join('\n');
}

/** Text of several lines as a code block, in a language for the colours. */
export function codeBlock(text: string, language: string = 'yaml'): string {
  const lines = text.replace(/\r\n?/g, '\n').replace(/\n$/, '').split('\n').map(plainLine);
  // A longer run of backticks would close the block too.
  const runs = lines.join('\n').match(/`+/g) ?? [];
  const longest = runs.reduce((longestRun, run) => Math.max(longestRun, run.length), 2);
  const fence = '`'.repeat(longest + 1);
  return [fence + language.replace(/[^a-z0-9-]/gi, ''), ...lines, fence].join('\n');
}

/** A table; cells that are missing stay empty, line breaks in a cell become blanks. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${head.map((_, column) => cell(cells[column] ?? '')).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

/** Parts one below the other, with a blank line between them; empty parts leave no gap. */
export function paragraphs(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join('\n\n');
}

/** The length of the shortest run of backticks that the text does not contain. */
function freeRun(text: string): number {
  const runs = new Set((text.match(/`+/g) ?? []).map((run) => run.length));
  let length = 1;
  while (runs.has(length)) length++;
  return length;
}

function plainLine(line: string): string {
  return line.split('\t').map(plain).join('\t');
}

/** A pipe ends a cell even inside a code span, unless an odd number of backslashes stands before it. */
function cell(content: string): string {
  return content
    .replace(/\s*\n\s*/g, ' ')
    .replace(/(\\*)\|/g, (_, slashes: string) => `${slashes}${slashes.length % 2 === 0 ? '\\' : ''}|`);
}

function encoded(character: string): string {
  return character === "'" || character === '(' || character === ')' || character === '*' || character === '_'
    ? `%${character.charCodeAt(0).toString(16).toUpperCase()}`
    : encodeURIComponent(character);
}
