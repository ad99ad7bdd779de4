import { quote } from '../../base/english.ts';
import { startOfLine } from '../../base/lines.ts';
import { near, typoDistance } from '../../base/near.ts';
import { likeScalar, lineBreak, replace } from '../../syntax/edit.ts';
import { asScalar, isNull, type Node } from '../../syntax/tree.ts';
import type { Fix } from '../finding.ts';
import type { ManifestRule } from '../rule.ts';
import { insteadOfProtocol, isOverTcp } from '../text/protocol-words.ts';
import { choices, closestMatch, fieldName, valueName } from '../text/words.ts';
import { everyKind } from '../about.ts';

const rule: ManifestRule = {
  name: 'unsupported-value',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'A value that its field does not allow.',
  why: 'The API server rejects the manifest. Values are case-sensitive: tcp is not TCP. The same action has different names in different APIs (Accept in ClusterNetworkPolicy, Allow in AdminNetworkPolicy).',
  about: everyKind,
  *check({ issues, text }) {
    for (const { keyword, at, path, span, node, place } of issues) {
      if (keyword !== 'enum' || at.length === 1) continue;
      const values = (place.schema.enum ?? []).map(String);
      const { hint, fixes } = suggestionFor(node, values, typeof at.at(-1) === 'number', text);
      const written = isNull(node) ? 'has no value' : `cannot be ${valueName(node).replace(/^the string /, '')}`;
      yield { span, path, message: `${fieldName(at)} ${written}: the API server accepts only ${choices(values)}.${hint}`, fixes };
    }
  },
};

export default rule;

interface Suggestion {
  readonly hint: string;
  readonly fixes: readonly Fix[];
}

function suggestionFor(node: Node | undefined, values: readonly string[], isItem: boolean, text: string): Suggestion {
  const word = asScalar(node)?.text ?? '';
  const several = severalIn(word, values);
  if (several) return { hint: ' Write an item for each.', fixes: isItem ? separate(node, several, text) : [] };
  const strange = values.includes('TCP') ? insteadOfProtocol(word) : undefined;
  if (strange !== undefined) return { hint: ` ${strange}`, fixes: [] };
  const [nearest] = near(word, values);
  const synonyms = isOverTcp(word) ? ['TCP'] : SYNONYMS.get(word.toLowerCase());
  const meant = synonyms?.find((value) => values.includes(value)) ?? nearest;
  if (meant === undefined) return { hint: '', fixes: [] };
  const hint = meant === nearest && !isOverTcp(word) ? closestMatch(word, values) : ` Write ${quote(meant)}.`;
  return { hint, fixes: changed(node, meant) };
}

/** `Ingress, Egress` or `TCP/UDP`: several of the values in one. */
function severalIn(word: string, values: readonly string[]): readonly string[] | undefined {
  const words = word.split(/[\s,;/|&+]+/).filter((part) => part !== '');
  const meant = words.flatMap((part) => values.find((value) => value.toLowerCase() === part.toLowerCase()) ?? []);
  return meant.length > 1 && meant.length === words.length ? meant : undefined;
}

/** What other policy APIs say for the same thing. */
const SYNONYMS: ReadonlyMap<string, readonly string[]> = new Map([
  ['allow', ['Accept']],
  ['accept', ['Allow']],
  ['permit', ['Accept', 'Allow']],
  ['drop', ['Deny']],
  ['reject', ['Deny']],
  ['block', ['Deny']],
  ['skip', ['Pass']],
  ['baseline', ['Baseline']],
  ['in', ['Ingress']],
  ['out', ['Egress']],
]);

function changed(node: Node | undefined, meant: string): readonly Fix[] {
  if (node?.kind !== 'scalar' || node.hole) return [];
  const written = node.style === 'literal' || node.style === 'folded' ? meant : likeScalar(meant, node);
  // A guess that is far from what stands there is for the author to make.
  const safe = SYNONYMS.has(node.text.toLowerCase()) || typoDistance(node.text.toLowerCase(), meant.toLowerCase()) <= 1;
  return [{ title: `Change to '${meant}'`, edits: [replace(node.span, written)], safe }];
}

/** One item after the other, in the style of the list. */
function separate(node: Node | undefined, values: readonly string[], text: string): readonly Fix[] {
  if (node?.kind !== 'scalar' || node.hole || node.style === 'literal' || node.style === 'folded') return [];
  const line = startOfLine(text, node.span.start);
  const before = text.slice(line, node.span.start);
  const between = /^ *- *$/.test(before) ? `${lineBreak(text)}${before}` : ', ';
  if (between === ', ' && before.trimEnd().endsWith('-')) return [];
  const written = values.map((value) => likeScalar(value, node)).join(between);
  return [{ title: 'Write an item for each', edits: [replace(node.span, written)], safe: true }];
}
