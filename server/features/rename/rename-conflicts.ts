import { quote } from '../../base/english.ts';
import { comparesParts, selects, type Labels, type LabelSelector } from '../../model/selector.ts';
import type { SelectorPart } from '../../analysis/policy-parts.ts';
import { keysOf, keysWithLabel } from '../../workspace/lookup.ts';
import { NAME_LABEL } from '../../model/namespace.ts';
import type { RenameTarget } from './rename-set.ts';
import {
  labelReferences,
  labelDefinitions,
  mayFind,
  isDestination,
  inhabitedNamespaces,
  concerning,
  portReferences,
} from '../navigation/links.ts';
import type { LabelReference, PortReference, PortDefinition, LabelDefinition, LabelOwner, Occurrence } from '../navigation/occurrence.ts';
import { occurrenceTitle } from './rename-preconditions.ts';
import { objectOf, objectsIn, includesNamespace, type ClusterView } from '../navigation/cluster-view.ts';

/** Why a new name would change what selects what, or what is meant; `undefined` where everything stays as it is. */
export function whyConflict(start: Occurrence, targets: readonly RenameTarget[], name: string): string | undefined {
  switch (start.kind) {
    case 'label':
    case 'referenced label':
      return whyOtherSelection(labelChange(start, name), targets);
    case 'namespace':
    case 'referenced namespace':
      return targets.some(({ view }) => isNamespace(view, name))
        ? `A namespace ${quote(name)} already exists, and the two would become one.`
        : undefined;
    case 'port':
    case 'referenced port':
      return whyOtherPort(targets, name);
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

function labelChange(start: LabelDefinition | LabelReference, to: string): LabelChange {
  const [of, key] = start.kind === 'label' ? [start.owner.of, start.label] : [start.part.of, start.requirement.key];
  return { means: start.means, of, key, from: start.text, to };
}

function whyOtherSelection(change: LabelChange, targets: readonly RenameTarget[]): string | undefined {
  const reference = targets.flatMap(({ view, occurrence }) => (occurrence.kind === 'referenced label' ? [{ view, occurrence }] : []));
  const held = targets.flatMap(({ view, occurrence }) => (occurrence.kind === 'label' && !occurrence.echoOf ? [{ view, occurrence }] : []));
  const changed = new Set(reference.map(({ occurrence }) => occurrence.part.selector));
  return (
    first(held, ({ view, occurrence }) => whyOfHolder(view, occurrence, change, changed)) ??
    first(reference, ({ view, occurrence }) => whyOfSelector(view, occurrence, change))
  );
}

/** Selectors that already use the new name, for objects that will have it. */
function whyOfHolder(
  view: ClusterView,
  { key, owner }: LabelDefinition,
  change: LabelChange,
  changed: ReadonlySet<LabelSelector>,
): string | undefined {
  if (change.means === 'key' && Object.hasOwn(owner.labels, change.to))
    return `${nameAt(view, key)} has a label ${quote(change.to)} already.`;
  const after = { ...owner, labels: labelsAfter(owner.labels, change) };
  const speakers =
    change.means === 'key'
      ? labelReferences(view, change.of, change.to, undefined)
      : labelReferences(view, change.of, change.key, change.to);
  const ofParts = change.means === 'key' ? [] : concerning(labelReferences(view, change.of, change.key, undefined), owner.namespace);
  const others = ofParts.filter(({ requirement }) => comparesParts(requirement.operator));
  return first([...concerning(speakers, owner.namespace), ...others], (reference) => {
    const { key: other, part } = reference;
    if (!mayFind(reference, owner)) return undefined;
    const selector = changed.has(part.selector) ? selectorAfter(part.selector, change) : part.selector;
    return whyDifferent(view, other, key, picks(view, part, owner), picks(view, { ...part, selector }, after));
  });
}

/** Things that have the new word already, and selectors that will ask for it. */
function whyOfSelector(view: ClusterView, reference: LabelReference, change: LabelChange): string | undefined {
  const { key, part } = reference;
  if (change.means === 'key' && part.selector.requirements.some((one) => one.key === change.to))
    return `A selector of ${nameAt(view, key)} already requires ${quote(change.to)}.`;
  const objects =
    change.means === 'key'
      ? labelDefinitions(view, change.of, change.to, undefined)
      : labelDefinitions(view, change.of, change.key, change.to);
  const namespace = part.within?.kind === 'own' ? part.within.namespace : undefined;
  const after = { ...part, selector: selectorAfter(part.selector, change) };
  return first(concerning(objects, namespace), ({ key: other, owner }) =>
    mayFind(reference, owner) ? whyDifferent(view, key, other, picks(view, part, owner), picks(view, after, owner)) : undefined,
  );
}

function whyDifferent(view: ClusterView, selector: string, thing: string, before: boolean, after: boolean): string | undefined {
  if (before === after) return undefined;
  return `${nameAt(view, selector)} would ${after ? 'then' : 'no longer'} select ${nameAt(view, thing)}. Choose a name that is not in use.`;
}

function picks(view: ClusterView, { selector, within }: SelectorPart, { labels, namespace }: LabelOwner): boolean {
  return selects(selector, labels) && (within === undefined || includesNamespace(view, within, namespace));
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

function isNamespace(view: ClusterView, name: string): boolean {
  const isNamed =
    keysOf(view.index, 'Namespace', '', name).length + keysWithLabel(view.index, 'namespaceSelector', NAME_LABEL, name).length > 0;
  return isNamed || inhabitedNamespaces(view).includes(name);
}

function whyOtherPort(targets: readonly RenameTarget[], name: string): string | undefined {
  return (
    first(targets, ({ view, occurrence }) => (occurrence.kind === 'port' ? whyOfPort(view, occurrence, name) : undefined)) ??
    first(targets, ({ view, occurrence }) => (occurrence.kind === 'referenced port' ? whyOfReferenced(view, occurrence, name) : undefined))
  );
}

function whyOfPort(view: ClusterView, { key, workload }: PortDefinition, name: string): string | undefined {
  if (workload.ports.some((port) => port.name === name)) return `${nameAt(view, key)} already has a port named ${quote(name)}.`;
  const reference = concerning(portReferences(view), workload.namespace).find(
    ({ match, pods }) => match.kind === 'named' && match.name === name && isDestination(view, pods, workload),
  );
  return reference && `${nameAt(view, reference.key)} already names a port ${quote(name)}, which would then match this port.`;
}

function whyOfReferenced(view: ClusterView, reference: PortReference, name: string): string | undefined {
  const other = objectsIn(view).find(
    ({ resource }) =>
      resource.role === 'workload' &&
      resource.value.ports.some((port) => port.name === name) &&
      isDestination(view, reference.pods, resource.value),
  );
  return (
    other && `${nameAt(view, other.key)} has a port named ${quote(name)} already, which ${nameAt(view, reference.key)} would then mean too.`
  );
}

function nameAt(view: ClusterView, key: string): string {
  const object = objectOf(view, key);
  if (!object) return 'Another manifest';
  const { kind, name } = occurrenceTitle(object);
  return `${kind} ${quote(name)}`;
}

function first<T>(list: readonly T[], ask: (item: T) => string | undefined): string | undefined {
  for (const item of list) {
    const answer = ask(item);
    if (answer !== undefined) return answer;
  }
  return undefined;
}
