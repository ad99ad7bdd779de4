import { memo, memoBy } from '../base/memo.ts';
import type { Direction, NamespaceScope, Policy, PortMatch, Rule } from '../model/policy.ts';
import type { Protocol } from '../base/ports.ts';
import { selects, type LabelSelector } from '../model/selector.ts';
import { targetPort } from '../model/target-port.ts';
import type { ContainerPort, Service, ServicePort, Workload } from '../model/workload.ts';
import type { Path } from '../syntax/path.ts';
import type { Node } from '../syntax/tree.ts';
import type { Located } from '../workspace/cluster.ts';
import { evidencePrint, unseenPods } from './evidence.ts';
import { groundOf } from './facts.ts';
import { rulesIn } from './policy-parts.ts';
import type { WorkspaceContext } from './context.ts';
import { factsIn, isAboutUnknown, namespacesIn, policyIn, workloadsPicked } from './selection.ts';

/** A port of a rule, and the known workloads at which connections of the rule arrive. */
export interface PortUse {
  readonly policy: Policy;
  readonly rule: Rule;
  readonly direction: Direction;
  readonly port: Exclude<PortMatch, { readonly kind: 'unreadable' }>;
  /** Never empty; all that the rule can lead to, as far as it is known. */
  readonly destinations: readonly Located<Workload>[];
}

/**
 * The ports that the rules of a policy name, for rules that lead to pods only: policies see the port of the pod. Rules that lead nowhere
 * known are left out.
 */
export function portUsesIn(context: WorkspaceContext): readonly PortUse[] {
  const policy = policyIn(context)?.value;
  if (!policy) return [];
  const ground = groundOf(context.cluster);
  return usesOn(ground, evidencePrint(context))(policy, context);
}

/** What pods declare depends on the pods and namespaces, and on what may exist besides. */
const usesOn = memoBy((_ground: object, _evidence: string) => memo(usesOf));

function usesOf(policy: Policy, context: WorkspaceContext): readonly PortUse[] {
  let subject: readonly Located<Workload>[] | undefined;
  return rulesIn(policy).flatMap(({ direction, rule }) => {
    if (rule.ports === 'any' || rule.ports.length === 0) return [];
    if (direction === 'ingress') subject ??= boundBy(policy, picked(context, policy, policy.subject.namespaces, policy.subject.pods));
    const destinations = direction === 'ingress' ? (subject ?? []) : boundBy(policy, destinationsOf(rule, policy, context));
    if (destinations.length === 0) return [];
    return rule.ports.flatMap((port): readonly PortUse[] =>
      port.kind === 'unreadable' ? [] : [{ policy, rule, direction, port, destinations }],
    );
  });
}

/** Only a NetworkPolicy can select pods on the host network, and the processes that listen there are unknown. */
function boundBy(policy: Policy, workloads: readonly Located<Workload>[]): readonly Located<Workload>[] {
  if (workloads.every(({ value }) => !value.hostNetwork)) return workloads;
  return policy.traits.hostNetwork ? [] : workloads.filter(({ value }) => !value.hostNetwork);
}

/** The pods that an egress rule leads to; none unless every peer picks pods that are known. */
function destinationsOf({ peers }: Rule, policy: Policy, context: WorkspaceContext): readonly Located<Workload>[] {
  if (peers === 'any') return [];
  const facts = factsIn(context);
  const lists = peers.map((peer) =>
    peer.kind === 'pods' && !isAboutUnknown(facts, peer.namespaces, peer.pods) ? picked(context, policy, peer.namespaces, peer.pods) : [],
  );
  return lists.some((list) => list.length === 0) ? [] : [...new Set(lists.flat())];
}

/** The workloads that selectors pick; none where they may pick pods besides that no manifest shows. */
function picked(context: WorkspaceContext, policy: Policy, scope: NamespaceScope, pods: LabelSelector): readonly Located<Workload>[] {
  const facts = factsIn(context);
  const unseen = unseenPods(context, { namespaces: namespacesIn(facts, scope), home: policy.namespace }, pods);
  // A label that known pods have by name is hardly that of others.
  const isNarrow = pods.requirements.some(({ operator }) => operator === 'In');
  return unseen && (unseen.kind === 'system' || !isNarrow) ? [] : workloadsPicked(facts, scope, pods);
}

/** The number of a port that stands alone, not in a range. */
export function numberOf(port: PortUse['port']): number | undefined {
  return port.kind === 'range' && port.from === port.to ? port.from : undefined;
}

/** The ports that the destinations declare. */
export function declaredAt({ destinations }: PortUse): readonly { readonly workload: Located<Workload>; readonly port: ContainerPort }[] {
  return destinations.flatMap((workload) => workload.value.ports.map((port) => ({ workload, port })));
}

/** Does some destination declare this number for this protocol? */
export function isDeclared(use: PortUse, number: number, protocol: Protocol): boolean {
  return use.destinations.some(({ value }) => value.ports.some((port) => port.port === number && port.protocol === protocol));
}

/** A Service in front of a destination. */
export interface Front {
  readonly service: Located<Service>;
  readonly port: ServicePort;
  readonly workload: Located<Workload>;
  /** The port of the pod that it leads to. */
  readonly target: number;
}

/** The Service ports of a number that lead to another port of some destination. */
export function frontsOf(use: PortUse, number: number, protocol: Protocol, context: WorkspaceContext): readonly Front[] {
  const { servicesIn } = factsIn(context);
  return use.destinations.flatMap((workload) =>
    (servicesIn.get(workload.value.namespace) ?? []).flatMap((service) => {
      const { selector, ports } = service.value;
      // A selector without readable requirements, or that is not read in full, selects no pod for sure.
      if (!selector || selector.unreadable !== undefined || !selects(selector, workload.value.labels)) return [];
      return ports.flatMap((port): readonly Front[] => {
        if (port.port !== number || port.protocol !== protocol) return [];
        const target = targetPort(workload.value, port.targetPort, port.protocol);
        return target === undefined || target === number ? [] : [{ service, port, workload, target }];
      });
    }),
  );
}

/** Does the rule name this number for this protocol at all? */
export function namesPort({ ports }: Rule, number: number, protocol: Protocol): boolean {
  if (ports === 'any') return true;
  return ports.some((port) => port.kind === 'range' && port.protocol === protocol && port.from <= number && number <= port.to);
}

/** Where the number or the name of a port stands: the APIs have different fields for it. */
export function portPath({ port }: PortUse, { at }: WorkspaceContext): Path {
  const { path } = port;
  const protocol = port.kind === 'range' ? port.protocol.toLowerCase() : '';
  const fields: readonly Path[] = [
    ['port'],
    [protocol, 'destinationPort', 'number'],
    ['portNumber', 'port'],
    ['destinationNamedPort'],
    ['namedPort'],
  ];
  const field = fields.find((one) => isScalar(at([...path, ...one])));
  return field ? [...path, ...field] : path;
}

/** The scalar of a port, to be replaced. */
export function portNode(use: PortUse, context: WorkspaceContext): Node | undefined {
  const node = context.at(portPath(use, context));
  return isScalar(node) ? node : undefined;
}

function isScalar(node: Node | undefined): boolean {
  return node?.kind === 'scalar' && node.span.end > node.span.start;
}
