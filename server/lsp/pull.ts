import type {
  CancellationToken,
  DocumentDiagnosticParams,
  DocumentDiagnosticReport,
  ResponseError,
  WorkspaceDiagnosticParams,
  WorkspaceDiagnosticReport,
} from 'vscode-languageserver';
import { fingerprint } from './fingerprint.ts';
import { diagnosticsOf, type PublishContext } from './publish.ts';
import { workAbout } from './requests.ts';
import type { Session } from './session.ts';
import type { WorkspaceProblems } from './workspace-problems.ts';

type Pull = (params: DocumentDiagnosticParams, token: CancellationToken) => Promise<DocumentDiagnosticReport | ResponseError<never>>;

/** Answers clients that ask for diagnostics: with those of the document, or with `unchanged` where they are those it was given last. */
export function pulling(session: Session, context: PublishContext): Pull {
  return ({ textDocument, previousResultId }, token) => {
    const nothing: DocumentDiagnosticReport = { kind: 'full', items: [] };
    return workAbout<DocumentDiagnosticReport>(session, textDocument.uri, token, nothing, function* (_, document) {
      const items = [...(yield* diagnosticsOf(document, context))];
      const resultId = fingerprint(JSON.stringify(items));
      return resultId === previousResultId ? { kind: 'unchanged', resultId } : { kind: 'full', resultId, items };
    });
  };
}

/** Answers clients that ask for the diagnostics of the whole workspace: files that have not changed since are `unchanged`. */
export async function pulledWorkspace(
  problems: WorkspaceProblems,
  { previousResultIds }: WorkspaceDiagnosticParams,
  token: CancellationToken,
): Promise<WorkspaceDiagnosticReport> {
  const before = new Map(previousResultIds.map(({ uri, value }) => [uri, value]));
  const found = await problems.pull(() => !token.isCancellationRequested);
  const named = new Set(found.map(({ uri }) => uri));
  // What is no longer in scope has no problems any more.
  const gone = [...before.keys()].filter((uri) => !named.has(uri));
  return {
    items: [
      ...found.map(({ uri, version, items, resultId }): WorkspaceDiagnosticReport['items'][number] => {
        const head = { uri, version: version ?? null, resultId };
        return before.get(uri) === resultId ? { kind: 'unchanged', ...head } : { kind: 'full', ...head, items: [...items] };
      }),
      ...gone.map((uri) => ({ kind: 'full' as const, uri, version: null, items: [] })),
    ],
  };
}
