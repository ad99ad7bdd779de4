import { startOfLine } from '../base/lines.ts';
import type { Span } from '../base/span.ts';

/**
 * Text that something fills in before the manifest is applied, inside one line: `${NAME}` and `${NAME…}` with shell defaults (Flux,
 * envsubst, OpenShift), `$(NAME)` (kustomize), a whole value or key in parentheses (chainsaw), and what SOPS has encrypted. In order, without overlaps. Takes
 * time in proportion to the length of the text.
 */
export function valueHoles(text: string): readonly Span[] {
  if (!MAY_HOLD.test(text)) return [];
  const spans: Span[] = [];
  START.lastIndex = 0;
  for (let found = START.exec(text); found; found = START.exec(text)) {
    const start = found.index;
    const end = endOf(text, start, found[0]);
    if (end !== undefined) spans.push({ start, end });
    START.lastIndex = end ?? start + 1;
  }
  return spans;
}

function endOf(text: string, start: number, opening: string): number | undefined {
  if (opening === '(') return parenthesized(text, start);
  return opening.startsWith('$') ? variable(text, start) : closing(text, start + opening.length, '[', ']');
}

const MAY_HOLD = /\$[{(]|ENC\[AES|(?:^|[:\-"'[{,?])[ \t]*\(/m;
/** A `${` or `$(` anywhere; a `(` where a value or a key starts. */
const START = /(?<=^|[\s"'[{,])\(|\$+[{(]|\bENC\[AES256_GCM,/gm;
/** Characters that such a text has at most, so that thousands of unclosed brackets cost little. */
const MAX_VALUE_CHARACTERS = 800;
/** Characters before it that are looked at for the start of a comment. */
const MAX_LOOKBACK_CHARACTERS = 200;

/** `${NAME}`, `${NAME:-text}`, `${NAME:=${OTHER}}`, `$(NAME)`: the offset behind it; `undefined` for anything else. */
function variable(text: string, start: number): number | undefined {
  const name = /\$+(?:\{[A-Za-z_][\w.-]*(?=[}:=+?/#%^,!@[-])|\([A-Za-z_][\w.-]*(?=\)))/y;
  name.lastIndex = start;
  const opening = name.exec(text)?.[0];
  if (opening === undefined) return undefined;
  const isBrace = opening.includes('{');
  return closing(text, start + opening.length, isBrace ? '{' : '(', isBrace ? '}' : ')');
}

/** A value or key that is in parentheses as a whole: nothing but a quote, a colon, a bracket or a comment follows. */
function parenthesized(text: string, start: number): number | undefined {
  if (!startsValue(text, start) || isExpression(text, start)) return undefined;
  const end = closing(text, start + 1, '(', ')');
  return end !== undefined && /^(?:["'][ \t]*)?(?:[ \t]*(?:$|[\r\n,\]}]|:(?:[ \t\r\n]|$))|[ \t]+#)/.test(text.slice(end, end + 40))
    ? end
    : undefined;
}

/** Characters before it that are looked at for the key that it is the value of. */
const MAX_KEY_LOOKBACK_CHARACTERS = 400;
/** The key of a selector expression, and what of its value stands before the parenthesis: nothing, a quote, or lines of block text. */
const SELECTOR_KEY =
  /(?:^|[\s{,"'])(?:selector|notSelector|namespaceSelector|serviceAccountSelector)["']?[ \t]*:[ \t]*(?:["']|[|>][-+0-9]*[^\r\n]*(?:\r?\n(?![ \t]*[\w-]+:(?:[ \t\r\n]|$))[^\r\n]*)*?\r?\n[ \t]*|\r?\n[ \t]*)?$/;

/** Calico selectors are expressions that may stand in parentheses as a whole. What chainsaw fills in there names a variable. */
function isExpression(text: string, start: number): boolean {
  return text[start + 1] !== '$' && SELECTOR_KEY.test(text.slice(Math.max(0, start - MAX_KEY_LOOKBACK_CHARACTERS), start));
}

/** Does a value or a key start here: behind the indentation, dashes, a colon, an opening bracket, a comma, or the quote that opens it? */
function startsValue(text: string, start: number): boolean {
  let last = start - 1;
  if (text[last] === '"' || text[last] === "'") last--;
  while (text[last] === ' ' || text[last] === '\t') last--;
  if (last >= 0 && !':-[{,\r\n'.includes(text.charAt(last))) return false;
  const near = text.slice(Math.max(0, start - MAX_LOOKBACK_CHARACTERS), start);
  const before = near.slice(startOfLine(near, near.length));
  return /(?:^|:|[ \t]-|^-|[[{,])[ \t]*["']?$/.test(before) && !/^[ \t]*#|[ \t]#/.test(before);
}

/** The offset behind the bracket that closes, on the same line. */
function closing(text: string, from: number, open: string, close: string): number | undefined {
  let depth = 1;
  for (let at = from; at < text.length && at < from + MAX_VALUE_CHARACTERS; at++) {
    const character = text[at];
    if (character === '\n' || character === '\r') return undefined;
    if (character === open) depth++;
    if (character === close) depth--;
    if (depth === 0) return at + 1;
  }
  return undefined;
}
