import type { Connection } from '../eval/connection.ts';
import { evaluationOf } from '../eval/evaluate.ts';
import { explainIn, type Explanation } from '../eval/explain.ts';
import { policyName } from '../eval/names.ts';
import type { Policy } from '../model/policy.ts';
import type { Settings } from '../settings.ts';
import type { Cluster, ManifestKey } from '../workspace/cluster.ts';
import { locate } from '../workspace/locate.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import type { Finding } from './finding.ts';
import { findingsOf } from './manifest-findings.ts';

/** A policy of a cluster that the API server rejects, so that it is never in force, and the first reason. */
export interface RejectedPolicy {
  readonly key: ManifestKey;
  readonly policy: Policy;
  readonly finding: Finding;
}

/** The policies of a cluster that the API server rejects: an error is what it rejects. */
export function rejectedPolicies(snapshot: Snapshot, { policies }: Cluster, settings: Settings): readonly RejectedPolicy[] {
  return policies.flatMap(({ key, value: policy }) => {
    const finding = rejectionOf(snapshot, key, settings);
    return finding ? [{ key, policy, finding }] : [];
  });
}

/** Why the API server rejects a manifest; `undefined` where it accepts it. */
export function rejectionOf(snapshot: Snapshot, key: ManifestKey, settings: Settings): Finding | undefined {
  const place = locate(snapshot, key, []);
  if (!place) return undefined;
  const findings = findingsOf(place.placed.manifest, { uri: place.uri, settings, partial: false });
  return findings.find(({ severity }) => severity === 'error');
}

/** The cluster as it is with only those policies that the API server accepts. */
export function withoutRejected(cluster: Cluster, rejected: readonly RejectedPolicy[]): Cluster {
  if (rejected.length === 0) return cluster;
  const keys = new Set(rejected.map(({ key }) => key));
  return { ...cluster, policies: cluster.policies.filter(({ key }) => !keys.has(key)) };
}

/** A policy as sentences name it: `NetworkPolicy 'shop/web'`. */
export function rejectedName({ policy }: RejectedPolicy): string {
  return `${policy.kind} '${policyName(policy)}'`;
}

const WORDS: Readonly<Record<Explanation['verdict'], string>> = {
  allow: 'allowed',
  deny: 'denied',
  undefined: 'undefined',
  unknown: 'unknown',
};

/** What an explanation says of the rejected policies that take part in it: without them, the answer may be another. */
export function rejectionNotes(
  cluster: Cluster,
  rejected: readonly RejectedPolicy[],
  { steps }: Explanation,
  connection: Connection,
): readonly string[] {
  const taking = rejected.filter(({ policy }) => steps.some(({ at }) => at?.policy === policy));
  return taking.map((one) => {
    const rest = evaluationOf(cluster).without(new Set([one.policy]));
    const { verdict } = explainIn(rest, connection);
    return `The API server rejects ${rejectedName(one)}; without it the answer is '${WORDS[verdict]}'.`;
  });
}
