import { memoBy } from '../../base/memo.ts';
import { keysOf, keysWithLabel } from '../../workspace/lookup.ts';
import { mapEntries, lookUp } from '../../workspace/persistent-map.ts';
import type { Universe } from '../../workspace/universe-state.ts';
import { NAME_LABEL } from '../../model/namespace.ts';
import { comparesParts, holds, selects, type Requirement } from '../../model/selector.ts';
import type { ContainerPort, Workload } from '../../model/workload.ts';
import { selectorsIn, selectorsOfSet, type SelectorPart } from '../../analysis/policy-parts.ts';
import type {
  LabelReference,
  PortReference,
  PortDefinition,
  DestinationPods,
  LabelDefinition,
  LabelOwner,
  Occurrence,
} from './occurrence.ts';
import {
  policyReferences,
  referencesIn,
  namespaceReference,
  labelsDefined,
  occurrencesIn,
  namespaceOwner,
  namespaceDefinitions,
  podOwner,
  serviceSelector,
  setOwner,
} from './occurrences-in.ts';
import { portReferencesIn, portDefinitions, targetPortReference } from './port-occurrences.ts';
import { objectsIn, objectsOf, includesNamespace, type WorkspaceObject, type ClusterView } from './cluster-view.ts';

/**
 * How a label key is meant. `pair`: together with the value beside it, as one who looks for what it selects does. `word`: the key alone,
 * whatever the values, as a renaming has it.
 */
export type Sense = 'pair' | 'word';

/**
 * What an occurrence is directly tied to: from a selector the labels that it is satisfied by, from a label the selectors that name it and
 * are satisfied by the rest, and likewise for namespaces and ports. Ties go both ways.
 */
export function linksOf(view: ClusterView, occurrence: Occurrence, sense: Sense): readonly Occurrence[] {
  switch (occurrence.kind) {
    case 'label':
      return referencesTo(view, occurrence, sense);
    case 'referenced label':
      return labelsMatching(view, occurrence, sense);
    case 'namespace':
      return usesOfNamespace(view, occurrence.text);
    case 'referenced namespace':
      return objectsOf(view, keysOf(view.index, 'Namespace', '', occurrence.name)).flatMap(({ key, resource }) =>
        resource.role === 'namespace' ? namespaceDefinitions(key, resource.value) : [],
      );
    case 'port':
      return usesOfPort(view, occurrence);
    case 'referenced port':
      return portsMatching(view, occurrence);
  }
}

function referencesTo(view: ClusterView, { label, value, means, owner }: LabelDefinition, sense: Sense): readonly LabelReference[] {
  const isReferenced = ({ requirement, ...reference }: LabelReference): boolean => {
    if (reference.means !== means) return false;
    if (means === 'value') return reference.text === value;
    const values = wholeValues(requirement);
    return sense === 'word' || values.length === 0 || values.includes(value);
  };
  return concerning(labelReferences(view, owner.of, label, means === 'value' ? value : undefined), owner.namespace).filter(
    (reference) => isReferenced(reference) && isMet(view, reference, owner),
  );
}

function labelsMatching(view: ClusterView, reference: LabelReference, sense: Sense): readonly LabelDefinition[] {
  const { requirement, means, part } = reference;
  const texts =
    means === 'value' ? [reference.text] : sense === 'word' || wholeValues(requirement).length === 0 ? [undefined] : requirement.values;
  const namespace = part.within?.kind === 'own' ? part.within.namespace : undefined;
  return [...new Set(texts)]
    .flatMap((value) => concerning(labelDefinitions(view, part.of, requirement.key, value), namespace))
    .filter((definition) => definition.means === means && isMet(view, reference, definition.owner));
}

/** The values that a requirement compares as a whole; none where it asks for a part of the value. */
function wholeValues({ operator, values }: Requirement): readonly string[] {
  return comparesParts(operator) ? [] : values;
}

/** References to something, by the one namespace they concern, or for several. */
export interface ByNamespace<T> {
  readonly own: ReadonlyMap<string, readonly T[]>;
  readonly wide: readonly T[];
}

