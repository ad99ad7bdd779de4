import { asScalar, type Node } from '../../syntax/tree.ts';
import { fits } from '../schema/formats.ts';

/** What is written in a list of ports of a Calico rule (api `pkg/lib/numorstring/port.go`, validator `validatePort`). */
export type WrittenPort =
  | { readonly kind: 'range'; readonly from: number; readonly to: number }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'invalid'; readonly text: string; readonly why: string; readonly meant?: string };

const MAX_PORT = 65535;

/** Reads a port; `undefined` for what is neither a string nor an integer. */
export function portIn(node: Node | undefined): WrittenPort | undefined {
  const at = asScalar(node);
  if (!at || at.hole) return undefined;
  if (at.value.type === 'int') return numberPort(at.value.value, at.text);
  return at.value.type === 'string' ? textPort(at.value.value) : undefined;
}

function numberPort(number: number, text: string): WrittenPort {
  if (number >= 1 && number <= MAX_PORT) return { kind: 'range', from: number, to: number };
  return { kind: 'invalid', text, why: 'A port is a number from 1 to 65535.' };
}

function textPort(text: string): WrittenPort {
  if (/^\d+$/.test(text)) return numberPort(Number(text), text);
  const [, low, high] = /^(\d+):(\d+)$/.exec(text) ?? [];
  if (low !== undefined && high !== undefined) return rangePort(Number(low), Number(high), text);
  if (fits('port-name', text)) return { kind: 'name', name: text };
  return { kind: 'invalid', text, ...whyNot(text) };
}

function rangePort(from: number, to: number, text: string): WrittenPort {
  if (from > to)
    return {
      kind: 'invalid',
      text,
      why: 'The range ends before it starts.',
      ...(isPort(to) && isPort(from) ? { meant: `${to}:${from}` } : {}),
    };
  if (!isPort(from) || !isPort(to)) return { kind: 'invalid', text, why: 'A range has two numbers from 1 to 65535.' };
  return { kind: 'range', from, to };
}

function isPort(number: number): boolean {
  return number >= 1 && number <= MAX_PORT;
}

function whyNot(text: string): { readonly why: string; readonly meant?: string } {
  const [, low = '', high = ''] = /^\s*(\d+)\s*(?:-|\.\.|–|:)\s*(\d+)\s*$/.exec(text) ?? [];
  if (low !== '') return { why: `Write a range with a colon: "${low}:${high}".`, meant: `${low}:${high}` };
  const [, of] = /^(\d+)[/:](?:tcp|udp|sctp)$/i.exec(text) ?? [];
  if (of !== undefined) return { why: 'The protocol belongs in the protocol field of the rule.', meant: of };
  if (/^\d+(?:\s*[,;]\s*\d+)+$/.test(text)) return { why: 'Write an item for each port.' };
  if (/^(?:\*|any|all|)$/i.test(text)) return { why: 'Omit the list to match every port.' };
  if (/^(?:\d+:|:\d+)$/.test(text)) return { why: 'A range needs two numbers, such as "80:90".' };
  return { why: 'A port name has at most 15 lowercase letters, digits and dashes, and at least one letter.' };
}
