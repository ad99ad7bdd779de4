import { startOfLine } from '../base/lines.ts';
import { finished, type Work } from '../base/work.ts';
import { scannerProblems } from './go-scanner.ts';
import { joinedLines } from './joined-lines.ts';
import { openQuotes } from './open-quotes.ts';
import { yamlProblem, type Problem } from './problem.ts';
import { repair } from './repair.ts';
import { maskTemplate, type Hole } from './template.ts';
import type { Node } from './tree.ts';
import { treeWork } from './tree-builder.ts';
import { readUsual, usualWork } from './usual-yaml.ts';
import { compose, composeWork, type Composed, type YamlError } from './yaml.ts';

/** What one YAML document is read into: whatever can be read, and the problems. Never throws. */
export interface Parsed {
  readonly root: Node | undefined;
  readonly problems: readonly Problem[];
  readonly holes: readonly Hole[];
  /** Errors are left that no repair could take out, or lines are indented with tabs: what stands behind the first of them may be misread. */
  readonly broken?: boolean;
}

/** Parses the text of one YAML document (with its markers and directives). Offsets are relative to this text. */
export function parse(text: string): Parsed {
  return finished(parseWork(text));
}

/** The same in steps of some milliseconds. */
export function* parseWork(text: string): Work<Parsed> {
  const { text: masked, holes } = maskTemplate(withOneKindOfBreak(text));
  try {
    return yield* parseMasked(masked, holes);
  } catch {
    // The YAML library is not ours; if it throws on an unforeseen text, there is nothing to read.
    return {
      root: undefined,
      problems: [
        unreadable(text, 0, 'This document cannot be parsed, so it is not checked. Simplify it, or split it into several documents.'),
      ],
      holes,
    };
  }
}

/**
 * What ends a line for Go's parser (`is_break` in yamlprivateh.go) but not for the library: a lone `\r`, and three breaks that editors
 * do not show. Behind a quote those three stay: there they are text, and the library wants the next line indented.
 */
function withOneKindOfBreak(text: string): string {
  const plain = text.includes('\r') ? text.replace(/\r(?!\n)/g, '\n') : text;
  if (!/[\x85\u2028\u2029]/.test(plain)) return plain;
  return plain.split('\n').map(breaksBeforeQuote).join('\n');
}

