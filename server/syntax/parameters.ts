import { resolvePlain } from './scalar.ts';
import { get, itemsOf, stringOf, type Node, type ScalarNode } from './tree.ts';

/**
 * An OpenShift Template with the values of its own parameters put in: `${NAME}` becomes text, `${{NAME}}` whatever the value is in YAML.
 * Parameters without a `value` stay holes. Everything else keeps its place and its identity. `text` is what the tree was read from.
 */
export function withParameters(root: Node, text: string): Node {
  if (stringOf(get(root, 'kind')) !== 'Template') return root;
  const values = new Map<string, string>();
  for (const parameter of itemsOf(get(root, 'parameters'))) {
    const [name, value] = [get(parameter, 'name'), get(parameter, 'value')].map((node) => node && valueText(node));
    if (name !== undefined && value !== undefined) values.set(name, value);
  }
  return values.size === 0 ? root : filled(root, { text, values, filled: new Map() });
}

interface Filling {
  readonly text: string;
  readonly values: ReadonlyMap<string, string>;
  /** What aliases stand for is filled once. */
  readonly filled: Map<Node, Node>;
}

/** The value as a parameter hands it on. */
function valueText(node: Node): string | undefined {
  if (node.kind !== 'scalar' || node.hole || node.value.type === 'null') return undefined;
  return node.value.type === 'string' ? node.value.value : node.text;
}

function filled(node: Node, filling: Filling): Node {
  const result = filling.filled.get(node) ?? fill(node, filling);
  filling.filled.set(node, result);
  return result;
}

function fill(node: Node, filling: Filling): Node {
  switch (node.kind) {
    case 'scalar':
      return node.hole ? fillScalar(node, filling) : node;
    case 'alias':
      return node.target ? { ...node, target: filled(node.target, filling) } : node;
    case 'seq': {
      const items = node.items.map((item) => ({ ...item, value: filled(item.value, filling) }));
      const byItems = node.flow && node.items.some(({ value }) => value.hole);
      return { ...node, items, hole: byItems ? items.some(({ value }) => value.hole) : node.hole };
    }
    case 'map': {
      const pairs = node.pairs.map((pair) => {
        const key = filled(pair.key, filling);
        const name = pair.key.hole && key.kind === 'scalar' && !key.hole ? valueText(key) : pair.name;
        return { ...pair, key, name, value: filled(pair.value, filling) };
      });
      const byKeys = node.pairs.some(({ key }) => key.hole);
      return { ...node, pairs, hole: byKeys ? pairs.some(({ key }) => key.hole) : node.hole };
    }
    default:
      return node satisfies never;
  }
}

/** A scalar of one line of which every hole is a parameter with a value. */
function fillScalar(node: ScalarNode, { text, values }: Filling): ScalarNode {
  if (node.style === 'literal' || node.style === 'folded') return node;
  const source = text.slice(node.span.start, node.span.end);
  const written = node.style === 'plain' ? source : source.slice(1, -1);
  if (/[\\\r\n]/.test(written)) return node;
  const whole = /^\$\{\{[ ]*(\w+)[ ]*\}\}$/.exec(written)?.[1];
  const raw = whole === undefined ? undefined : values.get(whole);
  if (raw !== undefined) return { ...node, text: raw, value: resolvePlain(raw), hole: false };
  let isLeft = false;
  const replaced = written.replace(/\$\{\{?([^{}]*)\}?\}/g, (hole: string, name: string) => {
    const value = values.get(name.trim());
    isLeft ||= value === undefined;
    return value ?? hole;
  });
  return isLeft || replaced === written ? node : { ...node, text: replaced, value: { type: 'string', value: replaced }, hole: false };
}
