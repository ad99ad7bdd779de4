import type { Path } from '../syntax/path.ts';
import { hasHole, stringOf, type Node } from '../syntax/tree.ts';
import { PROTOCOLS, type Protocol } from '../base/ports.ts';
import { sortOf, TEMPLATE, type Reading } from './read.ts';

/** The protocol in a field, TCP where there is none; `undefined`, and noted, where it is something else. */
export function protocolIn(node: Node | undefined, path: Path, reading: Reading): Protocol | undefined {
  if (node === undefined) return 'TCP';
  const text = stringOf(node);
  const protocol = PROTOCOLS.find((one) => one === text);
  if (!protocol) reading.push({ path, why: hasHole(node) ? TEMPLATE : `should be TCP, UDP or SCTP, not ${sortOf(node)}` });
  return protocol;
}

/** An inclusive range of ports; `undefined` where an end is missing, out of 1 to 65535, or before the start. */
export function readBounds(from: number | undefined, to: number | undefined): { readonly from: number; readonly to: number } | undefined {
  if (from === undefined || to === undefined) return undefined;
  return from >= 1 && from <= to && to <= 65_535 ? { from, to } : undefined;
}
