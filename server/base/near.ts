/**
 * The candidates that a mistyped word may have meant, best first; none where nothing is near. Counts a slip of the fingers
 * (a letter lost, doubled, wrong, or two swapped), another case, plural for singular, `pod-selector` for `podSelector`, a beginning.
 * A word of more than 64 characters is never a slip.
 */
export function near(word: string, candidates: Iterable<string>): string[] {
  if (word.length === 0 || word.length > MAX_WORD_CHARACTERS) return [];
  const scored: { readonly candidate: string; readonly score: number }[] = [];
  for (const candidate of new Set(candidates)) {
    const score = candidate === word || candidate.length > MAX_WORD_CHARACTERS ? undefined : distance(word, candidate);
    if (score !== undefined) scored.push({ candidate, score });
  }
  scored.sort((one, other) => one.score - other.score);
  const best = scored[0]?.score ?? 0;
  // Beside a good guess a bad one only distracts.
  return scored.filter(({ score }) => score <= best + 1).map(({ candidate }) => candidate);
}

/** How many slips lie between two words: insertions, deletions, replacements, and swaps of neighbours. At most `maxDistance`, else more. */
export function typoDistance(one: string, other: string, maxDistance: number = MAX_WORD_CHARACTERS): number {
  if (Math.abs(one.length - other.length) > maxDistance) return maxDistance + 1;
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let row = 1; row <= one.length; row++) {
    const current = nextRow(one, other, row, last, before);
    if (Math.min(...current) > maxDistance) return maxDistance + 1;
    [before, last] = [last, current];
  }
  return last[other.length] ?? 0;
}

const MAX_WORD_CHARACTERS = 64;

/** How far a candidate is from the word, or `undefined` for too far. A difference in letters weighs most, in case least. */
function distance(word: string, candidate: string): number | undefined {
  const [lower, other] = [word.toLowerCase(), candidate.toLowerCase()];
  if (lower === other) return 0.1;
  const [bare, otherBare] = [bareOf(lower), bareOf(other)];
  if (bare !== '' && bare === otherBare) return 0.2;
  if (singularOf(bare) === singularOf(otherBare) && bare.length > 2) return 0.3;
  const found = typoDistance(lower, other, mostSlips(lower));
  const slipped = found <= mostSlips(lower) && found < lower.length ? found + typoDistance(word, candidate) / 100 : Infinity;
  const score = Math.min(slipped, beginning(lower, other) ?? Infinity);
  return score === Infinity ? undefined : score;
}

/** The letters alone: `pod-selector` and `pod_selector` as `podselector`. */
function bareOf(word: string): string {
  return word.replace(/[-_. ]/g, '');
}

function singularOf(word: string): string {
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (/(?:s|x|ch|sh)es$/.test(word)) return word.slice(0, -2);
  return word.endsWith('s') ? word.slice(0, -1) : word;
}

function mostSlips(word: string): number {
  if (word.length < 4) return 1;
  return word.length <= 8 ? 2 : 3;
}

/** `namespaceSel` for `namespaceSelector`, a word broken off: the more of it is there the better. Or one with something behind it. */
function beginning(word: string, candidate: string): number | undefined {
  if (word.length >= 3 && candidate.startsWith(word)) return 2 - word.length / candidate.length;
  return candidate.length >= 4 && word.startsWith(candidate) ? 4 - candidate.length / word.length : undefined;
}

function nextRow(one: string, other: string, row: number, last: readonly number[], before: readonly number[]): number[] {
  const current = [row];
  for (let column = 1; column <= other.length; column++) {
    const wrong = one[row - 1] === other[column - 1] ? 0 : 1;
    const swapped = row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
    const cost = Math.min((current[column - 1] ?? 0) + 1, (last[column] ?? 0) + 1, (last[column - 1] ?? 0) + wrong);
    current.push(swapped ? Math.min(cost, (before[column - 2] ?? 0) + 1) : cost);
  }
  return current;
}
