import { quote } from '../../base/english.ts';

/** What is wrong with a text that should be a label key, an annotation key or a finalizer, as the first half of a sentence. */
export function keyFault(text: string, what: string): string {
  const parts = text.split('/');
  const name = parts.at(-1) ?? '';
  const shown = `${quote(text)} is not a valid ${what}`;
  if (text === '') return `An empty string is not a valid ${what}`;
  if (parts.length > 2) return `${shown}, because it has more than one slash`;
  if (parts.length === 2 && parts[0] === '') return `${shown}, because it has nothing before the slash`;
  if (name === '') return `${shown}, because it has nothing after the slash`;
  if (name.length > 63) return `${shown}, because its name has more than 63 characters`;
  if (!/^[-A-Za-z0-9_.]+$/.test(name)) return `${shown}, because of ${strange(name, /[^-A-Za-z0-9_.]/u)}`;
  if (!/^[A-Za-z0-9].*[A-Za-z0-9]$|^[A-Za-z0-9]$/.test(name)) return `${shown}, because its name must start and end with a letter or digit`;
  return `${shown}, because ${quote(parts[0] ?? '')} is not a lowercase domain`;
}

/** What is wrong with a text that should be a label value. */
export function valueFault(text: string): string {
  const shown = `${quote(text)} is not a valid label value`;
  if (text.length > 63) return `${shown}, because it has ${text.length} characters, more than 63`;
  if (!/^[-A-Za-z0-9_.]+$/.test(text)) return `${shown}, because of ${strange(text, /[^-A-Za-z0-9_.]/u)}`;
  return `${shown}, because it must start and end with a letter or digit`;
}

function strange(text: string, pattern: RegExp): string {
  const found = pattern.exec(text)?.[0] ?? '';
  if (found === ' ') return 'the space in it';
  return found.trim() === '' ? 'the white space in it' : `the character ${quote(found)}`;
}
