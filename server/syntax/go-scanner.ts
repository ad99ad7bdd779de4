import { startOfLine, endOfLine } from '../base/lines.ts';
import type { Problem } from './problem.ts';
import type { Node, ScalarNode, SeqNode } from './tree.ts';

/**
 * What Go's YAML scanner refuses although the YAML library here reads it: control characters, tabs in front of the first word of a line or behind a dash, and
 * `key:[` without a space inside braces. Source: `yaml_parser_scan_to_next_token`, `…_scan_plain_scalar` and `…_scan_block_scalar_breaks`
 * in go.yaml.in/yaml/v2 scannerc.go; the first two also measured with libyaml, from which that code is taken.
 */
export function scannerProblems(text: string, root: Node): readonly Problem[] {
  const problems: Problem[] = [...controlCharacters(text)];
  if (text.includes('{')) flowKeys(text, root, problems);
  // Few texts have a tab anywhere; only they are split into regions.
  if (!text.includes('\t')) return problems;
  const regions: Region[] = [];
  visit(text, root, -1, regions, problems);
  return [...problems, ...leadingTabs(text, regions)];
}

/** What `yaml_parser_update_buffer` in readerc.go calls "control characters are not allowed", in comments too. */
// oxlint-disable-next-line no-control-regex -- these are the characters in question
const CONTROL = /[\0-\x08\v\f\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/g;

function controlCharacters(text: string): readonly Problem[] {
  return [...text.matchAll(CONTROL)].slice(0, 20).map(({ index, 0: found }) => {
    const code = found.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    return {
      code: 'yaml-syntax',
      span: { start: index, end: index + 1 },
      message: `YAML does not allow the control character U+${code}. Remove it, or write it as an escape sequence in double quotes.`,
    };
  });
}

const TAB = 'YAML does not allow a tab in this place, not even on an empty line or after a dash. Use spaces.';

/** A stretch of text in which tabs are judged by rules of its own. */
interface Region {
  readonly start: number;
  readonly end: number;
  /** `free`: in brackets and quotes tabs may stand anywhere. `block`, `plain`: only from a column on. */
  readonly kind: 'free' | 'block' | 'plain';
  readonly column: number;
}

/** Collects the regions, and tabs behind dashes; `indent` is the column of the block collection around the node. */
function visit(text: string, node: Node, indent: number, regions: Region[], problems: Problem[]): void {
  if (node.kind === 'alias') return;
  if (node.kind === 'scalar') {
    if (node.style === 'single' || node.style === 'double') regions.push({ ...node.span, kind: 'free', column: 0 });
    else if (node.style === 'plain')
      regions.push({ start: node.span.start, end: afterBlankLines(text, node.span.end), kind: 'plain', column: indent + 1 });
    else
      regions.push({
        start: node.span.start,
        end: afterBlankLines(text, node.span.end),
        kind: 'block',
        column: blockColumn(text, node.span.start, node.span.end),
      });
    return;
  }
  if (node.flow) regions.push({ ...node.span, kind: 'free', column: 0 });
  const inner = node.flow ? indent : node.span.start - startOfLine(text, node.span.start);
  if (node.kind === 'seq') return visitSeq(text, node, inner, regions, problems);
  for (const { key, value } of node.pairs) {
    visit(text, key, inner, regions, problems);
    visit(text, value, inner, regions, problems);
  }
}

/** Collects what is wrong with the keys in braces. */
function flowKeys(text: string, node: Node, problems: Problem[]): void {
  if (node.kind === 'seq') for (const { value } of node.items) flowKeys(text, value, problems);
  if (node.kind !== 'map') return;
  for (const { key, value } of node.pairs) {
    flowKeys(text, key, problems);
    flowKeys(text, value, problems);
    const problem = node.flow && key.kind === 'scalar' ? flowKeyProblem(text, key) : undefined;
    if (problem) problems.push(problem);
  }
}

/** Go wants a key in braces on one line, and a space behind the colon of one without quotes. */
function flowKeyProblem(text: string, { span, style }: ScalarNode): Problem | undefined {
  const written = text.slice(span.start, span.end);
  if (/[\r\n]/.test(written))
    return { code: 'yaml-colon', span, message: 'A key cannot span several lines. Join its lines, or close the quote.' };
  if (style !== 'plain' || !/^:[[{]/.test(text.slice(span.end, span.end + 2))) return undefined;
  const message = `'${written}:' is one word without a space after the colon. Add the space.`;
  return { code: 'yaml-colon', span: { start: span.start, end: span.end + 1 }, message };
}

function visitSeq(text: string, list: SeqNode, indent: number, regions: Region[], problems: Problem[]): void {
  for (const { value, span } of list.items) {
    visit(text, value, indent, regions, problems);
    const tab = list.flow ? -1 : text.slice(span.start + 1, endOfLine(text, span.start)).search(/^[ ]*\t/);
    if (tab !== -1 && text[span.start] === '-') problems.push(tabAt(text.indexOf('\t', span.start)));
  }
}

function leadingTabs(text: string, regions: readonly Region[]): readonly Problem[] {
  const problems: Problem[] = [];
  for (const found of text.matchAll(/(?<=^|[\r\n])[ ]*\t/g)) {
    const at = found.index + found[0].length - 1;
    const column = found[0].length - 1;
    const around = regions.filter(({ start, end }) => start < at && at < end);
    if (around.some(({ kind, column: least }) => kind === 'free' || column >= least)) continue;
    problems.push(tabAt(at));
  }
  return problems;
}

function tabAt(at: number): Problem {
  return { code: 'yaml-tab', span: { start: at, end: at + 1 }, message: TAB };
}

/** Plain and block scalars reach over the empty lines behind them, in which a tab may stand from their column on. */
function afterBlankLines(text: string, end: number): number {
  const blank = /^[ \t]*(?:\r\n|\r|\n)(?:[ \t]*(?:\r\n|\r|\n))*[ \t]*/.exec(text.slice(end));
  return end + (blank?.[0].length ?? 0) + 1;
}

/** The indentation of a block scalar: that of its first line with content. */
function blockColumn(text: string, start: number, end: number): number {
  const line = /[\r\n]([ ]*)[^ \r\n]/.exec(text.slice(start, end));
  return line?.[1]?.length ?? 0;
}
