import type { Protocol } from '../base/ports.ts';
import {
  SymbolKind,
  type CallHierarchyIncomingCall,
  type CallHierarchyItem,
  type CallHierarchyOutgoingCall,
  type Position,
} from 'vscode-languageserver';
import { reachableAt, reached, type Reachable } from '../features/call-hierarchy.ts';
import type { FeatureContext } from '../features/context.ts';
import { offsetIn } from '../syntax/positions.ts';
import { locate } from '../workspace/locate.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import { rangeIn, rangeOf } from './convert.ts';

/** The workload, port or Service at a place, as the root of a hierarchy of who may reach it. */
export function hierarchyAt(context: FeatureContext, place: Position): CallHierarchyItem[] | null {
  const found = reachableAt(context, offsetIn(context.file, place));
  const item = found && itemOf(context.snapshot, context.uri, found);
  return item ? [item] : null;
}

/** Who may connect to an item. */
export function incomingOf(snapshot: Snapshot, item: CallHierarchyItem): CallHierarchyIncomingCall[] {
  return edges(snapshot, item, 'incoming').map((from) => ({ from, fromRanges: [] }));
}

/** Where an item may connect to. */
export function outgoingOf(snapshot: Snapshot, item: CallHierarchyItem): CallHierarchyOutgoingCall[] {
  return edges(snapshot, item, 'outgoing').map((to) => ({ to, fromRanges: [] }));
}

function edges(snapshot: Snapshot, { data }: CallHierarchyItem, way: 'incoming' | 'outgoing'): CallHierarchyItem[] {
  const item = dataIn(data);
  if (!item) return [];
  return reached(snapshot, item.uri, item, way).flatMap(
    ({ end, traffic }) => itemOf(snapshot, item.uri, { ...end, detail: traffic }) ?? [],
  );
}

const KINDS = {
  workload: SymbolKind.Class,
  port: SymbolKind.Property,
  service: SymbolKind.Interface,
  outside: SymbolKind.Namespace,
} as const;

function itemOf(snapshot: Snapshot, uri: string, { name, detail, kind, key, path, port }: Reachable): CallHierarchyItem | undefined {
  const found = locate(snapshot, key, path);
  const root = found?.placed.manifest.root;
  if (!found || !root) return undefined;
  const data = kind === 'outside' ? {} : { uri, key, ...(port ? { port } : {}) };
  const selectionRange = rangeOf(found.file, found.span);
  return { name, detail, kind: KINDS[kind], uri: found.uri, range: rangeIn(found.file, found.placed, root.span), selectionRange, data };
}

function dataIn(
  data: unknown,
): { readonly uri: string; readonly key: string; readonly port?: { readonly protocol: Protocol; readonly port: number } } | undefined {
  if (
    typeof data !== 'object' ||
    data === null ||
    !('uri' in data) ||
    !('key' in data) ||
    typeof data.uri !== 'string' ||
    typeof data.key !== 'string'
  )
    return undefined;
  const { uri, key } = data;
  const port = 'port' in data ? data.port : undefined;
  if (typeof port !== 'object' || port === null || !('protocol' in port) || !('port' in port) || typeof port.port !== 'number')
    return { uri, key };
  const protocol = port.protocol === 'UDP' || port.protocol === 'SCTP' ? port.protocol : 'TCP';
  return { uri, key, port: { protocol, port: port.port } };
}
