import { integerIn } from '../../model/read.ts';
import type { Policy } from '../../model/policy.ts';
import { isAfterIsolation } from '../../eval/stages.ts';
import { copied, field, map, type Marked, type MarkedField } from '../../syntax/marked.ts';
import type { Path } from '../../syntax/path.ts';
import { asMap, get, isNull, itemsOf, pairsOf, stringOf, type Node } from '../../syntax/tree.ts';
import { metadataFrom } from './metadata.ts';
import type { ConversionOptions, ConversionResult, ConversionSource } from './result.ts';

/** Most entries of a list of a ClusterNetworkPolicy; an AdminNetworkPolicy may have 100 (network-policy-api, CRDs of v1alpha1 and v1alpha2). */
const MAX_ITEMS = 25;
const MAX_PRIORITY = 1000;
const MAX_NAME_CHARACTERS = 100;

/**
 * An AdminNetworkPolicy or BaselineAdminNetworkPolicy as a ClusterNetworkPolicy: the same rules in the same order. What is too long for one
 * list is divided: peers and ports into rules that follow each other, rules into policies of the priorities that follow.
 */
export function adminToCluster({ root, policy }: ConversionSource, options: ConversionOptions): ConversionResult {
  const first = policy.priority ?? options.priority;
  if (first === undefined)
    return {
      refused:
        'A BaselineAdminNetworkPolicy has no priority, and a ClusterNetworkPolicy needs one. Name it with --priority; a higher number than that of every other ClusterNetworkPolicy of the Baseline tier keeps the order.',
    };
  const spec = get(root, 'spec');
  const rules = { ingress: rulesOf(spec, 'ingress'), egress: rulesOf(spec, 'egress') };
  const count = Math.max(1, ...[rules.ingress, rules.egress].map((list) => Math.ceil(list.length / MAX_ITEMS)));
  const obstacle = priorityObstacle(policy, first, count, options.others);
  if (obstacle !== undefined) return { refused: obstacle };
  const documents = Array.from({ length: count }, (_, part) => {
    const priority = first + part;
    const section = (direction: 'ingress' | 'egress'): readonly MarkedField[] => {
      const items = rules[direction].slice(part * MAX_ITEMS, (part + 1) * MAX_ITEMS);
      return items.length === 0 ? [] : field(direction, { kind: 'list', items }, part === 0 ? ['spec', direction] : undefined);
    };
    return map(
      field('apiVersion', text('policy.networking.k8s.io/v1alpha2'), part === 0 ? ['apiVersion'] : undefined),
      field('kind', text('ClusterNetworkPolicy'), part === 0 ? ['kind'] : undefined),
      field(
        'metadata',
        metadataFrom(root, part === 0 ? {} : { name: `${policy.name}-${part + 1}` }),
        part === 0 ? ['metadata'] : undefined,
      ),
      field(
        'spec',
        map(
          field('tier', text(isAfterIsolation(policy) ? 'Baseline' : 'Admin')),
          field('priority', { kind: 'scalar', value: priority }, part === 0 ? ['spec', 'priority'] : undefined),
          field('subject', copied(get(spec, 'subject'), ['spec', 'subject']), part === 0 ? ['spec', 'subject'] : undefined),
          section('ingress'),
          section('egress'),
        ),
        part === 0 ? ['spec'] : undefined,
      ),
    );
  });
  return { documents, lost: [] };
}

/** Why a policy cannot be divided: what comes between its parts, or no priorities left. */
function priorityObstacle(policy: Policy, first: number, count: number, others: readonly Policy[]): string | undefined {
  if (count === 1) return undefined;
  const last = first + count - 1;
  const need = `The policy has more than ${MAX_ITEMS} rules in a direction, so it becomes ${count} ClusterNetworkPolicies with the priorities ${first} to ${last}.`;
  if (last > MAX_PRIORITY) return `${need} ${MAX_PRIORITY} is the highest priority. Give it a lower one first.`;
  const taken = others.find(
    (other) => other.stage === policy.stage && other.priority !== undefined && other.priority > first && other.priority <= last,
  );
  return taken && `${need} ${taken.kind} '${taken.name}' has priority ${taken.priority ?? ''}. Give it a higher one first.`;
}

interface MarkedRule {
  readonly value: Marked;
  readonly from?: Path;
}

function rulesOf(spec: Node | undefined, direction: 'ingress' | 'egress'): readonly MarkedRule[] {
  return itemsOf(get(spec, direction)).flatMap((rule, i) =>
    ruleParts(rule, ['spec', direction, i], direction === 'ingress' ? 'from' : 'to'),
  );
}

