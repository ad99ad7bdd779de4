import {
  CodeActionKind,
  CodeActionTriggerKind,
  type CodeAction,
  type CodeActionParams,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import { CONVERSION_TARGETS, type ConversionTarget } from '../analysis/conversion/converters.ts';
import type { Work } from '../base/work.ts';
import { conversionActions, conversionChange, conversionOffers, type ConversionScope } from '../features/conversion-actions.ts';
import type { FeatureContext } from '../features/context.ts';
import { remediationActions } from '../features/remediation-actions.ts';
import { refactorings } from '../features/refactor.ts';
import type { Edit } from '../syntax/edit.ts';
import { offsetIn } from '../syntax/positions.ts';
import type { SourceFile } from '../syntax/source-file.ts';
import type { Settings } from '../settings.ts';
import { fileAt, type Snapshot } from '../workspace/snapshot.ts';
import { normalizeUri } from '../workspace/uri.ts';
import type { Abilities } from './abilities.ts';
import { isRequested, type OfferedActions } from './code-actions.ts';
import { rangeOf } from './convert.ts';

/**
 * The rewrites that can be offered for a range beside its repairs: of peers, and of whatever policies make an expectation fail. What is a
 * repair as well as a rewrite is offered once: as a repair, in the words of the rewrite, which say who is gained and lost. To ignore a
 * finding comes after everything that mends it.
 */
export function* withRefactorings(
  { repairs, others: silences }: OfferedActions,
  context: FeatureContext,
  params: CodeActionParams,
): Work<CodeAction[]> {
  const isOffered = (kind: string): boolean => isRequested(kind, params);
  const remediations = isOffered(CodeActionKind.QuickFix) ? remediationActionsOf(context, params) : [];
  const isRepaired = repairs.some(({ kind }) => kind === CodeActionKind.QuickFix);
  const rewrites = isOffered(CodeActionKind.RefactorRewrite) || isRepaired ? yield* rewritesOf(context, params) : [];
  const byEdit = new Map(rewrites.map((rewrite) => [editOf(rewrite), rewrite]));
  const done = new Set(repairs.map(editOf));
  const others = isOffered(CodeActionKind.RefactorRewrite) ? rewrites.filter((rewrite) => !done.has(editOf(rewrite))) : [];
  return [
    ...repairs.map((repair) => ({ ...repair, title: byEdit.get(editOf(repair))?.title ?? repair.title })),
    ...remediations,
    ...silences,
    ...others,
  ];
}

/**
 * Conversions to other APIs. Each is proved, which takes seconds, so they are offered only where someone asks for actions, not while the cursor
 * moves; those of a file or a workspace are worked out when one is chosen.
 */
export function* conversionsFor(context: FeatureContext, params: CodeActionParams, abilities: Abilities): Work<readonly CodeAction[]> {
  const { file, uri } = context;
  const { only, triggerKind } = params.context;
  const isInvoked = only !== undefined || triggerKind === CodeActionTriggerKind.Invoked;
  if (!isInvoked || !isRequested(CodeActionKind.RefactorRewrite, params)) return [];
  const range = { start: offsetIn(file, params.range.start), end: offsetIn(file, params.range.end) };
  const found = yield* conversionActions(context, range);
  const offers = abilities.resolvesEdits ? conversionOffers(context, range) : [];
  return [
    ...found.map(({ title, about, edits }) => ({
      title,
      kind: CodeActionKind.RefactorRewrite,
      edit: previewed([{ uri, edits: textEdits(file, edits) }], { label: title, description: about }, abilities),
    })),
    ...offers.map(({ title, target, scope }) => ({
      title,
      kind: CodeActionKind.RefactorRewrite,
      data: { uri, target, scope },
    })),
  ];
}

/** A chosen action with its edit. */
export interface ResolvedConversion {
  readonly action: CodeAction;
  /** What has to be said beside: the policies that stay, and why. */
  readonly message?: string;
}

/** A chosen conversion with its edit, and what has to be said about it; the action as it is where it is no such offer. */
export function* resolvedConversion(
  action: CodeAction,
  snapshot: Snapshot,
  settingsOf: (uri: string) => Settings,
  abilities: Abilities,
): Work<ResolvedConversion> {
  const offer = offerIn(action.data);
  if (!offer) return { action };
  const { files, about, refused } = yield* conversionChange(snapshot, normalizeUri(offer.uri), offer, settingsOf(offer.uri));
  const changed = files.flatMap(({ uri, edits }) => {
    const file = fileAt(snapshot, uri);
    return file ? [{ uri: uri === normalizeUri(offer.uri) ? offer.uri : uri, edits: textEdits(file, edits) }] : [];
  });
  const left = refused.length === 0 ? undefined : `Not converted: ${refused.join(' ')}`;
  return {
    action: {
      ...action,
      edit: previewed(changed, { label: action.title, description: [about, left].filter(Boolean).join(' ') }, abilities),
    },
    ...(left === undefined ? {} : { message: left }),
  };
}

interface SentOffer {
  readonly uri: string;
  readonly target: ConversionTarget;
  readonly scope: ConversionScope;
}

function offerIn(data: unknown): SentOffer | undefined {
  if (typeof data !== 'object' || data === null || !('uri' in data) || !('target' in data) || !('scope' in data)) return undefined;
  const { uri, target: word, scope } = data;
  const target = CONVERSION_TARGETS.find((one) => one === word);
  if (typeof uri !== 'string' || target === undefined || (scope !== 'file' && scope !== 'workspace')) return undefined;
  return { uri, target, scope };
}

/** One change that the editor shows before it applies it, where it can; it is undone in one step. */
function previewed(
  files: readonly { readonly uri: string; readonly edits: readonly TextEdit[] }[],
  annotation: { readonly label: string; readonly description: string },
  { documentChanges, annotatesChanges }: Abilities,
): WorkspaceEdit {
  if (!documentChanges || !annotatesChanges) return { changes: Object.fromEntries(files.map(({ uri, edits }) => [uri, [...edits]])) };
  return {
    documentChanges: files.map(({ uri, edits }) => ({
      textDocument: { uri, version: null },
      edits: edits.map((edit) => ({ ...edit, annotationId: CONVERSION })),
    })),
    changeAnnotations: { [CONVERSION]: { ...annotation, needsConfirmation: true } },
  };
}

const CONVERSION = 'conversion';

function editOf({ edit }: CodeAction): string {
  return JSON.stringify(edit?.changes ?? {});
}

function* rewritesOf(context: FeatureContext, { range }: CodeActionParams): Work<readonly CodeAction[]> {
  const { file, uri } = context;
  const found = yield* refactorings(context, { start: offsetIn(file, range.start), end: offsetIn(file, range.end) });
  return found.map(({ title, edits }) => ({
    title,
    kind: CodeActionKind.RefactorRewrite,
    edit: { changes: { [uri]: textEdits(file, edits) } },
  }));
}

function remediationActionsOf(context: FeatureContext, { range, context: { diagnostics } }: CodeActionParams): readonly CodeAction[] {
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
