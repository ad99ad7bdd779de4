import { list, quote } from '../../base/english.ts';
import { near } from '../../base/near.ts';
import type { Path } from '../../syntax/path.ts';
import { jsonText } from '../../syntax/scalar.ts';
import { content, type Node } from '../../syntax/tree.ts';
import type { PolicyKindEntry } from '../../model/kind.ts';

/** A place in words: "'spec'", "an item of 'from'", "a NetworkPolicy" for the document as a whole. */
export function placeName(path: Path, kind: PolicyKindEntry | undefined): string {
  const last = path.at(-1);
  if (last === undefined) return kind ? `a ${kind.kind}`.replace(/^a (?=[AEIOU])/, 'an ') : 'the document';
  if (typeof last === 'string') return quote(last);
  const owner = path.findLast((step) => typeof step === 'string');
  return owner === undefined ? 'the list' : `an item of ${quote(owner)}`;
}

/** The field that a path ends in, without its index: "'from'". */
export function fieldName(path: Path): string {
  return quote(path.findLast((step) => typeof step === 'string') ?? 'the document');
}

/** A value as it stands there, in words: "the number 80", "true", "a list", "nothing". */
export function valueName(node: Node | undefined): string {
  const at = node && content(node);
  if (!at) return 'nothing';
  if (at.kind === 'map') return at.pairs.length === 0 ? 'an empty map' : 'a map of fields';
  if (at.kind === 'seq') return at.items.length === 0 ? 'an empty list' : 'a list';
  switch (at.value.type) {
    case 'null':
      return 'nothing';
    case 'bool':
      return `the truth value ${String(at.value.value)}`;
    case 'int':
    case 'float':
      return `the number ${Number(at.text) === Number(jsonText(at.value)) ? at.text : (jsonText(at.value) ?? at.text)}`;
    case 'string':
      return `the text ${quote(at.value.value, 40)}`;
  }
}

/** " Did you mean 'x'?", or nothing where no candidate is near. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const found = near(word, candidates).slice(0, 2);
  return found.length === 0
    ? ''
    : ` Did you mean ${list(
        found.map((name) => quote(name)),
        'or',
      )}?`;
}

/** Values to choose from: "TCP, UDP or SCTP". */
export function choices(values: readonly string[]): string {
  return list(values, 'or');
}
