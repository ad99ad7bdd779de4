import type { Connection } from '../../eval/connection.ts';
import { quote } from '../../base/english.ts';
import { subtractTraffic } from '../../base/ports.ts';
import { bitMembers } from '../../eval/bits.ts';
import { subjectBits } from '../../eval/endpoint-bits.ts';
import { verdict, type Endpoint, type Evaluation } from '../../eval/evaluate.ts';
import { stepsIn } from '../../eval/explain.ts';

import { planeOf } from '../../eval/planes.ts';
import { stageOf } from '../../eval/stages.ts';
import { examplePort } from '../../analysis/witness/pairs.ts';
import { pairWords } from '../../analysis/witness/instance.ts';
import { policyIn } from '../../analysis/selection.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';
import { DIRECTIONS, type Direction, type Peer, type Policy, type Rule } from '../../model/policy.ts';
import type { Workload } from '../../model/workload.ts';
import { likeScalar, replace } from '../../syntax/edit.ts';
import { samePath } from '../../syntax/path.ts';
import type { ManifestKey } from '../../workspace/cluster.ts';
import { ofApi } from '../about.ts';
import { onValue } from '../draft.ts';
import type { Fix } from '../finding.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'antrea-allow-before-networkpolicy',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'medium',
  summary: 'An Allow for whole namespaces that NetworkPolicies can no longer restrict.',
  why: 'An Allow in a tier before NetworkPolicies is final: what a NetworkPolicy denies between the same pods is allowed. Where namespaces are only to be kept apart, Pass leaves the traffic inside them to their NetworkPolicies.',
  about: ofApi('antrea', 'policy'),
  *check(context) {
    const located = policyIn(context);
    const policy = located?.value;
    if (!policy || policy.unreadable.length > 0 || stageOf(policy, planeOf(context.cluster)).isolation !== 'before') return;
    for (const direction of DIRECTIONS) {
      const rules = policy[direction]?.rules ?? [];
      for (const [i, allow] of rules.entries()) {
        if (!isForNamespaces(allow) || !rules.slice(i + 1).some(isWall)) continue;
        const overridden = overriddenBy(context, policy, allow, direction);
        yield undefined;
        if (!overridden) continue;
        const { connection, by, key } = overridden;
        yield onValue(
          context,
          allow.at.action ?? allow.path,
          `This Allow is evaluated before NetworkPolicies, so it allows ${pairWords(connection)}, which ${by} denies. Write Pass if NetworkPolicies should decide inside these namespaces.`,
          {
            fixes: passFix(context, allow),
            ...(key === undefined ? {} : { related: [{ key, path: ['spec'], message: 'This NetworkPolicy is overridden.' }] }),
          },
        );
      }
    }
  },
};

export default rule;

/** About whole namespaces on every port: pods are not told apart. */
function isForNamespaces({ action, peers, ports, condition }: Rule): boolean {
  return (
    action === 'Accept' && condition === undefined && ports === 'any' && peers !== 'any' && peers.length > 0 && peers.every(isNamespaces)
  );
}

function isNamespaces(peer: Peer): boolean {
  if (peer.kind === 'pods') return peer.pods.requirements.length === 0 && peer.pods.unreadable === undefined;
  if (peer.kind !== 'set' || peer.set.kind !== 'and') return false;
  const [first] = peer.set.of;
  return (
    first?.kind === 'like-own-namespace' && peer.set.of.every((part) => part.kind !== 'labels' || part.selector.requirements.length === 0)
  );
}

/** Denies everything of whole namespaces or of every source: what keeps them apart. */
function isWall({ action, peers, ports }: Rule): boolean {
  return action === 'Deny' && ports === 'any' && (peers === 'any' || peers.some(isNamespaces));
}

interface Overridden {
  readonly connection: Connection;
  readonly by: string;
  readonly key: ManifestKey | undefined;
}

/** Classes of isolated pods, and of their peers, that are looked at, at most. */
const MAX_OWN_CLASSES = 20;
const MAX_OTHER_CLASSES = 60;

/** A connection that the rule allows, and that NetworkPolicies deny where the policy is not there. */
function overriddenBy(context: WorkspaceContext, policy: Policy, allow: Rule, direction: Direction): Overridden | undefined {
  const evaluation = context.evaluation();
  const rest = evaluation.without(new Set([policy]));
  const { classes } = evaluation.space;
  const others = classes.slice(0, MAX_OTHER_CLASSES).map(({ sample }) => sample);
  for (const own of isolatedPods(context, direction)) {
    for (const other of others) {
      if (other === own) continue;
      const [from, to]: readonly Endpoint[] = direction === 'ingress' ? [pod(other), pod(own)] : [pod(own), pod(other)];
      if (!from || !to) continue;
      const gained = subtractTraffic(verdict(evaluation, from, to).allowed, verdict(rest, from, to).allowed);
      const port = examplePort(gained, to.kind === 'workload' ? to.workload.ports : []);
      const connection = port && { from, to, ...port };
      const denial = connection && denialOf(evaluation, rest, connection, policy, allow, direction);
      if (denial) return { connection, ...denial };
    }
  }
  return undefined;
}

function pod(workload: Workload): Endpoint {
  return { kind: 'workload', workload };
}

/** A pod of each of some classes that a NetworkPolicy isolates. */
function isolatedPods({ cluster, evaluation }: WorkspaceContext, direction: Direction): readonly Workload[] {
  const { space } = evaluation();
  const isolating = cluster.policies.filter(({ value }) => value.traits.isolates && value[direction] !== undefined);
  const ids = new Set(isolating.flatMap(({ value }) => bitMembers(subjectBits(space, value)).slice(0, MAX_OWN_CLASSES)));
  return [...ids].slice(0, MAX_OWN_CLASSES).flatMap((id) => space.classes[id]?.sample ?? []);
}

/** Which NetworkPolicy denies the connection without the policy, where it is this rule that allows it with it. */
function denialOf(
  evaluation: Evaluation,
  rest: Evaluation,
  connection: Connection,
  policy: Policy,
  allow: Rule,
  direction: Direction,
): Pick<Overridden, 'by' | 'key'> | undefined {
  const steps = stepsIn(evaluation, connection, direction);
  if (!steps.some(({ at, action }) => action === 'Accept' && at?.policy === policy && samePath(at.path, allow.path))) return undefined;
  const denial = stepsIn(rest, connection, direction).find(
    ({ action, at }) => action === 'Isolated' && at?.policy.traits.isolates === true,
  );
  return denial && { by: denial.policy === undefined ? 'a NetworkPolicy' : `NetworkPolicy ${quote(denial.policy)}`, key: denial.at?.key };
}

function passFix({ at }: WorkspaceContext, { at: places }: Rule): readonly Fix[] {
  const node = places.action && at(places.action);
  return node?.kind === 'scalar' ? [{ title: "Change to 'Pass'", edits: [replace(node.span, likeScalar('Pass', node))], safe: false }] : [];
}
