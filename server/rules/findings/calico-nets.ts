import { type Cidr, parseCidr, singleOf } from '../../base/cidr.ts';
import { formatIp, parseIp } from '../../base/ip.ts';
import { asScalar, type Node } from '../../syntax/tree.ts';

/** An address block in a list of Calico: the block, or what is wrong with it and what may have been meant. */
export type WrittenNet =
  | { readonly kind: 'block'; readonly cidr: Cidr }
  | { readonly kind: 'invalid'; readonly text: string; readonly why: string; readonly meant: readonly string[]; readonly family?: 4 | 6 };

/**
 * Reads a block of `nets` or `notNets` in a rule: a CIDR with a prefix length and no host bits (validator `validateIPNetwork` and
 * `validateRule`). `undefined` for what is no string.
 */
export function ruleNet(node: Node | undefined): WrittenNet | undefined {
  const read = netOf(node);
  if (read?.kind === 'invalid' || !read) return read;
  const { cidr } = read;
  if (!cidr.hostBits) return read;
  const why = `'${cidr.text}' has bits set after its prefix.`;
  return { kind: 'invalid', text: cidr.text, why, meant: [cidr.canonical, singleOf(cidr)], family: cidr.family };
}

/** Reads a member of a network set, which may be a plain address and may have host bits (validator tag `cidr`). */
export function setNet(node: Node | undefined): WrittenNet | undefined {
  const text = textOf(node);
  if (text === undefined) return undefined;
  const ip = parseIp(text);
  return ip.ok && !ip.leadingZeros ? netOf(node, `${text}/${ip.family === 4 ? 32 : 128}`) : netOf(node);
}

function netOf(node: Node | undefined, as: string | undefined = textOf(node)): WrittenNet | undefined {
  const text = textOf(node);
  if (text === undefined || as === undefined) return undefined;
  const cidr = parseCidr(as);
  if (!cidr.ok) return { kind: 'invalid', text, why: cidr.reason, meant: meantBy(text, cidr.suggestion) };
  // Go refuses leading zeros in addresses, not in prefix lengths.
  if (/(?:^|\.)0\d/.test(as.split('/')[0] ?? '')) {
    return { kind: 'invalid', text, why: `The address of '${text}' has leading zeros.`, meant: [cidr.canonical], family: cidr.family };
  }
  return { kind: 'block', cidr };
}

function meantBy(text: string, suggestion: string | undefined): readonly string[] {
  const ip = parseIp(text);
  if (ip.ok) return [`${formatIp(ip.family, ip.value)}/${ip.family === 4 ? 32 : 128}`];
  return suggestion === undefined ? [] : [suggestion];
}

function textOf(node: Node | undefined): string | undefined {
  const at = asScalar(node);
  return at && !at.hole && at.value.type === 'string' ? at.value.value : undefined;
}
