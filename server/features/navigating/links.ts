import { keysOf, keysWithLabel } from '../../workspace/lookup.ts';
import { entriesOf, lookUp } from '../../workspace/persistent-map.ts';
import { NAME_LABEL } from '../../model/namespace.ts';
import { holds, selects } from '../../model/selector.ts';
import type { ContainerPort, Workload } from '../../model/workload.ts';
import { selectorsIn, type SelectorPart } from '../../rules/parts.ts';
import {
  askedIn,
  homeOf,
  labelsHeld,
  mentionsIn,
  namespaceHolder,
  namesOf,
  podsOf,
  portsAskedBy,
  portsDeclared,
  servedPort,
  serviceSelector,
  type AskedLabel,
  type AskedPort,
  type DeclaredPort,
  type Destination,
  type HeldLabel,
  type LabelHolder,
  type Mention,
} from './mention.ts';
import { holdersIn, holdersOf, takesIn, type Holder, type View } from './view.ts';

/**
 * How a label key is meant. `pair`: together with the value beside it, as one who looks for what it selects does. `word`: the key alone,
 * whatever the values, as a renaming has it.
 */
export type Sense = 'pair' | 'word';

/**
 * What a mention is directly tied to: from a selector the labels that it is satisfied by, from a label the selectors that speak of it and
 * are satisfied by the rest, and likewise for namespaces and ports. Ties go both ways.
 */
export function linksOf(view: View, mention: Mention, sense: Sense): readonly Mention[] {
  switch (mention.kind) {
    case 'label':
      return askers(view, mention, sense);
    case 'asked label':
      return labelsFor(view, mention, sense);
    case 'namespace':
      return usesOfNamespace(view, mention.text);
    case 'asked namespace':
      return holdersOf(view, keysOf(view.index, 'Namespace', '', mention.name)).flatMap(({ key, resource }) =>
        resource.role === 'namespace' ? namesOf(key, resource.value) : [],
      );
    case 'port':
      return usesOfPort(view, mention);
    case 'asked port':
      return portsFor(view, mention);
  }
}

function askers(view: View, { label, value, means, holder }: HeldLabel, sense: Sense): readonly AskedLabel[] {
  const isAsked = (asked: AskedLabel): boolean => {
    const { requirement } = asked;
    if (requirement.key !== label || asked.means !== means) return false;
    if (means === 'value') return asked.text === value;
    return sense === 'word' || requirement.values.length === 0 || requirement.values.includes(value);
  };
  return askersOf(view, holder.of, label, means === 'value' ? value : undefined).filter((asked) => isAsked(asked) && isMet(view, asked, holder));
}

/** Every selector of pods, namespaces or nodes that speaks of a label, with this value where one is given. */
export function askersOf(view: View, of: SelectorPart['of'], label: string, value: string | undefined): readonly AskedLabel[] {
  const holders = of === 'node' ? holdersIn(view) : holdersOf(view, keysWithLabel(view.index, of === 'pod' ? 'podSelector' : 'namespaceSelector', label, value));
  return holders.flatMap((holder) =>
    partsOf(holder)
      .filter((part) => part.of === of && part.selector.requirements.some(({ key }) => key === label))
      .flatMap((part) => askedIn(holder.key, part))
      .filter((asked) => asked.kind === 'asked label')
      .filter(({ requirement }) => requirement.key === label && (value === undefined || requirement.values.includes(value))),
  );
}

function partsOf({ resource }: Holder): readonly SelectorPart[] {
  if (resource.role === 'policy') return selectorsIn(resource.value);
  const part = resource.role === 'service' ? serviceSelector(resource.value) : undefined;
  return part ? [part] : [];
}

function labelsFor(view: View, asked: AskedLabel, sense: Sense): readonly HeldLabel[] {
  const { requirement, means, part } = asked;
  const wanted = means === 'value' ? [asked.text] : sense === 'word' ? [] : requirement.values;
  return heldBy(view, part.of, requirement.key, wanted).filter((held) => held.means === means && isMet(view, asked, held.holder));
}

