import { NAME_LABEL } from '../../model/namespace.ts';
import type { LabelTerm, Policy } from '../../model/policy.ts';
import type { ReferencedSet } from '../../model/referenced.ts';
import type { Requirement } from '../../model/selector.ts';
import type { Namespace, Service, Workload } from '../../model/workload.ts';
import { selectorsIn, selectorsOfSet, type SelectorPart } from '../../analysis/policy-parts.ts';
import { isBelow, samePath, type Path } from '../../syntax/path.ts';
import type { ManifestKey } from '../../workspace/cluster.ts';
import type { LabelReference, NamespaceReference, LabelDefinition, LabelOwner, Occurrence, NamespaceDefinition } from './occurrence.ts';
import { portReferencesIn, portDefinitions, servicePortReferences } from './port-occurrences.ts';
import type { WorkspaceObject } from './cluster-view.ts';

/** Everything in an object that names something else, as far as it was read; with `at`, of a policy at least what stands at that path. */
export function occurrencesIn({ key, resource }: Pick<WorkspaceObject, 'key' | 'resource'>, at?: Path): readonly Occurrence[] {
  switch (resource.role) {
    case 'policy': {
      const { value } = resource;
      const home = value.namespace === undefined ? [] : [namespaceReference(key, value.namespace)];
      return [...home, ...policyReferences(key, value, at), ...portReferencesIn(key, value, at)];
    }
    case 'service': {
      const { value } = resource;
      const part = serviceSelector(value);
      return [namespaceReference(key, value.namespace), ...(part ? referencesIn(key, part) : []), ...servicePortReferences(key, value)];
    }
    case 'workload':
      return [
        namespaceReference(key, resource.value.namespace),
        ...labelsDefined(key, podOwner(resource.value), resource.value.labelsPath),
        ...portDefinitions(key, resource.value),
      ];
    case 'namespace':
      return [
        ...namespaceDefinitions(key, resource.value),
        ...labelsDefined(key, namespaceOwner(resource.value), resource.value.labelsPath),
      ];
    case 'node':
      return labelsDefined(key, { of: 'node', labels: resource.value.labels, namespace: '' }, ['metadata', 'labels']);
    case 'set':
      return [
        ...labelsDefined(key, setOwner(resource.value), ['metadata', 'labels']),
        ...selectorsOfSet(resource.value.members).flatMap((part) => referencesIn(key, part)),
      ];
    case 'slice':
    case 'account':
    case 'tier':
    case 'unevaluated':
    case 'caller':
      return [];
  }
}

/** Every word that the selectors of a policy ask for; with `at`, at least those at that path. */
export function policyReferences(key: ManifestKey, policy: Policy, at?: Path): readonly (LabelReference | NamespaceReference)[] {
  const terms = policy.labelTerms?.filter(({ path }) => at === undefined || samePath(path, at));
  // The words of a requirement stand at its path, or in its fields.
  const isIncluded = ({ path }: Requirement): boolean => at === undefined || isBelow(at, path);
  return terms
    ? terms.flatMap((term) => termReferences(key, term))
    : selectorsIn(policy).flatMap((part) => referencesIn(key, part, isIncluded));
}

/** The words of one condition of an expression. */
function termReferences(key: ManifestKey, term: LabelTerm): readonly (LabelReference | NamespaceReference)[] {
  const { of, requirement, selector, within, selectsSets, path, values } = term;
  const at = { key, path, on: 'value' } as const;
  if (of === 'namespace' && requirement.key === NAME_LABEL)
    return requirement.values.flatMap((name, i) => {
      const inside = values[i];
      return inside ? [{ kind: 'referenced namespace', ...at, inside, text: name, name }] : [];
    });
  const reference = {
    kind: 'referenced label',
    ...at,
    selectsSets,
    part: { selector, of, ...(within ? { within } : {}) },
    requirement,
  } as const;
  return [
    ...(term.key ? [{ ...reference, inside: term.key, means: 'key' as const, text: requirement.key }] : []),
    ...requirement.values.flatMap((text, i) => {
      const inside = values[i];
      return inside ? [{ ...reference, inside, means: 'value' as const, text }] : [];
    }),
  ];
}

