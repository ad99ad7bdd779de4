import { firstTraffic, hasTraffic, type Traffic } from '../base/ports.ts';
import type { Protocol } from '../model/policy.ts';
import type { ContainerPort } from '../model/workload.ts';

/** A port to name as an example of some traffic: one that the destination declares, else HTTPS, else the first there is. */
export function examplePort(
  traffic: Traffic,
  declared: readonly ContainerPort[] = [],
): { readonly protocol: Protocol; readonly port: number } | undefined {
  const own = declared.find(({ protocol, port }) => hasTraffic(traffic, protocol, port));
  if (own) return { protocol: own.protocol, port: own.port };
  return hasTraffic(traffic, 'TCP', 443) ? { protocol: 'TCP', port: 443 } : firstTraffic(traffic);
}
