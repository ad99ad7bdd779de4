import { memoLast } from '../../base/memo.ts';
import { near, typoDistance } from '../../base/near.ts';
import { quote } from '../../base/english.ts';
import { replace } from '../../syntax/edit.ts';
import { pairOf, type Node } from '../../syntax/tree.ts';
import { misplacedField } from '../schema/misplaced-field.ts';
import type { Issue } from '../schema/issue.ts';
import type { Fix } from '../finding.ts';
import type { ManifestRule, Draft, ManifestContext } from '../rule.ts';
import { isPortField } from '../schema/ports-as-protocols.ts';
import { fieldsOf } from '../schema/schemas.ts';
import { closestMatch, placeName } from '../text/words.ts';
import { everyKind } from '../about.ts';

const rule: ManifestRule = {
  name: 'unknown-field',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'A field that does not exist in this place.',
  why: 'With strict field validation, the API server rejects the manifest. Without it, the API server silently drops the field, and the policy means something else: with a misspelled podSelector it selects every pod.',
  companions: ['allow-all-ingress'],
  about: everyKind,
  *check(context) {
    for (const issue of context.issues) {
      // Strategic merge patches carry orders such as $patch: delete.
      const isOrder = context.partial && /^\$(?:patch|retainKeys|setElementOrder|deleteFromPrimitiveList)\b/.test(issue.params.key ?? '');
      if (issue.keyword === 'additionalProperties' && !isOrder && !isSecondOfPort(issue, context)) yield draft(issue, context);
    }
  },
};

export default rule;

/** `port` after `protocol` in an item of `protocols`: both are one mistake, which is reported at the first of them. */
function isSecondOfPort({ path }: Issue, { kind, at }: ManifestContext): boolean {
  const parent = path.slice(0, -1);
  if (kind?.portsField !== 'protocols' || !isPortField(String(path.at(-1)), parent)) return false;
  const map = at(parent);
  const first = map?.kind === 'map' ? map.pairs.find(({ name }) => name !== undefined && isPortField(name, parent)) : undefined;
  return first?.name !== path.at(-1);
}

function draft(issue: Issue, context: ManifestContext): Draft {
  const { path, span, place, params } = issue;
  const key = params.key ?? '';
  const parent = path.slice(0, -1);
  const where = placeName(parent, context.kind);
  const map = context.at(parent);
  const fields = fieldsOf(place);
  const free = fields.some((name) => isWritten(map, name)) ? fields.filter((name) => !isWritten(map, name)) : fields;
  const hint = misplacedField(key, parent, context);
  const { guess, words } = guessFor(free, key);
  const way = hint?.text ?? words;
  const fixes: Fix[] = [...(hint?.fixes ?? [])];
  const pair = pairOf(map, key);
  if (hint === undefined && guess !== undefined && pair?.key.kind === 'scalar') {
    const quoted = pair.key.style === 'plain' ? guess : JSON.stringify(guess);
    fixes.push({
      title: `Change to '${guess}'`,
      edits: [replace(pair.key.span, quoted)],
      safe: typoDistance(key.toLowerCase(), guess.toLowerCase()) <= 2,
    });
  }
  return {
    span,
    path,
    message: `Unknown field ${quote(key)} in ${where}. ${way} The API server rejects the manifest; without strict validation it silently drops the field.`,
    fixes,
  };
}

/** Which field is meant, and the advice. The same mistake is often made many times in one manifest. */
const guessFor = memoLast(
  (last: Guess, key: string) => last.key === key,
  (free: readonly string[], key: string): Guess => {
    const [guess] = near(key, free);
    return { key, guess, words: guess === undefined ? fieldList(free) : closestMatch(key, free).trim() };
  },
);

interface Guess {
  readonly key: string;
  readonly guess: string | undefined;
  readonly words: string;
}

function isWritten(map: Node | undefined, name: string): boolean {
  const pair = map?.kind === 'map' ? pairOf(map, name) : undefined;
  return pair !== undefined && map?.kind === 'map' && map.pairs.includes(pair);
}

function fieldList(free: readonly string[]): string {
  if (free.length === 0) return 'Remove it.';
  return free.length > 6 ? 'Remove it, or move it where it belongs.' : `Remove it, or use one of ${free.join(', ')}.`;
}
