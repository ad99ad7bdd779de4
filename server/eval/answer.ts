/**
 * An answer about every possible cluster, not only the one at hand. A `no` shows a case; `unknown` means that something could not be
 * read, that names stand for unknown addresses, or that the question is too large.
 */
export type Answer<Witness> = { readonly kind: 'yes' } | { readonly kind: 'no'; readonly witness: Witness } | { readonly kind: 'unknown' };

export const YES: { readonly kind: 'yes' } = { kind: 'yes' };
export const UNKNOWN: { readonly kind: 'unknown' } = { kind: 'unknown' };

/** A no with its case. */
export function no<Witness>(witness: Witness): { readonly kind: 'no'; readonly witness: Witness } {
  return { kind: 'no', witness };
}

/** Yes where all answers are; the first no, or else unknown, otherwise. Stops asking at a no. */
export function all<Witness>(answers: Iterable<Answer<Witness>>): Answer<Witness> {
  let sum: Answer<Witness> = YES;
  for (const answer of answers) {
    if (answer.kind === 'no') return answer;
    if (answer.kind === 'unknown') sum = answer;
  }
  return sum;
}
