import type { UnevaluatedPolicy } from '../model/unevaluated/policy.ts';
import type { Call, Caller } from '../model/caller.ts';
import type { Resource } from '../model/kind.ts';
import { NAME_LABEL } from '../model/namespace.ts';
import { PATCHED, type NamespaceScope, type Peer, type Policy, type Section } from '../model/policy.ts';
import type { Labels, LabelSelector, Requirement } from '../model/selector.ts';
import type { Namespace, Service, Workload } from '../model/workload.ts';
import type { AddedLabels, KustomizeStep } from './kustomization.ts';

/** What kustomizations do to a manifest: the innermost first. One object per way through the kustomizations. */
export interface Transform {
  readonly steps: readonly KustomizeStep[];
}

/**
 * The object as kustomize would write it. Follows its built-in field lists (kustomize `api/internal/konfig/builtinpluginconsts`): names
 * of namespaces get no prefix; labels go into selectors of the kinds it knows, and into `matchLabels` only where there are some.
 */
export function transformed(resource: Resource, transform: Transform): Resource {
  const { value } = resource;
  const first = 'name' in value ? value.name : '';
  return transform.steps.reduce((before, step) => applyStep(patched(before, first, step), step), resource);
}

/** Patches come before the other changes of a kustomization, and go by the name of now or by the first one (kustomize `resmap.Select`). */
function patched(resource: Resource, first: string, step: KustomizeStep): Resource {
  if (resource.role !== 'policy') return resource;
  const { value: policy } = resource;
  const isMeant = step.patched.some(
    ({ kind, name }) => matches(kind, policy.kind) && [policy.name, first].some((one) => matches(name, one)),
  );
  return isMeant ? { role: 'policy', value: { ...policy, unreadable: [...policy.unreadable, { path: [], why: PATCHED }] } } : resource;
}

/** Kinds and names of targets are regular expressions for the whole text (kustomize `types.SelectorRegex`). */
function matches(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined || pattern === '' || pattern === text) return true;
  try {
    return new RegExp(`^(?:${pattern})$`).test(text);
  } catch {
    return false;
  }
}

function applyStep(resource: Resource, step: KustomizeStep): Resource {
  switch (resource.role) {
    case 'policy':
      return { role: 'policy', value: policyAfter(resource.value, step) };
    case 'workload':
      return { role: 'workload', value: workloadAfter(resource.value, step) };
    case 'namespace':
      return { role: 'namespace', value: namespaceAfter(resource.value, step) };
    case 'service':
      return { role: 'service', value: serviceAfter(resource.value, step) };
    case 'caller':
      return { role: 'caller', value: callerAfter(resource.value, step) };
    case 'unevaluated':
      return { role: 'unevaluated', value: unevaluatedAfter(resource.value, step) };
    case 'node':
      return resource;
  }
}

function named(name: string, { namePrefix, nameSuffix }: KustomizeStep): string {
  return `${namePrefix}${name}${nameSuffix}`;
}

/** Kustomize renames and moves what it does not know too, but puts no labels into its selectors. */
function unevaluatedAfter(policy: UnevaluatedPolicy, step: KustomizeStep): UnevaluatedPolicy {
  const name = named(policy.name, step);
  return policy.namespace === undefined ? { ...policy, name } : { ...policy, name, namespace: step.namespace ?? policy.namespace };
}

function policyAfter(policy: Policy, step: KustomizeStep): Policy {
  const name = named(policy.name, step);
  if (policy.namespace === undefined) return { ...policy, name };
  const { namespace = policy.namespace } = step;
  const scope = (one: NamespaceScope): NamespaceScope => (one.kind === 'own' ? { ...one, namespace } : one);
  const added = addedTo(step.labels, 'selectors');
  const pods = (selector: LabelSelector): LabelSelector => withMatchLabels(selector, added);
  const peer = (one: Peer): Peer => (one.kind === 'pods' ? { ...one, namespaces: scope(one.namespaces), pods: pods(one.pods) } : one);
  const section = (one: Section): Section => ({
    ...one,
    rules: one.rules.map((rule) => ({ ...rule, peers: rule.peers === 'any' ? rule.peers : rule.peers.map(peer) })),
  });
  return {
    ...policy,
    name,
    namespace,
    subject: { ...policy.subject, namespaces: scope(policy.subject.namespaces), pods: pods(policy.subject.pods) },
    ...(policy.ingress ? { ingress: section(policy.ingress) } : {}),
    ...(policy.egress ? { egress: section(policy.egress) } : {}),
  };
}

