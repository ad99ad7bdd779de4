import { anyOf, type Certainty } from '../../base/certainty.ts';
import { effectivePolicy } from '../../eval/effective-policy.ts';
import type { Caller, CreatedPods, IssuerName } from '../../model/caller.ts';
import { matchesLabels } from '../../model/endpoint-set.ts';
import { NAME_LABEL } from '../../model/namespace.ts';
import type { Policy } from '../../model/policy.ts';
import type { Workload } from '../../model/workload.ts';
import type { Cluster, Located } from '../../workspace/cluster.ts';
import { clusterFacts } from '../facts.ts';
import { matchOf, type Witness } from '../precedence/rule-match.ts';
import { knownCallers, serversOf } from './known-callers.ts';

/** Pods that a controller makes, and whose port is denied to the source that has to connect to it. */
export interface BlockedPods {
  readonly caller: Located<Caller>;
  readonly pods: CreatedPods;
  /** The workload that has to reach them; `undefined` where the workspace does not have it, so that it runs in another namespace. */
  readonly source: Located<Workload> | undefined;
  /** Is it sure that these pods will be there? */
  readonly isSure: boolean;
}

/**
 * What a NetworkPolicy blocks of the pods that controllers make in its namespace. Each is reported at the first policy that isolates the pods.
 * Nothing where a policy may allow it, cannot be read, or comes before NetworkPolicies, and where a block of addresses may hold the source.
 */
export function blockedPodsAt(cluster: Cluster, policy: Located<Policy>): readonly BlockedPods[] {
  const { namespace, ingress } = policy.value;
  const facts = clusterFacts(cluster);
  if (namespace === undefined || !ingress || facts.tiered.length > 0 || cluster.unevaluated.length > 0) return [];
  return cluster.callers.flatMap((caller): readonly BlockedPods[] => {
    const { pods } = caller.value;
    if (!pods || caller.value.namespace !== namespace || likelihood(cluster, caller.value, pods) === 'no') return [];
    const policies = (facts.policiesIn.get(namespace) ?? []).filter((one) => one.value.ingress !== undefined);
    const isolating = policies.filter((one) => selectsPods(one.value, pods) === 'yes');
    if (first(isolating)?.key !== policy.key) return [];
    const sources = sourcesOf(cluster, pods);
    const witnesses = sources.length === 0 ? [elsewhere(pods)] : sources.map((one) => witnessOf(cluster, one.value, pods));
    const isOpen = policies.some((one) => selectsPods(one.value, pods) !== 'no' && mayAllow(one.value, witnesses));
    return isOpen
      ? []
      : [{ caller, pods, source: sources[0], isSure: likelihood(cluster, caller.value, pods) === 'yes' && sources.length > 0 }];
  });
}

/** One that allows something is the place for a rule; else the first one. */
function first(policies: readonly Located<Policy>[]): Located<Policy> | undefined {
  return policies.find(({ value }) => (value.ingress?.rules.length ?? 0) > 0) ?? policies[0];
}

function selectsPods({ subject }: Policy, { labels, complete }: CreatedPods): Certainty {
  if (subject.pods.unreadable !== undefined) return 'unknown';
  return matchesLabels(subject.pods, { labels, open: !complete });
}

function mayAllow(policy: Policy, witnesses: readonly Witness[]): boolean {
  if (policy.unreadable.length > 0 || effectivePolicy(policy).caveats.length > 0) return true;
  return anyOf(policy.ingress?.rules ?? [], (rule) => anyOf(witnesses, (witness) => matchOf(rule, witness))) !== 'no';
}

function sourcesOf(cluster: Cluster, { from }: CreatedPods): readonly Located<Workload>[] {
  if (from.kind === 'operator')
    return cluster.workloads.filter(({ value }) => from.labels.some(([key, label]) => value.labels[key] === label));
  const { className } = from;
  const call = { kind: 'service', by: 'ingress', namespace: '', service: '', path: [] } as const;
  return serversOf(className === undefined ? call : { ...call, className }, knownCallers(cluster)).map(({ workload }) => workload);
}

function witnessOf(cluster: Cluster, { namespace, labels }: Workload, { port }: CreatedPods): Witness {
  const namespaceLabels = clusterFacts(cluster).namespaces.get(namespace)?.value.labels ?? {};
  return { kind: 'pod', namespace: { ...namespaceLabels, [NAME_LABEL]: namespace }, labels, protocol: 'TCP', port };
}

/** A pod of which nothing is known, in a namespace of its own. */
function elsewhere({ port }: CreatedPods): Witness {
  return { kind: 'pod', namespace: {}, labels: {}, protocol: 'TCP', port };
}

/** Do these pods come to be? Those of an issuer only where it proves domains over HTTP, which its name may tell. */
function likelihood({ callers }: Cluster, { namespace }: Caller, { from }: CreatedPods): Certainty {
  if (from.kind === 'operator') return 'yes';
  const { issuer } = from;
  if (!issuer) return 'unknown';
  const found = callers.find(({ value }) => isIssuer(value, issuer, namespace))?.value;
  if (found) return found.provesOverHttp === true ? 'yes' : 'no';
  if (/dns|route53|cloudflare|self|ca$|vault|internal/i.test(issuer.name)) return 'no';
  return /letsencrypt|lets-encrypt|acme|http|zerossl|^le-/i.test(issuer.name) ? 'yes' : 'unknown';
}

function isIssuer(value: Caller, { kind, name }: IssuerName, namespace: string): boolean {
  return (
    value.kind === kind &&
    value.name === name &&
    value.provesOverHttp !== undefined &&
    (kind === 'ClusterIssuer' || value.namespace === namespace)
  );
}
