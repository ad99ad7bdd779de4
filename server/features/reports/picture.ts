import { htmlText } from '../../base/inert.ts';
import { laidOut, type PlacedBox, type GraphLayout, type Point } from './layout.ts';
import type { ConnectionRow, PictureBlock, FieldPlace, RowPeer } from './report.ts';

/** Above these a picture is a tangle: the list says the same in order. */
const MAX_NODES = 60;
const MAX_EDGES = 150;

/** How the address of a place is written into a link; nothing for a place that is gone. */
export type Attributes = (place: FieldPlace) => string | undefined;

/**
 * A graph as SVG: workloads in the boxes of their namespaces, addresses outside beside them, one arrow for each pair with allowed or
 * unknown traffic. Everything in it is in the list of connections as well, to which it refers. A sentence where there is too much to draw.
 */
export function pictureHtml({ rows, marked }: PictureBlock, attributes: Attributes): string {
  const drawn = rows.filter(({ verdict }) => verdict !== 'deny');
  const peers = new Map<string, RowPeer>(drawn.flatMap(({ from, to }) => [from, to]).map((peer) => [peer.text, peer]));
  if (peers.size === 0) return '<p>No connection to draw.</p>\n';
  if (peers.size > MAX_NODES || drawn.length > MAX_EDGES)
    return `<p>${peers.size} workloads and addresses with ${drawn.length} connections are too many to draw; the list below has them all.</p>\n`;
  const found = laidOut({
    nodes: [...peers.values()].map((peer) => ({
      id: peer.text,
      group: peer.namespace,
      width: widthOf(labelOf(peer)) + 20,
      height: NODE_HEIGHT,
    })),
    edges: drawn.map(({ from, to, traffic }) => ({ from: from.text, to: to.text, labelWidth: widthOf(shortened(traffic)) })),
  });
  if (!found) return '';
  const { width, height } = found;
  const groups = [...found.groups].map(([name, box]) => groupSvg(name, box));
  const edges = drawn.map((row, at) => edgeSvg(row, found, at));
  const nodes = [...peers.values()].map((peer) => nodeSvg(peer, found.nodes.get(peer.text), marked.includes(peer.text), attributes));
  return `<figure class="picture"><svg xmlns="http://www.w3.org/2000/svg" role="group" aria-label="Graph of ${drawn.length} connections between ${peers.size} workloads and addresses; the list below has the same" width="${Math.ceil(width)}" height="${Math.ceil(height)}" viewBox="0 0 ${Math.ceil(width)} ${Math.ceil(height)}">
<defs>${ARROWS}</defs>
${[...groups, ...edges, ...nodes].join('\n')}
</svg></figure>
`;
}

const NODE_HEIGHT = 30;
const MAX_LABEL_CHARACTERS = 34;

const ARROWS = ['allow', 'unknown']
  .map(
    (tone) =>
      `<marker id="arrow-${tone}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="arrow ${tone}" d="M0 0L8 4L0 8z"/></marker>`,
  )
  .join('');

function groupSvg(name: string, { x, y, width, height }: PlacedBox): string {
  return `<rect class="group" x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" rx="6"/><text class="group-name" x="${n(x + 8)}" y="${n(y + 15)}">${htmlText(name)}</text>`;
}

function nodeSvg(peer: RowPeer, box: PlacedBox | undefined, isMarked: boolean, attributes: Attributes): string {
  if (!box) return '';
  const { x, y, width, height } = box;
  const kind = peer.namespace === '' ? 'outside' : 'workload';
  const shape = `<title>${htmlText(peer.text)}</title><rect class="node ${kind}${isMarked ? ' marked' : ''}" x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" rx="${kind === 'outside' ? 15 : 4}"/><text x="${n(x + width / 2)}" y="${n(y + height / 2 + 4)}" text-anchor="middle">${htmlText(labelOf(peer))}</text>`;
  const found = peer.link && attributes(peer.link);
  return found === undefined ? `<g>${shape}</g>` : `<a ${found}>${shape}</a>`;
}

function edgeSvg({ from, to, traffic, verdict }: ConnectionRow, { edges }: GraphLayout, at: number): string {
  const { points, label } = edges[at] ?? { points: [], label: { x: 0, y: 0 } };
  return `<g class="edge"><title>${htmlText(`${from.text} → ${to.text}: ${traffic}`)}</title><path class="line ${verdict}" d="${pathOf(points)}" marker-end="url(#arrow-${verdict})"/><text class="traffic" x="${n(label.x)}" y="${n(label.y + 4)}" text-anchor="middle">${htmlText(shortened(traffic))}</text></g>`;
}

/** A smooth line through the middle of each stretch. */
function pathOf(points: readonly Point[]): string {
  const [first, ...rest] = points;
  const last = rest.at(-1);
  if (!first || !last) return '';
  const middles = rest.slice(0, -1).map((point, at) => {
    const next = rest[at + 1] ?? last;
    return `Q${n(point.x)} ${n(point.y)} ${n((point.x + next.x) / 2)} ${n((point.y + next.y) / 2)}`;
  });
  return `M${n(first.x)} ${n(first.y)}${middles.join('')}L${n(last.x)} ${n(last.y)}`;
}

/** The namespace is the title of the box around it. */
function labelOf({ text, namespace }: RowPeer): string {
  return shortened(namespace === '' ? text : text.slice(namespace.length + 1));
}

function shortened(text: string): string {
  return text.length > MAX_LABEL_CHARACTERS ? `${text.slice(0, MAX_LABEL_CHARACTERS - 1)}…` : text;
}

/** In pixels: what a browser needs for a text in the font of the picture, a little more to be sure. */
function widthOf(text: string): number {
  return text.length * 7;
}

function n(number: number): string {
  return String(Math.round(number * 10) / 10);
}
