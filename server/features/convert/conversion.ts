import { quote } from '../../base/english.ts';
import type { Work } from '../../base/work.ts';
import { converterOf, planeFor, TARGET_TITLES, type ConversionTarget } from '../../analysis/conversion/converters.ts';
import { GENERATED_CLUSTERS, proofWork, type Difference, type Proof, type Replacement } from '../../analysis/conversion/proof.ts';
import type { Loss } from '../../analysis/conversion/result.ts';
import { policyName } from '../../eval/names.ts';
import { kindTitle } from '../../model/api.ts';
import { identify } from '../../model/identify.ts';
import { readResource } from '../../model/kind.ts';
import type { Policy } from '../../model/policy.ts';
import { findingsOf } from '../../rules/manifest-findings.ts';
import { rejectionOf } from '../../rules/rejected.ts';
import type { Settings } from '../../settings.ts';
import { commentsOf, END } from '../../syntax/comments.ts';
import { markedText, type Marked } from '../../syntax/marked.ts';
import { manifestsIn, type Manifest } from '../../syntax/manifest.ts';
import { formatPath } from '../../syntax/path.ts';
import { placesOf, sourceFile, type PlacedManifest } from '../../syntax/source-file.ts';
import type { Cluster, Located, ManifestKey } from '../../workspace/cluster.ts';
import { locate } from '../../workspace/locate.ts';
import type { Snapshot } from '../../workspace/snapshot.ts';
import { readPolicyIn } from '../text/policies.ts';

/** What is asked of a conversion. */
export interface ConversionRequest {
  readonly target: ConversionTarget;
  /** For a result that needs a priority which the source does not have. */
  readonly priority?: number;
  /** Accept a result that denies more than the source. One that allows more is never accepted. */
  readonly lossy: boolean;
  readonly settings: Settings;
}

/** What becomes of one policy. */
export interface Conversion {
  readonly uri: string;
  readonly placed: PlacedManifest;
  readonly policy: Policy;
  /** The result as YAML, several documents where the policy is divided; absent where it is refused. */
  readonly yaml?: string;
  readonly proved?: Proof['verdict'];
  /** Why there is no result, as one or two sentences. */
  readonly refused?: string;
  readonly lost: readonly Loss[];
  readonly differences: readonly Difference[];
}

/**
 * Converts some policies of a cluster, and proves that the results mean the same: first all together, since policies for one pod add up; where
 * that does not hold, each in place of its source alone. What has no such conversion is left out. Yields while proofs are worked out.
 */
export function* conversionsWork(
  snapshot: Snapshot,
  cluster: Cluster,
  policies: readonly Located<Policy>[],
  request: ConversionRequest,
): Work<readonly Conversion[]> {
  const drafts = policies.flatMap((located) => draftOf(snapshot, cluster, located, request) ?? []);
  const written = drafts.flatMap((draft) => ('basis' in draft ? [draft] : []));
  const together = written.length > 1 ? yield* proofOf(cluster, written, request) : undefined;
  const alone = new Map<Draft, Proof>();
  for (const draft of written) alone.set(draft, together?.verdict === 'equal' ? together : yield* proofOf(cluster, [draft], request));
  const equal = written.filter((draft) => alone.get(draft)?.verdict === 'equal');
  // Each may be equal in place of its source while all together are not.
  const joint = together?.verdict === 'equal' || equal.length < 2 ? undefined : yield* proofOf(cluster, equal, request);
  return drafts.map((draft) => {
    if (!('basis' in draft)) return draft;
    const proof = alone.get(draft);
    if (!proof) return draft.basis;
    const found = proof.verdict === 'equal' && joint && joint.verdict !== 'equal' ? joint : proof;
    const proved = { ...draft.basis, proved: found.verdict, differences: found.differences };
    const refused = refusalOf(found, request);
    return refused === undefined ? { ...proved, yaml: draft.yaml } : { ...proved, refused };
  });
}

/** A result that is not proved yet. */
interface Draft {
  readonly basis: Conversion;
  readonly yaml: string;
  readonly read: Replacement;
}

function proofOf(cluster: Cluster, drafts: readonly Draft[], { target }: ConversionRequest): Work<Proof> {
  const plane = drafts.flatMap(({ basis }) => planeFor(basis.policy, target) ?? [])[0] ?? cluster.plane;
  const after = { policies: drafts.flatMap(({ read }) => read.policies), tiers: drafts.flatMap(({ read }) => read.tiers) };
  return proofWork(
    { ...cluster, plane },
    drafts.map(({ basis }) => basis.policy),
    after,
  );
}

