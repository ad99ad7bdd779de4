import type { Protocol } from '../base/ports.ts';
import type { Span } from '../base/span.ts';
import { endOfLine } from '../base/lines.ts';
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
  /** Where the colon is missing: `# expect a -> b TCP/80 deny`, which nothing checks. An offset of the piece. */
  readonly colonMissingAt?: number;
}

export interface ExpectedVerdict {
  readonly from: Word;
  readonly to: Word;
  readonly protocol: Protocol;
  /** A number, or the name that the destination gives to a port. */
  readonly port: Word;
  readonly verdict: 'allow' | 'deny';
}

/** A word of the comment and where it stands. */
export interface Word {
  readonly text: string;
  readonly span: Span;
}

/** Without this word a text holds no expectation. */
export const EXPECT: string = 'expect';

const COMMENT = /(?<=^|[ \t])#[ \t]*expect(?:(:)[ \t]*(\S.*)?|[ \t]+(\S.*->.*))$/gim;
const ANY = /#[ \t]*expect(?::|[ \t].*->)/i;
const SAID = /^(\S+)[ \t]+->[ \t]+(\S+)[ \t]+(?:(TCP|UDP|SCTP)\/)?(\S+)[ \t]+(allow|deny)[ \t]*$/di;

/** May some comment of the text be an expectation, if only one without its colon? */
export function mayExpect(text: string): boolean {
  return ANY.test(text);
}

/** The expectations in the comments of a manifest's piece of text, in order. Text that merely looks like one, inside a value, is none. */
export function expectationsIn({ piece, root, inner }: Manifest): readonly Expectation[] {
  // Of several manifests in one piece, the first one tells.
  if (!piece.text.includes(EXPECT) || inner.some((step) => typeof step === 'number' && step > 0)) return [];
  return [...piece.text.matchAll(COMMENT)].flatMap((found): readonly Expectation[] => {
    if (root && isInText(root, found.index)) return [];
    const end = found.index + piece.text.slice(found.index, endOfLine(piece.text, found.index)).trimEnd().length;
    const text = (found[2] ?? found[3] ?? '').trimEnd();
    const expectation = { span: { start: found.index, end }, text, expected: read(text, end - text.length) };
    if (found[1] !== undefined) return [expectation];
    const colon = found.index + found[0].toLowerCase().indexOf(EXPECT) + EXPECT.length;
    // Without a colon it may be any remark, unless it reads as an expectation from end to end.
    return expectation.expected ? [{ ...expectation, colonMissingAt: colon }] : [];
  });
}

function read(text: string, at: number): ExpectedVerdict | undefined {
  const found = SAID.exec(text);
  const word = (group: number): Word => {
    const [start = 0, end = 0] = found?.indices?.[group] ?? [];
    return { text: found?.[group] ?? '', span: { start: at + start, end: at + end } };
  };
  if (!found) return undefined;
  const protocol = (['TCP', 'UDP', 'SCTP'] as const).find((one) => one === (found[3] ?? 'TCP').toUpperCase()) ?? 'TCP';
  return { from: word(1), to: word(2), protocol, port: word(4), verdict: /^allow$/i.test(found[5] ?? '') ? 'allow' : 'deny' };
}
