import {
  ALL_PORTS,
  ALL_TRAFFIC,
  firstPort,
  intersectPorts,
  NO_TRAFFIC,
  portsIn,
  PROTOCOLS,
  subtractPorts,
  trafficOf,
  uniteTraffic,
  type PortSet,
  type Traffic,
  type Protocol,
} from '../base/ports.ts';
import type { Rule } from '../model/policy.ts';

/** Ports as rules name them: by number, and by names that the pod at the destination declares for whatever number. */
export interface PortSpace {
  readonly numbers: Traffic;
  readonly names: readonly { readonly name: string; readonly protocol: Protocol }[];
  /** Something could not be read, and may be more. */
  readonly unsure: boolean;
}

/** A port, and the names that the pod at the destination gives it. */
export interface PortCase {
  readonly protocol: Protocol;
  readonly port: number;
  readonly names: readonly string[];
}

/** Ports of one protocol that go together; with a name, the destination declares each of them by it. */
export interface PortPart {
  readonly protocol: Protocol;
  readonly ports: PortSet;
  readonly name?: string;
}

/** The ports of a rule. */
export function portSpace(ports: Rule['ports']): PortSpace {
  if (ports === 'any') return { numbers: ALL_TRAFFIC, names: [], unsure: false };
  const numbers = ports.reduce(
    (sum, port) => (port.kind === 'range' ? uniteTraffic(sum, trafficOf(port.protocol, portsIn([port]))) : sum),
    NO_TRAFFIC,
  );
  const names = ports.flatMap((port) => {
    if (port.kind !== 'named') return [];
    const protocols = port.protocol === undefined ? PROTOCOLS : [port.protocol];
    return protocols.map((protocol) => ({ name: port.name, protocol }));
  });
  return { numbers, names, unsure: ports.some(({ kind }) => kind === 'unreadable' || kind === 'packets' || kind === 'service') };
}

/** The ports in parts: by number, by protocol, and each name apart, which may stand for any number. */
export function portPartsOf({ numbers, names }: PortSpace): PortPart[] {
  const plain = PROTOCOLS.map((protocol) => ({ protocol, ports: numbers[protocol] })).filter(({ ports }) => ports.length > 0);
  return [...plain, ...names.map(({ name, protocol }) => ({ protocol, ports: ALL_PORTS, name }))];
}

/** A part, split so that each space holds all of a piece or nothing of it; with each piece, the indexes of the spaces that hold it. */
export function piecesOf(part: PortPart, spaces: readonly PortSpace[]): { readonly piece: PortPart; readonly held: readonly number[] }[] {
  let pieces: { piece: PortPart; held: number[] }[] = [{ piece: part, held: [] }];
  spaces.forEach((space, at) => {
    if (holdsName(space, part)) {
      for (const { held } of pieces) held.push(at);
      return;
    }
    const numbers = space.numbers[part.protocol];
    pieces = pieces.flatMap(({ piece, held }) => {
      const inside = intersectPorts(piece.ports, numbers);
      if (inside.length === 0) return [{ piece, held }];
      const outside = subtractPorts(piece.ports, numbers);
      const within = { piece: { ...piece, ports: inside }, held: [...held, at] };
      return outside.length === 0 ? [within] : [within, { piece: { ...piece, ports: outside }, held }];
    });
  });
  return pieces;
}

/** A port of a part. */
export function portCase({ protocol, ports, name }: PortPart): PortCase {
  return { protocol, port: firstPort(ports) ?? 1, names: name === undefined ? [] : [name] };
}

/** A port that both parts hold; one port may have two names. `undefined` where there is none. */
export function commonPort(a: PortPart, b: PortPart): PortCase | undefined {
  const port = a.protocol === b.protocol ? firstPort(intersectPorts(a.ports, b.ports)) : undefined;
  if (port === undefined) return undefined;
  return { protocol: a.protocol, port, names: [...new Set([a.name, b.name].flatMap((name) => name ?? []))] };
}

function holdsName({ names }: PortSpace, { name, protocol }: PortPart): boolean {
  return name !== undefined && names.some((one) => one.name === name && one.protocol === protocol);
}
