import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DiagnoseOptions } from '../features/diagnose.ts';
import { fixAll } from '../features/quick-fix.ts';
import { sourceFile, textOf, type SourceFile } from '../syntax/source-file.ts';

/** One repair may make room for the next; more rounds than this mean that two undo each other. */
const ROUNDS = 10;

/** The file with every repair applied that keeps its meaning. */
export function fixed(file: SourceFile, options: DiagnoseOptions): SourceFile {
  let current = file;
  for (let round = 0; round < ROUNDS; round++) {
    const offered = fixAll(current, options);
    if (offered.length === 0) break;
    const edits = offered.flatMap(({ place, fix }) =>
      fix.edits.map((edit) => ({ start: place.start + edit.start, end: place.start + edit.end, text: edit.text })),
    );
    let text = textOf(current);
    for (const edit of edits.toSorted((a, b) => b.start - a.start)) text = text.slice(0, edit.start) + edit.text + text.slice(edit.end);
    current = sourceFile(text);
  }
  return current;
}

/** Writes a file back. Throws what the file system throws. */
export function writeBack(uri: string, file: SourceFile): void {
  writeFileSync(fileURLToPath(uri), textOf(file));
}