/** A result, or why there is none; `undefined` where there is no such conversion. */
function draftOf(
  snapshot: Snapshot,
  cluster: Cluster,
  located: Located<Policy>,
  request: ConversionRequest,
): Draft | Conversion | undefined {
  const { key, value: policy } = located;
  const convert = converterOf(policy, request.target);
  const place = locate(snapshot, key, []);
  if (!convert || !place) return undefined;
  const { uri, placed } = place;
  const { manifest } = placed;
  const basis: Conversion = { uri, placed, policy, lost: [], differences: [] };
  const obstacle = obstacleTo(snapshot, located, manifest, request);
  if (obstacle !== undefined || !manifest.root) return { ...basis, refused: obstacle ?? 'The document is not an object.' };
  const others = cluster.policies.flatMap(({ value }) => (value === policy ? [] : [value]));
  const options = { others, ...(request.priority === undefined ? {} : { priority: request.priority }) };
  const result = convert({ root: manifest.root, policy }, options);
  if ('refused' in result) return { ...basis, refused: result.refused };
  const { lost } = result;
  const yaml = yamlOf(result.documents, manifest);
  const read = readResult(yaml, key, request.settings);
  return typeof read === 'string' ? { ...basis, lost, refused: read } : { basis: { ...basis, lost }, yaml, read };
}

/** Why a policy is not converted at all: only what is known in full is. */
function obstacleTo(
  snapshot: Snapshot,
  { key, value: policy }: Located<Policy>,
  manifest: Manifest,
  { settings, target }: ConversionRequest,
): string | undefined {
  const name = `${kindTitle(policy)} ${quote(policyName(policy))}`;
  const [unreadable] = policy.unreadable;
  if (unreadable)
    return `${name} is known in part only, so it is not converted: ${quote(formatPath(unreadable.path))} ${unreadable.why}. Correct it first.`;
  if (manifest.holes.length > 0)
    return `${name} is filled in by a template, so it is not converted. Render the template, and convert what it gives.`;
  if (policy.notInForce) return `${name} ${policy.notInForce.why}, so it is not converted.`;
  const rejection = rejectionOf(snapshot, key, settings);
  if (rejection) return `${name} is rejected as it stands, so it is not converted to ${TARGET_TITLES[target]}: ${rejection.message}`;
  const written = readPolicyIn(manifest)?.policy;
  return written && JSON.stringify(written) === JSON.stringify(policy)
    ? undefined
    : `A kustomization changes ${name}, so the manifest is not what the cluster has. Convert what 'netpol build' prints.`;
}

/** All documents; comments behind the last field stand at the end of the last one. */
function yamlOf(documents: readonly Marked[], manifest: Manifest): string {
  const comments = commentsOf(manifest);
  const inside = new Map([...comments].filter(([path]) => path !== END));
  return documents.map((one, i) => markedText(one, i === documents.length - 1 ? comments : inside)).join('---\n');
}

/** What a result is read as, or why the API server would reject it. */
function readResult(yaml: string, key: ManifestKey, settings: Settings): Replacement | string {
  const policies: Located<Policy>[] = [];
  const tiers: Cluster['tiers'][number][] = [];
  for (const manifest of placesOf(sourceFile(yaml)).flatMap(({ piece }) => manifestsIn(piece))) {
    const options = { uri: 'converted:///policy.yaml', settings, partial: false };
    const error = findingsOf(manifest, options).find(({ severity }) => severity === 'error');
    if (error) return `The result would be rejected: ${error.message}`;
    const identity = identify(manifest);
    const resource = identity.ours && identity.kind ? readResource(identity.kind, manifest.root) : undefined;
    if (!resource) return 'The result cannot be evaluated, so it is not proved.';
    if (resource.role === 'policy') policies.push({ key: `${key}#converted-${policies.length}`, value: resource.value });
    if (resource.role === 'tier') tiers.push({ key: `${key}#tier-${tiers.length}`, value: resource.value });
  }
  return { policies, tiers };
}

function refusalOf({ verdict }: Proof, { lossy, target }: ConversionRequest): string | undefined {
  const title = TARGET_TITLES[target];
  if (verdict === 'differs')
    return `The result for ${title} allows connections that the policy denies, in the workspace or in one of ${GENERATED_CLUSTERS} generated clusters.`;
  if (verdict === 'denies more' && !lossy)
    return `The result for ${title} denies connections that the policy allows, in the workspace or in one of ${GENERATED_CLUSTERS} generated clusters. --lossy accepts it.`;
  return undefined;
}
