import { ALL_IPV4, ALL_IPV6, complementAddresses, type AddressSet } from '../base/addresses.ts';
import { networksAddresses } from '../model/endpoint-set.ts';
import type { EndpointSet, Entity, LabelHolder, Reference } from '../model/endpoints.ts';
import { NAME_LABEL } from '../model/namespace.ts';
import type { LabelSelector, Requirement } from '../model/selector.ts';
import { boxOf, exampleOf, flagBox, hasKeyWith, isEmptyBox, meetBoxes, NAMESPACE, POD, type Box } from './label-space.ts';
import { EVERYTHING, meetRegions, NO_LIMITS, regionsLeft, wholeOf, type Region, type Sort } from './regions.ts';

/*
 * Sets of endpoints, over every possible cluster, as unions of regions. An endpoint is a pod, a node or something outside; it has labels, and
 * the address that a connection uses. What nothing is known of (the members of a group, a part of a value, the addresses of a name) is a
 * flag that an endpoint has or has not: two sets that mention the same group agree on it, whatever it holds.
 */

/** What blocks of addresses match, as `Plane.blocks` says. */
export type Blocks = 'pods-too' | 'outside' | 'outside-and-nodes';

/** How sets are read in one question. `patterns`: all names in it; `wildcards`: `*.` in front of a name stands for one or more labels. */
export interface RegionReading {
  readonly blocks: Blocks;
  readonly patterns: readonly string[];
  readonly wildcards: boolean;
  /** All references in it: those by labels of which one selects all that another one selects have all its members. */
  readonly references: readonly Reference[];
  /** Counts what is like nothing else, such as a part that cannot be read. */
  unknowns: number;
  /** A part took too many regions, so nothing is said. */
  isTooLarge: boolean;
}

/** A set as regions; `undefined` where it takes too many. */
export function regionsOf(set: EndpointSet, reading: RegionReading): readonly Region[] | undefined {
  const regions = regionsIn(set, true, reading);
  return reading.isTooLarge || regions.length > MAX_REGIONS ? undefined : regions;
}

/** Regions of one set; beyond that the answer is unknown. */
const MAX_REGIONS = 64;

/** Does an endpoint of the region, as an example shows it, need no more than labels and an address? An example is not on the host network. */
export function isPlain({ box }: Region): boolean {
  return !hasKeyWith(box, [FLAG, ACCOUNT, ACCOUNT_NAME]) && !isEmptyBox(meetBoxes(box, OFF_HOST));
}

/** The labels of a node of the region. */
export function nodeLabels({ box }: Region): ReturnType<typeof exampleOf> {
  return exampleOf(box, NODE);
}

const NODE = 'node ';
const ACCOUNT = 'account ';
const ACCOUNT_NAME = 'account-name';
const FLAG = 'flag ';
const ON_HOST = 'host network';

/** Pods that do not use the host network: not all kinds of policies include the others. */
export const OFF_HOST: Box = flagBox(ON_HOST, false);

const ON_NODE: Box = flagBox(ON_HOST, true);

/** The regions of a set (`isIn`), or those of everything that is not in it. */
function regionsIn(set: EndpointSet, isIn: boolean, reading: RegionReading): readonly Region[] {
  switch (set.kind) {
    case 'any':
      return isIn ? EVERYTHING : [];
    case 'unknown':
      return flagged([`unknown ${reading.unknowns++}`], isIn);
    case 'labels':
      return labelRegions(set.of, set.selector, isIn, reading);
    case 'namespace':
      return labelRegions('namespace', namespaceSelector(set.name), isIn, reading);
    case 'addresses':
      return addressRegions(networksAddresses(set.networks), isIn, reading.blocks);
    case 'names':
      return nameRegions(set.names, isIn, reading);
    case 'entity':
      return entityRegions(set.entity, isIn);
    case 'accounts':
      return sorted('pod', requirementBoxes({ key: '', operator: 'In', values: set.names, path: [] }, ACCOUNT_NAME, isIn), isIn);
    case 'reference':
      return flagged([set.to, ...(isIn ? widerReferences(set.to, reading) : [])].map(referenceKey), isIn);
    case 'like-own-namespace':
      return sorted('pod', [flagBox(`${FLAG}like own namespace ${JSON.stringify(set.labels ?? '')}`, isIn)], isIn);
    case 'and':
    case 'or':
      // What is not in all of them is outside of one, and the other way round.
      return (set.kind === 'and') === isIn
        ? inAll(
            set.of.map((part) => regionsIn(part, isIn, reading)),
            reading,
          )
        : set.of.flatMap((part) => regionsIn(part, isIn, reading));
    case 'not':
      return regionsIn(set.of, !isIn, reading);
  }
}

