import { keysOf, keysWithLabel } from '../../workspace/lookup.ts';
import { entriesOf, lookUp } from '../../workspace/persistent-map.ts';
import type { Universe } from '../../workspace/universe-state.ts';
import { NAME_LABEL } from '../../model/namespace.ts';
import { holds, selects } from '../../model/selector.ts';
import type { ContainerPort, Workload } from '../../model/workload.ts';
import { selectorsIn, type SelectorPart } from '../../analysis/policy-parts.ts';
import type { AskedLabel, AskedPort, DeclaredPort, Destination, HeldLabel, LabelHolder, Mention } from './occurrence.ts';
import { askedIn, homeOf, labelsHeld, mentionsIn, namespaceHolder, namesOf, podsOf, serviceSelector } from './occurrences-in.ts';
import { portsAskedBy, portsDeclared, servedPort } from './port-occurrences.ts';
import { holdersIn, holdersOf, takesIn, type Holder, type View } from './cluster-view.ts';

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
  const isAsked = ({ requirement, ...asked }: AskedLabel): boolean => {
    if (asked.means !== means) return false;
    if (means === 'value') return asked.text === value;
    return sense === 'word' || requirement.values.length === 0 || requirement.values.includes(value);
  };
  return near(askersOf(view, holder.of, label, means === 'value' ? value : undefined), holder.namespace).filter(
    (asked) => isAsked(asked) && isMet(view, asked, holder),
  );
}

function labelsFor(view: View, asked: AskedLabel, sense: Sense): readonly HeldLabel[] {
  const { requirement, means, part } = asked;
  const wanted = means === 'value' ? [asked.text] : sense === 'word' || requirement.values.length === 0 ? [undefined] : requirement.values;
  const namespace = part.within?.kind === 'own' ? part.within.namespace : undefined;
  return [...new Set(wanted)]
    .flatMap((value) => near(heldBy(view, part.of, requirement.key, value), namespace))
    .filter((held) => held.means === means && isMet(view, asked, held.holder));
}

/** What speaks of something, by the one namespace it concerns, or for several. */
export interface ByNamespace<T> {
  readonly own: ReadonlyMap<string, readonly T[]>;
  readonly wide: readonly T[];
}

/** What may concern a namespace; everything where none is given. */
export function near<T>({ own, wide }: ByNamespace<T>, namespace: string | undefined): readonly T[] {
  if (namespace === undefined) return [...[...own.values()].flat(), ...wide];
  const there = own.get(namespace) ?? [];
  return wide.length === 0 ? there : [...there, ...wide];
}

function byNamespace<T>(all: readonly T[], namespaceOf: (one: T) => string | undefined): ByNamespace<T> {
  const own = new Map<string, T[]>();
  const wide: T[] = [];
  for (const one of all) {
    const namespace = namespaceOf(one);
    const there = namespace === undefined ? wide : (own.get(namespace) ?? []);
    if (namespace !== undefined) own.set(namespace, there);
    there.push(one);
  }
  return { own, wide };
}

const askersKnown = new WeakMap<Universe, Map<string, ByNamespace<AskedLabel>>>();
const heldKnown = new WeakMap<Universe, Map<string, ByNamespace<HeldLabel>>>();
const portsKnown = new WeakMap<Universe, Map<string, ByNamespace<AskedPort>>>();

function remembered<T>(memo: WeakMap<Universe, Map<string, T>>, { universe }: View, name: string, make: () => T): T {
  const known = memo.get(universe) ?? new Map<string, T>();
  memo.set(universe, known);
  const found = known.get(name) ?? make();
  known.set(name, found);
  return found;
}

