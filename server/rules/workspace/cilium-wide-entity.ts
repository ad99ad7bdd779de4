import { list } from '../../base/english.ts';
import { partsOf, entriesOf } from '../../analysis/cilium-parts.ts';
import { podsSelectedBy } from '../../analysis/cilium-overlap.ts';
import { podsBehind } from '../../analysis/required-connections/targets.ts';
import { factsIn, policyIn } from '../../analysis/selection.ts';
import { has } from '../../eval/bits.ts';
import { workloadName } from '../../eval/names.ts';
import { ENTITY_MEANINGS } from '../../model/cilium/entities.ts';
import type { Direction, Policy } from '../../model/policy.ts';
import type { Service, Workload } from '../../model/workload.ts';
import type { Path } from '../../syntax/path.ts';
import type { Located } from '../../workspace/cluster.ts';
import { ofApi } from '../about.ts';
import { onValue } from '../draft.ts';
import type { Draft, WorkspaceRule } from '../rule.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';

const rule: WorkspaceRule = {
  name: 'cilium-wide-entity',
  scope: 'workspace',
  severity: 'information',
  confidence: 'high',
  about: ofApi('cilium', 'policy'),
  summary: 'An allow entry for an entity that includes more than its name says.',
  why: 'Entities are wider than they seem: `cluster` is every pod of every namespace and all nodes, `all` is also what is outside the cluster, and `host` and `remote-node` include the pods that use the network of a node, as these have its address. A connection from outside that enters the cluster at a node may count as the node, too.',
  noFix: 'Only the author knows which peers are meant.',
  *check(context) {
    const policy = policyIn(context);
    if (!policy || policy.value.notInForce) return;
    for (const part of partsOf(policy.value)) {
      for (const { direction, rule: entry } of entriesOf(part)) {
        if (entry.action !== 'Accept' || entry.peers === 'any') continue;
        for (const peer of entry.peers) {
          const entity = peer.kind === 'set' ? WIDE.find((one) => ENTITY_MEANINGS.get(one)?.words === peer.words) : undefined;
          const found = entity === undefined ? undefined : INCLUDES[entity](context, part);
          if (entity === undefined) continue;
          if (!found) {
            const entered = direction === 'ingress' && WITH_NODES.has(entity) ? enteredAtNodes(context, part) : undefined;
            if (entered) yield throughNodes(context, peer.path, entity, entered);
            continue;
          }
          const message = `Entity ${entity} includes ${found.what}, so ${effect(direction, found.examples)}. ${found.way}`;
          // On certain ports, or for the node itself, the entity is mostly what is meant.
          const isOpen = entry.ports === 'any' && (entity === 'all' || entity === 'cluster');
          yield onValue(context, peer.path, message, {
            ...(isOpen ? {} : { profile: 'strict' as const }),
            related: found.examples.map(({ key, value }) => ({ key, path: value.labelsPath, message: 'Is included.' })),
          });
        }
      }
    }
  },
};

export default rule;

const WIDE = ['cluster', 'all', 'host', 'remote-node'] as const;

interface Included {
  readonly what: string;
  readonly examples: readonly Located<Workload>[];
  readonly way: string;
}

function effect(direction: Direction, examples: readonly Located<Workload>[]): string {
  const names = list(
    examples.map(({ value }) => workloadName(value)),
    'and',
    MAX_EXAMPLES,
  );
  return direction === 'ingress' ? `connections from ${names} are allowed` : `connections to ${names} are allowed`;
}

const MAX_EXAMPLES = 2;

const INCLUDES: Readonly<Record<(typeof WIDE)[number], (context: WorkspaceContext, part: Policy) => Included | undefined>> = {
  cluster: (context, part) =>
    otherNamespaces(
      context,
      part,
      'the pods of every namespace and all nodes',
      "Name the namespaces that are meant with 'k8s:io.kubernetes.pod.namespace'.",
    ),
  all: (context, part) =>
    otherNamespaces(
      context,
      part,
      'the pods of every namespace, all nodes and every address outside the cluster',
      'Name the entities or the namespaces that are meant.',
    ),
  host: (context) => onNodes(context),
  'remote-node': (context) => onNodes(context),
};

/** Of a policy for one namespace, pods of others: where the workspace has none, the entity includes nothing more. */
function otherNamespaces({ cluster }: WorkspaceContext, { namespace }: Policy, what: string, way: string): Included | undefined {
  if (namespace === undefined) return undefined;
  const examples = cluster.workloads.filter(({ value }) => value.namespace !== namespace && !value.hostNetwork).slice(0, MAX_EXAMPLES);
  return examples.length === 0 ? undefined : { what, examples, way };
}

/** Pods on the host network. DaemonSets and the like of the system belong to every cluster, so they are no surprise. */
function onNodes({ cluster }: WorkspaceContext): Included | undefined {
  const examples = cluster.workloads.filter(({ value }) => value.hostNetwork && value.namespace !== 'kube-system').slice(0, MAX_EXAMPLES);
  const way = 'Policies cannot tell these pods from the node; if they are not to connect, take them off the host network.';
  return examples.length === 0 ? undefined : { what: 'pods that use the network of a node', examples, way };
}

/** Entities that hold the other nodes. */
const WITH_NODES: ReadonlySet<string> = new Set(['cluster', 'remote-node']);

interface EnteredAtNodes {
  readonly service: Located<Service>;
  readonly pod: Located<Workload>;
}

/** A Service that brings connections from outside to pods of a part, from whichever node they enter at. */
function enteredAtNodes(context: WorkspaceContext, part: Policy): EnteredAtNodes | undefined {
  const { classOf } = context.evaluation().space;
  const selected = podsSelectedBy(context.evaluation(), part);
  for (const service of context.cluster.services) {
    const { type, externalTrafficPolicy = 'Cluster' } = service.value;
    if (!/^(?:LoadBalancer|NodePort)$/.test(type) || externalTrafficPolicy !== 'Cluster') continue;
    const pod = podsBehind(factsIn(context), service.value).find(({ value }) => has(selected, classOf.get(value) ?? -1));
    if (pod) return { service, pod };
  }
  return undefined;
}

function throughNodes(context: WorkspaceContext, path: Path, entity: string, { service, pod }: EnteredAtNodes): Draft {
  const { namespace, name, type } = service.value;
  const message = `Entity ${entity} includes the other nodes, and connections from outside may arrive at ${workloadName(pod.value)} with the address of the node at which they enter, since Service ${namespace}/${name} (${type}) has externalTrafficPolicy Cluster: any client of it may connect. Set externalTrafficPolicy to Local if not all of them are meant.`;
  return onValue(context, path, message, {
    profile: 'strict',
    related: [{ key: service.key, path: ['spec'], message: 'The Service.' }],
  });
}