/** What may concern a namespace; everything where none is given. */
export function concerning<T>({ own, wide }: ByNamespace<T>, namespace: string | undefined): readonly T[] {
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

/** What is made for a name, once in each universe. */
function rememberedBy<T extends object>(): (view: ClusterView, name: string, make: () => T) => T {
  const found = memoBy((_: Universe, _name: string, make: () => T) => make());
  return ({ universe }, name, make) => found(universe, name, make);
}

const knownLabelReferences = rememberedBy<ByNamespace<LabelReference>>();
const knownLabelDefinitions = rememberedBy<ByNamespace<LabelDefinition>>();
const knownPortReferences = rememberedBy<ByNamespace<PortReference>>();

/** Every selector of pods, namespaces or nodes that names a label, with this value where one is given. */
export function labelReferences(
  view: ClusterView,
  of: SelectorPart['of'],
  label: string,
  value: string | undefined,
): ByNamespace<LabelReference> {
  return knownLabelReferences(view, JSON.stringify([of, label, value]), () => {
    const objects =
      of === 'node'
        ? objectsIn(view)
        : objectsOf(view, keysWithLabel(view.index, of === 'pod' ? 'podSelector' : 'namespaceSelector', label, value));
    const reference = objects.flatMap((object) =>
      labelReferencesOf(object, of, label)
        .filter((one) => one.kind === 'referenced label')
        .filter(({ part }) => part.of === of)
        .filter(({ requirement }) => requirement.key === label && (value === undefined || requirement.values.includes(value))),
    );
    return byNamespace(reference, ({ part }) => (part.within?.kind === 'own' ? part.within.namespace : undefined));
  });
}

/** The words of an object in selectors that name a label. */
function labelReferencesOf(object: WorkspaceObject, of: SelectorPart['of'], label: string): readonly Occurrence[] {
  const { key, resource } = object;
  if (resource.role === 'policy' && resource.value.labelTerms) return policyReferences(key, resource.value);
  return selectorPartsOf(object)
    .filter((part) => part.of === of)
    .flatMap((part) => referencesIn(key, part, (one) => one.key === label));
}

/** The selectors in a policy, a Service or a group. */
export function selectorPartsOf({ resource }: WorkspaceObject): readonly SelectorPart[] {
  if (resource.role === 'policy') return selectorsIn(resource.value);
  if (resource.role === 'set') return selectorsOfSet(resource.value.members);
  const part = resource.role === 'service' ? serviceSelector(resource.value) : undefined;
  return part ? [part] : [];
}

/** Every label with this key, and with this value where one is given. */
export function labelDefinitions(
  view: ClusterView,
  of: SelectorPart['of'],
  label: string,
  value: string | undefined,
): ByNamespace<LabelDefinition> {
  return knownLabelDefinitions(view, JSON.stringify([of, label, value]), () => {
    const objects = of === 'node' ? objectsIn(view) : objectsOf(view, keysWithLabel(view.index, of, label, value));
    const definition = objects
      .flatMap(({ key, resource }) => labelsIn(key, resource, of))
      .filter((one) => one.label === label && (value === undefined || one.value === value));
    return byNamespace(definition, ({ owner }) => (of === 'pod' ? owner.namespace : undefined));
  });
}

function labelsIn(key: string, resource: WorkspaceObject['resource'], of: SelectorPart['of']): readonly LabelDefinition[] {
  if (resource.role === 'workload' && of === 'pod') return labelsDefined(key, podOwner(resource.value), resource.value.labelsPath);
  if (resource.role === 'set' && of === 'pod') return labelsDefined(key, setOwner(resource.value), ['metadata', 'labels']);
  if (resource.role === 'namespace' && of === 'namespace')
    return labelsDefined(key, namespaceOwner(resource.value), resource.value.labelsPath);
  return resource.role === 'node' && of === 'node' ? occurrencesIn({ key, resource }).filter((one) => one.kind === 'label') : [];
}

/** Does everything hold that the selector asks of other labels, and of the namespace? */
function isMet(view: ClusterView, reference: LabelReference, owner: LabelOwner): boolean {
  const { part, requirement } = reference;
  const { labels, namespace } = owner;
  if (!mayFind(reference, owner)) return false;
  const others = part.selector.requirements.every((other) => other.key === requirement.key || holds(other, labels));
  return others && (part.within === undefined || includesNamespace(view, part.within, namespace));
}

/** Is a selector about things like this at all? Those of most APIs find pods only. */
export function mayFind({ selectsSets }: LabelReference, { isSet }: LabelOwner): boolean {
  return isSet !== true || selectsSets === true;
}

function usesOfNamespace(view: ClusterView, name: string): readonly Occurrence[] {
  const living = objectsOf(view, lookUp(view.universe.homes, name) ?? []).map(({ key }) => namespaceReference(key, name));
  const asking = objectsOf(view, keysWithLabel(view.index, 'namespaceSelector', NAME_LABEL, name)).flatMap((object) =>
    occurrencesIn(object).filter((one) => one.kind === 'referenced namespace' && one.text === name && one.path[0] !== 'metadata'),
  );
  return [...living, ...asking];
}

/** The namespaces that something of the cluster lives in. */
export function inhabitedNamespaces(view: ClusterView): readonly string[] {
  return [...mapEntries(view.universe.homes)].map(([name]) => name);
}

function usesOfPort(view: ClusterView, definition: PortDefinition): readonly PortReference[] {
  const { workload, port, means } = definition;
  return concerning(portReferences(view), workload.namespace).filter(
    (reference) => reference.means === means && matchesPort(reference, port) && isDestination(view, reference.pods, workload),
  );
}

function portsMatching(view: ClusterView, reference: PortReference): readonly PortDefinition[] {
  const namespace = namespaceOfPorts(reference);
  const keys = namespace === undefined ? undefined : (lookUp(view.universe.homes, namespace) ?? []);
  return (keys ? objectsOf(view, keys) : objectsIn(view)).flatMap(({ key, resource, outside }) => {
    if (resource.role !== 'workload' || outside !== undefined || !resource.value.ports.some((port) => matchesPort(reference, port)))
      return [];
    if (!isDestination(view, reference.pods, resource.value)) return [];
    return portDefinitions(key, resource.value).filter(({ means, port }) => means === reference.means && matchesPort(reference, port));
  });
}

/** Every port that a rule or a Service of the cluster names, by its first word. */
export function portReferences(view: ClusterView): ByNamespace<PortReference> {
  return knownPortReferences(view, '', () => {
    const reference = objectsIn(view).flatMap(({ key, resource, outside }) => {
      if (outside !== undefined) return [];
      if (resource.role === 'service') return resource.value.ports.map((port) => targetPortReference(key, resource.value, port));
      return resource.role === 'policy'
        ? portReferencesIn(key, resource.value).filter(({ path }) => !['endPort', 'end'].includes(String(path.at(-1))))
        : [];
    });
    return byNamespace(reference, namespaceOfPorts);
  });
}

/** The one namespace whose pods are meant, where it is one. */
function namespaceOfPorts({ pods }: PortReference): string | undefined {
  const [first, ...more] = pods === 'any' ? [] : pods;
  return first?.namespaces.kind === 'own' && more.length === 0 ? first.namespaces.namespace : undefined;
}

/** A range of all ports is not a reference to any of them. */
function matchesPort({ match }: PortReference, { name, port, protocol }: ContainerPort): boolean {
  if (match.kind === 'named') return match.name === name && (match.protocol ?? protocol) === protocol;
  return match.kind === 'range' && match.protocol === protocol && match.from <= port && port <= match.to && match.to - match.from < 65_534;
}

/** May connections to that destination end at the pods of a workload? */
export function isDestination(view: ClusterView, pods: DestinationPods, workload: Workload): boolean {
  return (
    pods === 'any' || pods.some((one) => includesNamespace(view, one.namespaces, workload.namespace) && selects(one.pods, workload.labels))
  );
}
