import { count, list, plain, thousands } from '../../base/english.ts';
import type { PortMatch } from '../../model/policy.ts';
import { type Protocol, PROTOCOLS } from '../../base/ports.ts';
import { selects } from '../../model/selector.ts';
import type { Service, Workload } from '../../model/workload.ts';
import { nodeAt } from '../../syntax/locate-path.ts';
import { isBelow, type Path } from '../../syntax/path.ts';
import type { Slot } from '../../syntax/slot.ts';
import { stringOf, type Node } from '../../syntax/tree.ts';
import type { FeatureContext } from '../context.ts';
import { directionOf, ruleAt } from '../text/policies.ts';
import { surroundings, workloadsIn, type Surroundings } from './surroundings.ts';

/** A port that could be chosen. */
export interface PortWord {
  readonly word: string | number;
  /** What is shown, where it is not the word itself. */
  readonly label: string;
  /** What typing is compared with. */
  readonly filter: string;
  readonly detail: string;
  readonly documentation: string;
}

/**
 * The container ports of the pods where the connections of a rule end (the subject for ingress, the peers for egress), those that most of
 * them have first, with the Service in front. Typing the port of a Service suggests its target port.
 */
export function portWords(slot: Slot, context: FeatureContext): readonly PortWord[] {
  const field = portFieldAt(slot);
  const around = field && surroundings(slot, context);
  if (!field || !around) return [];
  const destinations = destinationsOf(slot, around);
  const services = servicesOf(around, destinations);
  const taken = takenIn(slot, around);
  const offers = offersOf(destinations, services).filter((offer) => !isTaken(offer, taken, field));
  const isRight = ({ protocol }: Offer): boolean => field.protocol === undefined || protocol === field.protocol;
  const ranked = [...offers.filter(isRight), ...(field.isGiven ? [] : offers.filter((offer) => !isRight(offer)))];
  const own = ranked.flatMap((offer) => wordsOf(offer, field, destinations.length));
  return unique([...own, ...(field.wants === 'name' ? [] : ranked.filter(isRight).flatMap(translated))]);
}

/** What is wanted at a slot: a number, a name, or either. */
interface PortField {
  readonly wants: 'number' | 'name' | 'either';
  /** `undefined`: any. */
  readonly protocol: Protocol | undefined;
  /** Does the text say the protocol, rather than leave it to the default? */
  readonly isGiven: boolean;
}

function portFieldAt({ path, role, manifest }: Slot): PortField | undefined {
  const field = path.at(-1);
  const list = path[3];
  if (role === 'value' && path.at(-5) === 'toPorts' && path.at(-3) === 'ports' && field === 'port') return ciliumField(path, manifest.root);
  if (role !== 'value' || path[0] !== 'spec' || (list !== 'ports' && list !== 'protocols')) return undefined;
  if (field === 'destinationNamedPort' || field === 'namedPort') return { wants: 'name', protocol: undefined, isGiven: true };
  if (list === 'protocols')
    return field === 'number'
      ? { wants: 'number', protocol: PROTOCOLS.find((one) => one.toLowerCase() === path[5]), isGiven: true }
      : undefined;
  if (field !== 'port') return undefined;
  const written = stringOf(nodeAt(manifest.root, [...path.slice(0, -1), 'protocol']));
  // core/v1: a port without a protocol is TCP.
  const protocol = PROTOCOLS.find((one) => one === written) ?? 'TCP';
  return { wants: path.length === 6 ? 'either' : 'number', protocol, isGiven: written !== undefined };
}

/** A port of Cilium: a string, of every protocol where it names none. */
function ciliumField(path: Path, root: Node | undefined): PortField {
  const written = stringOf(nodeAt(root, [...path.slice(0, -1), 'protocol']));
  const protocol = PROTOCOLS.find((one) => one === written);
  return { wants: 'either', protocol, isGiven: protocol !== undefined };
}

/** The pods where connections of the rule end. A rule that cannot be read yet may lead anywhere. */
function destinationsOf({ path }: Slot, around: Surroundings): readonly Workload[] {
  const { policy } = around;
  if (directionOf(policy, path) === 'ingress') return workloadsIn(around, policy.subject);
  const rule = ruleAt(policy, path);
  if (!rule || rule.peers === 'any') return workloadsIn(around, {});
  return [...new Set(rule.peers.flatMap((peer) => (peer.kind === 'pods' ? workloadsIn(around, peer) : [])))];
}

/** The ports that the rule names already. */
function takenIn({ path }: Slot, { policy }: Surroundings): readonly PortMatch[] {
  const ports = ruleAt(policy, path)?.ports;
  return ports === undefined || ports === 'any' ? [] : ports.filter((match) => !isBelow(path, match.path));
}