function workloadAfter(workload: Workload, step: KustomizeStep): Workload {
  // The labels of a Pod are those of its own metadata, which every kind of added label reaches.
  const added = workload.kind === 'Pod' ? addedTo(step.labels, 'metadata') : addedTo(step.labels, 'templates');
  return {
    ...workload,
    name: named(workload.name, step),
    namespace: step.namespace ?? workload.namespace,
    labels: { ...workload.labels, ...added },
  };
}

function namespaceAfter(namespace: Namespace, step: KustomizeStep): Namespace {
  const name = step.namespace ?? namespace.name;
  return { ...namespace, name, labels: { ...namespace.labels, ...addedTo(step.labels, 'metadata'), [NAME_LABEL]: name } };
}

function serviceAfter(service: Service, step: KustomizeStep): Service {
  const { selector } = service;
  const labels = { ...service.labels, ...addedTo(step.labels, 'metadata') };
  return {
    ...service,
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
    name: named(service.name, step),
    namespace: step.namespace ?? service.namespace,
    ...(selector
      ? {
          selector: {
            ...selector,
            requirements: requirementsWith(selector.requirements, addedTo(step.labels, 'selectors'), selector.path),
          },
        }
      : {}),
  };
}

/**
 * kustomize follows the names of Services. Those of service accounts are left as they are here and in pods alike, so that the two still
 * meet.
 */
function callerAfter(caller: Caller, step: KustomizeStep): Caller {
  const { namespace } = step;
  const call = (one: Call): Call => {
    if (one.kind === 'hosts') return one;
    const moved = one.kind !== 'scrape' && namespace !== undefined ? { ...one, namespace } : one;
    if (moved.kind === 'service') return { ...moved, service: named(moved.service, step) };
    const isHome = moved.kind === 'scrape' && moved.namespaces !== 'all' && moved.namespaces.every((name) => name === caller.namespace);
    return isHome && namespace !== undefined ? { ...moved, namespaces: [namespace] } : moved;
  };
  const home = caller.namespace === '' || namespace === undefined ? caller.namespace : namespace;
  const { creates } = caller;
  const moved = creates && creates.namespace === caller.namespace ? { ...creates, namespace: home } : creates;
  return {
    ...caller,
    name: named(caller.name, step),
    namespace: home,
    calls: caller.calls.map(call),
    ...(moved ? { creates: moved } : {}),
    ...(caller.scales ? { scales: { ...caller.scales, name: named(caller.scales.name, step) } } : {}),
  };
}

function addedTo(labels: readonly AddedLabels[], where: 'selectors' | 'templates' | 'metadata'): Labels {
  return Object.fromEntries(labels.filter((one) => where === 'metadata' || one[where]).flatMap(({ pairs }) => Object.entries(pairs)));
}

function withMatchLabels(selector: LabelSelector, added: Labels): LabelSelector {
  const path = [...selector.path, 'matchLabels'];
  const hasSome = selector.requirements.some(
    (requirement) => requirement.path.length > selector.path.length && requirement.path[selector.path.length] === 'matchLabels',
  );
  return hasSome ? { ...selector, requirements: requirementsWith(selector.requirements, added, path) } : selector;
}

/** The requirements with these labels added to the map at a path; a label that is there already gets the new value. */
function requirementsWith(requirements: readonly Requirement[], added: Labels, path: LabelSelector['path']): readonly Requirement[] {
  const kept = requirements.filter(
    ({ key, path: at }) => !(Object.hasOwn(added, key) && at.length === path.length + 1 && at[path.length - 1] === path.at(-1)),
  );
  return [
    ...kept,
    ...Object.entries(added).map(([key, value]): Requirement => ({ key, operator: 'In', values: [value], path: [...path, key] })),
  ];
}
