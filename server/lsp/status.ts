import { DiagnosticSeverity, type Diagnostic } from 'vscode-languageserver';
import { list } from '../base/english.ts';
import type { Status } from './protocol.ts';

/** What our clients show about a document, in words. */
export function statusOf(diagnostics: readonly Diagnostic[]): Status {
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === DiagnosticSeverity.Error).length;
  const warnings = diagnostics.filter((diagnostic) => diagnostic.severity === DiagnosticSeverity.Warning).length;
  const words = [...many(errors, 'error'), ...many(warnings, 'warning')];
  const text = words.length > 0 ? list(words, 'and') : 'no problems';
  return { text, detail: '', busy: false, severity: errors > 0 ? 'error' : warnings > 0 ? 'warning' : 'information' };
}

function many(count: number, word: string): string[] {
  return count === 0 ? [] : [`${count} ${word}${count === 1 ? '' : 's'}`];
}
