import { asMap, content, get, type Node } from '../../syntax/tree.ts';
import { isKind, type Gvk } from './ids.ts';
import { BuildError } from './objects.ts';
import { isNothing, listNode, mapNode, plainNode, withField } from './values.ts';

/** Where a change of kustomize reaches: a path through maps and lists of the objects of some kinds. */
export interface FieldSpec extends Partial<Gvk> {
  readonly path: string;
  readonly create?: boolean;
}

/** What stands at the end of a path: it is made where the path may be created. */
export type Leaf = 'map' | 'scalar';

/** Changes the values at the paths of an object. The object itself where nothing changes. Throws a BuildError for a path through a scalar. */
export function changedAt(root: Node, gvk: Gvk, specs: readonly FieldSpec[], leaf: Leaf, change: (node: Node) => Node): Node {
  let at: Node = root;
  for (const spec of specs) {
    if (isKind(gvk, spec)) at = walk(at, splitPath(spec.path, '/'), spec.create === true ? leaf : undefined, change);
  }
  return at;
}

/** A path in steps; a backslash before a separator keeps it. */
export function splitPath(path: string, separator: string): readonly string[] {
  const parts = path.split(separator);
  if (parts.length > 1 && parts[0] === '') parts.shift();
  const steps: string[] = [];
  for (const part of parts) {
    const last = steps.at(-1);
    if (last?.endsWith('\\') === true) steps[steps.length - 1] = last.slice(0, -1) + separator + part;
    else steps.push(part);
  }
  return steps;
}

function walk(node: Node, path: readonly string[], create: Leaf | undefined, change: (node: Node) => Node): Node {
  const [step, ...rest] = path;
  if (step === undefined) return change(node);
  if (isNothing(node)) return node;
  const at = content(node);
  if (at?.kind === 'seq') {
    const items = at.items.map(({ value }) => walk(value, path, create, change));
    return items.every((item, i) => item === at.items[i]?.value) ? node : listNode(items, at);
  }
  if (at?.kind !== 'map') throw new BuildError(`The path '${path.join('/')}' leads through a value that is neither an object nor a list.`);
  const name = step.replace(/\[\]$/, '');
  const creates = create !== undefined && name === step;
  const existing = get(at, name);
  if (existing === undefined && !creates) return node;
  const start =
    existing === undefined || (creates && isNothing(existing)) ? emptyNode(rest.length === 0 ? create : 'map', existing) : existing;
  const after = walk(start, rest, create, change);
  return after === existing ? node : withField(at, name, after);
}

function emptyNode(leaf: Leaf | undefined, existing: Node | undefined): Node {
  const fresh = leaf === 'scalar' ? plainNode('') : mapNode([]);
  return existing?.origin ? { ...fresh, origin: existing.origin } : fresh;
}

/** A change that sets an entry of a map; where it already has this value, it stays. */
export function entrySetter(name: string, value: Node): (node: Node) => Node {
  return (node) => {
    const map = asMap(node) ?? (isNothing(node) ? mapNode([]) : undefined);
    if (!map) throw new BuildError(`'${name}' cannot be set in a value that is not an object.`);
    return withField(map, name, value);
  };
}