/** Every selector of pods, namespaces or nodes that speaks of a label, with this value where one is given. */
export function askersOf(view: View, of: SelectorPart['of'], label: string, value: string | undefined): ByNamespace<AskedLabel> {
  return remembered(askersKnown, view, JSON.stringify([of, label, value]), () => {
    const holders =
      of === 'node'
        ? holdersIn(view)
        : holdersOf(view, keysWithLabel(view.index, of === 'pod' ? 'podSelector' : 'namespaceSelector', label, value));
    const asked = holders.flatMap((holder) =>
      partsOf(holder)
        .filter((part) => part.of === of && part.selector.requirements.some(({ key }) => key === label))
        .flatMap((part) => askedIn(holder.key, part))
        .filter((one) => one.kind === 'asked label')
        .filter(({ requirement }) => requirement.key === label && (value === undefined || requirement.values.includes(value))),
    );
    return byNamespace(asked, ({ part }) => (part.within?.kind === 'own' ? part.within.namespace : undefined));
  });
}

/** The selectors in a policy or Service. */
export function partsOf({ resource }: Holder): readonly SelectorPart[] {
  if (resource.role === 'policy') return selectorsIn(resource.value);
  const part = resource.role === 'service' ? serviceSelector(resource.value) : undefined;
  return part ? [part] : [];
}

/** Every label with this key, and with this value where one is given. */
export function heldBy(view: View, of: SelectorPart['of'], label: string, value: string | undefined): ByNamespace<HeldLabel> {
  return remembered(heldKnown, view, JSON.stringify([of, label, value]), () => {
    const holders = of === 'node' ? holdersIn(view) : holdersOf(view, keysWithLabel(view.index, of, label, value));
    const held = holders
      .flatMap(({ key, resource }) => labelsIn(key, resource, of))
      .filter((one) => one.label === label && (value === undefined || one.value === value));
    return byNamespace(held, ({ holder }) => (of === 'pod' ? holder.namespace : undefined));
  });
}

function labelsIn(key: string, resource: Holder['resource'], of: SelectorPart['of']): readonly HeldLabel[] {
  if (resource.role === 'workload' && of === 'pod') return labelsHeld(key, podsOf(resource.value), resource.value.labelsPath);
  if (resource.role === 'namespace' && of === 'namespace')
    return labelsHeld(key, namespaceHolder(resource.value), resource.value.labelsPath);
  return resource.role === 'node' && of === 'node' ? mentionsIn({ key, resource }).filter((one) => one.kind === 'label') : [];
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
  const { workload, port, means } = declared;
  return near(portAskers(view), workload.namespace).filter(
    (asked) => asked.means === means && asksFor(asked, port) && isDestination(view, asked.pods, workload),
  );
}

function portsFor(view: View, asked: AskedPort): readonly DeclaredPort[] {
  const namespace = namespaceOfPorts(asked);
  const keys = namespace === undefined ? undefined : (lookUp(view.universe.homes, namespace) ?? []);
  return (keys ? holdersOf(view, keys) : holdersIn(view)).flatMap(({ key, resource, outside }) => {
    if (resource.role !== 'workload' || outside !== undefined || !resource.value.ports.some((port) => asksFor(asked, port))) return [];
    if (!isDestination(view, asked.pods, resource.value)) return [];
    return portsDeclared(key, resource.value).filter(({ means, port }) => means === asked.means && asksFor(asked, port));
  });
}

/** Every port that a rule or a Service of the cluster speaks of, by its first word. */
export function portAskers(view: View): ByNamespace<AskedPort> {
  return remembered(portsKnown, view, '', () => {
    const asked = holdersIn(view).flatMap(({ key, resource, outside }) => {
      if (outside !== undefined) return [];
      if (resource.role === 'service') return resource.value.ports.map((port) => servedPort(key, resource.value, port));
      return resource.role === 'policy'
        ? portsAskedBy(key, resource.value).filter(({ path }) => !['endPort', 'end'].includes(String(path.at(-1))))
        : [];
    });
    return byNamespace(asked, namespaceOfPorts);
  });
}

/** The one namespace whose pods are meant, where it is one. */
function namespaceOfPorts({ pods }: AskedPort): string | undefined {
  const [first, ...more] = pods === 'any' ? [] : pods;
  return first?.namespaces.kind === 'own' && more.length === 0 ? first.namespaces.namespace : undefined;
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
