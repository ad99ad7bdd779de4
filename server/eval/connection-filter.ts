import { memo } from '../base/memo.ts';
import type { Ip } from '../base/ip.ts';
import type { Workload } from '../model/workload.ts';
import type { ConnectionEntry, OutsideRange } from './connections.ts';
import { endpointNameIn, namedEndpoints } from './endpoint-names.ts';
import type { Endpoint, Evaluation } from './evaluate.ts';
import { podAt } from './explain.ts';

/** Which connections are asked for; all where nothing is given. */
export interface ConnectionFilter {
  readonly from?: readonly Endpoint[];
  readonly to?: readonly Endpoint[];
  /** Either endpoint is a workload of this namespace. */
  readonly namespace?: string;
  /** A port number, or the name that the destination has for its port: connections that include it. */
  readonly port?: number | string;
}

/** The endpoints and the traffic of what is listed, as far as a filter looks at them. */
export type Listed = Pick<ConnectionEntry, 'src' | 'dst' | 'protocol' | 'ports'>;

/** A filter, ready for one evaluation. */
export interface ReadyFilter {
  /** Names ranges as `rangeName` does, and remembers what the names stand for. */
  readonly rangeName: (range: OutsideRange) => string;
  readonly meetsEndpoints: (one: Pick<Listed, 'src' | 'dst'>) => boolean;
  readonly meetsPort: (one: Pick<Listed, 'dst' | 'protocol' | 'ports'>) => boolean;
  /** Both. */
  readonly meets: (one: Listed) => boolean;
}

/** Prepares a filter. Names that stand for neither a workload nor a range that was named are all addresses outside the cluster. */
export function readyFilter(evaluation: Evaluation, filter: ConnectionFilter, rangeName: (range: OutsideRange) => string): ReadyFilter {
  const ranges = new Map<string, OutsideRange>();
  const isEnd = {
    src: endTest(evaluation, filter.from, ranges),
    dst: endTest(evaluation, filter.to, ranges),
  };
  const { namespace, port } = filter;
  const workloads = workloadsByEndpointName(evaluation);
  const isInNamespace = (name: string): boolean => workloads.get(name)?.namespace === namespace;
  const meetsEndpoints: ReadyFilter['meetsEndpoints'] = ({ src, dst }) =>
    isEnd.src(src) && isEnd.dst(dst) && (namespace === undefined || isInNamespace(src) || isInNamespace(dst));
  const meetsPort: ReadyFilter['meetsPort'] = (one) => port === undefined || portsMeant(port, workloads.get(one.dst), one).some(isIn(one));
  return {
    rangeName: (range) => {
      const name = rangeName(range);
      ranges.set(name, range);
      return name;
    },
    meetsEndpoints,
    meetsPort,
    meets: (one) => meetsEndpoints(one) && meetsPort(one),
  };
}

/** Is an endpoint, by its name, one of those asked for? */
function endTest(
  evaluation: Evaluation,
  ends: readonly Endpoint[] | undefined,
  ranges: ReadonlyMap<string, OutsideRange>,
): (name: string) => boolean {
  if (!ends) return () => true;
  const meant = ends.map((end) => podAt(evaluation.cluster, end));
  const names = new Set(meant.flatMap((end) => (end.kind === 'workload' ? [endpointNameIn(evaluation, end)] : [])));
  const addresses = meant.flatMap((end) => (end.kind === 'address' ? [end.ip] : []));
  const workloads = workloadsByEndpointName(evaluation);
  return (name) => {
    if (names.has(name)) return true;
    if (addresses.length === 0 || workloads.has(name)) return false;
    const range = ranges.get(name);
    return range === undefined || addresses.some((ip) => isInRange(ip, range));
  };
}

function isInRange({ family, value }: Pick<Ip, 'family' | 'value'>, { family: of, from, to, bothFamilies }: OutsideRange): boolean {
  if (bothFamilies) return true; // such a range is all there is
  return family === of && from <= value && value <= to;
}

/** The numbers that a port stands for at a destination, for a protocol or for `ALL`. */
function portsMeant(port: number | string, to: Workload | undefined, { protocol }: Pick<Listed, 'protocol'>): readonly number[] {
  if (typeof port === 'number') return [port];
  const declared = to?.ports ?? [];
  return declared.filter((one) => one.name === port && (protocol === 'ALL' || one.protocol === protocol)).map((one) => one.port);
}

function isIn({ ports }: Pick<Listed, 'ports'>): (port: number) => boolean {
  return (port) => ports.some(([from, to]) => from <= port && port <= to);
}

const workloadsByEndpointName = memo(
  (evaluation: Evaluation): ReadonlyMap<string, Workload> =>
    new Map(namedEndpoints(evaluation).map(({ name, workload }) => [name, workload])),
);
