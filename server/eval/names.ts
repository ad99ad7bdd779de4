import { memo } from '../base/memo.ts';
import type { Workload } from '../model/workload.ts';
import type { Cluster } from '../workspace/cluster.ts';
import { formatRange, type AddressRange } from '../base/addresses.ts';
import { kindTitle } from '../model/api.ts';
import type { Policy } from '../model/policy.ts';

/**
 * A workload as reports write it: `shop/web[Deployment]`. A Pod of a controller goes by the name of the controller, an object whose name
 * the API server makes up by its prefix: `shop/migrate-*[Job]`.
 */
export function workloadName(workload: Workload): string {
  const { kind, name } = workload.owner ?? workload;
  const shown = name === '' && workload.generateName !== undefined ? `${workload.generateName}*` : name;
  return `${workload.namespace}/${shown}[${kind}]`;
}

/** Addresses as reports write them: `10.0.0.0-10.0.0.255[External]`. */
export function externalName(range: AddressRange): string {
  return `${formatRange(range)}[External]`;
}

/** A policy as reports write it: `shop/default-deny`, or the name alone where the kind knows no namespace. */
export function policyName(policy: Policy): string {
  return policy.namespace === undefined ? policy.name : `${policy.namespace}/${policy.name}`;
}

/** A policy at the start of a sentence: `NetworkPolicy shop/default-deny`. */
export function policyTitle(policy: Policy): string {
  return `${kindTitle(policy)} ${policyName(policy)}`;
}

/**
 * Every workload of a cluster by `shop/web` and by `shop/web[Deployment]`. A name stands for several where kinds share it, or where pods of
 * one controller look different. The same cluster gives the same map.
 */
export const workloadsByName: (cluster: Cluster) => ReadonlyMap<string, readonly Workload[]> = memo((cluster) => {
  const names = new Map<string, Workload[]>();
  for (const { value } of cluster.workloads) {
    for (const name of [workloadName(value), bareName(value)]) {
      const list = names.get(name);
      if (list) list.push(value);
      else names.set(name, [value]);
    }
  }
  return names;
});

/** A workload without its kind: `shop/web`. */
export function bareName(workload: Workload): string {
  return workloadName(workload).replace(/\[\w+\]$/, '');
}
