import type { CancellationToken, DocumentDiagnosticParams, DocumentDiagnosticReport, ResponseError } from 'vscode-languageserver';
import { diagnosticsOf, type PublishContext } from './publish.ts';
import { workAbout } from './requests.ts';
import type { Session } from './session.ts';

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

/** Two different texts of one length have the same one in one case of 2^64. (FNV-1a, Fowler, Noll and Vo, twice with 32 bits.) */
function fingerprint(text: string): string {
  let [a, b] = [0x811c9dc5, 0x050c5d1f];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ (code + i), 0x01000193);
  }
  return [text.length, a >>> 0, b >>> 0].map((part) => part.toString(36)).join('-');
}
