import { quote } from '../../base/english.ts';
import type { Work } from '../../base/work.ts';
import { converterOf, planeFor, TARGET_TITLES, type ConversionTarget } from '../../analysis/conversion/converters.ts';
import { GENERATED_CLUSTERS, proofWork, type Difference, type Proof, type ReplacedPolicies } from '../../analysis/conversion/proof.ts';
import type { Loss } from '../../analysis/conversion/result.ts';
import { planeOf } from '../../eval/planes.ts';
import { policyName } from '../../eval/names.ts';
import { kindTitle } from '../../model/api.ts';
import { identify } from '../../model/identify.ts';
import { readResource } from '../../model/kind.ts';
import type { Policy } from '../../model/policy.ts';
import { findingsOf } from '../../rules/manifest-findings.ts';
import { rejectionOf } from '../../rules/rejected.ts';
import type { Settings } from '../../settings.ts';
import { commentsOf, END, type Comments } from '../../syntax/comments.ts';
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
 * Converts some policies of a cluster, and proves that the results mean the same: all of them together, since policies for one pod add up. Where
 * that does not hold, those that a difference involves are taken out until the rest is equal, and then tried once more beside it. What has
 * no such conversion is left out. Yields while proofs are worked out.
 */
export function* conversionsWork(
  snapshot: Snapshot,
  cluster: Cluster,
  policies: readonly Located<Policy>[],
  request: ConversionRequest,
): Work<readonly Conversion[]> {
  const drafts = policies.flatMap((located) => draftOf(snapshot, cluster, located, request) ?? []);
  const proofs = yield* settled(
    cluster,
    drafts.flatMap((draft) => ('basis' in draft ? [draft] : [])),
    request,
  );
  return drafts.map((draft) => {
    if (!('basis' in draft)) return draft;
    const proof = proofs.get(draft);
    if (!proof) return draft.basis;
    const proved = { ...draft.basis, proved: proof.verdict, differences: proof.differences };
    const refused = refusalOf(proof, request);
    return refused === undefined ? { ...proved, yaml: draft.yaml } : { ...proved, refused };
  });
}

/** So many of those that were taken out are tried once more. */
const MAX_RETRIES = 20;

/** What is proved of each draft: the accepted ones are proved together. */
function* settled(cluster: Cluster, drafts: readonly Draft[], request: ConversionRequest): Work<ReadonlyMap<Draft, Proof>> {
  const proofs = new Map<Draft, Proof>();
  const out: (readonly Draft[])[] = [];
  let kept = drafts;
  while (kept.length > 0) {
    const proof = yield* proofOf(cluster, kept, request);
    for (const draft of kept) proofs.set(draft, proof);
    if (proof.verdict === 'equal') break;
    const involved = kept.filter((draft) => isInvolved(draft, proof));
    const gone = new Set(involved.length === 0 ? kept : involved);
    out.push([...gone]);
    kept = kept.filter((draft) => !gone.has(draft));
  }
  const again = out.flatMap((group) =>
    group.length > 1 && out.length + kept.length > 1 ? [group, ...group.map((one) => [one])] : [group],
  );
  for (const group of again.slice(0, MAX_RETRIES)) {
    const some = group.filter((draft) => !kept.includes(draft));
    if (some.length === 0 || kept.length + some.length === drafts.length) continue;
    const proof = yield* proofOf(cluster, [...kept, ...some], request);
    if (proof.verdict !== 'equal') continue;
    kept = [...kept, ...some];
    for (const draft of kept) proofs.set(draft, proof);
  }
  const left = drafts.filter((draft) => !kept.includes(draft));
  if (!request.lossy || left.length === 0) return proofs;
  return yield* settledWithLosses(cluster, kept, left, proofs, request);
}