function breaksBeforeQuote(line: string): string {
  const quote = line.search(/["']/);
  const end = quote === -1 ? line.length : quote;
  return line.slice(0, end).replace(/[\x85\u2028\u2029]/g, '\n') + line.slice(end);
}

function* parseMasked(masked: string, holes: readonly Hole[]): Work<Parsed> {
  const best = yield* bestAttempt(masked);
  if (best.read.tooDeep !== undefined) return { root: undefined, problems: [unreadable(masked, best.read.tooDeep, TOO_DEEP)], holes };
  const source = contentOf(best.read);
  const gaps = best.gaps.length === 0 ? holes : [...holes, ...best.gaps].toSorted((a, b) => a.start - b.start);
  const built = source && (yield* treeWork(source, best.text, gaps, masked));
  const found = syntaxProblems(masked, best).filter((problem) => !isOnLineOf(holes, problem, masked));
  const structural = holes.filter(({ inValue }) => !inValue);
  const syntax = found.every((problem) => structural.length === 0 || isApart(problem, masked, structural)) ? found : [];
  const scanner = structural.length === 0 && syntax.length === 0 && built ? scannerProblems(masked, built.root) : [];
  return {
    root: built?.root,
    problems: [...syntax, ...scanner, ...(built?.problems ?? [])].slice(0, MAX_PROBLEMS),
    holes,
    // A tab has no width, so what is indented by one may belong anywhere.
    broken: best.read.errors.length > 0 || best.repaired.some(({ code }) => code === 'TAB_AS_INDENT'),
  };
}

const TOO_DEEP = 'This document is nested too deeply, so it is not checked. Flatten it, or split it into several documents.';
/** More than these are of no use; a text that is not YAML at all has any number of them. */
const MAX_PROBLEMS = 50;

function unreadable(text: string, at: number, message: string): Problem {
  return { code: 'yaml-nesting', span: { start: Math.min(at, Math.max(0, text.length - 1)), end: Math.min(at + 1, text.length) }, message };
}

/** A text on the way to one that can be read. */
interface Attempt {
  readonly text: string;
  readonly read: Composed;
  readonly repaired: readonly YamlError[];
  readonly gaps: readonly Hole[];
}

/** What can be read of a text, repaired where that leaves fewer errors. */
function* bestAttempt(masked: string): Work<Attempt> {
  const closed = (yield* usualWork(masked)) ?? closedQuotes(masked);
  if (closed && 'text' in closed) return closed;
  const read = closed ?? (yield* composeWork(masked));
  if (read.tooDeep !== undefined || read.errors.length === 0) return { text: masked, read, repaired: [], gaps: [] };
  return joinedText(masked, read) ?? repairedText(masked, read);
}

/** The text with its open quotes closed at the end of their lines, where that is all that is wrong with it. */
function closedQuotes(masked: string): Attempt | undefined {
  const errors = openQuotes(masked);
  const closed = errors.length === 0 ? undefined : repair(masked, errors);
  const read = closed && readUsual(closed.text);
  return read && { text: closed.text, read, repaired: closed.repaired, gaps: closed.gaps };
}

/** What the library makes of brackets and quotes that go on further to the left than it likes, where that is all it has to say. */
function joinedText(masked: string, { errors }: Composed): Attempt | undefined {
  if (
    errors.length > MAX_REPAIRED_ERRORS ||
    !errors.some(({ message }) => /^(?:Flow .* sufficiently indented|Missing closing)/.test(message))
  )
    return undefined;
  const text = joinedLines(masked);
  const read = text === undefined ? undefined : compose(text);
  return text !== undefined && read?.errors.length === 0 && read.tooDeep === undefined ? { text, read, repaired: [], gaps: [] } : undefined;
}

const MAX_REPAIR_ROUNDS = 5;
/** In a larger text every round takes long. */
const MAX_REPAIRED_CHARACTERS = 100_000;

/** A text with more errors than this is not half-typed YAML. */
const MAX_REPAIRED_ERRORS = 100;

/** Repairs what is half-typed, as long as that leaves fewer errors. */
function repairedText(text: string, read: Composed): Attempt {
  let best: Attempt = { text, read, repaired: [], gaps: [] };
  if (read.errors.length > MAX_REPAIRED_ERRORS) return best;
  for (let round = 0; round < (text.length > MAX_REPAIRED_CHARACTERS ? 1 : MAX_REPAIR_ROUNDS); round++) {
    const next = better(best, best.read.errors) ?? better(best, best.read.errors.slice(0, 1));
    if (!next) return best;
    best = next;
  }
  return best;
}

function better(attempt: Attempt, errors: readonly YamlError[]): Attempt | undefined {
  const repaired = repair(attempt.text, errors);
  const read = repaired && (readUsual(repaired.text) ?? compose(repaired.text));
  if (!read || read.tooDeep !== undefined || read.errors.length >= attempt.read.errors.length) return undefined;
  return { text: repaired.text, read, repaired: [...attempt.repaired, ...repaired.repaired], gaps: [...attempt.gaps, ...repaired.gaps] };
}

/** Go's parser reads an indented first line as a document of its own; so does this one. The richest document is what was meant. */
function contentOf({ documents }: Composed): Composed['documents'][number]['content'] {
  const main = documents.find(({ content }) => content && 'items' in content) ?? documents[0];
  return main?.content;
}

function syntaxProblems(text: string, { read, repaired }: Attempt): Problem[] {
  const errors = [...repaired, ...read.errors].toSorted((a, b) => a.span.start - b.span.start).slice(0, MAX_PROBLEMS);
  const second = errors.length === 0 ? secondDocument(read, text) : [];
  const problems = [...directiveProblems(text), ...second, ...errors.flatMap((error) => yamlProblem(error, text) ?? [])];
  const tab = problems.find(({ code }) => code === 'yaml-tab')?.span.start ?? Infinity;
  return problems.filter(
    (problem, i) =>
      // What is wrong with the indentation behind a tab is a matter of how wide it is taken to be.
      (problem.code !== 'yaml-indentation' || problem.span.start < tab) &&
      !problems.slice(0, i).some((earlier) => saysTheSame(earlier, problem, text)),
  );
}

/** Of several errors on one line the later ones mostly follow from the first. */
function saysTheSame(earlier: Problem, later: Problem, text: string): boolean {
  return !/[\r\n]/.test(text.slice(earlier.span.start, Math.max(earlier.span.start, later.span.start)));
}

/** Is there a hole in a value on the line of the problem? What fills it in may mend that. */
function isOnLineOf(holes: readonly Hole[], { span }: Problem, text: string): boolean {
  const start = startOfLine(text, span.start);
  const end = start + (/[^\r\n]*/.exec(text.slice(start))?.[0].length ?? 0);
  return holes.some((hole) => hole.inValue && hole.start >= start && hole.start < end);
}

/**
 * A template decides at run time what its text is, so its syntax is hardly judged before. Only a word without its colon and a tab are
 * mistakes of one line, and stay so where no hole is within two lines of it. They are reported only if there are no others, which might be
 * their cause.
 */
function isApart({ code, span }: Problem, text: string, holes: readonly Hole[]): boolean {
  if (code !== 'yaml-colon' && code !== 'yaml-tab') return false;
  const start = /(?:[^\n]*\n){0,2}[^\n]*$/.exec(text.slice(Math.max(0, span.start - MAX_LINE_CHARACTERS), span.start))?.[0].length ?? 0;
  const end = /^(?:[^\n]*\n){0,2}[^\n]*/.exec(text.slice(span.end, span.end + MAX_LINE_CHARACTERS))?.[0].length ?? 0;
  return !holes.some((hole) => hole.end >= span.start - start && hole.start <= span.end + end);
}

/** Longer lines are not looked at in whole. */
const MAX_LINE_CHARACTERS = 1000;

/** Inside one piece of text there is one document: a second one means that the indentation fell apart. */
function secondDocument({ documents }: Composed, text: string): Problem[] {
  const second = documents[1];
  if (!second || documents.slice(1).every(({ content }) => content === undefined)) return [];
  const start = second.start + Math.max(0, text.slice(second.start).search(/\S/));
  const end = start + (/^[^\r\n]*/.exec(text.slice(start))?.[0].length ?? 0);
  const message =
    'This line is indented less than the lines before it, so YAML starts a new document. Align it with the keys that it belongs to.';
  return [{ code: 'yaml-indentation', span: { start, end }, message }];
}

/** What Go's parser says of the directives above a document: it knows `%YAML 1.1` and `%TAG` only. */
function directiveProblems(text: string): Problem[] {
  const problems: Problem[] = [];
  const line = /\uFEFF?(?:[ \t]*(?:#[^\r\n]*)?|(%[^\r\n]*))(?:\r\n|\r|\n)/y;
  for (let found = line.exec(text); found && problems.length < MAX_PROBLEMS; found = line.exec(text)) {
    const [directive, name, version] = /^%(\S*)[ \t]*(\S*)/.exec(found[1] ?? '') ?? [];
    if (directive === undefined || name === 'TAG' || (name === 'YAML' && version === '1.1')) continue;
    const span = { start: found.index, end: found.index + directive.length };
    const message =
      name === 'YAML'
        ? `Kubernetes reads YAML 1.1 and rejects a document that declares YAML ${version}. Remove this line.`
        : 'A line that starts with % is a YAML directive, and the API server rejects this one. Remove it.';
    problems.push({ code: 'yaml-directive', span, message });
  }
  return problems;
}
