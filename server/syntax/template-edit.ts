import { startOfLine } from '../base/lines.ts';
import type { Edit } from './edit.ts';
import { maskTemplate, type Hole } from './template.ts';

/**
 * Would an edit break a template: split a hole, or put lines between a hole and the text that it belongs to? Below
 * `matchLabels:` the line `{{- include "labels" . | nindent 6 }}` is its value, though a tree does not show it.
 */
export function tearsTemplate(whole: string, edit: Edit): boolean {
  // Only the neighbourhood counts; in a large document every edit would else take long.
  const from = startOfLine(whole, Math.max(0, edit.start - MAX_LOOKBACK_CHARACTERS));
  const text = whole.slice(from, edit.end + MAX_LOOKBACK_CHARACTERS);
  const { holes } = maskTemplate(text);
  if (holes.length === 0) return false;
  const [start, end, put] = [edit.start - from, edit.end - from, edit.text];
  if (holes.some((hole) => isInside(start, hole) || isInside(end, hole))) return true;
  const behind = /^(?:\r\n|\r|\n)( *)\S/.exec(put);
  if (behind) return isSplitBelow(text, end, behind[1]?.length ?? 0, holes);
  const before = /(?:\r\n|\r|\n)( *)$/.exec(put);
  return before !== null && start === end && isSplitAbove(text, start, before[1]?.length ?? 0, holes);
}

const MAX_LOOKBACK_CHARACTERS = 4000;

function isInside(offset: number, hole: Hole): boolean {
  return offset > hole.start && offset < hole.end;
}

/** Lines put behind an entry: does a hole go on there with what is indented deeper, or end a branch that the entry stands in? */
function isSplitBelow(text: string, offset: number, column: number, holes: readonly Hole[]): boolean {
  const next = offset + (/^[ \t\r\n]*/.exec(text.slice(offset))?.[0].length ?? 0);
  const hole = holes.find(({ start, wholeLine }) => start === next && wholeLine);
  if (!hole) return false;
  const at = hole.indent ?? hole.start - startOfLine(text, hole.start);
  return hole.role === 'end' || hole.role === 'else' ? at >= column : at > column;
}

/** Lines put before an entry: does the entry stand in a branch of its own? */
function isSplitAbove(text: string, offset: number, column: number, holes: readonly Hole[]): boolean {
  const above = text.slice(0, startOfLine(text, offset)).trimEnd().length;
  const hole = holes.findLast(({ end, wholeLine }) => end === above && wholeLine);
  return column > 0 && hole !== undefined && (hole.role === 'if' || hole.role === 'range' || hole.role === 'else');
}
