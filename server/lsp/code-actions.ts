import { CodeActionKind, type CodeAction, type CodeActionParams, type TextEdit } from 'vscode-languageserver';
import { list, plain } from '../base/english.ts';
import type { Span } from '../base/span.ts';
import type { Work } from '../base/work.ts';
import { diagnose, type DiagnoseOptions } from '../features/diagnose.ts';
import { diagnoseWorkspace } from '../features/diagnose-workspace.ts';
import type { PlacedFinding } from '../features/placed-finding.ts';
import { fixAll, quickFixes, type OfferedFix } from '../features/quick-fix.ts';
import { offsetIn } from '../syntax/positions.ts';
import type { SourceFile } from '../syntax/source-file.ts';
import { diagnosticOf, rangeIn, type DiagnosticContext } from './convert.ts';
import type { OpenDocument } from './documents.ts';
import type { Settings } from '../settings.ts';
import { fileAt, withFile, type Snapshot } from '../workspace/snapshot.ts';

/** Every safe repair of a file at once; also what editors run on save. */
export const FIX_ALL: string = `${CodeActionKind.SourceFixAll}.netpol`;

/** So many changes are named in the title of "fix all". */
const MAX_LISTED_FIXES = 4;

/** What code actions depend on besides the document. */
export interface CodeActionOptions {
  readonly settings: Settings;
  readonly partial: boolean;
  readonly snapshot: Snapshot;
  readonly abilities: DiagnosticContext['abilities'];
}

/** The code actions of a range, in the order in which they are offered; rewrites that are not repairs have their place between the two. */
export interface OfferedActions {
  readonly repairs: readonly CodeAction[];
  /** To ignore a finding, and "fix all". */
  readonly others: readonly CodeAction[];
}

/**
 * The code actions of a range: one for each repair of what the file says by itself and of what the workspace says of it, and "fix all".
 * Yields often: the workspace may not have been asked yet.
 */
export function* codeActionsOf(
  document: OpenDocument,
  params: CodeActionParams,
  options: CodeActionOptions,
  links: Pick<DiagnosticContext, 'page' | 'elsewhere'>,
): Work<OfferedActions> {
  const { file, uri } = document;
  const { settings, partial, snapshot, abilities } = options;
  const scope = { uri, settings, partial };
  const repairs: CodeAction[] = [];
  const others: CodeAction[] = [];
  if (isRequested(CodeActionKind.QuickFix, params)) {
    const range = { start: offsetIn(file, params.range.start), end: offsetIn(file, params.range.end) };
    const found = yield* findingsIn(file, { ...scope, within: range }, snapshot, range);
    for (const offered of yield* quickFixes(found, range)) {
      const { finding, fix } = offered;
      (finding.fixes.includes(fix) ? repairs : others).push({
        title: fix.title,
        kind: CodeActionKind.QuickFix,
        diagnostics: [diagnosticOf(offered, { uri, file, abilities, ...links })],
        isPreferred: fix.safe && finding.fixes[0] === fix,
        edit: { changes: { [uri]: editsOf(file, offered) } },
      });
      yield;
    }
  }
  if (isRequested(FIX_ALL, params)) {
    const all = fixAll(file, scope);
    const edits = all.flatMap((offered) => editsOf(file, offered));
    if (edits.length > 0) others.push({ title: fixAllTitle(file, all), kind: FIX_ALL, edit: { changes: { [uri]: edits } } });
  }
  return { repairs, others };
}

/** What "fix all" is going to change, each with its line. */
function fixAllTitle(file: SourceFile, all: readonly OfferedFix[]): string {
  const changes = all.map((offered) => {
    const line = Math.min(...offered.fix.edits.map((edit) => rangeIn(file, offered.place, edit).start.line)) + 1;
    return `${offered.fix.title} (line ${line})`;
  });
  return plain(`Fix all that is safe: ${list(changes, 'and', MAX_LISTED_FIXES)}`);
}

/** Everything that is reported at a range, by the rules for one manifest and by those that ask the workspace. */
function* findingsIn(file: SourceFile, options: DiagnoseOptions, snapshot: Snapshot, range: Span): Work<readonly PlacedFinding[]> {
  const own = yield* diagnose(file, options);
  // The workspace takes an edit in a moment later; what it says must be about the text that is to be edited.
  const current = fileAt(snapshot, options.uri) === file ? snapshot : withFile(snapshot, options.uri, file);
  return [...own, ...(yield* diagnoseWorkspace(current, options.uri, options.settings, undefined, range))];
}

function editsOf(file: SourceFile, { place, fix }: OfferedFix): TextEdit[] {
  return fix.edits.map((edit) => ({ range: rangeIn(file, place, edit), newText: edit.text }));
}

/** Does the editor ask for this kind of code action, by itself or as part of a wider kind? Without a filter it asks for all. */
export function isRequested(kind: string, { context: { only } }: CodeActionParams): boolean {
  return only === undefined || only.some((one) => kind === one || kind.startsWith(`${one}.`));
}
