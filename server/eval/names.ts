import { formatRange, type AddressRange } from '../base/addresses.ts';
import type { Policy } from '../model/policy.ts';
import type { Workload } from '../model/workload.ts';

/** A workload as reports write it: `shop/web[Deployment]`. A Pod of a controller goes by the name of the controller. */
export function workloadName(workload: Workload): string {
  const { kind, name } = workload.owner ?? workload;
  return `${workload.namespace}/${name}[${kind}]`;
}

/** Addresses as reports write them: `10.0.0.0-10.0.0.255[External]`. */
export function externalName(range: AddressRange): string {
  return `${formatRange(range)}[External]`;
}

/** A policy as reports write it: `shop/default-deny`, or the name alone where the kind knows no namespace. */
export function policyName(policy: Policy): string {
  return policy.namespace === undefined ? policy.name : `${policy.namespace}/${policy.name}`;
}
