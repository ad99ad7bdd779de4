import { content, get, type Node } from '../../syntax/tree.ts';
import { splitPath } from './field-specs.ts';
import { BuildError } from './objects.ts';
import { regularExpression } from './selectors.ts';
import { isNothing, jsonOf, listNode, mapNode, plainNode, textOfScalar, withField } from './values.ts';

/** A field path of replacements in steps: `spec.ports.[name=web].port`, `metadata.annotations.[example.org/a]`. */
export function fieldSteps(path: string): readonly string[] {
  const parts = splitPath(path, '.');
  const steps: string[] = [];
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] ?? '';
    if (!part.startsWith('[') || part.endsWith(']')) {
      steps.push(part);
      continue;
    }
    const inner = [part];
    while (i < parts.length - 1) {
      const next = parts[++i] ?? '';
      inner.push(next);
      if (next.endsWith(']')) break;
    }
    const whole = inner.join('.');
    steps.push(whole.includes('=') ? whole : whole.replace(/^\[+|\]+$/g, ''));
  }
  return steps;
}

/** The path of the value at the steps in the tree; `undefined` where there is none. Items are chosen by `[field=value]` or number. */
export function pathTo(root: Node, steps: readonly string[]): readonly (string | number)[] | undefined {
  const path: (string | number)[] = [];
  let at: Node | undefined = root;
  for (const step of steps.map((one) => one.trim()).filter((one) => one !== '')) {
    const node: ReturnType<typeof content> = at && content(at);
    if (node?.kind === 'seq') {
      const index = indexOf(
        node.items.map(({ value }) => value),
        step,
      );
      at = node.items[index]?.value;
      path.push(index);
    } else {
      at = node && get(node, step);
      path.push(step);
    }
    if (at === undefined || isNothing(at)) return undefined;
  }
  return path;
}

function indexOf(items: readonly Node[], step: string): number {
  if (step === '-') return items.length - 1;
  if (/^\d+$/.test(step)) return Number(step);
  const [field, value] = matchOf(step) ?? ['', step];
  return items.findIndex((item) => textOfScalar(field === '' ? item : get(item, field)) === value);
}

/** `[name=web]` as field and value. */
function matchOf(step: string): readonly [field: string, value: string] | undefined {
  const inner = /^\[([^=]*)=(.*)\]$/s.exec(step);
  return inner ? [inner[1] ?? '', inner[2] ?? ''] : undefined;
}

/** A tree after a change of the values at some steps, and how many there were. */
export interface Changed {
  readonly node: Node;
  readonly count: number;
}

/**
 * Changes every value at the steps (kyaml `PathMatcher`): `*` is every item, `[name=pattern]` those that match. `create` makes what is
 * missing. Throws a BuildError for an index outside of the list.
 */
export function changedAtSteps(
  node: Node,
  steps: readonly string[],
  create: 'scalar' | 'map' | 'seq' | undefined,
  change: (node: Node) => Node,
): Changed {
  const [step, ...rest] = steps;
  if (step === undefined) return { node: change(node), count: 1 };
  if (/^\d+$/.test(step)) return indexed(node, Number(step), rest, create, change);
  if (step === '*') return every(node, () => true, rest, create, change);
  const match = matchOf(step);
  if (match) return matched(node, match, rest, create, change);
  const at = content(node);
  if (at?.kind !== 'map') {
    if (at?.kind === 'seq' || (at?.kind === 'scalar' && !isNothing(at)))
      throw new BuildError(`'${step}' is looked for in a value that is not an object.`);
    return { node, count: 0 };
  }
  const existing = get(at, step);
  if (existing === undefined && create === undefined) return { node, count: 0 };
  const start = existing ?? emptyFor(rest[0], create);
  const after = changedAtSteps(start, rest, create, change);
  return { node: after.node === existing ? node : withField(at, step, after.node), count: after.count };
}

function emptyFor(next: string | undefined, create: 'scalar' | 'map' | 'seq' | undefined): Node {
  if (next === undefined) return create === 'scalar' ? plainNode('') : create === 'seq' ? listNode([]) : mapNode([]);
  return /^\d+$|^\[.*=.*\]$|^\*$/.test(next) ? listNode([]) : mapNode([]);
}

function itemsIn(node: Node): readonly Node[] {
  const at = content(node);
  if (at?.kind === 'seq') return at.items.map(({ value }) => value);
  if (isNothing(node)) return [];
  throw new BuildError('An item is looked for in a value that is not a list.');
}

function withItems(node: Node, items: readonly Node[], count: number): Changed {
  const at = content(node);
  const old = at?.kind === 'seq' ? at.items : [];
  const same = items.length === old.length && items.every((item, i) => item === old[i]?.value);
  return { node: same ? node : listNode(items, at?.kind === 'seq' ? at : undefined), count };
}

function indexed(
  node: Node,
  index: number,
  rest: readonly string[],
  create: 'scalar' | 'map' | 'seq' | undefined,
  change: (node: Node) => Node,
): Changed {
  const items = [...itemsIn(node)];
  if (index === items.length && create !== undefined) items.push(emptyFor(rest[0], create));
  const item = items[index];
  if (item === undefined) throw new BuildError(`Index ${index} is outside of the list, which has ${items.length} items.`);
  const after = changedAtSteps(item, rest, create, change);
  items[index] = after.node;
  return withItems(node, items, after.count);
}

function every(
  node: Node,
  isMatch: (item: Node) => boolean,
  rest: readonly string[],
  create: 'scalar' | 'map' | 'seq' | undefined,
  change: (node: Node) => Node,
): Changed {
  let count = 0;
  const items = itemsIn(node).map((item) => {
    if (!isMatch(item)) return item;
    const after = changedAtSteps(item, rest, create, change);
    count += after.count;
    return after.node;
  });
  return withItems(node, items, count);
}

function matched(
  node: Node,
  [field, value]: readonly [field: string, value: string],
  rest: readonly string[],
  create: 'scalar' | 'map' | 'seq' | undefined,
  change: (node: Node) => Node,
): Changed {
  const expression = regularExpression(value, value);
  const isMatch = (item: Node): boolean => {
    const text = shown(field === '' ? item : get(item, field));
    return text !== undefined && expression.matcher(text).find();
  };
  const after = every(node, isMatch, field === '' ? [] : rest, create, change);
  if (after.count > 0 || create === undefined) return after;
  const fresh = field === '' ? plainNode(value) : mapNode([[field, plainNode(value)]]);
  return every(withItems(node, [...itemsIn(node), fresh], 0).node, isMatch, field === '' ? [] : rest, create, change);
}

function shown(node: Node | undefined): string | undefined {
  if (node === undefined || isNothing(node)) return undefined;
  return textOfScalar(node) ?? JSON.stringify(jsonOf(node));
}
