import { hasTraffic } from '../../base/ports.ts';
import { bitMembers } from '../../eval/bits.ts';
import type { Evaluation } from '../../eval/evaluate.ts';
import { workloadName } from '../../eval/names.ts';
import { peersBits, subjectBits } from '../../eval/endpoint-bits.ts';
import { describePorts } from '../../model/describe.ts';
import { DIRECTIONS, type Direction, type Policy, type Rule } from '../../model/policy.ts';
import type { Workload } from '../../model/workload.ts';
import { meshOf, type Mesh } from '../../analysis/mesh.ts';
import { trafficIn } from '../../analysis/networks.ts';
import { isFullyReadable } from '../../analysis/required-connections/open-to.ts';
import { factsIn, policyIn } from '../../analysis/selection.ts';
import { podPolicies } from '../about.ts';
import { onKey } from '../draft.ts';
import type { Fix } from '../finding.ts';
import { itemBehind } from '../repair/insert-item.ts';
import type { WorkspaceRule } from '../rule.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';

const rule: WorkspaceRule = {
  name: 'mesh-port-blocked',
  scope: 'workspace',
  severity: 'warning',
  about: podPolicies,
  confidence: 'medium',
  summary: 'Policies allow the port of the application, and deny the port at which its service mesh delivers.',
  why: 'In the ambient mode of Istio, connections between workloads of the mesh are tunnelled to TCP 15008. In Linkerd the proxies of the pods connect to each other on TCP 4143. Policies see that port, so a rule for the port of the application does not match.',
  *check(context) {
    const policy = policyIn(context)?.value;
    if (!policy?.traits.isolates || policy.unreadable.length > 0) return;
    const evaluation = context.evaluation();
    for (const direction of DIRECTIONS) {
      for (const id of bitMembers(subjectBits(evaluation.space, policy)).slice(0, MAX_CLASSES)) {
        yield undefined;
        const missed = missedAt(context, evaluation, id, direction);
        if (!missed || missed.policy !== policy) continue;
        const { allow, mesh, workload } = missed;
        const way =
          direction === 'ingress'
            ? `connections to ${workloadName(workload)} from other workloads of the mesh arrive`
            : `connections of ${workloadName(workload)} to other workloads of the mesh go out`;
        const message = `In ${mesh.name}, ${way} on TCP ${mesh.port}, whatever port they are for. This rule allows ${describePorts(allow.ports)} only, so they are denied. Allow TCP ${mesh.port} too.`;
        yield onKey(context, [...allow.path, 'ports'], message, { fixes: adding(context, allow, mesh) });
        break;
      }
    }
  },
};

export default rule;

/** How many classes of pods are examined. */
const MAX_CLASSES = 100;

interface Missed {
  readonly policy: Policy;
  readonly allow: Rule;
  readonly mesh: Mesh;
  readonly workload: Workload;
}

/** The first rule for pods of a mesh that allows workloads of the mesh, where no rule allows the port of the mesh. */
function missedAt(context: WorkspaceContext, evaluation: Evaluation, id: number, direction: Direction): Missed | undefined {
  const facts = factsIn(context);
  const workload = evaluation.space.classes[id]?.members.find((one) => meshOf(facts, one));
  const mesh = workload && meshOf(facts, workload);
  if (!workload || !mesh || !isFullyReadable(evaluation, direction, id)) return undefined;
  const rules = (evaluation.podPolicies[direction][id]?.policies ?? []).flatMap(({ value: policy }) =>
    (policy[direction]?.rules ?? []).flatMap((allow) => (allow.action === 'Accept' ? [{ policy, allow }] : [])),
  );
  if (rules.some(({ allow }) => hasTraffic(trafficIn(allow), 'TCP', mesh.port))) return undefined;
  const found = rules.find(({ policy, allow }) =>
    isForMesh(evaluation, policy, allow, direction, (one) => meshOf(facts, one)?.port === mesh.port),
  );
  return found && { ...found, mesh, workload };
}

/** Does a rule allow connections with workloads of the mesh, on some ports only? */
function isForMesh(
  { space }: Evaluation,
  policy: Policy,
  allow: Rule,
  direction: Direction,
  isMeshed: (workload: Workload) => boolean,
): boolean {
  if (allow.ports === 'any' || allow.ports.length === 0) return false;
  // Egress to any destination is for the outside, more often than not.
  if (allow.peers === 'any') return direction === 'ingress';
  const on = peersBits(space, policy, allow.peers);
  return on !== 'all' && bitMembers(on).some((other) => space.classes[other]?.members.some(isMeshed) === true);
}

function adding({ at, text }: WorkspaceContext, { path }: Rule, { port }: Mesh): readonly Fix[] {
  const edit = itemBehind(text, at([...path, 'ports']), `port: ${port}\nprotocol: TCP`);
  return edit ? [{ title: `Allow TCP ${port}`, edits: [edit], safe: false }] : [];
}