/** A rule; several in a row where its peers or ports are too many for one. */
function ruleParts(rule: Node, path: Path, peerField: 'from' | 'to'): readonly MarkedRule[] {
  const peers = itemsOf(get(rule, peerField)).flatMap((peer, i) => peerParts(peer, [...path, peerField, i]));
  const ports = itemsOf(get(rule, 'ports')).map((port, i) => ({
    value: portValue(port, [...path, 'ports', i]),
    from: [...path, 'ports', i],
  }));
  const parts = chunks(peers).flatMap((somePeers) => chunks(ports).map((somePorts) => [somePeers, somePorts] as const));
  const name = stringOf(get(rule, 'name'));
  return parts.map(([somePeers, somePorts], part) => {
    const own = (step: string): Path | undefined => (part === 0 ? [...path, step] : undefined);
    return {
      ...(part === 0 ? { from: path } : {}),
      value: map(
        field('name', name === undefined || name === '' ? undefined : text(partName(name, part)), own('name')),
        field('action', text(actionOf(stringOf(get(rule, 'action')))), own('action')),
        field(peerField, { kind: 'list', items: somePeers }, own(peerField)),
        somePorts.length === 0 ? [] : field('protocols', { kind: 'list', items: somePorts }, own('ports')),
      ),
    };
  });
}

function partName(name: string, part: number): string {
  if (part === 0) return name;
  const end = `-${part + 1}`;
  return `${name.slice(0, MAX_NAME_CHARACTERS - end.length)}${end}`;
}

function actionOf(action: string | undefined): string {
  return action === 'Allow' ? 'Accept' : (action ?? '');
}

/** A peer; several where its networks or names are too many for one. */
function peerParts(peer: Node, path: Path): readonly MarkedRule[] {
  const entries = asMap(peer);
  const [choice] = (entries ? pairsOf(entries) : []).filter(({ value }) => !isNull(value));
  const whole = copied(peer, path);
  if (!whole) return [];
  const items = itemsOf(choice?.value);
  if (choice?.name === undefined || items.length <= MAX_ITEMS) return [{ value: whole, from: path }];
  const { name, value } = choice;
  const all = copied(value, [...path, name]);
  return chunks(all?.kind === 'list' ? all.items : []).map((some, part) => ({
    value: map(field(name, { kind: 'list', items: some }, part === 0 ? [...path, name] : undefined)),
    ...(part === 0 ? { from: path } : {}),
  }));
}

/** The v1alpha1 CRD defaults the protocol to TCP; v1alpha2 has no default. */
function portValue(port: Node, path: Path): Marked {
  const named = get(port, 'namedPort');
  if (named && !isNull(named)) return map(field('destinationNamedPort', copied(named, [...path, 'namedPort']), [...path, 'namedPort']));
  const number = get(port, 'portNumber');
  const [entry, at] = number && !isNull(number) ? [number, [...path, 'portNumber']] : [get(port, 'portRange'), [...path, 'portRange']];
  const protocol = (stringOf(get(entry, 'protocol')) || 'TCP').toLowerCase();
  return map(field(protocol, map(field('destinationPort', destination(entry, at))), at));
}

/** v1alpha2 rejects a range of one port, which v1alpha1 accepts. */
function destination(entry: Node | undefined, at: Path): Marked {
  const [start, end] = [integerIn(get(entry, 'start')), integerIn(get(entry, 'end'))];
  const single = integerIn(get(entry, 'port')) ?? (start === end ? start : undefined);
  if (single !== undefined) return map(field('number', { kind: 'scalar', value: single }, [...at, get(entry, 'port') ? 'port' : 'start']));
  return map(
    field(
      'range',
      map(
        field('start', { kind: 'scalar', value: start ?? 0 }, [...at, 'start']),
        field('end', { kind: 'scalar', value: end ?? 0 }, [...at, 'end']),
      ),
    ),
  );
}

function text(value: string): Marked {
  return { kind: 'scalar', value };
}

/** A list in parts of the greatest length; one empty part for an empty list. */
function chunks<T>(list: readonly T[]): readonly (readonly T[])[] {
  const count = Math.max(1, Math.ceil(list.length / MAX_ITEMS));
  return Array.from({ length: count }, (_, i) => list.slice(i * MAX_ITEMS, (i + 1) * MAX_ITEMS));
}
