import { applyEdits } from '../syntax/edit.ts';
import { editsAsJson } from '../syntax/json-edit.ts';
import { parse } from '../syntax/parse.ts';
import { tearsTemplate } from '../syntax/template-edit.ts';
import type { Fix, Replacement } from './finding.ts';

/** The fixes that change something, leave a document that can be read, a template in one piece, and JSON as JSON. */
export function offeredFixes(fixes: readonly Fix[] | undefined, text: string): readonly Fix[] {
  return (
    fixes?.flatMap((fix) => {
      const edits = editsAsJson(text, fix.edits);
      return edits && isOffered(edits, text) ? [edits === fix.edits ? fix : { ...fix, edits }] : [];
    }) ?? []
  );
}

function isOffered(edits: readonly Replacement[], text: string): boolean {
  return edits.some((edit) => isChange(edit, text)) && !edits.some((edit) => tearsTemplate(text, edit)) && isReadableAfter(edits, text);
}

function isChange({ start, end, text: put }: Replacement, text: string): boolean {
  return text.slice(start, end) !== put;
}

/** An anchor or a tag before a value: what stands for the same value elsewhere, or says what it must be, is not in the edits of a rule. */
const MARK = /(?:^|[\s:,[{-])[&!]/;

/** A removed line may hold the anchor that an alias below asks for. Only such edits are tried: reading takes time. */
function isReadableAfter(edits: readonly Replacement[], text: string): boolean {
  if (!edits.some((edit) => MARK.test(linesOf(edit, text)))) return true;
  const after = applyEdits(
    text,
    edits.toSorted((a, b) => a.start - b.start),
  );
  return parse(after).problems.length <= parse(text).problems.length;
}

function linesOf({ start, end }: Replacement, text: string): string {
  const next = text.indexOf('\n', end);
  return text.slice(text.lastIndexOf('\n', start - 1) + 1, next === -1 ? text.length : next);
}