/** Every label with this key, and one of these values where some are given. */
export function heldBy(view: View, of: SelectorPart['of'], label: string, values: readonly string[]): readonly HeldLabel[] {
  return holdersWith(view, of, label, values)
    .flatMap(({ key, resource }): readonly HeldLabel[] => {
      if (resource.role === 'workload' && of === 'pod') return labelsHeld(key, podsOf(resource.value), resource.value.labelsPath);
      if (resource.role === 'namespace' && of === 'namespace') return labelsHeld(key, namespaceHolder(resource.value), resource.value.labelsPath);
      return resource.role === 'node' && of === 'node' ? mentionsIn({ key, resource }).filter((one) => one.kind === 'label') : [];
    })
    .filter((held) => held.label === label && (values.length === 0 || values.includes(held.value)));
}

function holdersWith(view: View, of: SelectorPart['of'], label: string, values: readonly string[]): readonly Holder[] {
  if (of === 'node') return holdersIn(view);
  const keys = values.length === 0 ? keysWithLabel(view.index, of, label) : values.flatMap((value) => keysWithLabel(view.index, of, label, value));
  return holdersOf(view, [...new Set(keys)]);
}

/** Does everything hold that the selector asks of other labels, and of the namespace? */
function isMet(view: View, { part, requirement }: AskedLabel, { labels, namespace }: LabelHolder): boolean {
  const others = part.selector.requirements.every((other) => other.key === requirement.key || holds(other, labels));
  return others && (part.within === undefined || takesIn(view, part.within, namespace));
}

function usesOfNamespace(view: View, name: string): readonly Mention[] {
  const living = holdersOf(view, lookUp(view.universe.homes, name) ?? []).map(({ key }) => homeOf(key, name));
  const asking = holdersOf(view, keysWithLabel(view.index, 'namespaceSelector', NAME_LABEL, name)).flatMap((holder) =>
    mentionsIn(holder).filter((one) => one.kind === 'asked namespace' && one.text === name && one.path[0] === 'spec'),
  );
  return [...living, ...asking];
}

/** The namespaces that something of the cluster lives in. */
export function namespacesLivedIn(view: View): readonly string[] {
  return [...entriesOf(view.universe.homes)].map(([name]) => name);
}

function usesOfPort(view: View, declared: DeclaredPort): readonly AskedPort[] {
  return portAskers(view).filter((asked) => asked.means === declared.means && asksFor(asked, declared.port) && isDestination(view, asked.pods, declared.workload));
}

function portsFor(view: View, asked: AskedPort): readonly DeclaredPort[] {
  return holdersIn(view).flatMap(({ key, resource, outside }) => {
    if (resource.role !== 'workload' || outside !== undefined || !isDestination(view, asked.pods, resource.value)) return [];
    return portsDeclared(key, resource.value).filter(({ means, port }) => means === asked.means && asksFor(asked, port));
  });
}

/** Every port that a rule or a Service of the cluster speaks of, by its first word. */
export function portAskers(view: View): readonly AskedPort[] {
  return holdersIn(view).flatMap(({ key, resource, outside }) => {
    if (outside !== undefined) return [];
    if (resource.role === 'service') return resource.value.ports.map((port) => servedPort(key, resource.value, port));
    return resource.role === 'policy' ? portsAskedBy(key, resource.value).filter(({ path }) => !['endPort', 'end'].includes(String(path.at(-1)))) : [];
  });
}

/** A range of all ports speaks of none of them. */
function asksFor({ match }: AskedPort, { name, port, protocol }: ContainerPort): boolean {
  if (match.kind === 'named') return match.name === name && (match.protocol ?? protocol) === protocol;
  return match.kind === 'range' && match.protocol === protocol && match.from <= port && port <= match.to && match.to - match.from < 65_534;
}

/** May connections to that destination end at the pods of a workload? */
export function isDestination(view: View, pods: Destination, workload: Workload): boolean {
  return pods === 'any' || pods.some((one) => takesIn(view, one.namespaces, workload.namespace) && selects(one.pods, workload.labels));
}
