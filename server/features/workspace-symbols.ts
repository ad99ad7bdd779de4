import type { ManifestKey } from '../workspace/cluster.ts';
import { allUniverses, type Snapshot } from '../workspace/snapshot.ts';
import { objectsIn, viewOf, type WorkspaceObject } from './navigation/cluster-view.ts';

/** An object of the workspace that can be gone to by its name. */
export interface WorkspaceSymbol {
  readonly name: string;
  /** The namespace it lives in, or what it is where it lives in none. */
  readonly container: string;
  readonly role: Exclude<WorkspaceObject['resource']['role'], 'node' | 'slice' | 'account' | 'unevaluated' | 'caller'>;
  readonly kind: string;
  readonly key: ManifestKey;
}

/** As many as a list can sensibly show; editors ask again with every letter. */
const MAX_SYMBOLS = 200;

/**
 * The policies, workloads, namespaces and Services whose `kind`, namespace or name has the letters asked for, in their order: whole names
 * first, then names that begin so, then names that hold it. All of them, up to a limit, where nothing is asked for.
 */
export function workspaceSymbols(snapshot: Snapshot, query: string): readonly WorkspaceSymbol[] {
  const term = query.trim().toLowerCase();
  const found = new Map<ManifestKey, { readonly symbol: WorkspaceSymbol; readonly rank: number }>();
  for (const id of allUniverses(snapshot)) {
    const view = viewOf(snapshot, id);
    for (const holder of view ? objectsIn(view) : []) {
      const symbol = symbolOf(holder);
      const rank = symbol && rankOf(symbol, term);
      if (symbol && rank !== undefined) found.set(symbol.key, { symbol, rank });
    }
  }
  return [...found.values()]
    .toSorted((a, b) => a.rank - b.rank || compare(a.symbol.name, b.symbol.name) || compare(a.symbol.container, b.symbol.container))
    .slice(0, MAX_SYMBOLS)
    .map(({ symbol }) => symbol);
}

function symbolOf({ key, resource }: WorkspaceObject): WorkspaceSymbol | undefined {
  if (
    resource.role === 'slice' ||
    resource.role === 'node' ||
    resource.role === 'account' ||
    resource.role === 'unevaluated' ||
    resource.role === 'caller'
  )
    return undefined;
  if (resource.value.name === '') return undefined;
  const kind = resource.role === 'namespace' ? 'Namespace' : resource.role === 'service' ? 'Service' : resource.value.kind;
  const namespace = 'namespace' in resource.value ? resource.value.namespace : undefined;
  return { name: resource.value.name, container: namespace ?? kind, role: resource.role, kind, key };
}

/** The lower the better; `undefined` where the letters are not there in that order. */
function rankOf({ name, container, kind }: WorkspaceSymbol, term: string): number | undefined {
  if (term === '') return 0;
  const [own, long] = [name.toLowerCase(), `${kind} ${container}/${name}`.toLowerCase()];
  if (own === term) return 0;
  if (own.startsWith(term)) return 1;
  if (own.includes(term)) return 2;
  if (long.includes(term)) return 3;
  return isScattered(term.replace(/\s+/g, ''), long) ? 4 : undefined;
}

function isScattered(letters: string, text: string): boolean {
  let at = 0;
  for (const letter of letters) {
    at = text.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
