import type { Protocol } from '../base/ports.ts';
import type { Workload } from './workload.ts';

/**
 * The port of a pod that a Service or a monitor means by a number, or by the name of a container port; `undefined` where no port is known by
 * that name. The protocol has to agree (kubernetes `pkg/api/v1/pod/util.go`, FindPort).
 */
export function targetPort({ ports }: Pick<Workload, 'ports'>, target: number | string, protocol: Protocol): number | undefined {
  return typeof target === 'number' ? target : ports.find((port) => port.name === target && port.protocol === protocol)?.port;
}
