import { formatIp } from '../base/ip.ts';
import { firstPort, PROTOCOLS, type Protocol, type Traffic } from '../base/ports.ts';
import type { Evaluation } from '../eval/evaluate.ts';
import { workloadName } from '../eval/names.ts';
import type { Meeting } from './rule-use.ts';

/** The connection in words: `shop/web[Deployment] -> shop/api[Deployment] TCP 8080`. */
export function meetingWords({ space }: Evaluation, { direction, pod, other, traffic }: Meeting): string {
  const [own, peer] = [elementName(space, pod), elementName(space, other)];
  const [protocol, port] = exampleOf(traffic, space.classes[direction === 'ingress' ? pod : other]?.sample.ports ?? []);
  return `${direction === 'ingress' ? `${peer} -> ${own}` : `${own} -> ${peer}`} ${protocol} ${port}`;
}

/** The pod of a finding in words. */
export function meetingPod({ space }: Evaluation, { pod }: Pick<Meeting, 'pod'>): string {
  return elementName(space, pod);
}

function elementName({ classes, atoms }: Evaluation['space'], element: number): string {
  const sample = classes[element]?.sample;
  const atom = atoms[element - classes.length];
  if (sample) return workloadName(sample);
  return atom ? formatIp(atom.family, atom.from) : 'any address';
}

/** A port that the destination declares, where one is among them. */
function exampleOf(
  traffic: Traffic,
  declared: readonly { readonly protocol: Protocol; readonly port: number }[],
): readonly [Protocol, number] {
  const own = declared.find(({ protocol, port }) => traffic[protocol].some(({ from, to }) => from <= port && port <= to));
  if (own) return [own.protocol, own.port];
  const protocol = PROTOCOLS.find((one) => traffic[one].length > 0) ?? 'TCP';
  const first = firstPort(traffic[protocol]) ?? 80;
  return [protocol, first === 1 ? ((traffic[protocol][0]?.to ?? 1) >= 80 ? 80 : 1) : first];
}