function inAll(lists: readonly (readonly Region[])[], reading: RegionReading): readonly Region[] {
  let all: readonly Region[] = EVERYTHING;
  for (const list of lists) {
    if (all.length * list.length > MAX_REGIONS * MAX_REGIONS) {
      reading.isTooLarge = true;
      return [];
    }
    all = all.flatMap((one) => list.flatMap((other) => meetRegions(one, other) ?? []));
  }
  return all;
}

/** A set as a text: the same for two sets that say the same, wherever they stand. */
export function setKey(set: EndpointSet): string {
  return JSON.stringify(set, (key, value: unknown) => (key === 'path' ? undefined : value));
}

/** Endpoints of all sorts that have some flags, or have none of them. */
function flagged(names: readonly string[], isIn: boolean): readonly Region[] {
  const flags = names.map((name) => flagBox(FLAG + name, isIn)).reduce(meetBoxes, NO_LIMITS);
  return EVERYTHING.map((region) => ({ ...region, box: meetBoxes(region.box, flags) }));
}

function referenceKey(to: Reference): string {
  return setKey({ kind: 'reference', to });
}

/** Other references to objects of the same kinds by labels, which select every object that this one selects. */
function widerReferences(to: Reference, reading: RegionReading): readonly Reference[] {
  const { by } = to;
  if (by.kind !== 'labels') return [];
  return reading.references.filter(
    (other) =>
      other !== to &&
      other.by.kind === 'labels' &&
      referenceKey({ ...other, by }) === referenceKey(to) &&
      isWithinSet(by.where, other.by.where, reading),
  );
}

function isWithinSet(inner: EndpointSet, outer: EndpointSet, { blocks }: RegionReading): boolean {
  const reading: RegionReading = { blocks, patterns: [], wildcards: false, references: [], unknowns: 0, isTooLarge: false };
  const [one, other] = [regionsOf(ofObjects(inner), reading), regionsOf(ofObjects(outer), reading)];
  return one !== undefined && other !== undefined && regionsLeft(one, other, { steps: MAX_REFERENCE_STEPS })?.length === 0;
}

const MAX_REFERENCE_STEPS = 200;

/**
 * The same conditions for objects that may be in no namespace, as the GlobalNetworkSets of Calico are: the labels of the namespace are
 * labels of the object, and none of them has to be there. Every pod has a namespace, so without this a condition such as `global()` would
 * select nothing.
 */
function ofObjects(set: EndpointSet): EndpointSet {
  switch (set.kind) {
    case 'namespace':
      return { kind: 'labels', of: 'pod', selector: ofNamespaceLabels(namespaceSelector(set.name)) };
    case 'labels':
      return set.of === 'namespace' ? { ...set, of: 'pod', selector: ofNamespaceLabels(set.selector) } : set;
    case 'and':
    case 'or':
      return { ...set, of: set.of.map(ofObjects) };
    case 'not':
      return { ...set, of: ofObjects(set.of) };
    default:
      return set;
  }
}

function ofNamespaceLabels(selector: LabelSelector): LabelSelector {
  return { ...selector, requirements: selector.requirements.map((one) => ({ ...one, key: NAMESPACE + one.key })) };
}

/** Boxes of one sort; of what is not in them, everything of the other sorts as well. */
function sorted(sort: Sort, boxes: readonly Box[], isIn: boolean): readonly Region[] {
  const own = boxes.map((box): Region => ({ ...wholeOf(sort), box: meetBoxes(wholeOf(sort).box, box) }));
  return isIn ? own : [...own, ...EVERYTHING.filter((region) => region.sort !== sort)];
}

const PREFIXES: Readonly<Record<LabelHolder, string>> = { pod: POD, namespace: NAMESPACE, node: NODE, serviceAccount: ACCOUNT };

function labelRegions(of: LabelHolder, selector: LabelSelector, isIn: boolean, reading: RegionReading): readonly Region[] {
  const sort = of === 'node' ? 'node' : 'pod';
  const { requirements, unreadable } = selector;
  const parts = requirements.map((requirement) => requirementBoxes(requirement, PREFIXES[of], isIn));
  // One that could not be read in full asks for more.
  if (unreadable !== undefined) parts.push([flagBox(`${FLAG}unreadable ${reading.unknowns++}`, isIn)]);
  const boxes = isIn ? [parts.flat().reduce((sum, box) => meetBoxes(sum, box), NO_LIMITS)] : parts.flat();
  return sorted(sort, boxes, isIn);
}

