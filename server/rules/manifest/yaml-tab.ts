import type { Span } from '../../base/span.ts';
import { applyEdits, type Edit } from '../../syntax/edit.ts';
import { parse } from '../../syntax/parse.ts';
import { problemRule } from '../problem-rule.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = problemRule({
  name: 'yaml-tab',
  summary: 'A tab in the indentation.',
  why: 'YAML allows only spaces in the indentation, so the API server rejects the manifest.',
  companions: ['unknown-field', 'yaml-syntax', 'yaml-indentation', 'wrong-type'],
  fix: ({ span }, text) => {
    const isIndentation = text.slice(0, span.start).search(/(?:^|[\r\n])[ ]*$/) !== -1;
    return { title: 'Replace the tab with spaces', edits: isIndentation ? untabbed(text) : [oneBlank(text, span)], safe: false };
  },
});

export default rule;

/** Behind a dash one blank will do. */
function oneBlank(text: string, { start, end }: Span): Edit {
  const behind = /[^\t]|$/g;
  behind.lastIndex = start;
  return { start, end: behind.exec(text)?.index ?? end, text: ' ' };
}

/** All tabs that lines begin with, as wide as it takes for the text to be read. */
function untabbed(text: string): readonly Edit[] {
  const widths = [2, 4, 8].map((width) => tabsAs(width, text)).map((edits) => ({ edits, wrong: faults(text, edits) }));
  return widths.reduce((best, next) => (next.wrong < best.wrong ? next : best)).edits;
}

function tabsAs(width: number, text: string): readonly Edit[] {
  return [...text.matchAll(/^ *\t[ \t]*(?=\S)/gm)].map(({ index, 0: indent }) => ({
    start: index,
    end: index + indent.length,
    text: indent.replaceAll('\t', ' '.repeat(width)),
  }));
}

/** What is wrong with the text after the edits: where it cannot be read, and lines that stand no deeper than the key above them. */
function faults(text: string, edits: readonly Edit[]): number {
  const before = text.split(/\r?\n/);
  const lines = applyEdits(text, edits).split(/\r?\n/);
  const shallow = lines.filter((line, i) => i > 0 && /^ *\t/.test(before[i] ?? '') && !isBelow(line, lines[i - 1] ?? ''));
  return shallow.length + parse(lines.join('\n')).problems.length;
}

/** Can a line be the value, or the first line of the value, of a key that has nothing behind it? Of another line, yes. */
function isBelow(line: string, above: string): boolean {
  const key = /^( *(?:- +)*)[^\s#-][^#]*:\s*(?:#.*)?$/.exec(above);
  if (!key) return true;
  const column = line.search(/\S/);
  const indent = key[1]?.length ?? 0;
  return column > indent || (column === indent && line.startsWith('- ', column));
}
