import { list, quote } from '../../base/english.ts';
import { near } from '../../base/near.ts';
import { formatPath, type Path } from '../../syntax/path.ts';
import { jsonText } from '../../syntax/scalar.ts';
import { content, type Node } from '../../syntax/tree.ts';
import type { JudgedKindEntry } from '../../model/kind.ts';

/** A place as it stands in a message: its quoted field path, or "a NetworkPolicy" for the manifest as a whole. */
export function placeName(path: Path, kind: JudgedKindEntry | undefined): string {
  if (path.length > 0) return quote(formatPath(path));
  return kind ? `a ${kind.kind}`.replace(/^a (?=[AEIOU])/, 'an ') : 'the manifest';
}

/** The field that a path ends in, without its index: "'from'". */
export function fieldName(path: Path): string {
  return quote(path.findLast((step) => typeof step === 'string') ?? 'the manifest');
}

/** A value in words: "the number 80", "the boolean true", "a list", "null". */
export function valueName(node: Node | undefined): string {
  const at = node && content(node);
  if (!at) return 'null';
  if (at.kind === 'map') return at.pairs.length === 0 ? 'an empty object' : 'an object';
  if (at.kind === 'seq') return at.items.length === 0 ? 'an empty list' : 'a list';
  switch (at.value.type) {
    case 'null':
      return 'null';
    case 'bool':
      return `the boolean ${String(at.value.value)}`;
    case 'int':
    case 'float':
      return `the number ${Number(at.text) === Number(jsonText(at.value)) ? at.text : (jsonText(at.value) ?? at.text)}`;
    case 'string':
      return `the string ${quote(at.value.value, 40)}`;
  }
}

/** " The closest match is 'x'.", or nothing if no candidate is near. */
export function closestMatch(word: string, candidates: Iterable<string>): string {
  const found = near(word, candidates).slice(0, 2);
  return found.length === 0
    ? ''
    : ` The closest ${found.length === 1 ? 'match is' : 'matches are'} ${list(found.map((name) => quote(name)))}.`;
}

/** Values to choose from: "TCP, UDP or SCTP". */
export function choices(values: readonly string[]): string {
  return list(values, 'or');
}
