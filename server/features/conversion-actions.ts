import type { Span } from '../base/span.ts';
import type { Work } from '../base/work.ts';
import { CONVERSION_TARGETS, converterOf, planeFor, TARGET_TITLES, type ConversionTarget } from '../analysis/conversion/converters.ts';
import { GENERATED_CLUSTERS } from '../analysis/conversion/proof.ts';
import type { Policy } from '../model/policy.ts';
import type { Edit } from '../syntax/edit.ts';
import { formatPath } from '../syntax/path.ts';
import { spotOf } from '../syntax/spot.ts';
import { placesOf, type PlacedManifest } from '../syntax/source-file.ts';
import { manifestsIn } from '../syntax/manifest.ts';
import type { Cluster, Located } from '../workspace/cluster.ts';
import { keyOf } from '../workspace/locate.ts';
import { clusterFor } from '../workspace/snapshot.ts';
import type { FeatureContext } from './context.ts';
import { conversionsWork, type Conversion } from './convert/conversion.ts';

/** A manifest in another API, as a change of the text. */
export interface ConversionAction {
  readonly title: string;
  /** In offsets of the whole file. */
  readonly edits: readonly Edit[];
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
    const edit = conversion && editFor(placed, conversion);
    if (conversion && edit) actions.push({ title: titleFor(target, conversion), edits: [edit] });
  }
  return actions;
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
    const [manifest, ...others] = manifestsIn(piece);
    // An item of a List is not replaced by a document of its own.
    if (!manifest?.root || others.length > 0 || manifest.inner.length > 0 || manifest.list !== undefined) continue;
    const { root } = manifest;
    const spots = ['apiVersion', 'kind'].map((name) => spotOf(root, [name]));
    if (!spots.some(({ keySpan, span }) => start + keySpan.start <= range.end && range.start <= start + span.end)) continue;
    const placed = { manifest, start, document, prefix };
    const key = keyOf(snapshot, uri, placed);
    const located = cluster.policies.find((one) => one.key === key);
    if (located) return { located, placed };
  }
  return undefined;
}

/** Everything between the separators of the document. */
function editFor({ manifest, start }: PlacedManifest, { yaml }: Conversion): Edit | undefined {
  if (yaml === undefined) return undefined;
  const { text } = manifest.piece;
  const lead = /^(?:---[^\n]*\n|[ \t\r]*\n)*/.exec(text)?.[0].length ?? 0;
  return { start: start + lead, end: start + text.trimEnd().length, text: yaml.trimEnd() };
}

function titleFor(target: ConversionTarget, { lost }: Conversion): string {
  const losses = lost.length === 0 ? '' : `, without ${lost.map(({ path }) => formatPath(path)).join(', ')}`;
  return `Convert to ${TARGET_TITLES[target]}${losses} (same verdicts in the workspace and in ${GENERATED_CLUSTERS} generated clusters)`;
}
