import { NAME_LABEL } from '../../model/namespace.ts';
import type { Requirement } from '../../model/selector.ts';
import type { Namespace, Service, Workload } from '../../model/workload.ts';
import { selectorsIn, type SelectorPart } from '../../analysis/policy-parts.ts';
import type { Path } from '../../syntax/path.ts';
import type { ManifestKey } from '../../workspace/cluster.ts';
import type { AskedLabel, AskedNamespace, HeldLabel, LabelHolder, Mention, NamespaceName } from './occurrence.ts';
import { portsAskedBy, portsDeclared, portsServed } from './port-occurrences.ts';
import type { Holder } from './cluster-view.ts';

/** Everything in an object that names something else, as far as it was read. */
export function mentionsIn({ key, resource }: Pick<Holder, 'key' | 'resource'>): readonly Mention[] {
  switch (resource.role) {
    case 'policy': {
      const { value } = resource;
      const home = value.namespace === undefined ? [] : [homeOf(key, value.namespace)];
      return [...home, ...selectorsIn(value).flatMap((part) => askedIn(key, part)), ...portsAskedBy(key, value)];
    }
    case 'service': {
      const { value } = resource;
      const part = serviceSelector(value);
      return [homeOf(key, value.namespace), ...(part ? askedIn(key, part) : []), ...portsServed(key, value)];
    }
    case 'workload':
      return [
        homeOf(key, resource.value.namespace),
        ...labelsHeld(key, podsOf(resource.value), resource.value.labelsPath),
        ...portsDeclared(key, resource.value),
      ];
    case 'namespace':
      return [...namesOf(key, resource.value), ...labelsHeld(key, namespaceHolder(resource.value), resource.value.labelsPath)];
    case 'node':
      return labelsHeld(key, { of: 'node', labels: resource.value.labels, namespace: '' }, ['metadata', 'labels']);
    case 'caller':
      return [];
  }
}

/** A namespaced object names its namespace. */
export function homeOf(key: ManifestKey, namespace: string): AskedNamespace {
  return { kind: 'asked namespace', key, path: ['metadata', 'namespace'], on: 'value', text: namespace, name: namespace };
}

/** Where a Namespace says its name. */
export function namesOf(key: ManifestKey, { name }: Namespace): readonly NamespaceName[] {
  const paths: readonly Path[] = [
    ['metadata', 'name'],
    ['metadata', 'labels', NAME_LABEL],
  ];
  return paths.map((path) => ({ kind: 'namespace', key, path, on: 'value', text: name }));
}

/** The pods of a workload, as selectors see them. */
export function podsOf({ labels, generatedLabels = {}, namespace }: Workload): LabelHolder {
  return { of: 'pod', labels, generatedLabels, namespace };
}

/** A namespace, as selectors see it. */
export function namespaceHolder({ labels, name }: Namespace): LabelHolder {
  return { of: 'namespace', labels, namespace: name };
}

/** Both words of every label that is written; the name of a namespace is no label of its own. */
export function labelsHeld(key: ManifestKey, holder: LabelHolder, path: Path): readonly HeldLabel[] {
  return Object.entries(holder.labels).flatMap(([label, value]) => {
    if ((holder.of === 'namespace' && label === NAME_LABEL) || Object.hasOwn(holder.generatedLabels ?? {}, label)) return [];
    const held = { kind: 'label', key, path: [...path, label], label, value, holder } as const;
    return [
      { ...held, means: 'key', on: 'key', text: label },
      { ...held, means: 'value', on: 'value', text: value },
    ];
  });
}

/** What a Service selects; it only sees its own namespace. */
export function serviceSelector({ selector, namespace }: Service): SelectorPart | undefined {
  return selector && { selector, of: 'pod', within: { kind: 'own', namespace } };
}

/** Every word that a selector asks for. */
export function askedIn(key: ManifestKey, part: SelectorPart): readonly (AskedLabel | AskedNamespace)[] {
  return part.selector.requirements.flatMap((requirement) => wordsOf(key, part, requirement));
}

/** The words of one requirement, an entry of `matchLabels` or an item of `matchExpressions`. */
function wordsOf(key: ManifestKey, part: SelectorPart, requirement: Requirement): readonly (AskedLabel | AskedNamespace)[] {
  const { path, values, key: label } = requirement;
  const isEntry = typeof path.at(-1) === 'string';
  const keyPlace = isEntry ? ({ path, on: 'key' } as const) : ({ path: [...path, 'key'], on: 'value' } as const);
  const valuePath = (i: number): Path => (isEntry ? path : [...path, 'values', i]);
  const [first] = values;
  if (part.of === 'namespace' && label === NAME_LABEL) {
    const named = values.map((name, i): AskedNamespace => ({
      kind: 'asked namespace',
      key,
      path: valuePath(i),
      on: 'value',
      text: name,
      name,
    }));
    return first === undefined ? [] : [{ kind: 'asked namespace', key, ...keyPlace, text: label, name: first }, ...named];
  }
  const asked = { kind: 'asked label', key, part, requirement } as const;
  return [
    { ...asked, ...keyPlace, means: 'key', text: label },
    ...values.map((value, i): AskedLabel => ({ ...asked, path: valuePath(i), on: 'value', means: 'value', text: value })),
  ];
}
