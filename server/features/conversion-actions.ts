import { list, quote } from '../base/english.ts';
import type { Span } from '../base/span.ts';
import type { Work } from '../base/work.ts';
import { CONVERSION_TARGETS, converterOf, planeFor, TARGET_TITLES, type ConversionTarget } from '../analysis/conversion/converters.ts';
import { GENERATED_CLUSTERS } from '../analysis/conversion/proof.ts';
import { policyName } from '../eval/names.ts';
import type { Policy } from '../model/policy.ts';
import type { Settings } from '../settings.ts';
import type { Edit } from '../syntax/edit.ts';
import { formatPath } from '../syntax/path.ts';
import { spotOf } from '../syntax/spot.ts';
import { placesOf, type PlacedManifest } from '../syntax/source-file.ts';
import { manifestsIn } from '../syntax/manifest.ts';
import type { Cluster, Located } from '../workspace/cluster.ts';
import { keyOf, locate } from '../workspace/locate.ts';
import { clusterFor, type Snapshot } from '../workspace/snapshot.ts';
import type { FeatureContext } from './context.ts';
import { conversionsWork, type Conversion } from './convert/conversion.ts';

/** The policies that an action is about: the one under the cursor, those of its file, or those of its cluster. */
export type ConversionScope = 'file' | 'workspace';

/** A manifest in another API, as a change of the text. */
export interface ConversionAction {
  readonly title: string;
  /** What the result lacks, or that it lacks nothing: a sentence or several. */
  readonly about: string;
  /** In offsets of the whole file. */
  readonly edits: readonly Edit[];
}

/** A conversion of several policies, which is worked out when it is chosen. */
export interface ConversionOffer {
  readonly title: string;
  readonly target: ConversionTarget;
  readonly scope: ConversionScope;
}

/** What becomes of several policies. */
export interface ConversionChange {
  readonly files: readonly { readonly uri: string; readonly edits: readonly Edit[] }[];
  readonly about: string;
  /** The policies that stay as they are, each with the reason. */
  readonly refused: readonly string[];
}

/** A result that needs a priority comes last in its tier. */
const LAST_PRIORITY = 1000;

/**
 * The conversions of the policy whose `apiVersion` or `kind` a range touches: to the API that took over, and to that of the cluster's network
 * plugin. Only what is proved to mean the same is offered. Yields while proofs are worked out.
 */
export function* conversionActions(context: FeatureContext, range: Span): Work<readonly ConversionAction[]> {
  const cluster = clusterFor(context.snapshot, context.uri);
  const found = policyAt(context, cluster, range);
  if (!found) return [];
  const { located, placed } = found;
  const actions: ConversionAction[] = [];
  for (const target of CONVERSION_TARGETS.filter((one) => isOffered(located.value, one, cluster))) {
    const request = { target, priority: LAST_PRIORITY, lossy: false, settings: context.settings };
    const [conversion] = yield* conversionsWork(context.snapshot, cluster, [located], request);
    const edit = conversion && editFor(placed, conversion.yaml);
    if (conversion && edit) actions.push({ title: titleFor(target, conversion), about: aboutAll([conversion]), edits: [edit] });
  }
  return actions;
}

/** The conversions of all policies of the file, and of its cluster, that can be chosen where the range is at one of them. No proof is worked out. */
export function conversionOffers(context: FeatureContext, range: Span): readonly ConversionOffer[] {
  const cluster = clusterFor(context.snapshot, context.uri);
  const found = policyAt(context, cluster, range);
  if (!found) return [];
  return CONVERSION_TARGETS.filter((target) => isOffered(found.located.value, target, cluster)).flatMap((target) => {
    const all = convertible(context.snapshot, cluster, target);
    const own = all.filter(({ uri }) => uri === context.uri);
    const offer = (scope: ConversionScope, count: number, where: string): ConversionOffer => ({
      title: `Convert ${count} policies of ${where} to ${TARGET_TITLES[target]}…`,
      target,
      scope,
    });
    return [
      ...(own.length > 1 ? [offer('file', own.length, 'this file')] : []),
      ...(all.length > own.length ? [offer('workspace', all.length, 'the workspace')] : []),
    ];
  });
}

