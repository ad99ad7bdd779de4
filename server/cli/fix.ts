import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DiagnoseOptions } from '../features/diagnose.ts';
import { fixAll } from '../features/quick-fix.ts';
import { encode } from '../host/node.ts';
import { applyEdits } from '../syntax/edit.ts';
import { sourceFile, textOf, type SourceFile } from '../syntax/source-file.ts';

/** One repair may make room for the next; more rounds than this mean that two undo each other. */
const ROUNDS = 10;

/** The file with every repair applied that keeps its meaning; the very same file where there is none. */
export function fixed(file: SourceFile, options: DiagnoseOptions): SourceFile {
  let current = file;
  for (let round = 0; round < ROUNDS; round++) {
    const offered = fixAll(current, options);
    if (offered.length === 0) break;
    const edits = offered.flatMap(({ place, fix }) =>
      fix.edits.map(({ start, end, text }) => ({ start: place.start + start, end: place.start + end, text })),
    );
    current = sourceFile(applyEdits(textOf(current), edits));
  }
  return current;
}

/** Writes a file back in the encoding that it has. Gives the reason where that cannot be done. */
export function writeBack(uri: string, file: SourceFile): string | undefined {
  try {
    const path = fileURLToPath(uri);
    const bytes = encode(textOf(file), readFileSync(path));
    if (!bytes) return 'is not clean UTF-8 or UTF-16, so it is not repaired. Save it as UTF-8.';
    writeFileSync(path, bytes);
    return undefined;
  } catch (error) {
    return `cannot be written: ${error instanceof Error ? error.message : String(error)}.`;
  }
}
