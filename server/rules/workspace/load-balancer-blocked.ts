import type { Connection } from '../../eval/connection.ts';
import { endpointName, stepsIn } from '../../eval/explain.ts';
import { workloadName } from '../../eval/names.ts';
import { targetPort } from '../../model/target-port.ts';
import type { ServicePort, Workload } from '../../model/workload.ts';
import { onValue } from '../draft.ts';
import type { Related } from '../../analysis/related.ts';
import { EXAMPLE_ADDRESS } from '../../analysis/witness/pairs.ts';
import { denies } from '../../analysis/precedence/decisions.ts';
import { isFullyReadable, mayPass } from '../../analysis/required-connections/open-to.ts';
import { podsBehind } from '../../analysis/required-connections/targets.ts';
import type { WorkspaceRule } from '../rule.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';
import { factsIn } from '../../analysis/selection.ts';

const rule: WorkspaceRule = {
  name: 'load-balancer-blocked',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'medium',
  roles: ['service'],
  summary: 'A Service for clients outside the cluster whose pods no address outside can reach.',
  why: 'Connections through a load balancer or a node port arrive with the address of the client or of a node, not of a pod. Policies that allow only pods deny them.',
  *check(context) {
    const { resource } = context;
    if (resource?.role !== 'service' || !/^(?:LoadBalancer|NodePort)$/.test(resource.value.type)) return;
    const { ports, type, name } = resource.value;
    const pods = podsBehind(factsIn(context), resource.value).map(({ value }) => value);
    for (const port of ports) {
      const blocked = pods.flatMap((workload) => blockedAt(context, workload, port) ?? []);
      const [first] = blocked;
      if (!first || blocked.length < pods.length) continue;
      const message = `Service ${name} is of type ${type}, but no address outside the cluster can reach its pods, for example ${endpointName(EXAMPLE_ADDRESS)} -> ${workloadName(first.workload)} ${port.protocol} ${first.target}. Allow it from an ipBlock, unless only pods call it.`;
      // Many Services get a node port only because something else asks for one.
      const severity = type === 'LoadBalancer' ? 'warning' : 'information';
      yield onValue(context, port.path, message, { severity, related: first.related });
      return;
    }
  },
};

interface BlockedWorkload {
  readonly workload: Workload;
  readonly target: number;
  readonly related: readonly Related[];
}

function blockedAt(
  context: WorkspaceContext,
  workload: Workload,
  { targetPort: nameOrNumber, protocol }: ServicePort,
): BlockedWorkload | undefined {
  const evaluation = context.evaluation();
  const { space } = evaluation;
  const own = space.classOf.get(workload);
  const target = targetPort(workload, nameOrNumber, protocol);
  if (own === undefined || target === undefined || !isFullyReadable(evaluation, 'ingress', own)) return undefined;
  if (space.atoms.some((_, atom) => mayPass(evaluation, space.classes.length + atom, own, { protocol, port: target }))) return undefined;
  const connection: Connection = { from: EXAMPLE_ADDRESS, to: { kind: 'workload', workload }, protocol, port: target };
  const closing = stepsIn(evaluation, connection, 'ingress').filter(denies);
  const related = closing
    .slice(0, 3)
    .flatMap(({ at, policy = '' }): readonly Related[] =>
      at ? [{ key: at.key, path: at.path, message: `Policy ${policy} does not allow it.` }] : [],
    );
  return { workload, target, related };
}

export default rule;