/** A namespaced object names its namespace. */
export function namespaceReference(key: ManifestKey, namespace: string): NamespaceReference {
  return { kind: 'referenced namespace', key, path: ['metadata', 'namespace'], on: 'value', text: namespace, name: namespace };
}

/** Where a Namespace says its name. */
export function namespaceDefinitions(key: ManifestKey, { name }: Namespace): readonly NamespaceDefinition[] {
  const paths: readonly Path[] = [
    ['metadata', 'name'],
    ['metadata', 'labels', NAME_LABEL],
  ];
  return paths.map((path) => ({ kind: 'namespace', key, path, on: 'value', text: name }));
}

/** The pods of a workload, as selectors see them. */
export function podOwner({ labels, generatedLabels = {}, namespace }: Workload): LabelOwner {
  return { of: 'pod', labels, generatedLabels, namespace };
}

/** A set of addresses, which some selectors find as they find pods. */
export function setOwner({ labels, namespace = '' }: ReferencedSet): LabelOwner {
  return { of: 'pod', labels, namespace, isSet: true };
}

/** A namespace, as selectors see it. */
export function namespaceOwner({ labels, name }: Namespace): LabelOwner {
  return { of: 'namespace', labels, namespace: name };
}

/** Both words of every label that is written; the name of a namespace is not a label of its own. */
export function labelsDefined(key: ManifestKey, owner: LabelOwner, path: Path): readonly LabelDefinition[] {
  return Object.entries(owner.labels).flatMap(([label, value]) => {
    if ((owner.of === 'namespace' && label === NAME_LABEL) || Object.hasOwn(owner.generatedLabels ?? {}, label)) return [];
    const definition = { kind: 'label', key, path: [...path, label], label, value, owner } as const;
    return [
      { ...definition, means: 'key', on: 'key', text: label },
      { ...definition, means: 'value', on: 'value', text: value },
    ];
  });
}

/** What a Service selects; it only sees its own namespace. */
export function serviceSelector({ selector, namespace }: Service): SelectorPart | undefined {
  return selector && { selector, of: 'pod', within: { kind: 'own', namespace } };
}

/** Every word that a selector asks for, or that some of its requirements do. */
export function referencesIn(
  key: ManifestKey,
  part: SelectorPart,
  isIncluded: (requirement: Requirement) => boolean = () => true,
): readonly (LabelReference | NamespaceReference)[] {
  return part.selector.requirements.flatMap((requirement) => (isIncluded(requirement) ? wordsOf(key, part, requirement) : []));
}

/** The words of one requirement, an entry of `matchLabels` or an item of `matchExpressions`. */
function wordsOf(key: ManifestKey, part: SelectorPart, requirement: Requirement): readonly (LabelReference | NamespaceReference)[] {
  const { path, values, key: label } = requirement;
  const isEntry = typeof path.at(-1) === 'string';
  const keyPlace = isEntry ? ({ path, on: 'key' } as const) : ({ path: [...path, 'key'], on: 'value' } as const);
  const valuePath = (i: number): Path => (isEntry ? path : [...path, 'values', i]);
  const [first] = values;
  if (part.of === 'namespace' && label === NAME_LABEL) {
    const named = values.map((name, i): NamespaceReference => ({
      kind: 'referenced namespace',
      key,
      path: valuePath(i),
      on: 'value',
      text: name,
      name,
    }));
    // Cilium has a label of its own for the name.
    const text = isEntry ? String(path.at(-1)) : label;
    return first === undefined ? [] : [{ kind: 'referenced namespace', key, ...keyPlace, text, name: first }, ...named];
  }
  const reference = { kind: 'referenced label', key, part, requirement } as const;
  return [
    { ...reference, ...keyPlace, means: 'key', text: label },
    ...values.map((value, i): LabelReference => ({ ...reference, path: valuePath(i), on: 'value', means: 'value', text: value })),
  ];
}
