import { content, get, pairsOf, type MapNode, type Node } from '../syntax/tree.ts';
import type { Substitution } from './deployer.ts';
import { listNode, plainNode, stringNode, stringsIn, textOfScalar } from './kustomize/values.ts';

/**
 * The object with `${NAME}` replaced as Flux does after the build (drone/envsubst): `${NAME:-default}` and its like take their default.
 * A name without a value is empty; with `open` it may get one in the cluster, so it stays as it is.
 */
export function substituted(root: MapNode, substitution: Substitution): MapNode {
  const metadata = get(root, 'metadata');
  const isOff = ['labels', 'annotations'].some(
    (field) => stringsIn(get(metadata, field)).get('kustomize.toolkit.fluxcd.io/substitute') === 'disabled',
  );
  const result = isOff ? root : filled(root, substitution);
  return result.kind === 'map' ? result : root;
}

function filled(node: Node, substitution: Substitution): Node {
  const at = content(node);
  if (at?.kind === 'scalar') {
    const text = textOfScalar(at);
    if (text === undefined || !text.includes('$')) return node;
    const after = filledText(text, substitution);
    if (after === text) return node;
    return at.style === 'plain' ? plainNode(after, node.origin) : stringNode(after, node.origin);
  }
  if (at?.kind === 'seq') {
    const items = at.items.map(({ value }) => filled(value, substitution));
    return items.every((item, i) => item === at.items[i]?.value)
      ? node
      : { ...listNode(items, at), ...(node.origin ? { origin: node.origin } : {}) };
  }
  if (at?.kind !== 'map') return node;
  const old = pairsOf(at);
  const pairs = old.map((pair) => {
    const [name, value] = [
      pair.name?.includes('$') === true ? filledText(pair.name, substitution) : pair.name,
      filled(pair.value, substitution),
    ];
    if (name === pair.name && value === pair.value) return pair;
    return { ...pair, name, value, ...(name === pair.name || name === undefined ? {} : { key: stringNode(name) }) };
  });
  return pairs.every((pair, i) => pair === old[i]) ? node : { ...at, pairs, ...(node.origin ? { origin: node.origin } : {}) };
}

const VARIABLE = /\$(?:\$|\{([A-Za-z_][A-Za-z0-9_]*)(?:(:?[-=+])([^}]*)|[^}]*)?\})/g;

function filledText(text: string, { values, open }: Substitution): string {
  return text.replace(VARIABLE, (whole: string, name: string | undefined, operator: string | undefined, word: string | undefined) => {
    if (name === undefined) return '$';
    const value = values.get(name);
    if (operator?.endsWith('+') === true) return value === undefined || value === '' ? '' : (word ?? '');
    if (value !== undefined && !(value === '' && operator?.startsWith(':') === true)) return value;
    if (open) return whole;
    return operator === undefined ? '' : (word ?? '');
  });
}
