import { near } from '../base/near.ts';
import { readyFilter, type ConnectionFilter, type Listed } from '../eval/connection-filter.ts';
import { connections, type ConnectionEntry } from '../eval/connections.ts';
import { evaluationOf, type Evaluation } from '../eval/evaluate.ts';
import { externalName } from '../eval/names.ts';
import { undefinedPairs, type UndefinedPair } from '../eval/undefined-pairs.ts';
import { unknownConnections, type UnknownConnection } from '../eval/unknown-connections.ts';
import type { Cluster } from '../workspace/cluster.ts';
import { UsageError, type Arguments } from './arguments.ts';
import { isThere, matchingEndpoints } from './peers.ts';

/** The connections of a cluster that a command lists. `rangeName` names addresses outside the cluster. */
export interface Listing {
  readonly evaluation: Evaluation;
  readonly filter: ConnectionFilter;
  readonly allowed: (rangeName?: RangeName) => Iterable<ConnectionEntry>;
  readonly unknown: (rangeName?: RangeName) => Iterable<UnknownConnection>;
  readonly undefined: () => Iterable<UndefinedPair>;
}

type RangeName = NonNullable<Parameters<typeof connections>[1]>;

/** The options that choose connections. */
export const FILTER_OPTIONS = {
  from: { type: 'string' },
  to: { type: 'string' },
  namespace: { type: 'string' },
  port: { type: 'string' },
} as const;

/** Does a cluster have all endpoints and the namespace that the options name? */
export function hasNamed(cluster: Cluster, { values }: Arguments): boolean {
  const { from, to, namespace } = values;
  return (
    [from, to].every((peer) => typeof peer !== 'string' || isThere(cluster, peer)) &&
    (typeof namespace !== 'string' || namespacesOf(cluster).has(namespace))
  );
}

/** What the options ask for, in a cluster. Throws a UsageError where they name what is not there. */
export function listingOf(cluster: Cluster, args: Arguments): Listing {
  const evaluation = evaluationOf(cluster);
  const filter = filterOf(cluster, args);
  const isAll = Object.keys(filter).length === 0;
  const listed = <T>(
    all: (rangeName: RangeName) => Iterable<T>,
    entryOf: (one: T) => Listed,
    rangeName: RangeName = externalName,
  ): Iterable<T> => {
    if (isAll) return all(rangeName);
    const ready = readyFilter(evaluation, filter, rangeName);
    return meeting(all(ready.rangeName), (one) => ready.meets(entryOf(one)));
  };
  return {
    evaluation,
    filter,
    allowed: (rangeName) =>
      listed(
        (name) => connections(evaluation, name),
        (one) => one,
        rangeName,
      ),
    unknown: (rangeName) =>
      listed(
        (name) => unknownConnections(evaluation, name),
        (one) => one,
        rangeName,
      ),
    undefined: () =>
      listed(
        (name) => undefinedPairs(evaluation, name),
        (pair) => ({ ...pair, ports: [[pair.port, pair.port]] }),
      ),
  };
}

function filterOf(cluster: Cluster, { values }: Arguments): ConnectionFilter {
  const { from, to, namespace, port } = values;
  return {
    ...(typeof from === 'string' ? { from: matchingEndpoints(cluster, from, '--from') } : {}),
    ...(typeof to === 'string' ? { to: matchingEndpoints(cluster, to, '--to') } : {}),
    ...(typeof namespace === 'string' ? { namespace: namespaceOf(cluster, namespace) } : {}),
    ...(typeof port === 'string' ? { port: portOf(cluster, port) } : {}),
  };
}

function namespaceOf(cluster: Cluster, name: string): string {
  const names = namespacesOf(cluster);
  if (names.has(name)) return name;
  const [guess] = near(name, [...names]);
  throw new UsageError(`no workload is in namespace ${name}.${guess === undefined ? '' : ` The closest match is ${guess}.`}`);
}

function namespacesOf({ workloads }: Cluster): ReadonlySet<string> {
  return new Set(workloads.map(({ value }) => value.namespace));
}

function portOf({ workloads }: Cluster, text: string): number | string {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  const names = new Set(workloads.flatMap(({ value }) => value.ports.flatMap(({ name }) => name ?? [])));
  if (names.has(text)) return text;
  const [guess] = near(text, [...names]);
  const closest = guess === undefined ? '' : ` The closest name is ${guess}.`;
  throw new UsageError(`--port ${text} is neither a port from 1 to 65535 nor the name of a port of a workload.${closest}`);
}

function* meeting<T>(all: Iterable<T>, meets: (one: T) => boolean): Generator<T> {
  for (const one of all) if (meets(one)) yield one;
}
