import { CodeActionKind, CodeActionTriggerKind, type CodeAction, type CodeActionParams, type TextEdit } from 'vscode-languageserver';
import type { Work } from '../base/work.ts';
import { conversionActions } from '../features/conversion-actions.ts';
import type { FeatureContext } from '../features/context.ts';
import { remediationActions } from '../features/remediation-actions.ts';
import { refactorings } from '../features/refactor.ts';
import type { Edit } from '../syntax/edit.ts';
import { offsetIn } from '../syntax/positions.ts';
import type { SourceFile } from '../syntax/source-file.ts';
import { fileAt } from '../workspace/snapshot.ts';
import { normalizeUri } from '../workspace/uri.ts';
import { isWanted, type OfferedActions } from './code-actions.ts';
import { rangeOf } from './convert.ts';

/**
 * The rewrites that can be offered for a range beside its repairs: of peers, and of whatever policies make an expectation fail. What is a
 * repair as well as a rewrite is offered once: as a repair, in the words of the rewrite, which say who is gained and lost. To ignore a
 * finding comes after everything that mends it.
 */
export function withRefactorings(
  { repairs, others: silences }: OfferedActions,
  context: FeatureContext,
  params: CodeActionParams,
): CodeAction[] {
  const wants = (kind: string): boolean => isWanted(kind, params);
  const flips = wants(CodeActionKind.QuickFix) ? flipsOf(context, params) : [];
  const isRepaired = repairs.some(({ kind }) => kind === CodeActionKind.QuickFix);
  const rewrites = wants(CodeActionKind.RefactorRewrite) || isRepaired ? rewritesOf(context, params) : [];
  const byEdit = new Map(rewrites.map((rewrite) => [editOf(rewrite), rewrite]));
  const done = new Set(repairs.map(editOf));
  const others = wants(CodeActionKind.RefactorRewrite) ? rewrites.filter((rewrite) => !done.has(editOf(rewrite))) : [];
  return [
    ...repairs.map((repair) => ({ ...repair, title: byEdit.get(editOf(repair))?.title ?? repair.title })),
    ...flips,
    ...silences,
    ...others,
  ];
}

/**
 * Conversions to other APIs. Each is proved, which takes seconds, so they are offered only where someone asks for actions, not while the cursor
 * moves.
 */
export function* conversionsFor(context: FeatureContext, params: CodeActionParams): Work<readonly CodeAction[]> {
  const { file, uri } = context;
  const { only, triggerKind } = params.context;
  const isInvoked = only !== undefined || triggerKind === CodeActionTriggerKind.Invoked;
  if (!isInvoked || !isWanted(CodeActionKind.RefactorRewrite, params)) return [];
  const range = { start: offsetIn(file, params.range.start), end: offsetIn(file, params.range.end) };
  const found = yield* conversionActions(context, range);
  return found.map(({ title, edits }) => ({
    title,
    kind: CodeActionKind.RefactorRewrite,
    edit: { changes: { [uri]: textEdits(file, edits) } },
  }));
}

function editOf({ edit }: CodeAction): string {
  return JSON.stringify(edit?.changes ?? {});
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
  return remediationActions(context, span).map((remediation) => ({
    title: remediation.title,
    kind: CodeActionKind.QuickFix,
    diagnostics: diagnostics.filter(
      (one) => one.code === 'expectation-failed' && offsetIn(file, one.range.start) === remediation.span.start,
    ),
    edit: {
      changes: Object.fromEntries(
        remediation.files.map(({ uri: other, edits }) =>
          other === normalizeUri(uri) ? [uri, textEdits(file, edits)] : [other, textEdits(fileAt(snapshot, other) ?? file, edits)],
        ),
      ),
    },
  }));
}

function textEdits(file: SourceFile, edits: readonly Edit[]): TextEdit[] {
  return edits.map((edit) => ({ range: rangeOf(file, edit), newText: edit.text }));
}
