import { allowsOn, namesEntity } from '../../analysis/cilium-access.ts';
import { entriesOf, partsOf } from '../../analysis/cilium-parts.ts';
import { targetsOf } from '../../analysis/required-connections/targets.ts';
import { factsIn, policyIn } from '../../analysis/selection.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';
import { has } from '../../eval/bits.ts';
import { subjectBits } from '../../eval/endpoint-bits.ts';
import { workloadName } from '../../eval/names.ts';
import type { Caller, ServiceCall } from '../../model/caller.ts';
import type { Policy } from '../../model/policy.ts';
import { blockText } from '../../syntax/print.ts';
import type { Located } from '../../workspace/cluster.ts';
import { ofApi } from '../about.ts';
import { onKey } from '../draft.ts';
import type { Fix } from '../finding.ts';
import { itemBehind } from '../repair/insert-item.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'cilium-gateway-blocked',
  scope: 'workspace',
  severity: 'warning',
  about: ofApi('cilium', 'policy'),
  confidence: 'high',
  summary: 'A Gateway or Ingress served by Cilium routes to pods that do not allow the entity `ingress`.',
  why: 'Cilium serves Gateways and Ingresses with a proxy on the nodes, not with pods. Requests that it forwards have the identity `ingress`, whatever their client and the namespace of the Gateway. Only an entry with the entity `ingress` (or `cluster`, `all`) allows them.',
  *check(context) {
    const policy = policyIn(context);
    if (!policy || policy.value.notInForce) return;
    for (const part of partsOf(policy.value)) {
      if (!part.ingress?.isolates) continue;
      const blocked = blockedRoute(context, part);
      if (!blocked) continue;
      const { caller, name, port } = blocked;
      const message = `${caller.value.kind} ${caller.value.namespace}/${caller.value.name} is served by Cilium's proxy, whose requests reach ${name} TCP ${port} as entity 'ingress', and no entry allows it. Add an entry 'fromEntities: [ingress]'.`;
      yield onKey(context, part.ingress.path, message, {
        related: [{ key: caller.key, path: blocked.call.path, message: 'Routes to these pods.' }],
        fixes: fixes(context, part),
      });
    }
  },
};

export default rule;

interface BlockedRoute {
  readonly caller: Located<Caller>;
  readonly call: ServiceCall;
  readonly name: string;
  readonly port: number;
}

function blockedRoute(context: WorkspaceContext, part: Policy): BlockedRoute | undefined {
  const { cluster } = context;
  const facts = factsIn(context);
  const evaluation = context.evaluation();
  for (const caller of cluster.callers) {
    for (const call of caller.value.calls) {
      if (call.kind !== 'service' || !isServedByCilium(cluster.callers, call)) continue;
      const service = (facts.servicesIn.get(call.namespace) ?? []).find(({ value }) => value.name === call.service);
      const port = service?.value.ports.find((one) => call.port === undefined || one.port === call.port || one.name === call.port);
      for (const target of service && port ? targetsOf(facts, service.value, port) : []) {
        const id = evaluation.space.classOf.get(target.workload.value) ?? -1;
        if (id === -1 || !has(subjectBits(evaluation.space, part), id)) continue;
        const isAllowed = allowsOn(evaluation, cluster, 'ingress', id).some((entry) => namesEntity(entry.rule, 'ingress'));
        if (!isAllowed) return { caller, call, name: workloadName(target.workload.value), port: target.port };
      }
    }
  }
  return undefined;
}

/** Cilium serves the classes of this name (docs.cilium.io, "Gateway API Support", "Kubernetes Ingress Support"). */
const CLASS = 'cilium';

function isServedByCilium(callers: readonly Located<Caller>[], { by, className, gateways = [] }: ServiceCall): boolean {
  if (by === 'ingress') return className === CLASS;
  return (
    by === 'gateway' &&
    gateways.some((gateway) =>
      callers.some(
        ({ value }) =>
          value.kind === 'Gateway' && value.className === CLASS && value.name === gateway.name && value.namespace === gateway.namespace,
      ),
    )
  );
}

function fixes({ at, text }: WorkspaceContext, part: Policy): readonly Fix[] {
  const list = at(part.at.ingress);
  if (!entriesOf(part).some(({ direction, rule: entry }) => direction === 'ingress' && entry.action === 'Accept')) return [];
  const edit = itemBehind(text, list, blockText({ fromEntities: ['ingress'] }, 0, { listIndent: 0, eol: '\n' }));
  return edit ? [{ title: "Add an entry 'fromEntities: [ingress]'", edits: [edit], safe: false }] : [];
}
