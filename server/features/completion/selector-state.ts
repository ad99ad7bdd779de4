import { tokensOf, type Token } from '../../model/calico/selector/tokens.ts';

/** What may be written at the end of a selector expression that is not finished. */
export type SelectorState =
  /** The start of a condition: a label, a function, a negation. */
  | { readonly kind: 'condition' }
  /** The label that `has(` asks for. */
  | { readonly kind: 'label' }
  | { readonly kind: 'operator'; readonly label: string }
  /** A string behind an operator, or in the braces behind one that takes several. */
  | { readonly kind: 'value'; readonly label: string; readonly taken: readonly string[] }
  | { readonly kind: 'set'; readonly label: string }
  /** Behind a condition: what combines it with another one. */
  | { readonly kind: 'joint' }
  | { readonly kind: 'other' };

/** A selector up to the cursor: what may follow, and the word or string that is being typed. */
export interface UnfinishedSelector {
  readonly state: SelectorState;
  /** Where the word that is being typed starts, behind its quote if it has one; the cursor where none is. */
  readonly start: number;
  /** The quote of a string that the cursor stands in. */
  readonly quote?: string;
}

/** Reads the text in front of a cursor in a selector expression. */
export function unfinishedSelector(before: string): UnfinishedSelector {
  const tokens = tokensOf(before).filter(({ kind }) => kind !== 'end');
  const last = tokens.at(-1);
  if (last?.unterminated) {
    const state = stateAfter(tokens.slice(0, -1));
    return {
      state: state.kind === 'set' ? { ...state, kind: 'value', taken: [] } : state,
      start: last.span.start + 1,
      quote: before[last.span.start] ?? "'",
    };
  }
  const typed = last?.span.end === before.length && (last.kind === 'word' || last.kind === 'function') ? last : undefined;
  const settled = typed ? tokens.slice(0, -1) : tokens;
  const word = settled.at(-1);
  // `not i`, `starts wi`: the operator that is being typed has two words.
  const isPair = word?.kind === 'word' && /^(?:not|starts|ends)$/.test(word.text) && stateAfter(settled.slice(0, -1)).kind === 'operator';
  const done = isPair ? settled.slice(0, -1) : settled;
  return { state: stateAfter(done), start: isPair && word ? word.span.start : (typed?.span.start ?? before.length) };
}

function stateAfter(tokens: readonly Token[]): SelectorState {
  return tokens.reduce<SelectorState>(next, { kind: 'condition' });
}

/** One word further. What cannot stand there leaves nothing to suggest. */
function next(state: SelectorState, token: Token): SelectorState {
  const { kind, text } = token;
  switch (state.kind) {
    case 'condition':
      if (kind === 'word') return { kind: 'operator', label: text };
      if (kind === 'function') return text === 'has' ? { kind: 'label' } : { kind: 'joint' };
      return kind === '(' || kind === 'not' ? state : { kind: 'other' };
    case 'label':
      return kind === ')' ? { kind: 'joint' } : state;
    case 'operator':
      return afterOperator(state.label, kind, text);
    case 'value':
      if (kind === 'string') return { kind: 'joint' };
      return { kind: 'other' };
    case 'set':
      if (kind === '}') return { kind: 'joint' };
      return kind === '{' || kind === 'comma' || kind === 'string' ? state : { kind: 'other' };
    case 'joint':
      if (kind === 'and' || kind === 'or') return { kind: 'condition' };
      return kind === ')' || kind === '(' ? state : { kind: 'other' };
    case 'other':
      return kind === 'and' || kind === 'or' ? { kind: 'condition' } : state;
  }
}

function afterOperator(label: string, kind: Token['kind'], text: string): SelectorState {
  if (kind === 'equals' || kind === 'unequal') return { kind: 'value', label, taken: [] };
  if (kind !== 'word' && kind !== 'function') return { kind: 'other' };
  if (text === 'in' || text === 'notin') return { kind: 'set', label };
  if (/^(?:contains|startswith|endswith|with)$/.test(text)) return { kind: 'value', label, taken: [] };
  return /^(?:not|starts|ends)$/.test(text) ? { kind: 'operator', label } : { kind: 'other' };
}

/** The strings of the set that the cursor stands in, and whether it stands behind the opening brace. */
export function setAround(before: string): { readonly isOpen: boolean; readonly taken: readonly string[]; readonly isNext: boolean } {
  const tokens = tokensOf(before).filter(({ kind, unterminated }) => kind !== 'end' && !unterminated);
  const open = tokens.findLastIndex(({ kind }) => kind === '{');
  const inside = open === -1 ? [] : tokens.slice(open + 1);
  const taken = inside.filter(({ kind }) => kind === 'string').map(({ text }) => text);
  const last = inside.at(-1);
  return { isOpen: open !== -1 && !inside.some(({ kind }) => kind === '}'), taken, isNext: last === undefined || last.kind === 'comma' };
}
