/** An answer about something of which not everything is known. */
export type Certainty = 'yes' | 'no' | 'unknown';

/** A fact as an answer. */
export function sure(fact: boolean): Certainty {
  return fact ? 'yes' : 'no';
}

/** Yes where all answers are yes, no where one is no. Yes for no answers at all. */
export function allOf<T>(items: readonly T[], ask: (item: T) => Certainty): Certainty {
  let all: Certainty = 'yes';
  for (const item of items) {
    const answer = ask(item);
    if (answer === 'no') return 'no';
    if (answer === 'unknown') all = 'unknown';
  }
  return all;
}

/** Yes where one answer is yes, no where all are no. No for no answers at all. */
export function anyOf<T>(items: readonly T[], ask: (item: T) => Certainty): Certainty {
  let any: Certainty = 'no';
  for (const item of items) {
    const answer = ask(item);
    if (answer === 'yes') return 'yes';
    if (answer === 'unknown') any = 'unknown';
  }
  return any;
}

/** The opposite; what is unknown stays so. */
export function notOf(answer: Certainty): Certainty {
  return answer === 'unknown' ? 'unknown' : sure(answer === 'no');
}
