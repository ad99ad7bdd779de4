import { quote } from '../../base/english.ts';
import { selects, type Labels, type LabelSelector } from '../../model/selector.ts';
import type { SelectorPart } from '../../analysis/policy-parts.ts';
import { keysOf, keysWithLabel } from '../../workspace/lookup.ts';
import { NAME_LABEL } from '../../model/namespace.ts';
import type { Relative } from './rename-set.ts';
import { askersOf, heldBy, isDestination, namespacesLivedIn, near, portAskers } from '../navigation/links.ts';
import type { AskedLabel, AskedPort, DeclaredPort, HeldLabel, LabelHolder, Mention } from '../navigation/occurrence.ts';
import { titled } from './rename-preconditions.ts';
import { holderOf, holdersIn, takesIn, type View } from '../navigation/cluster-view.ts';

/** Why a new name would change what selects what, or what is meant; `undefined` where everything stays as it is. */
export function whyClash(start: Mention, family: readonly Relative[], name: string): string | undefined {
  switch (start.kind) {
    case 'label':
    case 'asked label':
      return whyOtherSelection(labelChange(start, name), family);
    case 'namespace':
    case 'asked namespace':
      return family.some(({ view }) => isNamespace(view, name))
        ? `There is a namespace ${quote(name)} already, and the two would become one.`
        : undefined;
    case 'port':
    case 'asked port':
      return whyOtherPort(family, name);
  }
}

/** A key, or a value of a key, that gets another word. */
interface LabelChange {
  readonly means: 'key' | 'value';
  readonly of: SelectorPart['of'];
  readonly key: string;
  readonly from: string;
  readonly to: string;
}

function labelChange(start: HeldLabel | AskedLabel, to: string): LabelChange {
  const [of, key] = start.kind === 'label' ? [start.holder.of, start.label] : [start.part.of, start.requirement.key];
  return { means: start.means, of, key, from: start.text, to };
}

function whyOtherSelection(change: LabelChange, family: readonly Relative[]): string | undefined {
  const asked = family.flatMap(({ view, mention }) => (mention.kind === 'asked label' ? [{ view, mention }] : []));
  const held = family.flatMap(({ view, mention }) => (mention.kind === 'label' && !mention.echoOf ? [{ view, mention }] : []));
  const changed = new Set(asked.map(({ mention }) => mention.part.selector));
  return (
    first(held, ({ view, mention }) => whyOfHolder(view, mention, change, changed)) ??
    first(asked, ({ view, mention }) => whyOfSelector(view, mention, change))
  );
}

/** Selectors that speak of the new word already, about something that will have it. */
function whyOfHolder(view: View, { key, holder }: HeldLabel, change: LabelChange, changed: ReadonlySet<LabelSelector>): string | undefined {
  if (change.means === 'key' && Object.hasOwn(holder.labels, change.to))
    return `${nameAt(view, key)} has a label ${quote(change.to)} already.`;
  const after = { ...holder, labels: labelsAfter(holder.labels, change) };
  const speakers =
    change.means === 'key' ? askersOf(view, change.of, change.to, undefined) : askersOf(view, change.of, change.key, change.to);
  return first(near(speakers, holder.namespace), ({ key: owner, part }) => {
    const selector = changed.has(part.selector) ? selectorAfter(part.selector, change) : part.selector;
    return whyDifferent(view, owner, key, picks(view, part, holder), picks(view, { ...part, selector }, after));
  });
}

/** Things that have the new word already, and selectors that will ask for it. */
function whyOfSelector(view: View, { key, part }: AskedLabel, change: LabelChange): string | undefined {
  if (change.means === 'key' && part.selector.requirements.some((one) => one.key === change.to))
    return `A selector of ${nameAt(view, key)} asks for ${quote(change.to)} already.`;
  const holders = change.means === 'key' ? heldBy(view, change.of, change.to, undefined) : heldBy(view, change.of, change.key, change.to);
  const namespace = part.within?.kind === 'own' ? part.within.namespace : undefined;
  const after = { ...part, selector: selectorAfter(part.selector, change) };
  return first(near(holders, namespace), ({ key: owner, holder }) =>
    whyDifferent(view, key, owner, picks(view, part, holder), picks(view, after, holder)),
  );
}

function whyDifferent(view: View, selector: string, thing: string, before: boolean, after: boolean): string | undefined {
  if (before === after) return undefined;
  return `${nameAt(view, selector)} would ${after ? 'then' : 'no longer'} select ${nameAt(view, thing)}. Choose a name that is not in use.`;
}

function picks(view: View, { selector, within }: SelectorPart, { labels, namespace }: LabelHolder): boolean {
  return selects(selector, labels) && (within === undefined || takesIn(view, within, namespace));
}

function labelsAfter(labels: Labels, { means, key, from, to }: LabelChange): Labels {
  const entries = Object.entries(labels);
  if (means === 'key') return Object.fromEntries(entries.map(([label, value]) => [label === from ? to : label, value]));
  return Object.fromEntries(entries.map(([label, value]) => [label, label === key && value === from ? to : value]));
}

function selectorAfter(selector: LabelSelector, { means, key, from, to }: LabelChange): LabelSelector {
  const requirements = selector.requirements.map((one) => {
    if (one.key !== key) return one;
    return means === 'key' ? { ...one, key: to } : { ...one, values: one.values.map((value) => (value === from ? to : value)) };
  });
  return { ...selector, requirements };
}

function isNamespace(view: View, name: string): boolean {
  const isNamed =
    keysOf(view.index, 'Namespace', '', name).length + keysWithLabel(view.index, 'namespaceSelector', NAME_LABEL, name).length > 0;
  return isNamed || namespacesLivedIn(view).includes(name);
}

function whyOtherPort(family: readonly Relative[], name: string): string | undefined {
  return (
    first(family, ({ view, mention }) => (mention.kind === 'port' ? whyOfPort(view, mention, name) : undefined)) ??
    first(family, ({ view, mention }) => (mention.kind === 'asked port' ? whyOfAsked(view, mention, name) : undefined))
  );
}

function whyOfPort(view: View, { key, workload }: DeclaredPort, name: string): string | undefined {
  if (workload.ports.some((port) => port.name === name)) return `${nameAt(view, key)} has a port named ${quote(name)} already.`;
  const asked = near(portAskers(view), workload.namespace).find(
    ({ match, pods }) => match.kind === 'named' && match.name === name && isDestination(view, pods, workload),
  );
  return asked && `${nameAt(view, asked.key)} speaks of a port named ${quote(name)} already, and would then mean this one.`;
}

function whyOfAsked(view: View, asked: AskedPort, name: string): string | undefined {
  const other = holdersIn(view).find(
    ({ resource }) =>
      resource.role === 'workload' &&
      resource.value.ports.some((port) => port.name === name) &&
      isDestination(view, asked.pods, resource.value),
  );
  return (
    other && `${nameAt(view, other.key)} has a port named ${quote(name)} already, which ${nameAt(view, asked.key)} would then mean too.`
  );
}

function nameAt(view: View, key: string): string {
  const holder = holderOf(view, key);
  if (!holder) return 'Another manifest';
  const { kind, name } = titled(holder);
  return `${kind} ${quote(name)}`;
}

function first<T>(list: readonly T[], ask: (item: T) => string | undefined): string | undefined {
  for (const item of list) {
    const answer = ask(item);
    if (answer !== undefined) return answer;
  }
  return undefined;
}
