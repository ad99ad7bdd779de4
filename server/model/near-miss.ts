/**
 * How many slips of the keyboard lie between two words: a letter lost, added, wrong, or two neighbours swapped (optimal string
 * alignment). Gives `Infinity` as soon as it is sure to be more than `most`.
 */
export function slips(one: string, other: string, most: number): number {
  if (Math.abs(one.length - other.length) > most) return Infinity;
  let before: number[] = [];
  let above = Array.from({ length: other.length + 1 }, (_, j) => j);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) row.push(cheapest(one, other, i, j, row, above, before));
    if (Math.min(...row) > most) return Infinity;
    [before, above] = [above, row];
  }
  const found = above[other.length] ?? Infinity;
  return found > most ? Infinity : found;
}

function cheapest(one: string, other: string, i: number, j: number, row: readonly number[], above: readonly number[], before: readonly number[]): number {
  const same = one[i - 1] === other[j - 1];
  const plain = Math.min((row[j - 1] ?? Infinity) + 1, (above[j] ?? Infinity) + 1, (above[j - 1] ?? Infinity) + (same ? 0 : 1));
  const swapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
  return swapped ? Math.min(plain, (before[j - 2] ?? Infinity) + 1) : plain;
}

/** The word that was most likely meant, with at most `most` slips; letter case does not count. `undefined` where none is near. */
export function nearest(word: string, known: readonly string[], most: number): string | undefined {
  const low = word.toLowerCase();
  let best: string | undefined;
  let least = most + 1;
  for (const candidate of known) {
    const distance = slips(low, candidate.toLowerCase(), Math.min(most, least - 1));
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}