/** Results that deny more, beside those that are equal. */
function* settledWithLosses(
  cluster: Cluster,
  equal: readonly Draft[],
  left: readonly Draft[],
  proofs: Map<Draft, Proof>,
  request: ConversionRequest,
): Work<ReadonlyMap<Draft, Proof>> {
  const all = yield* proofOf(cluster, [...equal, ...left], request);
  let kept: readonly Draft[] = all.verdict === 'differs' ? equal : [...equal, ...left];
  if (all.verdict !== 'differs') for (const draft of left) proofs.set(draft, all);
  for (const draft of left.slice(0, MAX_RETRIES)) {
    if (kept.includes(draft)) continue;
    const proof = yield* proofOf(cluster, [...kept, draft], request);
    proofs.set(draft, proof);
    if (proof.verdict !== 'differs') kept = [...kept, draft];
  }
  return proofs;
}

function isInvolved({ basis, read }: Draft, { involved }: Proof): boolean {
  return involved.has(basis.policy) || read.policies.some(({ value }) => involved.has(value));
}

/** A result that is not proved yet. */
interface Draft {
  readonly basis: Conversion;
  readonly yaml: string;
  readonly read: ReplacedPolicies;
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
  const options = {
    others,
    plane: planeOf({ ...cluster, plane: planeFor(policy, request.target) ?? cluster.plane }),
    tiers: cluster.tiers.map(({ value: tier }) => tier),
    ...(request.priority === undefined ? {} : { priority: request.priority }),
  };
  const result = convert({ root: manifest.root, policy }, options);
  if ('refused' in result) return { ...basis, refused: result.refused };
  const { lost } = result;
  const [missing, ...more] = lost.filter(({ isDetail }) => isDetail !== true);
  if (!request.lossy && missing) {
    const rest = more.length === 0 ? '' : ` (and ${more.length} more)`;
    const what = `${formatPath(missing.path)}: ${missing.message}${rest}`;
    return {
      ...basis,
      lost,
      refused: `${TARGET_TITLES[request.target]} cannot express all of it: ${what} --lossy leaves it out, which denies more.`,
    };
  }
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
  const comments = withoutGaps(commentsOf(manifest), new Set(documents.flatMap(sourcesIn)));
  const inside = new Map([...comments].filter(([path]) => path !== END));
  return documents.map((one, i) => markedText(one, i === documents.length - 1 ? comments : inside)).join('---\n');
}

/** Comments about parts that the result writes otherwise, such as labels in a selector that became a string, stand at what contains these. */
function withoutGaps(comments: ReadonlyMap<string, Comments>, sources: ReadonlySet<string>): ReadonlyMap<string, Comments> {
  const placed = new Map([...comments].filter(([path]) => path === END || sources.has(path)));
  for (const [path, { above, behind }] of comments) {
    if (placed.has(path)) continue;
    const around = [...sources].filter((one) => path.startsWith(`${one}.`) || path.startsWith(`${one}[`));
    const nearest = around.reduce((best, one) => (one.length > best.length ? one : best), '');
    // The whole of the spec says nothing about one of its lines.
    if (nearest === '' || nearest === 'spec') continue;
    const own = placed.get(nearest);
    const isTaken = own?.behind !== undefined;
    const last = behind === undefined ? own?.behind : (own?.behind ?? behind);
    placed.set(nearest, {
      above: [...(own?.above ?? []), ...above, ...(isTaken && behind !== undefined ? [behind] : [])],
      ...(last === undefined ? {} : { behind: last }),
    });
  }
  return placed;
}

/** The places in the source that parts of a result come from. */
function sourcesIn(value: Marked): readonly string[] {
  if (value.kind === 'scalar') return [];
  const parts = value.kind === 'map' ? value.fields : value.items;
  return parts.flatMap(({ value: part, from }) => [...(from === undefined ? [] : [formatPath(from)]), ...sourcesIn(part)]);
}

/** What a result is read as, or why the API server would reject it. */
function readResult(yaml: string, key: ManifestKey, settings: Settings): ReplacedPolicies | string {
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
