import type { Connection, Diagnostic } from 'vscode-languageserver';
import { diagnose } from '../features/diagnose.ts';
import { diagnosticOf, type DiagnosticContext } from './convert.ts';
import type { OpenDocument } from './documents.ts';
import { inSlices } from './slices.ts';
import { statusNotification, type Status } from './protocol.ts';
import type { Settings } from '../settings.ts';

/** What publishing asks of the session. */
export interface PublishContext {
  readonly connection: Connection;
  /** The document as it is now; `undefined` when it was closed. */
  readonly current: (uri: string) => OpenDocument | undefined;
  readonly settings: (uri: string) => Settings;
  readonly partial: (uri: string) => boolean;
  readonly links: Pick<DiagnosticContext, 'page' | 'locate'>;
  /** Does another extension already report this kind of finding here? */
  readonly leftToOthers: (code: string, document: OpenDocument) => boolean;
  /** Does the client ask for diagnostics itself? Then nothing is pushed. */
  readonly isPulled: () => boolean;
  /** Is the client one of ours, which shows a status? */
  readonly showsStatus: () => boolean;
}

/**
 * Checks a document and publishes what was found, with its version. Short work is done and published before this returns; long work
 * goes on in slices and is dropped as soon as the document changes again. `done` is called once everything is published.
 */
export function publish(document: OpenDocument, context: PublishContext, done: () => void = () => undefined): void {
  if (context.isPulled()) return done();
  const { uri, version } = document;
  const isWanted = (): boolean => context.current(uri) === document;
  inSlices(diagnosticsOf(document, context), isWanted, (diagnostics) => {
    void context.connection.sendDiagnostics({ uri, version, diagnostics: [...diagnostics] });
    if (context.showsStatus()) void context.connection.sendNotification(statusNotification, statusOf(diagnostics));
    done();
  });
}

/** The diagnostics of a document, as work that can be interrupted. */
export function* diagnosticsOf(document: OpenDocument, context: PublishContext): Generator<void, readonly Diagnostic[]> {
  const { uri, file } = document;
  const found = yield* diagnose(file, { uri, settings: context.settings(uri), partial: context.partial(uri) });
  const ours = found.filter(({ finding }) => !context.leftToOthers(finding.code, document));
  return ours.map((placed) => diagnosticOf(placed, { uri, file, ...context.links }));
}

function statusOf(diagnostics: readonly Diagnostic[]): Status {
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 1).length;
  const warnings = diagnostics.filter((diagnostic) => diagnostic.severity === 2).length;
  const words = [many(errors, 'error'), many(warnings, 'warning')].filter((word) => word !== '');
  const text = words.length > 0 ? words.join(', ') : 'no problems';
  return { text, detail: '', busy: false, severity: errors > 0 ? 'error' : warnings > 0 ? 'warning' : 'information' };
}

function many(count: number, word: string): string {
  return count === 0 ? '' : `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** Takes the diagnostics of a closed or deleted document away. */
export function unpublish(uri: string, context: PublishContext): void {
  if (!context.isPulled()) void context.connection.sendDiagnostics({ uri, diagnostics: [] });
}
