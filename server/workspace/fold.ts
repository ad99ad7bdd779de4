import type { Workload } from '../model/workload.ts';
import type { Located } from './cluster.ts';

/**
 * Pods with a controller become one with it. A controller that is there itself gets the addresses of its pods; else pods of one
 * controller that look the same to every policy become one workload, which goes by the name of the controller. Pods of one
 * controller whose labels or ports differ stay apart, under that one name: a policy may tell them apart.
 */
export function fold(workloads: readonly Located<Workload>[]): readonly Located<Workload>[] {
  const owned = workloads.filter(({ value }) => value.owner !== undefined);
  if (owned.length === 0) return workloads;
  const present = new Set(workloads.filter(({ value }) => value.owner === undefined).map(({ value }) => nameOf(value)));
  const groups = new Map<string, Located<Workload>[]>();
  for (const pod of owned) {
    const group = present.has(nameOf(pod.value)) ? nameOf(pod.value) : `${nameOf(pod.value)} ${look(pod.value)}`;
    const members = groups.get(group);
    if (members) members.push(pod);
    else groups.set(group, [pod]);
  }
  const folded: Located<Workload>[] = [];
  const seen = new Set<string>();
  for (const workload of workloads) {
    const name = nameOf(workload.value);
    const isController = workload.value.owner === undefined;
    if (!isController && present.has(name)) continue;
    const group = isController ? name : `${name} ${look(workload.value)}`;
    if (!isController && seen.has(group)) continue;
    seen.add(group);
    folded.push(withAddresses(workload, groups.get(group) ?? []));
  }
  return folded;
}

/** As reports name it: by its controller, if it has one. */
function nameOf(workload: Workload): string {
  const { kind, name } = workload.owner ?? workload;
  return `${kind}/${workload.namespace}/${name}`;
}

/** What a policy can see of a pod, except its address. */
function look({ labels, ports, hostNetwork }: Workload): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([sorted, ports.map(({ name, port, protocol }) => [name, port, protocol]), hostNetwork]);
}

function withAddresses(workload: Located<Workload>, pods: readonly Located<Workload>[]): Located<Workload> {
  const ips = new Set([...workload.value.ips, ...pods.flatMap(({ value }) => value.ips)]);
  return ips.size === workload.value.ips.length ? workload : { key: workload.key, value: { ...workload.value, ips: [...ips] } };
}