/** Works out what was offered: the policies that are proved to mean the same, all together, are replaced; the others stay. */
export function* conversionChange(
  snapshot: Snapshot,
  uri: string,
  { target, scope }: Pick<ConversionOffer, 'target' | 'scope'>,
  settings: Settings,
): Work<ConversionChange> {
  const cluster = clusterFor(snapshot, uri);
  const chosen = convertible(snapshot, cluster, target).filter((one) => scope === 'workspace' || one.uri === uri);
  const request = { target, priority: LAST_PRIORITY, lossy: false, settings };
  const located = chosen.map((one) => one.located);
  const done = yield* conversionsWork(snapshot, cluster, located, request);
  const written = new Set<string>();
  const files = new Map<string, Edit[]>();
  for (const conversion of done) {
    const edit = editFor(conversion.placed, conversion.yaml && withoutRepeated(conversion.yaml, written));
    if (edit) files.set(conversion.uri, [...(files.get(conversion.uri) ?? []), edit]);
  }
  return {
    files: [...files].map(([file, edits]) => ({ uri: file, edits: edits.toSorted((a, b) => a.start - b.start) })),
    about: aboutAll(done),
    refused: done.flatMap(({ policy, refused }) =>
      refused === undefined ? [] : [`${policy.kind} ${quote(policyName(policy))}: ${refused}`],
    ),
  };
}

/** Several results may bring the same Tier: it is written once. */
function withoutRepeated(yaml: string, written: Set<string>): string {
  const documents = yaml.split(/^---\n/m).filter((one) => !written.has(one));
  for (const one of documents) written.add(one);
  return documents.join('---\n');
}

interface Convertible {
  readonly located: Located<Policy>;
  readonly uri: string;
}

/** The policies of a cluster that have such a conversion, and a document of their own that can be replaced. */
function convertible(snapshot: Snapshot, cluster: Cluster, target: ConversionTarget): readonly Convertible[] {
  return cluster.policies.flatMap((located) => {
    const place = converterOf(located.value, target) && locate(snapshot, located.key, []);
    return place && isWholeDocument(place.placed) ? [{ located, uri: place.uri }] : [];
  });
}

/** An item of a List is not replaced by a document of its own. */
function isWholeDocument({ manifest }: PlacedManifest): boolean {
  const [first, ...others] = manifestsIn(manifest.piece);
  return first?.root !== undefined && others.length === 0 && first.inner.length === 0 && first.list === undefined;
}

/** Not every API that a policy could be written in: the current one of Kubernetes, or that of the network plugin in use. */
function isOffered(policy: Policy, target: ConversionTarget, { plane }: Cluster): boolean {
  if (!converterOf(policy, target)) return false;
  const vendor = planeFor(policy, target);
  return vendor === undefined || vendor === plane;
}

interface FoundPolicy {
  readonly located: Located<Policy>;
  readonly placed: PlacedManifest;
}

function policyAt({ file, snapshot, uri }: FeatureContext, cluster: Cluster, range: Span): FoundPolicy | undefined {
  for (const { piece, start, document, prefix } of placesOf(file)) {
    if (start > range.end || start + piece.text.length < range.start) continue;
    const [manifest] = manifestsIn(piece);
    if (!manifest?.root) continue;
    const placed = { manifest, start, document, prefix };
    const { root } = manifest;
    if (!isWholeDocument(placed)) continue;
    const spots = ['apiVersion', 'kind'].map((name) => spotOf(root, [name]));
    if (!spots.some(({ keySpan, span }) => start + keySpan.start <= range.end && range.start <= start + span.end)) continue;
    const key = keyOf(snapshot, uri, placed);
    const located = cluster.policies.find((one) => one.key === key);
    if (located) return { located, placed };
  }
  return undefined;
}

/** Everything between the separators of the document. */
function editFor({ manifest, start }: PlacedManifest, yaml: string | undefined): Edit | undefined {
  if (yaml === undefined) return undefined;
  const { text } = manifest.piece;
  const lead = /^(?:---[^\n]*\n|[ \t\r]*\n)*/.exec(text)?.[0].length ?? 0;
  return { start: start + lead, end: start + text.trimEnd().length, text: yaml.trimEnd() };
}

const PROVED = `same verdicts in the workspace and in ${GENERATED_CLUSTERS} generated clusters`;

function titleFor(target: ConversionTarget, { lost }: Conversion): string {
  const losses = lost.length === 0 ? '' : `, without ${list(lost.map(({ path }) => formatPath(path)))}`;
  return `Convert to ${TARGET_TITLES[target]}${losses} (${PROVED})`;
}

/** What results lack, for the preview. */
function aboutAll(conversions: readonly Conversion[]): string {
  const accepted = conversions.filter(({ yaml }) => yaml !== undefined);
  const losses = accepted.flatMap(({ policy, lost }) =>
    lost.map(({ path, message }) => `${quote(policyName(policy))} ${formatPath(path)}: ${message}`),
  );
  return [`Proved: ${PROVED}.`, ...losses].join(' ');
}
