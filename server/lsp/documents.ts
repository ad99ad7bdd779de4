import type { TextDocumentContentChangeEvent } from 'vscode-languageserver';
import { offsetIn } from '../syntax/positions.ts';
import { edit, sourceFile, type SourceFile } from '../syntax/source-file.ts';

/** A document that the editor has open. Replaced as a whole at every change; `file` shares what the change did not touch. */
export interface OpenDocument {
  /** As the client spells it; answers use the same spelling. */
  readonly uri: string;
  readonly languageId: string;
  readonly version: number;
  readonly file: SourceFile;
}

/** The document after the editor opened it. */
export function opened(item: {
  readonly uri: string;
  readonly languageId: string;
  readonly version: number;
  readonly text: string;
}): OpenDocument {
  return { uri: item.uri, languageId: item.languageId, version: item.version, file: sourceFile(item.text) };
}

/** The document after changes, each of which applies to the text the one before it left. */
export function changed(document: OpenDocument, version: number | null, changes: readonly TextDocumentContentChangeEvent[]): OpenDocument {
  let { file } = document;
  for (const change of changes) file = applied(file, change);
  return { ...document, version: version ?? document.version, file };
}

function applied(file: SourceFile, change: TextDocumentContentChangeEvent): SourceFile {
  // Some clients send `null` for what they leave out.
  if (!('range' in change) || !change.range) return sourceFile(change.text);
  const start = offsetIn(file, change.range.start);
  return edit(file, { start, end: Math.max(start, offsetIn(file, change.range.end)), text: change.text });
}
