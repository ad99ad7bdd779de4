import { workflowData, workflowProperty } from '../base/inert.ts';
import type { PlacedFinding } from '../features/placed-finding.ts';
import { positionIn } from '../syntax/positions.ts';
import { withSource } from './rendered-from.ts';
import type { CheckedFile, CheckReport } from './report.ts';

const COMMANDS = { error: 'error', warning: 'warning', information: 'notice', hint: 'notice' } as const;

/** The report as GitHub workflow commands: each becomes an annotation beside the line. */
export function reportGithub({ files }: CheckReport): string {
  return files.flatMap((checked) => checked.findings.map((placed) => annotation(checked, placed))).join('');
}

function annotation({ name, file }: CheckedFile, { place, finding }: PlacedFinding): string {
  const start = positionIn(file, place.start + finding.span.start);
  const end = positionIn(file, place.start + finding.span.end);
  // The runner takes columns within one line only ("'col' and 'endColumn' cannot be set if 'line' and 'endLine' are different values").
  const columns = start.line === end.line ? { col: start.character + 1, endColumn: end.character + 1 } : {};
  const properties = { file: name, line: start.line + 1, endLine: end.line + 1, ...columns, title: finding.code };
  const words = Object.entries(properties).map(([key, value]) => `${key}=${workflowProperty(String(value))}`);
  return `::${COMMANDS[finding.severity]} ${words.join(',')}::${workflowData(withSource(finding.message, place))}\n`;
}
