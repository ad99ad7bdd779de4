import { asScalar, type Node } from '../../syntax/tree.ts';

/** A protocol of a Calico rule (api `pkg/lib/numorstring/protocol.go`, validator `validateProtocol`). */
export interface WrittenProtocol {
  /** As written. */
  readonly text: string;
  /** Its number, where it is written as one; numbers in quotes are numbers, too. */
  readonly number?: number;
  /** Does the validator know it? */
  readonly isKnown: boolean;
  /** May rules with it name ports? */
  readonly hasPorts: boolean;
}

export const PROTOCOL_NAMES: readonly string[] = ['TCP', 'UDP', 'ICMP', 'ICMPv6', 'SCTP', 'UDPLite'];
const WITH_PORTS = { names: ['TCP', 'UDP', 'SCTP'], numbers: [6, 17, 132] };

/** The protocol of a scalar; `undefined` for what is neither a name nor an integer. */
export function writtenProtocol(node: Node | undefined): WrittenProtocol | undefined {
  const at = asScalar(node);
  if (!at || at.hole || (at.value.type !== 'string' && at.value.type !== 'int')) return undefined;
  const text = at.value.type === 'string' ? at.value.value : String(at.value.value);
  const number = /^\d+$/.test(text) ? Number(text) : at.value.type === 'int' ? at.value.value : undefined;
  if (number !== undefined) {
    return { text, number, isKnown: number >= 1 && number <= 255, hasPorts: WITH_PORTS.numbers.includes(number) };
  }
  return { text, isKnown: PROTOCOL_NAMES.includes(text), hasPorts: WITH_PORTS.names.includes(text) };
}
