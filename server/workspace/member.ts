import { memo, memoBy } from '../base/memo.ts';
import type { Caller } from '../model/caller.ts';
import type { Resource } from '../model/kind.ts';
import type { Policy } from '../model/policy.ts';
import type { EndpointSlice, ReferencedSet, ServiceAccount, Tier } from '../model/referenced.ts';
import type { UnevaluatedPolicy } from '../model/unevaluated/policy.ts';
import type { ClusterNode, Namespace, Service, Workload } from '../model/workload.ts';
import type { ManifestKey, Located } from './cluster.ts';
import type { FileRecord, ReadObject } from './record.ts';

/** An object as it stands in one universe. */
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
  | { readonly role: 'slice'; readonly placed: Located<EndpointSlice> }
  | { readonly role: 'account'; readonly placed: Located<ServiceAccount> }
  | { readonly role: 'set'; readonly placed: Located<ReferencedSet> }
  | { readonly role: 'tier'; readonly placed: Located<Tier> }
  | { readonly role: 'unevaluated'; readonly placed: Located<UnevaluatedPolicy> }
  | { readonly role: 'caller'; readonly placed: Located<Caller> };

/** The members that a file brings as it stands. A manifest that reads as before is the member of before, the very same object. */
export const resourcesOf: (record: FileRecord) => readonly Member[] = memo((record: FileRecord) =>
  record.entries.map(({ key, object }) => memberFor(key, object)),
);

/** The member that an object is under a key. The same question gives the same object. */
export function memberFor(key: ManifestKey, object: ReadObject): Member {
  return byObject(object, key);
}

const byObject = memoBy(({ id, resource, outside }: ReadObject, key: ManifestKey): Member => ({
  key,
  id,
  resource,
  placed: place(key, resource),
  ...(outside === undefined ? {} : { outside }),
}));

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
    case 'slice':
      return { role: 'slice', placed: { key, value: resource.value } };
    case 'account':
      return { role: 'account', placed: { key, value: resource.value } };
    case 'set':
      return { role: 'set', placed: { key, value: resource.value } };
    case 'tier':
      return { role: 'tier', placed: { key, value: resource.value } };
    case 'unevaluated':
      return { role: 'unevaluated', placed: { key, value: resource.value } };
    case 'caller':
      return { role: 'caller', placed: { key, value: resource.value } };
  }
}
