import { list } from '../base/english.ts';
import { parseIp } from '../base/ip.ts';
import { near } from '../base/near.ts';
import type { Endpoint } from '../eval/evaluate.ts';
import { workloadName, workloadsByName } from '../eval/names.ts';
import { numberedPod } from '../eval/numbered-pod.ts';
import type { Cluster } from '../workspace/cluster.ts';
import { UsageError } from './arguments.ts';

/** Is the peer a workload of the cluster, or an address? */
export function isThere(cluster: Cluster, peer: string): boolean {
  return parseIp(peer).ok || workloadsByName(cluster).has(peer) || numberedPod(cluster, peer) !== undefined;
}

/** The endpoint that a peer on the command line names. Throws a UsageError where it names none, or workloads of several kinds. */
export function endpointOf(cluster: Cluster, text: string, option: string): Endpoint {
  const [first, ...more] = matchingEndpoints(cluster, text, option);
  const kinds = [...new Set([first, ...more].flatMap((end) => (end?.kind === 'workload' ? [workloadName(end.workload)] : [])))];
  if (kinds.length > 1) throw new UsageError(`${option} ${text} is not unique: ${kinds.join(', ')}. Write one of these.`);
  if (!first) throw unknownPeer(cluster, text, option);
  return first;
}

/** All endpoints that a peer on the command line names. Throws a UsageError where it names none. */
export function matchingEndpoints(cluster: Cluster, text: string, option: string): readonly Endpoint[] {
  const ip = parseIp(text);
  if (ip.ok) return [{ kind: 'address', ip }];
  const found = workloadsByName(cluster).get(text) ?? [];
  if (found.length > 0) return found.map((workload) => ({ kind: 'workload', workload }));
  const pod = numberedPod(cluster, text);
  if (pod) return [{ kind: 'workload', workload: pod }];
  throw unknownPeer(cluster, text, option);
}

function unknownPeer(cluster: Cluster, text: string, option: string): UsageError {
  const bare = [...workloadsByName(cluster).keys()].filter((name) => !name.endsWith(']'));
  const named = bare.filter((name) => name.slice(name.indexOf('/') + 1) === text);
  if (named.length > 0) return new UsageError(`${option} ${text} has no namespace. Write ${list(named, 'or', MAX_SUGGESTED_WORKLOADS)}.`);
  const [guess] = near(text, [...bare, ...bare.map((name) => name.slice(name.indexOf('/') + 1))]).flatMap((one) =>
    one.includes('/') ? [one] : bare.filter((name) => name.endsWith(`/${one}`)),
  );
  return new UsageError(`there is no workload ${text} for ${option}.${guess === undefined ? '' : ` The closest match is ${guess}.`}`);
}

/** How many workloads of one name are suggested. */
const MAX_SUGGESTED_WORKLOADS = 5;
