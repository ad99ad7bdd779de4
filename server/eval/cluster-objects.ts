import { memo, memo2, store } from '../base/memo.ts';
import { parseIp } from '../base/ip.ts';
import { isInSet, NO_ENDPOINT, type EndpointSet, type Reference } from '../model/endpoint-set.ts';
import { impliedObjectLabels } from '../model/implied-labels.ts';
import { impliedNamespace } from '../model/namespace.ts';
import type { EndpointSlice, ReferencedSet, ServiceAccount } from '../model/referenced.ts';
import type { Labels } from '../model/selector.ts';
import type { Service } from '../model/workload.ts';
import { sameValues, type Cluster, type Located } from '../workspace/cluster.ts';
import { planeOf } from './planes.ts';
import { UPSTREAM, type Plane } from './stages.ts';

/** The objects of a cluster that policies may refer to, and what enforces them. */
export interface ClusterObjects {
  readonly plane: Plane;
  /** Labels of namespaces, by name. */
  readonly namespaces: ReadonlyMap<string, Labels>;
  readonly services: readonly Service[];
  readonly slices: readonly EndpointSlice[];
  readonly sets: readonly ReferencedSet[];
  readonly accounts: readonly ServiceAccount[];
}

/** Policies of Kubernetes refer to nothing by name. */
const NO_OBJECTS: ClusterObjects = { plane: UPSTREAM, namespaces: new Map(), services: [], slices: [], sets: [], accounts: [] };

/** The objects of a cluster. The same object as long as none of them changes, as all that is known of references hangs on it. */
export function clusterObjects(cluster: Cluster): ClusterObjects {
  if (cluster.plane === 'kubernetes') return NO_OBJECTS;
  const plane = planeOf(cluster);
  const { last } = LAST.get(cluster.workloads) ?? {};
  const parts = ['namespaces', 'services', 'slices', 'sets', 'accounts'] as const;
  if (last && last.objects.plane === plane && parts.every((part) => sameValues<unknown>(last.cluster[part], cluster[part])))
    return last.objects;
  const values = <T>(all: readonly Located<T>[]): readonly T[] => all.map(({ value }) => value);
  const objects: ClusterObjects = {
    plane,
    namespaces: new Map(cluster.namespaces.map(({ value }) => [value.name, value.labels])),
    services: values(cluster.services),
    slices: values(cluster.slices),
    sets: values(cluster.sets),
    accounts: values(cluster.accounts),
  };
  LAST.set(cluster.workloads, { last: { cluster, objects } });
  return objects;
}

const LAST = store<Cluster['workloads'], { readonly last: { readonly cluster: Cluster; readonly objects: ClusterObjects } }>();

/** The members of what a reference names: those of all objects that it names. Looked up once. */
export const referenced: (objects: ClusterObjects, reference: Reference) => EndpointSet = memo2(
  (objects: ClusterObjects, reference: Reference): EndpointSet => {
    const found = [
      ...servicesFor(objects, reference).map((one) => serviceMembers(objects, one, reference)),
      ...setsFor(objects, reference),
    ];
    if (found.length === 0 && reference.by.kind === 'name' && reference.missing === 'unknown')
      return { kind: 'unknown', why: `${reference.kinds.join(' or ')} ${reference.by.name} is not in the workspace` };
    return { kind: 'or', of: found };
  },
);

/** Is anything in the workspace that the reference names? */
export function isFound(objects: ClusterObjects, reference: Reference): boolean {
  return servicesFor(objects, reference).length > 0 || setsFor(objects, reference).length > 0;
}

/** The Services that a reference names. */
export function servicesFor(objects: ClusterObjects, { api, kinds, by }: Reference): readonly Service[] {
  if (api !== 'kubernetes' || !kinds.includes('Service')) return [];
  if (by.kind === 'name')
    return objects.services.filter(({ name, namespace }) => name === by.name && (by.namespace === undefined || namespace === by.namespace));
  return objects.services.filter(({ labels = {}, namespace }) => isIn(objects, by.where, labels, namespace));
}

function setsFor(objects: ClusterObjects, { api, kinds, by, part }: Reference): readonly EndpointSet[] {
  const ofKind = objects.sets.filter((one) => one.api === api && kinds.includes(one.kind));
  const found =
    by.kind === 'name'
      ? ofKind.filter(({ name, namespace }) => name === by.name && namespace === by.namespace)
      : ofKind.filter(({ labels, namespace }) => isIn(objects, by.where, labels, namespace));
  return found.map((one) => (part === 'pods' ? podsOf(one) : membersOf(one)));
}

/** What cannot be read of an object may be further members. */
const membersOf = memo((one: ReferencedSet) => inFull(one, one.members));
const podsOf = memo((one: ReferencedSet) => inFull(one, one.pods ?? one.members));

function inFull({ unreadable, name }: ReferencedSet, members: EndpointSet): EndpointSet {
  if (unreadable.length === 0) return members;
  return { kind: 'or', of: [members, { kind: 'unknown', why: `${name} cannot be read in full` }] };
}

/** Is an object in a set that is asked as if the object were a pod? Only for sure. */
function isIn({ namespaces, plane }: ClusterObjects, where: EndpointSet, labels: Labels, namespace: string | undefined): boolean {
  const around =
    namespace === undefined
      ? {}
      : { ...(namespaces.get(namespace) ?? impliedNamespace(namespace).labels), ...impliedObjectLabels(plane.api, namespace) };
  const pod = { labels: { labels }, namespace: { labels: around }, namespaceName: namespace ?? '', hostNetwork: false };
  return isInSet(where, { pod }) === 'yes';
}

/** The endpoints of a Service: as slices give them, else the pods that it selects. */
function serviceMembers(objects: ClusterObjects, service: Service, { part }: Reference): EndpointSet {
  if (part === 'service-addresses') return addressSet(service.addresses ?? []);
  const slices = endpointSlicesOf(objects, service);
  if (slices.length > 0) return addressSet(slices.flatMap(({ addresses }) => addresses));
  const { namespace, selector, name } = service;
  if (!selector) return { kind: 'unknown', why: `the endpoints of Service ${namespace}/${name} are not in the workspace` };
  return {
    kind: 'and',
    of: [
      { kind: 'namespace', name: namespace },
      { kind: 'labels', of: 'pod', selector },
    ],
  };
}

/** The slices that belong to a Service. */
export function endpointSlicesOf({ slices }: ClusterObjects, { name, namespace }: Service): readonly EndpointSlice[] {
  return slices.filter((slice) => slice.service === name && slice.namespace === namespace);
}

function addressSet(addresses: readonly string[]): EndpointSet {
  const networks = addresses.flatMap((text) => {
    const ip = parseIp(text);
    return ip.ok ? [{ cidr: `${text}/${ip.family === 4 ? 32 : 128}`, except: [], path: [] }] : [];
  });
  return networks.length === 0 ? NO_ENDPOINT : { kind: 'addresses', networks };
}
