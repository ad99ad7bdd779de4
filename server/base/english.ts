/** Words as people say them: a list, a count, an ordinal. "a, b and c"; with `maxWords`, "a, b and 7 more". An empty list gives `''`. */
export function list(words: readonly string[], joint: 'and' | 'or' = 'and', maxWords: number = Infinity): string {
  const hidden = words.length - maxWords;
  // "and 1 more" is not shorter than the word itself.
  const shown = hidden > 1 ? [...words.slice(0, maxWords), `${thousands(hidden)} more`] : words;
  const last = shown.at(-1) ?? '';
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(', ')} ${joint} ${last}`;
}

/** "no pods", "1 pod", "1,234 pods". Give the plural where English makes an exception (`count(2, 'schema', 'schemata')`). */
export function count(number: number | bigint, noun: string, plural: string = pluralOf(noun)): string {
  if (Number(number) === 0) return `no ${plural}`;
  return `${thousands(number)} ${Number(number) === 1 ? noun : plural}`;
}

/** The plural of a noun, or of the last word of a phrase: policies, addresses, namespaces, ingress rules. */
export function pluralOf(noun: string): string {
  if (/[^aeiou]y$/i.test(noun)) return `${noun.slice(0, -1)}ies`;
  return /(?:s|x|z|ch|sh)$/i.test(noun) ? `${noun}es` : `${noun}s`;
}

/** 1234567 as "1,234,567". */
export function thousands(number: number | bigint): string {
  return String(number).replace(/\B(?=(?:\d{3})+(?!\d))/g, ',');
}

/** 1 as "first", 10 as "tenth", 11 as "11th", 22 as "22nd". */
export function ordinal(number: number): string {
  const word = ORDINALS[number];
  if (word !== undefined) return word;
  const tens = number % 100;
  const ending = tens >= 11 && tens <= 13 ? undefined : ENDINGS[number % 10];
  return `${thousands(number)}${ending ?? 'th'}`;
}

/** A text from a document in single quotes, fit for a message: one line, no control characters, not too long. */
export function quote(text: string, maxCharacters: number = 60): string {
  return `'${shorten(plain(text), maxCharacters)}'`;
}

/** Shortens to a number of characters, the last one `…` if anything was removed. Never splits a surrogate pair. */
export function shorten(text: string, maxCharacters: number = 60): string {
  if (text.length <= maxCharacters) return text;
  const code = text.charCodeAt(maxCharacters - 2);
  const half = code >= 0xd800 && code <= 0xdbff;
  return `${text.slice(0, Math.max(0, half ? maxCharacters - 2 : maxCharacters - 1))}…`;
}

/**
 * The text on one line, with blanks for line breaks and tabs, and `�` for what cannot be shown or would turn the text around it
 * (control characters, bidirectional marks, half characters). Text from a document goes through this before it enters a message.
 */
export function plain(text: string): string {
  // Nearly every text is made of these.
  if (/^[ -~]*$/.test(text)) return text;
  return text
    .replace(/[\t\n\r\u0085\u2028\u2029]+/g, ' ')
    .replace(UNSEEN, '�')
    .replace(/\p{Surrogate}/gu, '�');
}

/** A first letter in upper case, for the start of a sentence. */
export function capital(sentence: string): string {
  return sentence.slice(0, 1).toUpperCase() + sentence.slice(1);
}

const ORDINALS: readonly (string | undefined)[] = [
  undefined,
  'first',
  'second',
  'third',
  'fourth',
  'fifth',
  'sixth',
  'seventh',
  'eighth',
  'ninth',
  'tenth',
];
const ENDINGS: readonly (string | undefined)[] = [undefined, 'st', 'nd', 'rd'];

/** Control and format characters: zero-width and bidirectional ones (the latter make "Trojan source"), the byte order mark, half characters. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}]/gu;
