import { capital, count, list } from '../base/english.ts';
import type { Span } from '../base/span.ts';
import { evaluationAlone } from '../eval/alone.ts';
import { clusterNotes, notesOnWorkload, type ClusterNote } from '../eval/cluster-notes.ts';
import { evaluationOf, type Evaluation } from '../eval/evaluate.ts';
import { policyActions } from '../eval/policy-actions.ts';
import { policyReach, reachOf, type OutsideReach } from '../eval/reach.ts';
import { DIRECTIONS, type Direction, type Policy, type Rule } from '../model/policy.ts';
import { describeUnevaluated } from '../model/unevaluated/describe.ts';
import type { Workload } from '../model/workload.ts';
import { manifestsOf } from '../syntax/source-file.ts';
import { asMap } from '../syntax/tree.ts';
import type { ManifestKey } from '../workspace/cluster.ts';
import { keyOf } from '../workspace/locate.ts';
import { changedManifests, type Version } from '../workspace/reverted.ts';
import { allUniverses, cluster, clusterName, rawKey, resourceAt, universesOf, type Snapshot } from '../workspace/snapshot.ts';
import type { Since } from './change-lens.ts';
import type { FeatureContext } from './context.ts';

/** A place for a lens, in offsets of the file. What it says costs an evaluation and is asked for later. */
export interface Lens {
  readonly span: Span;
  readonly key: ManifestKey;
  /** It says what has changed since then. */
  readonly since?: Since;
}

/** Earlier versions of a file, as far as they are known. */
export type Versions = Readonly<Partial<Record<Since, Version>>>;

/** What a lens says, and what it opens. */
export interface LensText {
  readonly title: string;
  readonly opens: 'policy' | 'effective';
}

/**
 * A lens for every policy and workload of the file, and one more for each that reads otherwise on disk, or at the last commit. Works
 * nothing out yet.
 */
export function codeLenses({ uri, file, snapshot, settings }: FeatureContext, versions: Versions = {}): readonly Lens[] {
  if (!settings.codeLens) return [];
  const changed = SINCE.flatMap((since) => {
    const version = versions[since];
    return version === undefined ? [] : [{ since, version, keys: changedManifests(snapshot, uri, version) }];
  });
  return manifestsOf(file).flatMap((placed): readonly Lens[] => {
    const key = keyOf(snapshot, uri, placed);
    const role = key === undefined ? undefined : resourceAt(snapshot, key)?.role;
    if (key === undefined || (role !== 'policy' && role !== 'workload')) return [];
    const { root } = placed.manifest;
    // Above the whole object: within it, a lens would part `metadata` from `name`.
    const at = asMap(root)?.pairs[0]?.key.span ?? root?.span;
    if (!at) return [];
    const span = { start: placed.start + at.start, end: placed.start + at.end };
    const edits = changed.flatMap(({ since, keys }) => {
      const edit = keys.get(rawKey(key));
      return edit ? [{ since, text: edit.text }] : [];
    });
    // Where the disk has what the last commit has, one lens says it.
    const distinct = edits.filter(({ text }, n) => edits.findIndex((other) => other.text === text) === n);
    return [{ key, span }, ...distinct.map(({ since }): Lens => ({ key, span, since }))];
  });
}

const SINCE: readonly Since[] = ['disk', 'head'];

/**
 * The words of a lens: what a policy allows, or who can connect to a workload; addresses outside the cluster come first. In a file of
 * several clusters it begins with the cluster that it is about.
 */
export function lensText(snapshot: Snapshot, uri: string, key: ManifestKey): LensText | undefined {
  const [universe, ...others] = universesOf(snapshot, uri);
  if (universe === undefined) return undefined;
  const text = textIn(snapshot, universe, uri, key);
  return text && others.length > 0 ? { ...text, title: `In ${clusterName(snapshot, universe)}: ${text.title}` } : text;
}

function textIn(snapshot: Snapshot, universe: string, uri: string, key: ManifestKey): LensText | undefined {
  const evaluation = evaluationOf(cluster(snapshot, universe, uri));
  const policy = evaluation.cluster.policies.find((placed) => placed.key === key);
  if (policy) {
    const { notInForce } = policy.value;
    if (notInForce)
      return { title: `${notInForce.noted ? 'Takes no part in verdicts' : 'Not in force'}: it ${notInForce.why}`, opens: 'policy' };
    const title = evaluation.cluster.workloads.length === 0 ? noWorkloads(snapshot) : policyText(evaluation, policy);
    return { title, opens: 'policy' };
  }
  const workload = evaluation.cluster.workloads.find((placed) => placed.key === key);
  if (workload) return { title: workloadText(evaluation, workload.value), opens: 'effective' };
  const problem = evaluation.problems.find((one) => one.key === key);
  return problem && { title: `Not evaluated: ${problem.message}`, opens: 'policy' };
}

/** A file that no kustomization names is not part of their clusters, however near to it their workloads stand. */
function noWorkloads(snapshot: Snapshot): string {
  const elsewhere = allUniverses(snapshot).some((universe) => cluster(snapshot, universe).workloads.length > 0);
  return elsewhere ? 'No workloads in the cluster of this file' : 'No workloads in this workspace';
}

