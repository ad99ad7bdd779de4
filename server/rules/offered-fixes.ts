import { applyEdits } from '../syntax/edit.ts';
import { editsAsJson } from '../syntax/json-edit.ts';
import { parse } from '../syntax/parse.ts';
import { tearsTemplate } from '../syntax/template-edit.ts';
import type { Fix, Replacement } from './finding.ts';

/** The fixes that change something, leave a document that can be read, a template in one piece, and JSON as JSON. */
export function offeredFixes(fixes: readonly Fix[] | undefined, trial: Trial): readonly Fix[] {
  const { text } = trial;
  return (
    fixes?.flatMap((fix) => {
      const edits = editsAsJson(text, fix.edits);
      return edits && isOffered(edits, trial) ? [edits === fix.edits ? fix : { ...fix, edits }] : [];
    }) ?? []
  );
}

/** A text in which fixes are tried. Reading all of it for each fix would take long, so there is only so much of that. */
export interface Trial {
  readonly text: string;
  /** Characters that may still be read. Counted down. */
  left: number;
  /** The number of problems of the text as it is, once it was needed. */
  problems: number | undefined;
}

/** Enough to try every fix of a manifest as people write it, and some tenths of a second at most. */
const MAX_READ_CHARACTERS = 1_000_000;

/** For all fixes in one text. */
export function trialOf(text: string): Trial {
  return { text, left: MAX_READ_CHARACTERS, problems: undefined };
}

function isOffered(edits: readonly Replacement[], trial: Trial): boolean {
  const { text } = trial;
  return edits.some((edit) => isChange(edit, text)) && !edits.some((edit) => tearsTemplate(text, edit)) && isReadableAfter(edits, trial);
}

function isChange({ start, end, text: put }: Replacement, text: string): boolean {
  return text.slice(start, end) !== put;
}

/** An anchor or a tag before a value: what stands for the same value in another place, or says what it must be, is not in the edits of a rule. */
const MARK = /(?:^|[\s:,[{-])[&!]/;

/** A removed line may hold the anchor that an alias below asks for. Only such edits are tried: reading takes time. */
function isReadableAfter(edits: readonly Replacement[], trial: Trial): boolean {
  const { text } = trial;
  if (!edits.some((edit) => MARK.test(linesOf(edit, text)))) return true;
  const after = applyEdits(
    text,
    edits.toSorted((a, b) => a.start - b.start),
  );
  trial.left -= after.length;
  if (trial.left < 0) return false;
  trial.problems ??= parse(text).problems.length;
  return parse(after).problems.length <= trial.problems;
}

function linesOf({ start, end }: Replacement, text: string): string {
  const next = text.indexOf('\n', end);
  return text.slice(text.lastIndexOf('\n', start - 1) + 1, next === -1 ? text.length : next);
}
