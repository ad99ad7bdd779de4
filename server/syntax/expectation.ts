import type { Protocol } from '../base/ports.ts';
import type { Span } from '../base/span.ts';
import { endOfLine } from '../base/lines.ts';
import { typoDistance } from '../base/near.ts';
import type { Manifest } from './manifest.ts';
import { isInText } from './ignore.ts';

/** A comment that says what a verdict should be: `# expect: shop/web -> shop/db TCP/5432 allow`. */
export interface Expectation {
  /** From the # on, relative to the piece. */
  readonly span: Span;
  /** What stands behind `expect:`. */
  readonly text: string;
  /** What it says; `undefined` where it cannot be read. */
  readonly expected: ExpectedVerdict | undefined;
  /**
   * What stands there for `expect:`, in a comment that reads like an expectation: `expect` without its colon, `expects:`, `exepct`.
   * Nothing checks such a comment.
   */
  readonly misspelt?: ExpectationWord;
}

export interface ExpectedVerdict {
  readonly from: ExpectationWord;
  readonly to: ExpectationWord;
  readonly protocol: Protocol;
  /** A number, or the name that the destination gives to a port. */
  readonly port: ExpectationWord;
  readonly verdict: 'allow' | 'deny';
}

/** A word of the comment and where it stands. */
export interface ExpectationWord {
  readonly text: string;
  readonly span: Span;
}

/** Without this word a text holds no expectation. */
export const EXPECT: string = 'expect';

const COMMENT = /(?<=^|[ \t])#[ \t]*(?:expect:[ \t]*(\S.*)?|([a-z]{4,12}:?)[ \t]+(\S.*[-=]>.*))$/gim;
const ANY = /#[ \t]*(?:expect:|e[a-z]{3,11}:?[ \t].*->)/i;
/** What is no remark: two ends, and behind them nothing but a port and a verdict. */
const ENDS = /^[\w.:/[\]-]+?[ \t]*[-=]>[ \t]*[\w.:/[\]-]+(?:[ \t]+(?:(?:TCP|UDP|SCTP)\/\S+|\d+))?(?:[ \t]+(?:allow|den[yi])\w*)?[ \t]*$/i;
const EXPECTATION_FORM = /^(\S+)[ \t]+->[ \t]+(\S+)[ \t]+(?:(TCP|UDP|SCTP)\/)?(\S+)[ \t]+(allow|deny)[ \t]*$/di;

/** May some comment of the text be an expectation, if only a misspelt one? */
export function mayExpect(text: string): boolean {
  return ANY.test(text);
}

/** The expectations in the comments of a manifest's piece of text, in order. Text that merely looks like one, inside a value, is none. */
export function expectationsIn({ piece, root, inner }: Manifest): readonly Expectation[] {
  // Of several manifests in one piece, the first one tells.
  if (!mayExpect(piece.text) || inner.some((step) => typeof step === 'number' && step > 0)) return [];
  return [...piece.text.matchAll(COMMENT)].flatMap((found): readonly Expectation[] => {
    const [, plain, word, behind] = found;
    if ((word !== undefined && !isNearExpect(word)) || (root && isInText(root, found.index))) return [];
    const end = found.index + piece.text.slice(found.index, endOfLine(piece.text, found.index)).trimEnd().length;
    const text = (behind ?? plain ?? '').trimEnd();
    const expectation = { span: { start: found.index, end }, text, expected: read(text, end - text.length) };
    if (word === undefined) return [expectation];
    const start = found.index + found[0].indexOf(word);
    // Such a word may begin any remark, unless all that follows reads as an expectation.
    const isMeant = expectation.expected !== undefined || ENDS.test(text);
    return isMeant ? [{ ...expectation, misspelt: { text: word, span: { start, end: start + word.length } } }] : [];
  });
}

/** `expect`, another form of the word, or a slip of the fingers. */
function isNearExpect(word: string): boolean {
  const letters = word.toLowerCase().replace(/:$/, '');
  return letters.startsWith(EXPECT) || (letters.startsWith('e') && typoDistance(letters, EXPECT, 1) <= 1);
}

function read(text: string, at: number): ExpectedVerdict | undefined {
  const found = EXPECTATION_FORM.exec(text);
  const word = (group: number): ExpectationWord => {
    const [start = 0, end = 0] = found?.indices?.[group] ?? [];
    return { text: found?.[group] ?? '', span: { start: at + start, end: at + end } };
  };
  if (!found) return undefined;
  const protocol = (['TCP', 'UDP', 'SCTP'] as const).find((one) => one === (found[3] ?? 'TCP').toUpperCase()) ?? 'TCP';
  return { from: word(1), to: word(2), protocol, port: word(4), verdict: /^allow$/i.test(found[5] ?? '') ? 'allow' : 'deny' };
}
