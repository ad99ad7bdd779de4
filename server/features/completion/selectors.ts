import { quoted } from '../../model/calico/selector/expression.ts';
import { selectorRole } from '../../model/calico/selector/places.ts';
import { identify } from '../../model/identify.ts';
import { manifestAt } from '../../syntax/locate.ts';
import type { Slot } from '../../syntax/slot.ts';
import type { ScalarNode } from '../../syntax/tree.ts';
import type { FeatureContext } from '../context.ts';
import { writtenSelectors, type WrittenSelector } from '../text/calico-selectors.ts';
import { readPolicyIn } from '../text/policies.ts';
import { escapeSnippet, expandSnippet } from '../text/snippet.ts';
import type { Suggestion } from '../text/suggestion.ts';
import type { KnownWord } from './from-workspace.ts';
import { setAround, unfinishedSelector, type UnfinishedSelector } from './selector-state.ts';
import { selectorConditions, selectorLabels, selectorValues, type SelectorSite } from './selector-words.ts';

/** Something to write in a selector; the snippet stands in the quotes of the YAML around it. */
interface Draft {
  readonly label: string;
  readonly detail: string;
  readonly documentation?: string;
  readonly snippet: string;
  readonly continues?: boolean;
}

/**
 * What can be written at an offset inside a selector expression of a Calico policy: labels and values that the workspace has, functions and
 * operators. `undefined` outside such expressions.
 */
export function selectorSuggestions(context: FeatureContext, offset: number): readonly Suggestion[] | undefined {
  const at = manifestAt(context.file, offset);
  const manifest = at?.placed.manifest;
  const read = manifest && readPolicyIn(manifest);
  if (!at || !manifest || !read) return undefined;
  const { text } = manifest.piece;
  const found = writtenSelectors(manifest).find(({ node }) => isAt(node, text, at.inside));
  if (!found?.offsets) return undefined;
  const site: SelectorSite = { ...found, root: manifest.root, home: read.policy.namespace };
  const cursor = cursorIn(found, found.offsets, at.inside);
  const unfinished = unfinishedSelector(cursor.before);
  const start = unfinished.start >= found.node.text.length ? at.inside : (found.offsets[unfinished.start] ?? at.inside);
  const end = endOf(found, unfinished, cursor.index, at.inside);
  const style = { quote: quoteFor(found.node), isPlainStart: found.node.style === 'plain' && unfinished.start === 0 };
  const asSnippet = (snippet: string): boolean => context.snippets && /(?<!\\)\$/.test(snippet);
  return draftsFor(unfinished, cursor.before, site, style, end.isOpen, context).map((draft, i) => ({
    label: draft.label,
    kind: 'value',
    detail: draft.detail,
    documentation: draft.documentation ?? '',
    insertText: asSnippet(draft.snippet) ? draft.snippet : expandSnippet(draft.snippet),
    format: asSnippet(draft.snippet) ? 'snippet' : 'plain',
    indent: 0,
    start: start + at.placed.start,
    end: end.at + at.placed.start,
    sortText: String(i).padStart(3, '0'),
    filterText: draft.label,
    additional: [],
    continues: draft.continues === true,
  }));
}

/** Does the cursor stand in the text, or behind it on the same line? */
function isAt({ span }: ScalarNode, text: string, inside: number): boolean {
  return span.start <= inside && /^[ \t]*$/.test(text.slice(span.end, Math.max(inside, span.end)));
}

/** The expression in front of the cursor; behind its end with a blank, which YAML leaves out. */
function cursorIn(
  { node }: WrittenSelector,
  offsets: readonly number[],
  inside: number,
): { readonly before: string; readonly index: number } {
  const index = offsets.findIndex((at) => at >= inside);
  if (index !== -1) return { before: node.text.slice(0, index), index };
  return { before: inside > node.span.end ? `${node.text.trimEnd()} ` : node.text, index: node.text.length };
}

/** The rest of the word or string at the cursor is replaced as well. `isOpen`: the string has no closing quote. */
function endOf(
  { node, offsets = [] }: WrittenSelector,
  { quote }: UnfinishedSelector,
  cursor: number,
  inside: number,
): { readonly at: number; readonly isOpen: boolean } {
  const rest = node.text.slice(cursor);
  if (quote === undefined) {
    const word = /^[A-Za-z0-9_./-]*/.exec(rest)?.[0].length ?? 0;
    return { at: word === 0 ? inside : (offsets[cursor + word] ?? inside), isOpen: false };
  }
  const close = rest.indexOf(quote);
  const isOpen = close === -1 || /[&|={}]/.test(rest.slice(0, close));
  return { at: isOpen ? inside : (offsets[cursor + close] ?? inside), isOpen };
}

