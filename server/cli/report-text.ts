import { startOfLine } from '../base/lines.ts';
import type { PlacedFinding } from '../features/placed-finding.ts';
import { positionIn } from '../syntax/positions.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import type { CheckedFile, CheckReport } from './report.ts';
import { placeOfRelated } from './related.ts';

const MARKS = { error: 'error', warning: 'warning', information: 'info', hint: 'hint' } as const;

/** The report for people: each finding with its source line and carets under the place. */
export function reportText({ files, snapshot }: CheckReport): string {
  const blocks = files.flatMap((checked) => checked.findings.map((placed) => block(checked, placed, snapshot)));
  return `${[...blocks, summary(files)].join('\n')}\n`;
}

function block(checked: CheckedFile, { place, finding }: PlacedFinding, snapshot: Snapshot): string {
  const { name, file } = checked;
  const { text } = place.manifest.piece;
  const start = positionIn(file, place.start + finding.span.start);
  const lineStart = startOfLine(text, finding.span.start);
  const line = text.slice(lineStart, lineStart + 2000).split(/[\r\n]/, 1)[0] ?? '';
  const width = Math.max(1, Math.min(finding.span.end, lineStart + line.length) - finding.span.start);
  const margin = ' '.repeat(String(start.line + 1).length);
  const { shown, column } = clipped(line, start.character);
  const carets = shown.slice(0, column).replace(/[^\t]/g, ' ') + '^'.repeat(Math.min(width, Math.max(1, shown.length - column)));
  const head = `${name}:${start.line + 1}:${start.character + 1}: ${MARKS[finding.severity]}: ${finding.message} [${finding.code}]`;
  const fixes = finding.fixes.slice(0, 1).map(({ title }) => `${margin} = fix: ${title}`);
  const related = finding.related.slice(0, 5).flatMap((other) => {
    const where = placeOfRelated(other, place, checked, snapshot);
    return where ? [`${margin} = see ${where.name}:${positionIn(where.file, where.span.start).line + 1}: ${other.message}`] : [];
  });
  return [head, `${margin} |`, `${start.line + 1} | ${shown}`, `${margin} | ${carets}`, ...related, ...fixes, ''].join('\n');
}

/** A line as it can be shown: control characters out, very long lines cut around the place. */
function clipped(line: string, column: number): { shown: string; column: number } {
  const clean = line.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\uFFFD');
  if (clean.length <= 160) return { shown: clean, column };
  const from = Math.max(0, column - 60);
  return { shown: `${from > 0 ? '…' : ''}${clean.slice(from, from + 140)}…`, column: column - from + (from > 0 ? 1 : 0) };
}

function summary(files: readonly CheckedFile[]): string {
  const severities = files.flatMap((checked) => checked.findings.map(({ finding }) => finding.severity));
  const words = (['error', 'warning', 'information', 'hint'] as const).flatMap((severity) => {
    const n = severities.filter((other) => other === severity).length;
    return n === 0 ? [] : [`${n} ${severity}${n === 1 || severity === 'information' ? '' : 's'}`];
  });
  const looked = `${files.length} file${files.length === 1 ? '' : 's'}`;
  return words.length === 0 ? `Nothing to complain of in ${looked}.` : `${words.join(', ')} in ${looked}.`;
}
