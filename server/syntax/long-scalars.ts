/** A scalar that may go on behind its first line: its text as YAML reads it, and the offset behind it. */
export interface LongScalar {
  readonly style: 'plain' | 'single' | 'double' | 'literal' | 'folded';
  readonly text: string;
  readonly end: number;
}

const [BLANK, TAB, BREAK, RETURN, HASH] = [0x20, 0x09, 0x0a, 0x0d, 0x23];

/**
 * A block scalar (`|`, `>`, each with or without `-`) whose content starts with the line at `content` and is indented more than `column`.
 * `undefined` where it is in doubt: other headers, no content, blanks or tabs where the indentation should be.
 */
export function blockScalar(text: string, header: string, content: number, column: number): LongScalar | undefined {
  const isFolded = header.startsWith('>');
  if (!/^[|>]-?$/.test(header)) return undefined;
  const lines: string[] = [];
  let [indent, at, end, kept] = [0, content, content, 0];
  while (at < text.length) {
    const first = indentEnd(text, at);
    const next = endOfLine(text, first);
    const lineEnd = text.charCodeAt(next - 1) === RETURN ? next - 1 : next;
    const width = first - at;
    const isEmpty = first >= lineEnd;
    if (text.charCodeAt(first) === TAB) return undefined;
    // Blanks beyond the indentation are content; above the first line they are a mistake.
    if (isEmpty && kept === 0 ? width > 0 : isEmpty && isFolded && width > indent) return undefined;
    if (!isEmpty) {
      if (kept === 0) indent = width;
      if (indent <= column) return undefined;
      if (width < indent) break;
    }
    lines.push(text.slice(at + indent, lineEnd));
    at = next + 1;
    if (!isEmpty || width > indent) [kept, end] = [lines.length, Math.min(at, text.length)];
  }
  if (kept === 0) return undefined;
  const used = lines.slice(0, kept);
  const value = isFolded ? foldedBlock(used) : used.join('\n');
  return { style: isFolded ? 'folded' : 'literal', text: header.endsWith('-') ? value : `${value}\n`, end };
}

/** Lines that are indented more than the others keep their breaks, and so do empty lines at the start. */
function foldedBlock(lines: readonly string[]): string {
  let [value, separator, wasDeeper] = ['', '', false];
  const first = lines.findIndex((line) => line !== '');
  for (const line of lines.slice(first)) {
    const isDeeper = line.startsWith(' ');
    if (line === '') {
      if (separator === '\n') value += '\n';
      else separator = '\n';
      continue;
    }
    if (isDeeper) separator = separator === ' ' ? '\n' : !wasDeeper && separator === '\n' ? '\n\n' : separator;
    value += separator + line;
    [separator, wasDeeper] = [isDeeper ? '\n' : ' ', isDeeper];
  }
  return '\n'.repeat(first) + value;
}

/** Joins lines as YAML does: a break becomes a blank, an empty line a break. */
function folded(lines: readonly string[]): string {
  let [value, empty] = [lines[0] ?? '', 0];
  for (const [i, line] of lines.entries()) {
    if (i === 0) continue;
    if (line === '' && i < lines.length - 1) {
      empty++;
      continue;
    }
    value += (empty > 0 ? '\n'.repeat(empty) : ' ') + line;
    empty = 0;
  }
  return value;
}

/**
 * A plain scalar whose first line, from `start` to `end`, has been found to be one, with the lines below it that are indented more than
 * `column`. `undefined` where one of them is in doubt.
 */
export function plainLines(text: string, start: number, end: number, column: number): LongScalar | undefined {
  const lines = [text.slice(start, end)];
  let [at, last, kept] = [endOfLine(text, end) + 1, end, 1];
  while (at < text.length) {
    const first = indentEnd(text, at);
    const next = endOfLine(text, first);
    const isEmpty = first === next || text.charCodeAt(first) === RETURN;
    if (!isEmpty && (first - at <= column || text.charCodeAt(first) === HASH)) break;
    const line = text.slice(first, next).replace(/[ \r]+$/, '');
    if (!isEmpty && !CONTINUATION.test(line)) return undefined;
    lines.push(line);
    at = next + 1;
    if (!isEmpty) [last, kept] = [first + line.length, lines.length];
  }
  return { style: 'plain', text: folded(lines.slice(0, kept)), end: last };
}

/** A further line of a plain scalar that can be nothing else: no key, no comment, no dash, no tab. */
const CONTINUATION = /^(?!.*(?::(?: |$)| #|\t))(?:[^\s#:?-]|-\S)/;

/** A scalar in quotes, from its first one, on one line or several, which are indented more than `column`. */
export function quotedScalar(text: string, start: number, column: number): LongScalar | undefined {
  const isDouble = text.charAt(start) === '"';
  const close = closingQuote(text, start, isDouble);
  if (close === undefined) return undefined;
  const inside = text.slice(start + 1, close);
  const style = isDouble ? 'double' : 'single';
  const decoded = (line: string): string | undefined => (isDouble ? unescaped(line) : line.replaceAll("''", "'"));
  if (!inside.includes('\n')) {
    const value = decoded(inside);
    return value === undefined ? undefined : { style, text: value, end: close + 1 };
  }
  if (/[\t\r]/.test(inside)) return undefined;
  const lines = inside.split('\n');
  const used: string[] = [];
  let escaped: string | undefined;
  for (const [i, line] of lines.entries()) {
    const isLast = i === lines.length - 1;
    const isEmpty = line.trim() === '';
    if (isEmpty && (i === 0 || isLast || escaped !== undefined)) return undefined;
    if (i > 0 && !isEmpty && indentEnd(line, 0) <= column) return undefined;
    const behind = i === 0 ? line : line.replace(/^ +/, '');
    // A break behind a backslash joins the lines, and the blanks before it stay.
    const joins = isDouble && !isLast && /(?<!\\)(?:\\\\)*\\$/.test(behind);
    const value = decoded(joins ? behind.slice(0, -1) : isLast ? behind : behind.replace(/ +$/, ''));
    if (value === undefined) return undefined;
    const whole = (escaped ?? '') + value;
    escaped = joins ? whole : undefined;
    if (!joins) used.push(whole);
  }
  return { style, text: folded(used), end: close + 1 };
}

function closingQuote(text: string, start: number, isDouble: boolean): number | undefined {
  const quote = isDouble ? '"' : "'";
  for (let at = start + 1; at < text.length; at++) {
    const char = text.charAt(at);
    if (isDouble && char === '\\') at++;
    else if (char === quote && !isDouble && text.charAt(at + 1) === quote) at++;
    else if (char === quote) return at;
  }
  return undefined;
}

const ESCAPES: Readonly<Record<string, string>> = { ' ': ' ', '"': '"', '\\': '\\', '/': '/', n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };

/** The text of a line in double quotes; `undefined` where it has an escape that is rare, or none. */
function unescaped(line: string): string | undefined {
  if (!line.includes('\\')) return line;
  let isUsual = true;
  const value = line.replace(/\\(?:u([\da-fA-F]{4})|(.|$))/gs, (_, code: string | undefined, char: string) => {
    const meant = code === undefined ? ESCAPES[char] : String.fromCodePoint(Number.parseInt(code, 16));
    if (meant === undefined) isUsual = false;
    return meant ?? '';
  });
  return isUsual ? value : undefined;
}

function indentEnd(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === BLANK) at++;
  return at;
}

function endOfLine(text: string, from: number): number {
  for (let at = from; at < text.length; at++) if (text.charCodeAt(at) === BREAK) return at;
  return text.length;
}