/** Quotes that need no escape in the YAML around them. */
function quoteFor({ style }: ScalarNode): "'" | '"' {
  return style === 'single' ? '"' : "'";
}

interface Style {
  readonly quote: "'" | '"';
  /** At the start of a plain text YAML reads some signs itself. */
  readonly isPlainStart: boolean;
}

function draftsFor(
  { state, quote }: UnfinishedSelector,
  before: string,
  site: SelectorSite,
  style: Style,
  isOpen: boolean,
  context: FeatureContext,
): readonly Draft[] {
  switch (state.kind) {
    case 'condition':
      return quote === undefined ? conditionDrafts(site, style, context) : [];
    case 'label':
      return selectorLabels(site, context).map((word) => draftOf(word, word.word));
    case 'operator':
      return operatorDrafts(site, state.label, style, context);
    case 'joint':
      return JOINTS;
    case 'value':
    case 'set': {
      const around = setAround(before);
      const values = selectorValues(site, state.label, state.kind === 'set' || around.isOpen ? around.taken : [], context);
      if (quote !== undefined) return values.map((word) => draftOf(word, isOpen ? word.word + quote : word.word));
      if (state.kind === 'set' && !around.isOpen) return values.map((word) => draftOf(word, `{${quoted(word.word, style.quote)}}`));
      return state.kind === 'set' && !around.isNext ? [] : values.map((word) => draftOf(word, quoted(word.word, style.quote)));
    }
    case 'other':
      return [];
  }
}

function draftOf({ word, detail, documentation }: KnownWord, text: string): Draft {
  return { label: word, detail, documentation, snippet: escapeSnippet(text) };
}

function conditionDrafts(site: SelectorSite, { isPlainStart }: Style, context: FeatureContext): readonly Draft[] {
  const labels = selectorLabels(site, context).map((word): Draft => ({ ...draftOf(word, `${word.word} `), continues: true }));
  return [...labels, ...functionsAt(site), ...(isPlainStart ? [] : [NOT])];
}

const HAS: Draft = { label: 'has()', detail: 'the label is set', snippet: 'has($1)', continues: true };
const ALL: Draft = { label: 'all()', detail: 'everything', snippet: 'all()' };
const GLOBAL: Draft = { label: 'global()', detail: 'what has no namespace', snippet: 'global()' };
const NOT: Draft = { label: '!', detail: 'the next condition does not hold', snippet: '!' };

/** `global()` is only accepted in the namespaceSelector of a rule (libcalico-go `validator`). */
function functionsAt({ role, of }: SelectorSite): readonly Draft[] {
  return [HAS, ALL, ...(role === 'namespaces' && of === 'peer' ? [GLOBAL] : [])];
}

const JOINTS: readonly Draft[] = [
  { label: '&&', detail: 'both must hold', snippet: '&& ', continues: true },
  { label: '||', detail: 'one of them must hold', snippet: '|| ', continues: true },
];

function operatorDrafts(site: SelectorSite, label: string, { quote }: Style, context: FeatureContext): readonly Draft[] {
  const [first] = selectorValues(site, label, [], context);
  const value = `${quote}\${1:${escapeSnippet(first?.word ?? 'value')}}${quote}`;
  return [
    { label: '==', detail: 'has this value', snippet: `== ${value}` },
    { label: '!=', detail: 'has another value, or not the label', snippet: `!= ${value}` },
    { label: 'in', detail: 'has one of these values', snippet: `in {${value}\\}` },
    { label: 'not in', detail: 'has none of these values, or not the label', snippet: `not in {${value}\\}` },
    { label: 'starts with', detail: 'the value starts with this', snippet: `starts with ${value}` },
    { label: 'ends with', detail: 'the value ends with this', snippet: `ends with ${value}` },
    { label: 'contains', detail: 'the value contains this', snippet: `contains ${value}` },
  ];
}

/** Whole conditions for a selector field that has no text yet. */
export function selectorStarts(slot: Slot, context: FeatureContext): readonly KnownWord[] {
  const identity = identify(slot.manifest);
  const place = slot.role === 'value' ? selectorRole(slot.path) : undefined;
  if (!place || !identity.ours || identity.kind?.role !== 'policy' || identity.kind.api !== 'calico') return [];
  const { root } = slot.manifest;
  const policy = identity.kind.read(root);
  const site: SelectorSite = { ...place, path: slot.path, root, home: policy.namespace };
  const functions = functionsAt(site).filter(({ label }) => label !== HAS.label);
  return [...selectorConditions(site, context), ...functions.map(({ label, detail }) => ({ word: label, detail, documentation: '' }))];
}
