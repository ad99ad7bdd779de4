import { Graph, layout, type EdgeLabel, type GraphLabel, type NodeLabel } from '@dagrejs/dagre';

/** A graph to lay out: boxes of a size, in named groups, with arrows between them. */
export interface GraphShape {
  readonly nodes: readonly { readonly id: string; readonly group: string; readonly width: number; readonly height: number }[];
  readonly edges: readonly { readonly from: string; readonly to: string; readonly labelWidth: number }[];
}

/** A rectangle by its upper left corner. */
export interface PlacedBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where everything is drawn, in pixels; edges in the order of the shape. */
export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  readonly nodes: ReadonlyMap<string, PlacedBox>;
  readonly groups: ReadonlyMap<string, PlacedBox>;
  readonly edges: readonly { readonly points: readonly Point[]; readonly label: Point }[];
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Lays a graph out from left to right; the group '' has no box. `undefined` where the library fails: the picture is left out then. */
export function laidOut({ nodes, edges }: GraphShape): GraphLayout | undefined {
  const graph = new Graph<GraphLabel, NodeLabel, EdgeLabel>({ compound: true, directed: true });
  graph.setGraph({ rankdir: 'LR', nodesep: 18, ranksep: 60, marginx: MARGIN, marginy: MARGIN });
  const groups = [...new Set(nodes.map(({ group }) => group))].filter((group) => group !== '');
  for (const at of groups.keys()) graph.setNode(`group ${at}`, { width: 0, height: 0 });
  for (const [at, { group, width, height }] of nodes.entries()) {
    graph.setNode(`node ${at}`, { width, height });
    if (group !== '') graph.setParent(`node ${at}`, `group ${groups.indexOf(group)}`);
  }
  const numbers = new Map(nodes.map(({ id }, at) => [id, `node ${at}`]));
  const ends = edges.map(({ from, to }) => [numbers.get(from) ?? '', numbers.get(to) ?? ''] as const);
  for (const [at, { labelWidth }] of edges.entries()) {
    const [from, to] = ends[at] ?? ['', ''];
    graph.setEdge(from, to, { width: labelWidth, height: LABEL_HEIGHT, labelpos: 'c' });
  }
  try {
    layout(graph);
  } catch {
    return undefined;
  }
  const { width = 0, height = 0 } = graph.graph();
  return {
    width,
    height,
    nodes: new Map(nodes.map(({ id }, at) => [id, boxOf(graph.node(`node ${at}`))])),
    groups: new Map(groups.map((group, at) => [group, boxOf(graph.node(`group ${at}`))])),
    edges: ends.map(([from, to]) => {
      const { points = [], x = 0, y = 0 } = graph.edge(from, to);
      return { points: points.map(({ x: left, y: top }: Point) => ({ x: left, y: top })), label: { x, y } };
    }),
  };
}

const MARGIN = 12;
const LABEL_HEIGHT = 14;

function boxOf({ x = 0, y = 0, width = 0, height = 0 }: Partial<PlacedBox>): PlacedBox {
  return { x: x - width / 2, y: y - height / 2, width, height };
}
