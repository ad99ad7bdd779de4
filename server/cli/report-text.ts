import { terminalText } from '../base/inert.ts';
import { startOfLine } from '../base/lines.ts';
import type { PlacedFinding } from '../features/placed-finding.ts';
import { positionIn } from '../syntax/positions.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import type { CheckedFile, CheckReport } from './report.ts';
import { placeOfRelated } from './related.ts';
import { renderedFrom } from './rendered-from.ts';
import { painted } from './style.ts';

const MARKS = { error: 'error', warning: 'warning', information: 'info', hint: 'hint' } as const;

/** The report for people: each finding with its source line and carets under the place. */
export function textReport({ files, snapshot }: CheckReport): string {
  const blocks = files.flatMap((checked) => checked.findings.map((placed) => block(checked, placed, snapshot)));
  return `${[...blocks, summary(files)].join('\n')}\n`;
}

function block(checked: CheckedFile, { place, finding }: PlacedFinding, snapshot: Snapshot): string {
  const { name, file } = checked;
  const { text } = place.manifest.piece;
  const start = positionIn(file, place.start + finding.span.start);
  const lineStart = startOfLine(text, finding.span.start);
  const written = text.slice(lineStart, lineStart + 2000).split(/[\r\n]/, 1)[0] ?? '';
  const width = Math.max(1, Math.min(finding.span.end, lineStart + written.length) - finding.span.start);
  const margin = ' '.repeat(String(start.line + 1).length);
  const { shown, column } = clipped(written, start.character);
  const [before, marked] = [shown.slice(0, column), shown.slice(column, column + width)];
  const carets = before.replace(/[^\t]+/g, (part) => ' '.repeat(columnsOf(part))) + '^'.repeat(Math.max(1, columnsOf(marked)));
  const at = painted('place', line(`${name}:${start.line + 1}:${start.character + 1}:`));
  const mark = painted(finding.severity, `${MARKS[finding.severity]}:`);
  const head = `${at} ${mark} ${line(`${finding.message} [${finding.code}]`)}`;
  const fixes = finding.fixes.slice(0, 1).map(({ title }) => `${margin} = fix: ${title}`);
  const related = finding.related.slice(0, 5).flatMap((other) => {
    const where = placeOfRelated(other, place, checked, snapshot);
    return where ? [`${margin} = see ${where.name}:${positionIn(where.file, where.span.start).line + 1}: ${other.message}`] : [];
  });
  const rendered = renderedFrom(place);
  const from = rendered === undefined ? [] : [`${margin} = rendered from ${rendered}`];
  const source = [`${margin} |`, `${start.line + 1} | ${shown}`].map(line);
  const under = `${margin} | ${line(carets.trimEnd().replace(/\^+$/, ''))}${painted(finding.severity, /\^+$/.exec(carets)?.[0] ?? '')}`;
  return [head, ...source, under, ...[...from, ...related, ...fixes].map(line), ''].join('\n');
}

/** A line of the report. The tabs of the source stay, so that carets stand under it. */
function line(text: string): string {
  return text.split('\t').map(terminalText).join('\t');
}

/** A line as it can be shown: without control characters, very long lines shortened around the place. */
function clipped(line: string, column: number): { shown: string; column: number } {
  const clean = line.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, '\uFFFD');
  if (clean.length <= 160) return { shown: clean, column };
  const from = whole(clean, Math.max(0, column - 60));
  const to = whole(clean, from + 140);
  const [head, tail] = [from > 0 ? '…' : '', to < clean.length ? '…' : ''];
  return { shown: `${head}${clean.slice(from, to)}${tail}`, column: column - from + head.length };
}

/** The offset, or the one before it where it would split a surrogate pair. */
function whole(text: string, offset: number): number {
  return /[\uDC00-\uDFFF]/.test(text.charAt(offset)) ? offset - 1 : offset;
}

/** How many columns of a terminal a text takes: East Asian wide characters and emoji two, marks that join the one before them none. */
function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += WIDE.test(character) ? 2 : JOINING.test(character) ? 0 : 1;
  return columns;
}

const WIDE =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|\p{Emoji_Presentation}/u;
const JOINING = /\p{M}|\u200B|\u200C|\u200D/u;

function summary(files: readonly CheckedFile[]): string {
  const severities = files.flatMap((checked) => checked.findings.map(({ finding }) => finding.severity));
  const words = (['error', 'warning', 'information', 'hint'] as const).flatMap((severity) => {
    const n = severities.filter((other) => other === severity).length;
    return n === 0 ? [] : [`${n} ${severity}${n === 1 || severity === 'information' ? '' : 's'}`];
  });
  const looked = `${files.length} file${files.length === 1 ? '' : 's'}`;
  return words.length === 0 ? `No problems found in ${looked}.` : `${words.join(', ')} in ${looked}.`;
}
