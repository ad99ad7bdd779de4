import { memo } from './memo.ts';

/** A place in a text as LSP counts it: both from 0, `character` in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** A text whose lines can be asked for. The line starts are found at the first question and kept as long as the object. */
export interface LineIndex {
  readonly text: string;
}

/** Makes the index of a text; costs nothing until it is asked. */
export function lineIndex(text: string): LineIndex {
  return { text };
}

/** The place of an offset. An offset outside the text, or between `\r` and `\n`, moves to the nearest place that exists. */
export function positionAt(index: LineIndex, offset: number): Position {
  const starts = startsOf(index);
  const at = clamp(offset, index.text.length);
  const line = lastAtMost(starts, at);
  const start = starts[line] ?? 0;
  return { line, character: Math.min(at, lineEnd(index, line)) - start };
}

/** The offset of a place. A character behind the end of its line means that end, a line behind the last one the end of the text. */
export function offsetAt(index: LineIndex, place: Position): number {
  const starts = startsOf(index);
  if (place.line >= starts.length) return index.text.length;
  const line = clamp(place.line, starts.length - 1);
  const start = starts[line] ?? 0;
  if (place.line < 0) return 0;
  return start + clamp(place.character, lineEnd(index, line) - start);
}

/** How many lines the text has; at least 1, and one more than it has line breaks. */
export function lineCount(index: LineIndex): number {
  return startsOf(index).length;
}

/** Where a line starts; the end of the text for a line behind the last. */
export function lineStart(index: LineIndex, line: number): number {
  if (line >= lineCount(index)) return index.text.length;
  return startsOf(index)[clamp(line, lineCount(index) - 1)] ?? 0;
}

/** Where the text of a line ends, before its line break. */
export function lineEnd(index: LineIndex, line: number): number {
  const { text } = index;
  const next = startsOf(index)[line + 1];
  if (next === undefined) return text.length;
  const crlf = text.charCodeAt(next - 1) === LF && text.charCodeAt(next - 2) === CR && next - 2 >= lineStart(index, line);
  return next - (crlf ? 2 : 1);
}

/** The text of a line without its line break; `''` for a line that is not there. */
export function lineText(index: LineIndex, line: number): string {
  return index.text.slice(lineStart(index, line), lineEnd(index, line));
}

/** The offset at which each line starts. A line ends with `\n`, `\r\n` or a lone `\r`, as in LSP. */
export function lineStarts(text: string): readonly number[] {
  const starts = [0];
  let lf = text.indexOf('\n');
  let cr = text.indexOf('\r');
  while (lf !== -1 || cr !== -1) {
    const lone = cr !== -1 && (lf === -1 || cr < lf - 1);
    starts.push(lone ? cr + 1 : lf + 1);
    if (lone || (cr !== -1 && cr < lf)) cr = text.indexOf('\r', cr + 1);
    if (!lone) lf = text.indexOf('\n', lf + 1);
  }
  return starts;
}

/** The number of line breaks in a text. */
export function countBreaks(text: string): number {
  if (text.includes('\r')) return lineStarts(text).length - 1;
  let breaks = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) breaks++;
  return breaks;
}

/** Where the line that holds an offset starts. Looks at that line only, however long the text is. */
export function startOfLine(text: string, offset: number): number {
  let at = Math.max(0, Math.min(offset, text.length));
  while (at > 0 && text.charCodeAt(at - 1) !== LF && text.charCodeAt(at - 1) !== CR) at--;
  return at;
}

/** Where the line that holds an offset ends, before its line break. Looks at that line only. */
export function endOfLine(text: string, offset: number): number {
  let at = Math.max(0, Math.min(offset, text.length));
  while (at < text.length && text.charCodeAt(at) !== LF && text.charCodeAt(at) !== CR) at++;
  return at;
}

/** The column of an offset: how many UTF-16 units stand before it on its line. */
export function columnAt(text: string, offset: number): number {
  return offset - startOfLine(text, offset);
}

const LF = 0x0a;
const CR = 0x0d;

const startsOf = memo(({ text }: LineIndex) => lineStarts(text));

/** The last index whose number is not above `maxNumber`, 0 if there is none. The numbers ascend; of equal ones the last counts. */
export function lastAtMost(numbers: ArrayLike<number>, maxNumber: number): number {
  let low = 0;
  let high = Math.max(0, numbers.length - 1);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((numbers[middle] ?? 0) <= maxNumber) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** An integer from 0 to the highest; what is not a number becomes 0. */
function clamp(value: number, highest: number): number {
  return value > 0 ? Math.min(Math.floor(value), highest) : 0;
}
