import { inTextOrder, runRules, type OnFault } from './run.ts';
import { memo, memo2, store } from '../base/memo.ts';
import { evaluationWork, evaluationOf } from '../eval/evaluate.ts';
import type { Resource } from '../model/kind.ts';
import type { Settings } from '../settings.ts';
import { nodeAt } from '../syntax/locate-path.ts';
import type { Manifest } from '../syntax/manifest.ts';
import type { Cluster, ManifestKey } from '../workspace/cluster.ts';
import { isPatch, type Snapshot } from '../workspace/snapshot.ts';
import { judgedKind } from '../model/kinds.ts';
import { clusterFacts } from '../analysis/facts.ts';
import { upstreamPolicies } from './about.ts';
import type { Finding } from './finding.ts';
import { workspaceRules } from './index.ts';
import { levelOf } from './level.ts';
import { withoutExplained } from './one-mistake.ts';
import type { WorkspaceRule } from './rule.ts';
import { findingsOf } from './manifest-findings.ts';
import type { PlacedProblem, WorkspaceContext } from '../analysis/context.ts';
import { ignoredBySettings, silence } from './silence.ts';

/** A manifest and the cluster it is judged in. */
export interface WorkspaceQuestion {
  readonly snapshot: Snapshot;
  readonly uri: string;
  readonly universe: string;
  readonly cluster: Cluster;
  readonly manifest: Manifest;
  readonly key: ManifestKey | undefined;
  /** What builds report about the manifest. */
  readonly problems: readonly PlacedProblem[];
  readonly settings: Settings;
  readonly onFault?: OnFault;
}

/**
 * What the workspace rules have to say about one manifest, in the order of its text. Computed once for each cluster and settings. Yields
 * between rules; never throws.
 */
export function* workspaceFindingsOf(question: WorkspaceQuestion): Generator<void, readonly Finding[]> {
  const { cluster, manifest, key, settings, uri } = question;
  if ((manifest.problems.length > 0 && question.problems.length === 0) || manifest.oversized) return [];
  const answers = answersIn(cluster, settings);
  const cached = answers.get(manifest);
  const same = cached?.key === key && cached?.uri === uri && sameProblems(cached.problems, question.problems);
  if (cached && same) return cached.findings;
  const left = ignoredBySettings(settings, uri);
  const findings = left === 'all' ? [] : yield* findAll(question, left);
  return answers.set(manifest, { key, uri, problems: question.problems, findings }).findings;
}

interface Known {
  readonly key: ManifestKey | undefined;
  readonly uri: string;
  readonly problems: readonly PlacedProblem[];
  readonly findings: readonly Finding[];
}

function sameProblems(one: readonly PlacedProblem[], other: readonly PlacedProblem[]): boolean {
  return one.length === other.length && (one.length === 0 || JSON.stringify(one) === JSON.stringify(other));
}

const answersIn = memo2((_cluster: Cluster, _settings: Settings) => store<Manifest, Known>());

function* findAll(question: WorkspaceQuestion, left: ReadonlySet<string>): Generator<void, readonly Finding[]> {
  const context = contextOf(question);
  const rules = rulesFor(question.settings).filter((rule) => applies(rule, context) && !left.has(rule.name));
  // Most rules ask for verdicts; made beforehand, that can be interrupted.
  if (rules.length > 0) yield* evaluationWork(question.cluster);
  const found = yield* runRules(rules, context, question.onFault);
  // What the comments do not silence; whether a comment is of use is for the manifest rules to say.
  const { findings } = silence(
    question.manifest,
    withoutExplained(found, workspaceRules, () => ownFindings(question)),
  );
  return inTextOrder(findings);
}

/** The findings of the manifest alone: they are remembered, so this costs nothing. */
function ownFindings({ snapshot, uri, manifest, settings }: WorkspaceQuestion): readonly Finding[] {
  return findingsOf(manifest, { uri, settings, partial: isPatch(snapshot, uri) });
}

function contextOf({ snapshot, universe, cluster, manifest, key, problems, settings }: WorkspaceQuestion): WorkspaceContext {
  return {
    manifest,
    text: manifest.piece.text,
    key,
    resource: key === undefined ? undefined : clusterFacts(cluster).resources.get(key),
    cluster,
    universe,
    evaluation: () => evaluationOf(cluster),
    snapshot,
    settings,
    problems,
    at: (path) => nodeAt(manifest.root, path),
  };
}

const POLICIES: readonly Resource['role'][] = ['policy'];

function applies(
  { roles = POLICIES, about = upstreamPolicies, inText, aboutBuilds }: WorkspaceRule,
  { resource, text, problems }: WorkspaceContext,
): boolean {
  if (aboutBuilds === true) return problems.length > 0;
  if (inText !== undefined) return [inText].flat().some((word) => text.includes(word));
  if (resource === undefined || !roles.includes(resource.role)) return false;
  if (resource.role !== 'policy' && resource.role !== 'set' && resource.role !== 'tier') return true;
  const kind = judgedKind(resource.value);
  return kind !== undefined && about(kind);
}

/** The rules that the settings let speak: off is what is set so, or below the profile with its own severity, which is the highest it reports. */
const rulesFor = memo((settings: Settings) => workspaceRules.filter((rule) => levelOf(rule, settings) !== 'off'));
