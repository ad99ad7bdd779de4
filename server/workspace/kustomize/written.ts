import { memo } from '../../base/memo.ts';
import type { Manifest } from '../../syntax/manifest.ts';
import { resolvePlain } from '../../syntax/scalar.ts';
import type { Hole } from '../../syntax/template.ts';
import type { Node, ScalarNode } from '../../syntax/tree.ts';

/**
 * The tree of a manifest with the text of its holes in it: for a build `$(NAME)` and `${NAME}` are text like any other. The values stay
 * marked as open until something fills them in.
 */
export function writtenTree(manifest: Manifest): Node | undefined {
  if (!manifest.holes.some(({ inValue }) => inValue)) return manifest.root;
  return filledTree(manifest);
}

const filledTree = memo((manifest: Manifest): Node | undefined => {
  const { root, piece, holes } = manifest;
  return root && filled(root, { piece, holes: holes.filter(({ inValue }) => inValue) });
});

/** The same with the text of every hole: of a template that another object holds, such as that of an ApplicationSet. */
export function templateTree({ root, piece, holes }: Manifest): Node | undefined {
  return root && (holes.length === 0 ? root : filled(root, { piece, holes }));
}

type Holes = Pick<Manifest, 'piece' | 'holes'>;

function filled(node: Node, manifest: Holes): Node {
  switch (node.kind) {
    case 'scalar':
      return node.hole ? filledScalar(node, manifest) : node;
    case 'map': {
      const pairs = node.pairs.map((pair) => {
        const [key, value] = [filled(pair.key, manifest), filled(pair.value, manifest)];
        if (key === pair.key && value === pair.value) return pair;
        return { ...pair, key, value, name: key.kind === 'scalar' && key !== pair.key ? key.text : pair.name };
      });
      return pairs.every((pair, i) => pair === node.pairs[i]) ? node : { ...node, pairs };
    }
    case 'seq': {
      const items = node.items.map((item) => ({ ...item, value: filled(item.value, manifest) }));
      return items.every(({ value }, i) => value === node.items[i]?.value) ? node : { ...node, items };
    }
    case 'alias':
      return node;
  }
}

function filledScalar(node: ScalarNode, { piece, holes }: Holes): ScalarNode {
  const own = holes.filter((hole) => hole.start >= node.span.start && hole.end <= node.span.end);
  if (own.length === 0) return node;
  const text =
    node.style === 'plain' && !node.text.includes('\n')
      ? piece.text.slice(node.span.start, node.span.end)
      : withHoles(node.text, own, piece.text);
  return { ...node, text, value: node.style === 'plain' ? resolvePlain(text) : { type: 'string', value: text } };
}

/** Each hole stands in the text as a run of letters of its length. */
function withHoles(text: string, holes: readonly Hole[], source: string): string {
  let result = text;
  let from = 0;
  for (const { start, end } of holes) {
    const mask = 'x'.repeat(end - start);
    const at = result.indexOf(mask, from);
    if (at === -1) return result;
    result = result.slice(0, at) + source.slice(start, end) + result.slice(at + mask.length);
    from = at + (end - start);
  }
  return result;
}
