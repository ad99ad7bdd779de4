import type { OwnerName, Workload } from '../model/workload.ts';
import type { Placed } from './cluster.ts';

/**
 * Pods with a controller become one with it. A controller that is there itself gets the addresses of its pods; else pods of one
 * controller that look the same to every policy become one workload, which goes by the name of the controller. Pods of one
 * controller whose labels or ports differ stay apart, under that one name: a policy may tell them apart. What a controller makes for its
 * pods, as a Deployment makes ReplicaSets and a CronJob makes Jobs, becomes one with it too, where it is there itself.
 */
export function fold(workloads: readonly Placed<Workload>[]): readonly Placed<Workload>[] {
  if (workloads.every(({ value }) => value.owner === undefined && value.madeBy === undefined)) return workloads;
  const present: Present = new Map(workloads.flatMap(({ value }) => (value.owner === undefined ? [[nameOf(value), value]] : [])));
  const homes = new Map(workloads.map((workload) => [workload, homeOf(workload.value, present)]));
  const groups = new Map<string, Placed<Workload>[]>();
  for (const workload of workloads) {
    const group = groupOf(homes.get(workload) ?? workload.value);
    const known = groups.get(group);
    if (known) known.push(workload);
    else groups.set(group, [workload]);
  }
  const folded: Placed<Workload>[] = [];
  const seen = new Set<string>();
  for (const workload of workloads) {
    if (homes.get(workload)) continue;
    const group = groupOf(workload.value);
    if (workload.value.owner !== undefined && seen.has(group)) continue;
    seen.add(group);
    folded.push(withAddresses(workload, groups.get(group) ?? []));
  }
  return folded;
}

/** The workloads that are no pods of a controller, by name. */
type Present = ReadonlyMap<string, Workload>;

/** The uppermost controller of a workload that is there itself; `undefined` where there is none, or where each is made by the other. */
function homeOf(workload: Workload, present: Present): Workload | undefined {
  const seen = new Set([workload]);
  for (let home = controllerOf(workload, present); home;) {
    const above = controllerOf(home, present);
    if (!above) return home;
    if (seen.has(home)) return undefined;
    seen.add(home);
    home = above;
  }
  return undefined;
}

function controllerOf(workload: Workload, present: Present): Workload | undefined {
  const named = workload.owner ?? workload.madeBy;
  return named && (present.get(nameOf({ ...named, namespace: workload.namespace })) ?? deploymentOf(workload, named, present));
}

/**
 * The Deployment of a pod whose ReplicaSet is not there. A ReplicaSet is named after its Deployment and the hash with which its pods are
 * labelled (kubernetes `pkg/controller/deployment/sync.go`, `getNewReplicaSet`).
 */
function deploymentOf({ namespace, labels, owner }: Workload, { kind, name }: OwnerName, present: Present): Workload | undefined {
  const ending = `-${labels['pod-template-hash'] ?? ''}`;
  if (owner === undefined || kind !== 'ReplicaSet' || ending === '-' || !name.endsWith(ending)) return undefined;
  return present.get(nameOf({ kind: 'Deployment', namespace, name: name.slice(0, -ending.length) }));
}

function groupOf(workload: Workload): string {
  const { owner, namespace } = workload;
  return owner ? `${nameOf({ ...owner, namespace })} ${look(workload)}` : nameOf(workload);
}

function nameOf({ kind, namespace, name }: OwnerName & Pick<Workload, 'namespace'>): string {
  return `${kind}/${namespace}/${name}`;
}

/** What a policy can see of a pod, but for its address. */
function look({ labels, ports, hostNetwork }: Workload): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([sorted, ports.map(({ name, port, protocol }) => [name, port, protocol]), hostNetwork]);
}

function withAddresses(workload: Placed<Workload>, pods: readonly Placed<Workload>[]): Placed<Workload> {
  const ips = new Set([...workload.value.ips, ...pods.flatMap(({ value }) => value.ips)]);
  return ips.size === workload.value.ips.length ? workload : { key: workload.key, value: { ...workload.value, ips: [...ips] } };
}
