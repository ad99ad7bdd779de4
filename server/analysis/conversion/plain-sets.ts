import { NAME_LABEL } from '../../model/namespace.ts';
import type { EndpointSet, Network } from '../../model/endpoints.ts';
import type { Requirement } from '../../model/selector.ts';

/** Pods by labels, or addresses: one of the alternatives that a set of endpoints is made of. */
export interface PlainSet {
  /** Are all of its members pods? */
  readonly isPods: boolean;
  /** Conditions on the labels of pods and of their namespaces; all of them hold. */
  readonly pods: readonly Requirement[];
  readonly namespaces: readonly Requirement[];
  /** The addresses of one of these blocks; absent: any. */
  readonly networks?: readonly Network[];
  /** Blocks that are taken away. */
  readonly except: readonly string[];
}

/** So many alternatives at most: a selector of ORs within ANDs multiplies them. */
const MAX_ALTERNATIVES = 50;

const EVERYTHING: PlainSet = { isPods: false, pods: [], namespaces: [], except: [] };
const PODS: PlainSet = { ...EVERYTHING, isPods: true };
/** Every address, as blocks. */
export const ALL_NETWORKS: readonly Network[] = ['0.0.0.0/0', '::/0'].map((cidr) => ({ cidr, except: [], path: [] }));

/**
 * A set of endpoints as alternatives that selectors and blocks of every API can express; `undefined` where it needs more: service accounts,
 * nodes, names, Services, members of other objects, or what is not known. Pods on the host network are not told apart.
 */
export function plainSets(set: EndpointSet): readonly PlainSet[] | undefined {
  switch (set.kind) {
    case 'any':
      return [EVERYTHING];
    case 'labels':
      if (set.selector.unreadable !== undefined) return undefined;
      if (set.of === 'pod') return [{ ...PODS, pods: set.selector.requirements }];
      return set.of === 'namespace' ? [{ ...PODS, namespaces: set.selector.requirements.filter((one) => !isAnyName(one)) }] : undefined;
    case 'namespace':
      return [{ ...PODS, namespaces: [{ key: NAME_LABEL, operator: 'In', values: [set.name], path: [] }] }];
    case 'addresses':
      return [{ ...EVERYTHING, networks: set.networks }];
    case 'entity':
      if (set.entity === 'pod') return [PODS];
      return set.entity === 'outside' ? [{ ...EVERYTHING, networks: ALL_NETWORKS }] : undefined;
    case 'or':
      return either(set.of);
    case 'and':
      return set.of.reduce<readonly PlainSet[] | undefined>((sum, part) => sum && both(sum, plainSets(part)), [EVERYTHING]);
    case 'not':
      return without(set.of);
    case 'reference':
      // Network sets by their labels; the proof counts those of the workspace.
      return set.to.api === 'calico' && set.to.by.kind === 'labels' ? [] : undefined;
    case 'unknown':
    case 'names':
    case 'accounts':
    case 'like-own-namespace':
      return undefined;
  }
}

/** Every namespace has the label with its name. */
function isAnyName({ key, operator }: Requirement): boolean {
  return key === NAME_LABEL && operator === 'Exists';
}

/** The nodes among alternatives are left out beside pods: no selector of labels selects them. */
function either(sets: readonly EndpointSet[]): readonly PlainSet[] | undefined {
  const parts = sets.filter((one) => one.kind !== 'entity' || one.entity !== 'node').map(plainSets);
  const all = parts.flatMap((part) => part ?? []);
  return parts.includes(undefined) || all.length > MAX_ALTERNATIVES ? undefined : all;
}

function both(some: readonly PlainSet[], others: readonly PlainSet[] | undefined): readonly PlainSet[] | undefined {
  if (!others || some.length * others.length > MAX_ALTERNATIVES) return undefined;
  const pairs = some.flatMap((one) => others.map((other) => met(one, other)));
  return pairs.includes(undefined) ? undefined : pairs.flatMap((pair) => pair ?? []);
}

/** Both at once; `undefined` where no selector says that: two lists of blocks, or pods by address. */
function met(one: PlainSet, other: PlainSet): PlainSet | undefined {
  const networks = one.networks ?? other.networks;
  if (one.networks && other.networks)
    return isEveryAddress(other.networks) ? { ...one, except: [...one.except, ...other.except] } : undefined;
  const isPods = one.isPods || other.isPods;
  const except = [...one.except, ...other.except];
  if (isPods && (networks || except.length > 0)) return undefined;
  return {
    isPods,
    pods: [...one.pods, ...other.pods],
    namespaces: [...one.namespaces, ...other.namespaces],
    ...(networks ? { networks } : {}),
    except,
  };
}

function isEveryAddress(networks: readonly Network[]): boolean {
  return networks === ALL_NETWORKS;
}

/** What is not in a set: for pods by one condition, and for blocks. */
function without(set: EndpointSet): readonly PlainSet[] | undefined {
  if (set.kind === 'entity' && set.entity === 'host-network') return [EVERYTHING];
  if (set.kind === 'addresses' && set.networks.every(({ except }) => except.length === 0))
    return [{ ...EVERYTHING, except: set.networks.map(({ cidr }) => cidr) }];
  if (set.kind !== 'labels' || (set.of !== 'pod' && set.of !== 'namespace')) return undefined;
  const [requirement, ...more] = set.selector.requirements;
  const operator = requirement && OPPOSITE.get(requirement.operator);
  if (!requirement || more.length > 0 || operator === undefined) return undefined;
  return [{ ...PODS, [set.of === 'pod' ? 'pods' : 'namespaces']: [{ ...requirement, operator }] }];
}

const OPPOSITE: ReadonlyMap<Requirement['operator'], Requirement['operator']> = new Map([
  ['In', 'NotIn'],
  ['NotIn', 'In'],
  ['Exists', 'DoesNotExist'],
  ['DoesNotExist', 'Exists'],
]);