function policyText(evaluation: Evaluation, policy: Parameters<typeof policyReach>[1]): string {
  const { selected, maybe, unevaluated } = policyReach(evaluation, policy);
  if (selected.length === 0) return 'Selects no workload in this workspace';
  const rest = `${layer7Text([policy.value])}${notEvaluated(unevaluated)}${unknownText(clusterNotes(evaluation).filter(({ key }) => key === policy.key))}`;
  if (policy.value.traits.isolates) return `Selects ${count(selected.length, 'workload')}. ${ownText(evaluation, policy)}${rest}`;
  const acts = policyActions(evaluationAlone(evaluation.cluster, policy), policy).map(({ direction, action, peers, outside }) => {
    const who = whoOf(outside, peers.length);
    return `${ACTION_WORDS[action]} ${direction === 'ingress' ? 'ingress from' : 'egress to'} ${who}`;
  });
  const open =
    acts.length === 0 && (maybe.in || maybe.out)
      ? 'It is not known what it decides'
      : 'Decides nothing about known workloads and addresses';
  return `Selects ${count(selected.length, 'workload')}. ${acts.length > 0 ? capital(acts.join('; ')) : open}${rest}`;
}

const ACTION_WORDS = { Deny: 'denies', Accept: 'accepts', Pass: 'passes' } as const;

/** What a policy that isolates allows by itself; others may allow more, and those of a tier before it less. */
function ownText({ cluster: all }: Evaluation, policy: Parameters<typeof policyReach>[1]): string {
  const { sources, destinations, fromOutside, toOutside, maybe } = policyReach(evaluationAlone(all, policy), policy);
  const acts = [
    ...(policy.value.ingress ? [allows('ingress from', whoOf(fromOutside, sources), maybe.in)] : []),
    ...(policy.value.egress ? [allows('egress to', whoOf(toOutside, destinations), maybe.out)] : []),
  ];
  return acts.length === 0 ? 'Limits no direction' : capital(acts.join('; '));
}

function allows(what: string, who: string, maybe: boolean): string {
  const direction = what.split(' ')[0] ?? '';
  if (who === '') return maybe ? `it is not known what ${direction} it allows` : `allows no ${direction}`;
  return `allows ${what} ${who}`;
}

function workloadText(evaluation: Evaluation, workload: Workload): string {
  const { sources, destinations, fromOutside, toOutside, maybe, unevaluated } = reachOf(evaluation, workload);
  const own = evaluation.space.classOf.get(workload) ?? -1;
  const limited = (direction: Direction): boolean => (evaluation.podPolicies[direction][own]?.policies.length ?? 0) > 0;
  const ingress = `${capital(canConnect(whoOf(fromOutside, sources), maybe.in, ''))}${limited('ingress') ? '' : ' (no policy limits ingress)'}`;
  const egress = limited('egress') ? canReach('it', whoOf(toOutside, destinations), maybe.out) : 'no policy limits egress';
  const policies = DIRECTIONS.flatMap((direction) => evaluation.podPolicies[direction][own]?.policies ?? []).map(({ value }) => value);
  return `${ingress}; ${egress}${layer7Text(policies)}${notEvaluated(unevaluated)}${unknownText(notesOnWorkload(evaluation, own))}`;
}

/** That requests on some of these connections are judged by a proxy. */
function layer7Text(policies: readonly Policy[]): string {
  const judges = ({ action, condition }: Rule): boolean => action === 'Accept' && condition !== undefined;
  const isJudged = policies.some((policy) => DIRECTIONS.some((direction) => policy[direction]?.rules.some(judges)));
  return isJudged ? '; L7 rules decide about requests' : '';
}

/** What the answer depends on and the manifests do not say. */
function unknownText(notes: readonly ClusterNote[]): string {
  const topics = [...new Set(notes.map(({ topic }) => topic))];
  return topics.length === 0 ? '' : `; not known: ${list(topics)}`;
}

/** "No source" is written only if it is proved. */
function canConnect(who: string, maybe: boolean, whom: string): string {
  if (who === '' && maybe) return `it is not known who can connect${whom}`;
  return `${who || 'no source'} can connect${whom}`;
}

function canReach(they: string, whom: string, maybe: boolean): string {
  if (whom === '' && maybe) return `it is not known where ${they} can connect to`;
  return `${they} can connect to ${whom || 'no destination'}`;
}

/** "any address and 2 workloads"; empty if there is no peer. */
function whoOf({ v4, v6 }: OutsideReach, workloads: number): string {
  const outside =
    v4 === 'all' && v6 === 'all'
      ? 'any address'
      : v4 === 'all' || v6 === 'all'
        ? `any IPv${v4 === 'all' ? 4 : 6} address`
        : v4 === 'some' || v6 === 'some'
          ? 'some addresses outside'
          : '';
  return list([...(outside === '' ? [] : [outside]), ...(workloads === 0 ? [] : [count(workloads, 'workload')])]);
}

/** What may change the answer and is not in it. */
function notEvaluated(policies: LensPolicies): string {
  const [first, ...others] = policies;
  if (!first) return '';
  return `; not evaluated: ${describeUnevaluated(first.value)}${others.length > 0 ? ` and ${others.length} more` : ''}`;
}

type LensPolicies = ReturnType<typeof reachOf>['unevaluated'];
