import { memo, memo2By, store, type Store } from '../base/memo.ts';
import type { Caller } from '../model/caller.ts';
import type { Resource } from '../model/kind.ts';
import type { Policy } from '../model/policy.ts';
import type { UnevaluatedPolicy } from '../model/unevaluated/policy.ts';
import type { ClusterNode, Namespace, Service, Workload } from '../model/workload.ts';
import type { ManifestKey, Located } from './cluster.ts';
import { namesOf, type Entry, type FileRecord, type ReadObject } from './record.ts';
import { transformed, type Transform } from './transform.ts';

/** A manifest as it stands in one universe: after what kustomizations do to it. */
export interface Member {
  readonly key: ManifestKey;
  /** `NetworkPolicy/shop/web`; two of the same define one object twice. */
  readonly id: string;
  readonly resource: Resource;
  readonly placed: PlacedResource;
  readonly outside?: string;
}

export type PlacedResource =
  | { readonly role: 'policy'; readonly placed: Located<Policy> }
  | { readonly role: 'workload'; readonly placed: Located<Workload> }
  | { readonly role: 'namespace'; readonly placed: Located<Namespace> }
  | { readonly role: 'service'; readonly placed: Located<Service> }
  | { readonly role: 'node'; readonly placed: Located<ClusterNode> }
  | { readonly role: 'unevaluated'; readonly placed: Located<UnevaluatedPolicy> }
  | { readonly role: 'caller'; readonly placed: Located<Caller> };

const AS_IT_STANDS: Transform = { steps: [] };

/** The members of records under one transform: an answer is made from that of an earlier record. */
const byRecord = memo<Transform, Store<FileRecord, readonly Member[]>, []>(() => store());

/**
 * The members that a file brings. A manifest that reads as before is the member of before, the very same object. `like` is an earlier
 * record of the file: where its entries are the same, looking further is spared.
 */
export function resourcesOf(record: FileRecord, transform: Transform = AS_IT_STANDS, like?: FileRecord): readonly Member[] {
  const known = byRecord(transform);
  const found = known.get(record);
  if (found) return found;
  const before = like && known.get(like);
  const members = record.entries.map((entry, i) => (like?.entries[i] === entry ? before?.[i] : undefined) ?? memberOf(entry, transform));
  return known.set(record, members);
}

function memberOf({ key, object }: Entry, transform: Transform): Member {
  return byObject(transform, object, key);
}

const byObject = memo2By(makeMember);

function makeMember(transform: Transform, object: ReadObject, key: ManifestKey): Member {
  const resource = transformed(object.resource, transform);
  const { name, namespace } = namesOf(resource);
  const kind = object.id.slice(0, object.id.indexOf('/'));
  const outside = object.outside === undefined ? {} : { outside: object.outside };
  return { key, id: `${kind}/${namespace}/${name}`, resource, placed: place(key, resource), ...outside };
}

function place(key: ManifestKey, resource: Resource): PlacedResource {
  switch (resource.role) {
    case 'policy':
      return { role: 'policy', placed: { key, value: resource.value } };
    case 'workload':
      return { role: 'workload', placed: { key, value: resource.value } };
    case 'namespace':
      return { role: 'namespace', placed: { key, value: resource.value } };
    case 'service':
      return { role: 'service', placed: { key, value: resource.value } };
    case 'node':
      return { role: 'node', placed: { key, value: resource.value } };
    case 'unevaluated':
      return { role: 'unevaluated', placed: { key, value: resource.value } };
    case 'caller':
      return { role: 'caller', placed: { key, value: resource.value } };
  }
}
