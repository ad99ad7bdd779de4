import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DiagnoseOptions } from '../features/diagnose.ts';
import { fixAll } from '../features/quick-fix.ts';
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import { terminalText } from '../base/inert.ts';
import { encode } from '../host/node.ts';
import { positionIn } from '../syntax/positions.ts';
import { applyEdits } from '../syntax/edit.ts';
import { sourceFile, textOf, type SourceFile } from '../syntax/source-file.ts';

/** One repair may make room for the next; more rounds than this mean that two undo each other. */
const MAX_ROUNDS = 10;

/** A repair that was applied: of which finding, what it did, and on which line (from 1) the finding stood by then. */
export interface AppliedFix {
  readonly code: string;
  readonly title: string;
  readonly line: number;
}

/** A file with every repair applied that has only one meaning, and the repairs; the very same file where there is none. */
export interface Fixed {
  readonly file: SourceFile;
  readonly changes: readonly AppliedFix[];
}

/** Applies every repair of a file that has only one meaning. */
export function fixed(file: SourceFile, options: DiagnoseOptions): Fixed {
  let current = file;
  const changes: AppliedFix[] = [];
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const offered = fixAll(current, options);
    if (offered.length === 0) break;
    const edits = offered.flatMap(({ place, fix }) =>
      fix.edits.map(({ start, end, text }) => ({ start: place.start + start, end: place.start + end, text })),
    );
    for (const { place, finding, fix } of offered)
      changes.push({ code: finding.code, title: fix.title, line: positionIn(current, place.start + finding.span.start).line + 1 });
    current = sourceFile(applyEdits(textOf(current), edits));
  }
  return { file: current, changes };
}

/** What the repairs change, as a unified diff that `git apply` and `patch` take. Control characters of the file are not shown. */
export function diffOf(name: string, before: SourceFile, after: SourceFile): string {
  const shown = name.split('\\').join('/');
  const patch = createTwoFilesPatch(
    terminalText(`a/${shown}`),
    terminalText(`b/${shown}`),
    textOf(before),
    textOf(after),
    undefined,
    undefined,
    {
      headerOptions: FILE_HEADERS_ONLY,
    },
  );
  return patch.split('\n').map(diffLine).join('\n');
}

/** The first character says what the line is; a carriage return at the end is a part of the line break. */
function diffLine(line: string): string {
  const end = line.endsWith('\r') ? '\r' : '';
  const words = line.slice(1, line.length - end.length).split('\t');
  return line.slice(0, 1) + words.map(terminalText).join('\t') + end;
}

/** Writes a file back in the encoding that it has. Gives the reason where that cannot be done. */
export function writeBack(uri: string, file: SourceFile): string | undefined {
  try {
    const path = fileURLToPath(uri);
    const bytes = encode(textOf(file), readFileSync(path));
    if (!bytes) return 'is not valid UTF-8 or UTF-16, so it is not fixed. Save it as UTF-8.';
    writeFileSync(path, bytes);
    return undefined;
  } catch (error) {
    return `cannot be written: ${error instanceof Error ? error.message : String(error)}.`;
  }
}
