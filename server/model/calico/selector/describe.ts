import { list, plain, pluralOf } from '../../../base/english.ts';
import { valueText } from '../../contradiction.ts';
import { type Condition, type NormalForm, normalForm } from './normal-form.ts';
import type { Expression } from './expression.ts';

/** So many values are named before "and 7 more". */
const MAX_LISTED_VALUES = 5;

/**
 * A selector in words: "every pod", "pods where app is web and the label canary is not set". Plain text; `noun` is what it selects, in the
 * singular. Where a missing label fits, that is said.
 */
export function describeExpression(expression: Expression, noun: string = 'pod'): string {
  const form = normalForm(expression);
  if (form.kind === 'everything') return `every ${noun}`;
  if (form.kind === 'nothing') return `no ${noun} at all`;
  return `${noun.split(' or ').map(pluralOf).join(' or ')} where ${wordsOf(form, 'top')}${lenientWords(form)}`;
}

function wordsOf(form: NormalForm, around: 'top' | 'and' | 'or'): string {
  switch (form.kind) {
    case 'everything':
      return 'anything fits';
    case 'nothing':
      return 'nothing fits';
    case 'condition':
      return conditionWords(form.condition);
    case 'and':
    case 'or': {
      const text = list(
        form.of.map((part) => wordsOf(part, form.kind)),
        form.kind,
      );
      return around === 'top' ? text : `(${text})`;
    }
  }
}

function conditionWords({ key, test, values, negated }: Condition): string {
  const name = plain(key);
  if (test === 'present') return `the label ${name} is ${negated ? 'not ' : ''}set`;
  if (test !== 'equals') return `${name} ${negated ? NEGATED[test] : POSITIVE[test]} ${values.map(valueText).join()}`;
  const text = list(values.map(valueText), 'or', MAX_LISTED_VALUES);
  if (!negated) return `${name} is ${text}`;
  return values.length === 1 ? `${name} is not ${text}` : `${name} is none of ${text}`;
}

const POSITIVE = { contains: 'contains', 'starts with': 'starts with', 'ends with': 'ends with' } as const;
const NEGATED = { contains: 'does not contain', 'starts with': 'does not start with', 'ends with': 'does not end with' } as const;

/** `!=` and `not in` are true for what lacks the label, which surprises; with another condition that asks for the label they are not. */
function lenientWords(form: NormalForm): string {
  const conditions =
    form.kind === 'condition'
      ? [form.condition]
      : form.kind === 'and'
        ? form.of.flatMap((part) => (part.kind === 'condition' ? [part.condition] : []))
        : [];
  const required = new Set(conditions.filter(({ negated }) => !negated).map(({ key }) => key));
  const lenient = conditions
    .filter(({ negated, test, key }) => negated && test !== 'present' && !required.has(key))
    .map(({ key }) => plain(key));
  return lenient.length === 0
    ? ''
    : ` (also without the ${lenient.length === 1 ? 'label' : 'labels'} ${list([...new Set(lenient)], 'or')})`;
}
