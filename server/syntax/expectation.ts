import type { Span } from '../base/span.ts';
import { lineEnd } from './edit.ts';
import type { Manifest } from './manifest.ts';
import { isInText } from './ignore.ts';

/** A comment that says what a verdict should be: `# expect: shop/web -> shop/db TCP/5432 allow`. */
export interface Expectation {
  /** From the # on, relative to the piece. */
  readonly span: Span;
  /** What stands behind `expect:`. */
  readonly text: string;
  /** What it says; `undefined` where it cannot be read. */
  readonly said: Said | undefined;
}

export interface Said {
  readonly from: Word;
  readonly to: Word;
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  /** A number, or the name that the destination gives to a port. */
  readonly port: Word;
  readonly verdict: 'allow' | 'deny';
}

/** A word of the comment and where it stands. */
export interface Word {
  readonly text: string;
  readonly span: Span;
}

/** Behind this, a comment may be an expectation. */
export const EXPECT: string = 'expect:';

const COMMENT = /(?<=^|[ \t])#[ \t]*expect:[ \t]*(\S.*)?$/gm;
const SAID = /^(\S+)[ \t]+->[ \t]+(\S+)[ \t]+(?:(TCP|UDP|SCTP)\/)?(\S+)[ \t]+(allow|deny)[ \t]*$/di;

/** The expectations in the comments of a manifest's piece of text, in order. Text that merely looks like one, inside a value, is none. */
export function expectationsIn({ piece, root, inner }: Manifest): readonly Expectation[] {
  // Of several manifests in one piece, the first one tells.
  if (!piece.text.includes(EXPECT) || inner.some((step) => typeof step === 'number' && step > 0)) return [];
  return [...piece.text.matchAll(COMMENT)].flatMap((found): readonly Expectation[] => {
    if (root && isInText(root, found.index)) return [];
    const end = found.index + piece.text.slice(found.index, lineEnd(piece.text, found.index)).trimEnd().length;
    const text = (found[1] ?? '').trimEnd();
    return [{ span: { start: found.index, end }, text, said: read(text, end - text.length) }];
  });
}

function read(text: string, at: number): Said | undefined {
  const found = SAID.exec(text);
  const word = (group: number): Word => {
    const [start = 0, end = 0] = found?.indices?.[group] ?? [];
    return { text: found?.[group] ?? '', span: { start: at + start, end: at + end } };
  };
  if (!found) return undefined;
  const protocol = (['TCP', 'UDP', 'SCTP'] as const).find((known) => known === (found[3] ?? 'TCP').toUpperCase()) ?? 'TCP';
  return { from: word(1), to: word(2), protocol, port: word(4), verdict: /^allow$/i.test(found[5] ?? '') ? 'allow' : 'deny' };
}
