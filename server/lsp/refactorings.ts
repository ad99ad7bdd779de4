import { CodeActionKind, type CodeAction, type CodeActionParams, type TextEdit } from 'vscode-languageserver';
import type { FeatureContext } from '../features/context.ts';
import { flipActions } from '../features/flip-actions.ts';
import { refactorings } from '../features/refactor.ts';
import type { Edit } from '../syntax/edit.ts';
import { offsetIn } from '../syntax/positions.ts';
import type { SourceFile } from '../syntax/source-file.ts';
import { fileAt } from '../workspace/snapshot.ts';
import { normalizeUri } from '../workspace/uri.ts';
import { isWanted } from './code-actions.ts';
import { rangeOf } from './convert.ts';

/** The rewrites that can be offered for a range: of peers, and of whatever policies make an expectation fail. */
export function refactoringsOf(context: FeatureContext, params: CodeActionParams): readonly CodeAction[] {
  const wants = (kind: string): boolean => isWanted(kind, params);
  return [
    ...(wants(CodeActionKind.QuickFix) ? flipsOf(context, params) : []),
    ...(wants(CodeActionKind.RefactorRewrite) ? rewritesOf(context, params) : []),
  ];
}

/** What is a repair as well as a rewrite is offered once: as a repair, in the words of the rewrite, which say who is gained and lost. */
export function offeredOnce(repairs: readonly CodeAction[], rewrites: readonly CodeAction[]): readonly CodeAction[] {
  const keyOf = ({ edit }: CodeAction): string => JSON.stringify(edit?.changes);
  const byEdit = new Map(rewrites.map((rewrite) => [keyOf(rewrite), rewrite]));
  const done = new Set(repairs.map(keyOf));
  return [
    ...repairs.map((repair) => ({ ...repair, title: byEdit.get(keyOf(repair))?.title ?? repair.title })),
    ...rewrites.filter((rewrite) => !done.has(keyOf(rewrite))),
  ];
}

function rewritesOf(context: FeatureContext, { range }: CodeActionParams): readonly CodeAction[] {
  const { file, uri } = context;
  return refactorings(context, { start: offsetIn(file, range.start), end: offsetIn(file, range.end) }).map(({ title, edits }) => ({
    title,
    kind: CodeActionKind.RefactorRewrite,
    edit: { changes: { [uri]: textEdits(file, edits) } },
  }));
}

function flipsOf(context: FeatureContext, { range, context: { diagnostics } }: CodeActionParams): readonly CodeAction[] {
  const { file, uri, snapshot } = context;
  const span = { start: offsetIn(file, range.start), end: offsetIn(file, range.end) };
  return flipActions(context, span).map((flip) => ({
    title: flip.title,
    kind: CodeActionKind.QuickFix,
    diagnostics: diagnostics.filter((one) => one.code === 'expectation-failed' && offsetIn(file, one.range.start) === flip.span.start),
    edit: {
      changes: Object.fromEntries(
        flip.files.map(({ uri: other, edits }) =>
          other === normalizeUri(uri) ? [uri, textEdits(file, edits)] : [other, textEdits(fileAt(snapshot, other) ?? file, edits)],
        ),
      ),
    },
  }));
}

function textEdits(file: SourceFile, edits: readonly Edit[]): TextEdit[] {
  return edits.map((edit) => ({ range: rangeOf(file, edit), newText: edit.text }));
}
