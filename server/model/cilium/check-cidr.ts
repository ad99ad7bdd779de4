import { parseCidr, type Cidr } from '../../base/cidr.ts';
import { quote } from '../../base/english.ts';
import type { Path } from '../../syntax/path.ts';
import { stringOf, type Node } from '../../syntax/tree.ts';
import { given, type ListItem } from '../read.ts';
import { checkSelector, groupKey } from './check-selector.ts';
import { entriesIn, isOpen, type Rejections } from './rejection.ts';

/** What Cilium objects to in the CIDRs of an entry. What is not a CIDR at all is left to the API server, which reads more leniently. */
export function checkCidrs(entry: Node | undefined, path: Path, into: Rejections): void {
  for (const field of ['fromCIDR', 'toCIDR']) {
    for (const item of entriesIn(entry, path, field)) strictCidr(item, into);
  }
  for (const field of ['fromCIDRSet', 'toCIDRSet']) {
    for (const item of entriesIn(entry, path, field)) checkSet(item, into);
  }
}

function checkSet({ node, path }: ListItem, into: Rejections): void {
  const groups = given(node, 'cidrGroupSelector');
  if (groups) checkSelector(groups, [...path, 'cidrGroupSelector'], into, groupKey);
  const cidr = given(node, 'cidr');
  // Beside a group, blocks are not looked at.
  if (groups ?? given(node, 'cidrGroupRef') ?? !cidr) return;
  const outer = cidr && strictCidr({ node: cidr, path: [...path, 'cidr'] }, into);
  for (const item of entriesIn(node, path, 'except')) {
    const inner = strictCidr(item, into);
    if (!outer || !inner || holdsAddress(outer, inner)) continue;
    const why = `${quote(inner.text)} is not inside ${quote(outer.text)}, so it cannot be excluded from it`;
    into.push({
      code: 'invalid-cidr',
      path: item.path,
      onKey: false,
      why,
      way: 'Write a block inside it, or remove the item.',
      mistake: 'except',
    });
  }
}

/** Go's `netip.ParsePrefix`: no numbers with zeros in front. */
function strictCidr({ node, path }: ListItem, into: Rejections): Cidr | undefined {
  const text = isOpen(node) ? undefined : stringOf(node);
  const cidr = text === undefined ? undefined : parseCidr(text);
  if (!cidr?.ok) return undefined;
  if (!cidr.leadingZeros) return cidr;
  into.push({
    code: 'invalid-cidr',
    path,
    onKey: false,
    why: `${quote(cidr.text)} has leading zeros`,
    way: `Write ${cidr.canonical}.`,
    mistake: 'zeros',
  });
  return undefined;
}

/** Only the address of the exception must lie in the block, not all of the exception; the families must be written alike. */
function holdsAddress(outer: Cidr, inner: Cidr): boolean {
  if (outer.family !== inner.family || outer.ipv4Mapped !== inner.ipv4Mapped) return false;
  const shift = BigInt(outer.bits - outer.prefix);
  return inner.address >> shift === outer.base >> shift;
}