function isTaken({ port, name, protocol }: Offer, taken: readonly PortMatch[], { wants }: PortField): boolean {
  return taken.some((match) => {
    if (match.kind === 'named') return wants !== 'number' && match.name === name && (match.protocol ?? protocol) === protocol;
    return match.kind === 'range' && wants !== 'name' && match.protocol === protocol && match.from === port && match.to === port;
  });
}

/** A port that some of the destinations listen on. */
interface Offer {
  readonly protocol: Protocol;
  readonly port: number;
  readonly name: string | undefined;
  readonly on: readonly Workload[];
  readonly fronts: readonly Front[];
}

/** A port of a Service that leads there. */
interface Front {
  readonly service: Service;
  readonly port: number;
}

interface Behind {
  readonly service: Service;
  readonly pods: readonly Workload[];
}

function servicesOf({ cluster }: Surroundings, destinations: readonly Workload[]): readonly Behind[] {
  return cluster.services.flatMap(({ value }) => {
    const { selector } = value;
    const pods = selector ? destinations.filter(({ namespace, labels }) => namespace === value.namespace && selects(selector, labels)) : [];
    return pods.length === 0 ? [] : [{ service: value, pods }];
  });
}

/** Ports that containers declare, and those that Services lead to without a declaration; on most pods first. */
function offersOf(destinations: readonly Workload[], services: readonly Behind[]): readonly Offer[] {
  const found = new Map<string, { protocol: Protocol; port: number; name: string | undefined; on: Set<Workload>; fronts: Front[] }>();
  const at = (protocol: Protocol, port: number, name: string | undefined): { on: Set<Workload>; fronts: Front[] } => {
    const id = `${protocol} ${port} ${name ?? ''}`;
    const offer = found.get(id) ?? { protocol, port, name, on: new Set<Workload>(), fronts: [] };
    found.set(id, offer);
    return offer;
  };
  for (const workload of destinations) for (const { protocol, port, name } of workload.ports) at(protocol, port, name).on.add(workload);
  for (const { service, pods } of services) {
    for (const { protocol, port, targetPort } of service.ports) {
      const leadsTo = (one: Workload['ports'][number]): boolean =>
        one.protocol === protocol && (one.name === targetPort || one.port === targetPort);
      const declared = pods.flatMap((pod) => pod.ports.filter(leadsTo));
      const targets = declared.length > 0 || typeof targetPort === 'string' ? declared : [{ protocol, port: targetPort, name: undefined }];
      for (const target of targets) {
        const offer = at(protocol, target.port, target.name);
        if (!offer.fronts.some((front) => front.service === service && front.port === port)) offer.fronts.push({ service, port });
      }
    }
  }
  return [...found.values()]
    .map(({ on, ...rest }) => ({ ...rest, on: [...on] }))
    .toSorted((a, b) => b.on.length - a.on.length || b.fronts.length - a.fronts.length || a.port - b.port);
}

function wordsOf(offer: Offer, { wants, protocol }: PortField, total: number): readonly PortWord[] {
  const { port, name, fronts } = offer;
  const foreign =
    protocol !== undefined && offer.protocol !== protocol ? [`${offer.protocol} only, so write protocol: ${offer.protocol} as well`] : [];
  const behind = fronts.length === 0 ? [] : [`behind ${list(fronts.map(frontText), 'and', 2)}`];
  const word = (value: string | number, other: string | number | undefined): PortWord => ({
    word: value,
    label: String(value),
    filter: String(value),
    detail: [...(other === undefined ? [] : [String(other)]), ...foreign, onText(offer, total), ...behind].join(', '),
    documentation: '',
  });
  const number = wants === 'name' ? [] : [word(port, name)];
  return name === undefined || wants === 'number' ? number : [...number, word(name, port)];
}

function onText({ on }: Offer, total: number): string {
  return on.length === 0 ? 'not declared by a container' : `on ${thousands(on.length)} of ${count(total, 'workload')}`;
}

function frontText({ service, port }: Front): string {
  return `Service ${plain(service.name)} port ${port}`;
}

/** The port of a Service, for who has that one in mind. */
function translated({ port, fronts }: Offer): readonly PortWord[] {
  return fronts
    .filter((front) => front.port !== port)
    .map((front) => ({
      word: port,
      label: `${front.port} → ${port}`,
      filter: String(front.port),
      detail: `Service ${plain(front.service.name)} sends port ${front.port} to ${port}`,
      documentation: `Policies match the port of the pods, ${port}, not ${front.port}.`,
    }));
}

/** Of several words with one label the first: the protocol that is asked for comes before others. */
function unique(words: readonly PortWord[]): readonly PortWord[] {
  const seen = new Set<string>();
  return words.filter(({ label }) => !seen.has(label) && seen.add(label));
}
