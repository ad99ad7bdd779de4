import { firstTraffic, hasTraffic, type Traffic, type Protocol } from '../../base/ports.ts';
import type { ContainerPort } from '../../model/workload.ts';

/** A port to name as an example of some traffic: one that the destination declares, else one that people know, else the first there is. */
export function examplePort(
  traffic: Traffic,
  declared: readonly ContainerPort[] = [],
): { readonly protocol: Protocol; readonly port: number } | undefined {
  const own = declared.find(({ protocol, port }) => hasTraffic(traffic, protocol, port));
  if (own) return { protocol: own.protocol, port: own.port };
  for (const protocol of ['TCP', 'UDP'] as const) {
    const port = usualPorts(protocol).find((one) => hasTraffic(traffic, protocol, one));
    if (port !== undefined) return { protocol, port };
  }
  return firstTraffic(traffic);
}

/** Ports that people know. */
export function usualPorts(protocol: Protocol): readonly number[] {
  return protocol === 'UDP' ? [53, 443] : [443, 80, 8080];
}
