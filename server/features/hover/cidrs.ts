import { describeCidr, parseCidr, strictlyContainsCidr, containsCidr, type Cidr } from '../../base/cidr.ts';
import { capital, list } from '../../base/english.ts';
import { knownBlockOf, blocksIn } from '../../base/known-blocks.ts';
import { code, escape } from '../../base/markdown.ts';
import { nodeAt } from '../../syntax/locate-path.ts';
import type { Path } from '../../syntax/path.ts';
import { get, itemsOf, stringOf, type Node } from '../../syntax/tree.ts';
import type { Fact } from './fact.ts';

/** How large an address block is, what it is known as, and what `except` leaves of it. */
export const cidrFact: Fact = ({ path, place }) => {
  const root = place.placed.manifest.root;
  const at = path.indexOf('ipBlock');
  if (at !== -1) return blockFact(root, path.slice(0, at + 1), path.slice(at + 1));
  if (path.at(-2) !== 'networks') return undefined;
  const cidr = cidrIn(place.node);
  return cidr && whole(cidr, []);
};

function blockFact(root: Node | undefined, path: Path, inside: Path): string | undefined {
  const block = nodeAt(root, path);
  const cidr = cidrIn(get(block, 'cidr'));
  const excepts = itemsOf(get(block, 'except')).flatMap((item) => cidrIn(item) ?? []);
  if (!cidr || inside[0] !== 'except' || inside.length === 1) return cidr && whole(cidr, excepts);
  const except = cidrIn(nodeAt(root, [...path, ...inside]));
  if (!except) return undefined;
  const where = strictlyContainsCidr(cidr, except)
    ? `excluded from ${code(cidr.canonical)}`
    : `not part of ${code(cidr.canonical)}, so nothing is excluded`;
  return `${capital(describeCidr(except))}: ${where}.${nameOf(except)}`;
}

function whole(cidr: Cidr, excepts: readonly Cidr[]): string {
  const strange = cidr.hostBits ? ` Read as ${code(cidr.canonical)}.` : '';
  return `${capital(escape(describeCidr(cidr, excepts)))}.${nameOf(cidr)}${strange}${contentOf(cidr, excepts)}`;
}

function nameOf(cidr: Cidr): string {
  const block = knownBlockOf(cidr);
  return block === undefined || block.kind === 'internet' ? '' : ` ${capital(escape(block.name))}.`;
}

/** Blocks that are easily forgotten inside a wide one. */
function contentOf(cidr: Cidr, excepts: readonly Cidr[]): string {
  const forgotten = blocksIn(cidr).filter(
    ({ kind, cidr: inner }) => WORTH_NAMING.has(kind) && !excepts.some((except) => containsCidr(except, inner)),
  );
  const names = [...new Set(forgotten.map(({ name }) => escape(name)))];
  return names.length === 0 ? '' : ` Includes: ${list(names, 'and', 3)}.`;
}

const WORTH_NAMING: ReadonlySet<string> = new Set(['private', 'metadata']);

function cidrIn(node: Node | undefined): Cidr | undefined {
  const text = stringOf(node);
  const cidr = text === undefined ? undefined : parseCidr(text);
  return cidr?.ok ? cidr : undefined;
}
