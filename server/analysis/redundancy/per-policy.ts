import type { Direction, Policy } from '../../model/policy.ts';
import type { Cluster, Located } from '../../workspace/cluster.ts';

/** Answers about a policy and a direction in a cluster, each worked out once, as several rules ask for them. */
export function perPolicy<T>(
  find: (cluster: Cluster, placed: Located<Policy>, direction: Direction) => T,
): (cluster: Cluster, placed: Located<Policy>, direction: Direction) => T {
  const memo = new WeakMap<Cluster, WeakMap<Policy, Map<Direction, T>>>();
  return (cluster, placed, direction) => {
    const byPolicy = memo.get(cluster) ?? new WeakMap<Policy, Map<Direction, T>>();
    memo.set(cluster, byPolicy);
    const byDirection = byPolicy.get(placed.value) ?? new Map<Direction, T>();
    byPolicy.set(placed.value, byDirection);
    const known = byDirection.get(direction) ?? find(cluster, placed, direction);
    byDirection.set(direction, known);
    return known;
  };
}
