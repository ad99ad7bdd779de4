import { CodeActionKind, type CodeAction, type CodeActionParams, type TextEdit } from 'vscode-languageserver';
import { fixAll, quickFixes, type OfferedFix } from '../features/quick-fix.ts';
import { offsetIn } from '../syntax/positions.ts';
import type { SourceFile } from '../syntax/source-file.ts';
import { diagnosticOf, rangeIn, type DiagnosticContext } from './convert.ts';
import type { OpenDocument } from './documents.ts';
import type { Settings } from '../settings.ts';

/** Every safe repair of a file at once; also what editors run on save. */
export const FIX_ALL: string = `${CodeActionKind.SourceFixAll}.netpol`;

/** The code actions of a range: one for each repair, and "fix all". */
export function codeActionsOf(
  document: OpenDocument,
  params: CodeActionParams,
  options: { readonly settings: Settings; readonly partial: boolean },
  links: Pick<DiagnosticContext, 'page' | 'elsewhere'>,
): readonly CodeAction[] {
  const { file, uri } = document;
  const wants = (kind: string): boolean => isWanted(kind, params);
  const asked = { uri, ...options };
  const actions: CodeAction[] = [];
  if (wants(CodeActionKind.QuickFix)) {
    const range = { start: offsetIn(file, params.range.start), end: offsetIn(file, params.range.end) };
    for (const offered of quickFixes(file, asked, range)) {
      actions.push({
        title: offered.fix.title,
        kind: CodeActionKind.QuickFix,
        diagnostics: [diagnosticOf(offered, { uri, file, ...links })],
        isPreferred: offered.fix.safe && offered.finding.fixes[0] === offered.fix,
        edit: { changes: { [uri]: editsOf(file, offered) } },
      });
    }
  }
  if (wants(FIX_ALL)) {
    const edits = fixAll(file, asked).flatMap((offered) => editsOf(file, offered));
    if (edits.length > 0)
      actions.push({ title: 'Fix everything that can be fixed safely', kind: FIX_ALL, edit: { changes: { [uri]: edits } } });
  }
  return actions;
}

function editsOf(file: SourceFile, { place, fix }: OfferedFix): TextEdit[] {
  return fix.edits.map((edit) => ({ range: rangeIn(file, place, edit), newText: edit.text }));
}

/** Does the editor ask for this kind of code action, by itself or as part of a wider kind? Without a filter it asks for all. */
export function isWanted(kind: string, { context: { only } }: CodeActionParams): boolean {
  return only === undefined || only.some((one) => kind === one || kind.startsWith(`${one}.`));
}