function namespaceSelector(name: string): LabelSelector {
  return { requirements: [{ key: NAME_LABEL, operator: 'In', values: [name], path: [] }], path: [] };
}

const OPPOSITE = { In: 'NotIn', NotIn: 'In', Exists: 'DoesNotExist', DoesNotExist: 'Exists' } as const;

/** What meets a requirement, as one box; what does not, as some. A part of a value is a flag of labels that are present. */
function requirementBoxes(requirement: Requirement, prefix: string, isIn: boolean): readonly Box[] {
  const { operator, key, values } = requirement;
  const box = (one: Requirement): Box => boxOf({ requirements: [one], path: [] }, prefix);
  switch (operator) {
    case 'In':
    case 'NotIn':
    case 'Exists':
    case 'DoesNotExist':
      return [box(isIn ? requirement : { ...requirement, operator: OPPOSITE[operator] })];
    case 'StartsWith':
    case 'EndsWith':
    case 'Contains': {
      const has = flagBox(`${FLAG}${prefix}${JSON.stringify([key, operator, values])}`, isIn);
      const present = { ...requirement, operator: 'Exists' as const };
      return isIn ? [meetBoxes(box(present), has)] : [has, box({ ...present, operator: 'DoesNotExist' })];
    }
  }
}

function addressRegions(inside: AddressSet, isIn: boolean, blocks: Blocks): readonly Region[] {
  const addresses = isIn ? inside : complementAddresses(inside);
  return EVERYTHING.flatMap((region): readonly Region[] => {
    const atAddresses = { ...region, addresses, withoutAddress: !isIn && region.withoutAddress };
    switch (blockReach(region.sort, blocks)) {
      case 'all':
        return [atAddresses];
      case 'on the host network': // these have the address of their node
        return [
          { ...atAddresses, box: meetBoxes(region.box, ON_NODE) },
          ...(isIn ? [] : [{ ...region, box: meetBoxes(region.box, OFF_HOST) }]),
        ];
      case 'none':
        return isIn ? [] : [region];
    }
  });
}

/** Which endpoints of a sort can blocks of addresses match at all? */
function blockReach(sort: Sort, blocks: Blocks): 'all' | 'on the host network' | 'none' {
  if (blocks === 'pods-too' || sort === 'outside') return 'all';
  if (blocks === 'outside') return 'none';
  return sort === 'node' ? 'all' : 'on the host network';
}

function nameRegions(names: readonly string[], isIn: boolean, { patterns, wildcards }: RegionReading): readonly Region[] {
  const flag = (name: string, has: boolean): Box => flagBox(`${FLAG}named ${name}`, has);
  if (!isIn) return sorted('outside', [names.map((name) => flag(name, false)).reduce(meetBoxes, NO_LIMITS)], false);
  // What has a name has every name that is a pattern for it.
  const wider = (name: string): readonly string[] => (wildcards ? patterns.filter((pattern) => matchesDomainName(pattern, name)) : [name]);
  return sorted(
    'outside',
    names.map((name) => [name, ...wider(name)].map((one) => flag(one, true)).reduce(meetBoxes, NO_LIMITS)),
    true,
  );
}

/** A name, or `*.` and a suffix that stands for one or more labels before it (network-policy-api, `DomainName`). */
export function matchesDomainName(pattern: string, name: string): boolean {
  if (pattern === name) return true;
  return pattern.startsWith('*.') && name.replace(/^\*/, '').endsWith(pattern.slice(1)) && name.length > pattern.length - 1;
}

function entityRegions(entity: Entity, isIn: boolean): readonly Region[] {
  switch (entity) {
    case 'pod':
    case 'node':
    case 'outside':
      return EVERYTHING.filter(({ sort }) => (sort === entity) === isIn);
    case 'outside-ipv4':
    case 'outside-ipv6': {
      const family = (entity === 'outside-ipv4') === isIn ? ALL_IPV4 : ALL_IPV6;
      return [{ ...wholeOf('outside'), addresses: family }, ...(isIn ? [] : EVERYTHING.filter(({ sort }) => sort !== 'outside'))];
    }
    case 'host-network':
      return sorted('pod', [flagBox(ON_HOST, isIn)], isIn);
  }
}
