import { jsonText } from '../../server/syntax/scalar.ts';
import type { Node } from '../../server/syntax/tree.ts';

const QUOTES = { plain: '', single: "'", double: '"', literal: '|', folded: '>' };

/** A tree on one line: `{a: [1, 'x'], b: *c}`. A `?` marks what a hole makes or may change, `~` a missing value. */
export function printed(node: Node | undefined): string {
  if (node === undefined) return 'nothing';
  const marks = `${node.hole ? '?' : ''}${node.anchor === undefined ? '' : `&${node.anchor} `}${node.tag === undefined ? '' : `${node.tag} `}`;
  return marks + bare(node);
}

function bare(node: Node): string {
  if (node.kind === 'map') return `{${node.pairs.map((pair) => `${printed(pair.key)}: ${printed(pair.value)}`).join(', ')}}`;
  if (node.kind === 'seq') return `[${node.items.map((item) => printed(item.value)).join(', ')}]`;
  if (node.kind === 'alias') return `*${node.name}${node.target ? '' : '!'}`;
  if (node.span.start === node.span.end) return '~';
  const quote = QUOTES[node.style];
  if (quote !== '') return `${quote}${node.text.replaceAll('\n', '/')}${quote}`;
  return node.hole || node.value.type === 'string' ? node.text : (jsonText(node.value) ?? 'refused');
}
