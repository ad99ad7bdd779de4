import { CodeActionKind, type CodeAction, type CodeActionParams } from 'vscode-languageserver';
import type { FeatureContext } from '../features/context.ts';
import { refactorings } from '../features/refactor.ts';
import { offsetIn } from '../syntax/positions.ts';
import { rangeOf } from './convert.ts';

/** The rewrites that can be offered for a range. */
export function refactoringsOf(context: FeatureContext, params: CodeActionParams): readonly CodeAction[] {
  const kind = CodeActionKind.RefactorRewrite;
  const { file, uri } = context;
  if (params.context.only?.every((only) => kind !== only && !kind.startsWith(`${only}.`)) === true) return [];
  const range = { start: offsetIn(file, params.range.start), end: offsetIn(file, params.range.end) };
  return refactorings(context, range).map(({ title, edits }) => ({
    title,
    kind,
    edit: { changes: { [uri]: edits.map((edit) => ({ range: rangeOf(file, edit), newText: edit.text })) } },
  }));
}
