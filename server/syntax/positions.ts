import { memo } from '../base/memo.ts';
import { lastAtMost, lineIndex, offsetAt, positionAt, type LineIndex, type Position } from '../base/lines.ts';
import type { SourceFile } from './source-file.ts';
import type { Piece } from './split.ts';

interface Layout {
  /** Offset at which each piece starts; ascending. */
  readonly offsets: Int32Array;
  /** Line in which each piece starts; every piece starts at the start of a line. */
  readonly lines: Int32Array;
}

/** The line and UTF-16 column of an offset of the file, both from 0. */
export function positionIn(file: SourceFile, offset: number): Position {
  const { offsets, lines } = layoutOf(file);
  const at = lastAtMost(offsets, offset);
  const place = positionAt(indexOf(file.pieces[at]), offset - (offsets[at] ?? 0));
  return { line: (lines[at] ?? 0) + place.line, character: place.character };
}

/** The offset of a line and UTF-16 column; places outside the text move to the nearest one inside. */
export function offsetIn(file: SourceFile, place: Position): number {
  const { offsets, lines } = layoutOf(file);
  const at = lastAtMost(lines, place.line);
  return (offsets[at] ?? 0) + offsetAt(indexOf(file.pieces[at]), { line: place.line - (lines[at] ?? 0), character: place.character });
}

const layoutOf = memo((file: SourceFile): Layout => {
  const offsets = new Int32Array(file.pieces.length);
  const lines = new Int32Array(file.pieces.length);
  let offset = 0;
  let line = 0;
  file.pieces.forEach((piece, i) => {
    offsets[i] = offset;
    lines[i] = line;
    offset += piece.text.length;
    line += piece.breaks;
  });
  return { offsets, lines };
});

function indexOf(piece: Piece | undefined): LineIndex {
  return piece ? indexOfPiece(piece) : lineIndex('');
}

const indexOfPiece = memo(({ text }: Piece) => lineIndex(text));
