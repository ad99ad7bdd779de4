import { memo } from '../../base/memo.ts';
import { list } from '../../base/english.ts';
import { hasTraffic } from '../../base/ports.ts';
import { bitMembers } from '../../eval/bits.ts';
import { isSameSinglePod } from '../../eval/effect.ts';
import type { Evaluation } from '../../eval/evaluate.ts';
import { policyName, workloadName } from '../../eval/names.ts';
import type { Rule } from '../../model/policy.ts';
import type { Service, ServicePort, Workload } from '../../model/workload.ts';
import type { Cluster, Located } from '../../workspace/cluster.ts';
import { onValue } from '../draft.ts';
import type { Related } from '../../analysis/related.ts';
import {
  denyingPolicies,
  isFullyReadable,
  isOpenToOutside,
  allowsUnknownPods,
  mayPass,
} from '../../analysis/required-connections/open-to.ts';
import type { Draft, WorkspaceRule } from '../rule.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';
import { requiredConnections } from '../../analysis/required-connections/required.ts';
import { podsBehind, targetsOf, type Target } from '../../analysis/required-connections/targets.ts';
import { factsIn } from '../../analysis/selection.ts';

const rule: WorkspaceRule = {
  name: 'service-without-client',
  scope: 'workspace',
  severity: 'information',
  confidence: 'medium',
  roles: ['service'],
  summary: 'A Service, or a port of it, whose pods no source can reach.',
  why: 'Policies deny connections to the pods behind the Service from every other workload of this workspace and from every address outside the cluster. A Service, and each of its ports, exists to be called, so a rule may be missing.',
  *check(context) {
    const { resource, cluster } = context;
    if (resource?.role !== 'service' || !isJudged(resource.value, cluster)) return;
    const facts = factsIn(context);
    const { value } = resource;
    const pods = podsBehind(facts, value);
    const client = otherThan(pods, facts.workloadsIn.get(value.namespace) ?? []) ?? otherThan(pods, cluster.workloads);
    if (!client) return;
    const evaluation = context.evaluation();
    const dead = value.ports.flatMap((port): readonly DeadPort[] => {
      const targets = targetsOf(facts, value, port);
      const [target] = targets;
      // A port that is not known at some pod may be open there.
      return target && targets.length === pods.length && targets.every((one) => hasNoClient(evaluation, one)) ? [{ port, target }] : [];
    });
    // Another finding reports a port that Prometheus cannot reach.
    const unscraped = dead.length === value.ports.length ? dead : dead.filter(({ target }) => !isScraped(cluster, target));
    // Where a policy names the port of the Service, that is the mistake, and reported there.
    const reported = unscraped.filter((one) => !namesServicePort(evaluation, one));
    // So it is where a workload names the Service.
    const [first] = reported.filter(({ target }) => !isNamed(cluster, target));
    if (first) yield finding(context, value, client, first, reported);
  },
};

/** A port of a Service that no source may connect to, and its target port. */
interface DeadPort {
  readonly port: ServicePort;
  readonly target: Target;
}

/** Does a rule for the pods name the port of the Service, where they listen on another one? `service-port-used` reports it. */
function namesServicePort(evaluation: Evaluation, { port, target }: DeadPort): boolean {
  if (port.port === target.port) return false;
  const id = evaluation.space.classOf.get(target.workload.value) ?? -1;
  const policies = evaluation.podPolicies.ingress[id]?.policies ?? [];
  const names = (rule: Rule): boolean =>
    rule.ports !== 'any' &&
    rule.ports.some((one) => one.kind === 'range' && one.protocol === port.protocol && one.from === port.port && one.to === port.port);
  return policies.some(({ value }) => value.ingress?.rules.some(names) === true);
}

function isScraped(cluster: Cluster, { workload, port }: Target): boolean {
  const scrapes = requiredConnections(cluster).scrape.to.get(workload.value) ?? [];
  return scrapes.some(({ targets }) => targets.some((target) => target.port === port));
}

function isNamed(cluster: Cluster, { workload, port }: Target): boolean {
  const { client, replica } = requiredConnections(cluster);
  const required = [client, replica].flatMap(({ to }) => to.get(workload.value) ?? []);
  return required.some(({ targets }) => targets.some((target) => target.port === port));
}

/** What an Ingress, a webhook or the world outside calls has rules of its own. */
function isJudged({ type, namespace, name }: Service, cluster: Cluster): boolean {
  return type === 'ClusterIP' && !calledServices(cluster.callers).has(`${namespace}/${name}`);
}

const calledServices = memo((callers: Cluster['callers']): ReadonlySet<string> => {
  const calls = callers.flatMap(({ value }) => value.calls);
  return new Set(calls.flatMap((call) => (call.kind === 'service' ? `${call.namespace}/${call.service}` : [])));
});

function otherThan(pods: readonly Located<Workload>[], workloads: readonly Located<Workload>[]): Workload | undefined {
  return workloads.find(({ value }) => !value.hostNetwork && !pods.some((one) => one.value === value))?.value;
}

/** Classes that are asked about, at most; with more the Service is not judged. */
const MAX_CLASSES = 500;

function hasNoClient(evaluation: Evaluation, target: Target): boolean {
  const { space } = evaluation;
  const id = space.classOf.get(target.workload.value) ?? -1;
  if (
    id === -1 ||
    !isFullyReadable(evaluation, 'ingress', id) ||
    isOpenToOutside(evaluation, 'ingress', id, target) ||
    allowsUnknownPods(evaluation, id, target)
  )
    return false;
  const { groups, rest } = evaluation.row('ingress', id);
  // The rest holds whoever no rule names.
  if (hasTraffic(rest.maybe, target.protocol, target.port)) return false;
  const open = groups.filter(({ outcome }) => hasTraffic(outcome.maybe, target.protocol, target.port));
  const sources = open.flatMap(({ members }) => bitMembers(members)).filter((source) => source < space.classes.length);
  return (
    sources.length <= MAX_CLASSES &&
    !sources.some((source) => !isSameSinglePod(evaluation, id, source) && mayPass(evaluation, source, id, target))
  );
}

/** At the Service as a whole, or at the first of some ports beside others. */
function finding(
  context: WorkspaceContext,
  { name, ports }: Service,
  client: Workload,
  { port, target }: DeadPort,
  dead: readonly DeadPort[],
): Draft {
  const evaluation = context.evaluation();
  const [from, to] = [evaluation.space.classOf.get(client) ?? -1, evaluation.space.classOf.get(target.workload.value) ?? -1];
  const closing = [
    ...denyingPolicies(evaluation, 'ingress', [to, from], target),
    ...denyingPolicies(evaluation, 'egress', [from, to], target),
  ];
  const related = closing.slice(0, 3).map(({ policy, path }): Related => ({
    key: policy.key,
    path,
    message: `NetworkPolicy ${policyName(policy.value)} does not allow it.`,
  }));
  const denied = `${workloadName(client)} -> ${workloadName(target.workload.value)} ${target.protocol} ${target.port} is denied, and so are all other workloads of this workspace and all addresses outside the cluster`;
  if (dead.length === ports.length)
    return onValue(
      context,
      ['metadata', 'name'],
      `No source can connect to Service ${name}: ${denied}. Allow its clients, if it has any.`,
      {
        related,
      },
    );
  const names = list(
    dead.map((one) => one.port.name ?? String(one.port.port)),
    'and',
    3,
  );
  const message = `No source can connect to ${dead.length === 1 ? 'port' : 'ports'} ${names} of Service ${name}: ${denied}. Allow the clients of ${dead.length === 1 ? 'it' : 'them'}, if there are any.`;
  return onValue(context, port.path, message, { related });
}

export default rule;
