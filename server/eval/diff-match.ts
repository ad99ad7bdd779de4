import { groupBy } from '../base/lists.ts';
import type { Labels } from '../model/selector.ts';
import { namedEndpoints, type NamedEndpoint } from './endpoint-names.ts';
import type { Evaluation } from './evaluate.ts';
import { workloadName } from './names.ts';

/** One endpoint in both states; new where it was not there before. */
export interface Matched {
  readonly name: string;
  readonly before?: NamedEndpoint;
  readonly after: NamedEndpoint;
}

/** A namespace with all its workloads, or one workload, that has another name now. */
export interface RenamedObject {
  readonly kind: 'namespace' | 'workload';
  readonly from: string;
  readonly to: string;
}

/** The endpoints of two states of a cluster, each with what it was before. */
export interface Matching {
  readonly both: readonly Matched[];
  readonly added: readonly Matched[];
  /** Workloads by name. */
  readonly removed: readonly string[];
  readonly renamed: readonly RenamedObject[];
}

/**
 * Matches endpoints by name; where pods of one owner get different verdicts in one state only, by the name of the owner. What is gone and
 * what is new are one workload where its namespace was renamed, or where it alone has the same kind, labels and ports.
 */
export function matchedEndpoints(before: Evaluation, after: Evaluation): Matching {
  const [old, now] = [before, after].map((evaluation) => groupBy(namedEndpoints(evaluation), ({ workload }) => workloadName(workload)));
  if (!old || !now) return { both: [], added: [], removed: [], renamed: [] };
  const { renamed, earlierNames } = renamings(old, now);
  const both: Matched[] = [];
  const added: Matched[] = [];
  for (const [owner, members] of now) {
    const earlier = old.get(earlierNames.get(owner) ?? owner);
    const [first] = members;
    if (!earlier) added.push(...members.map((one) => ({ name: one.name, after: one })));
    else if (members.length === 1 && first && earlier.length > 1)
      both.push(...earlier.map((one) => ({ name: one.name, before: one, after: first })));
    else
      for (const one of members) {
        const same = earlier.length === 1 ? earlier[0] : earlier.find(({ name }) => name === one.name);
        (same ? both : added).push({ name: one.name, after: one, ...(same ? { before: same } : {}) });
      }
  }
  const continued = new Set(earlierNames.values());
  return { both, added, removed: [...old.keys()].filter((owner) => !now.has(owner) && !continued.has(owner)), renamed };
}

type Owners = ReadonlyMap<string, readonly NamedEndpoint[]>;

/** `earlierNames`: what a workload was called, by what it is called now. */
function renamings(
  old: Owners,
  now: Owners,
): { readonly renamed: readonly RenamedObject[]; readonly earlierNames: ReadonlyMap<string, string> } {
  const earlierNames = new Map<string, string>();
  const renamed: RenamedObject[] = [];
  for (const [from, to] of renamedNamespaces(old, now)) {
    renamed.push({ kind: 'namespace', from, to });
    for (const owner of old.keys())
      if (namespaceIn(owner) === from && now.has(`${to}${owner.slice(from.length)}`))
        earlierNames.set(`${to}${owner.slice(from.length)}`, owner);
  }
  const isTaken = new Set(earlierNames.values());
  const gone = alike([...old].filter(([owner]) => !now.has(owner) && !isTaken.has(owner)));
  const come = alike([...now].filter(([owner]) => !old.has(owner) && !earlierNames.has(owner)));
  for (const [facts, [from, ...others]] of gone) {
    const [to, ...more] = come.get(facts) ?? [];
    if (from === undefined || to === undefined || others.length > 0 || more.length > 0) continue;
    renamed.push({ kind: 'workload', from, to });
    earlierNames.set(to, from);
  }
  return { renamed, earlierNames };
}

/** Namespaces that are gone, with the new one that alone has all their workloads, by kind, name and labels. */
function renamedNamespaces(old: Owners, now: Owners): readonly (readonly [from: string, to: string])[] {
  const [gone, come] = [contents(old), contents(now)];
  const news = [...come].filter(([name]) => !gone.has(name));
  return [...gone].flatMap(([from, members]) => {
    if (come.has(from)) return [];
    const [to, ...others] = news.filter(([, all]) => [...members].every((one) => all.has(one)));
    const rivals = to && [...gone].filter(([name, own]) => !come.has(name) && name !== from && [...own].every((one) => to[1].has(one)));
    return to && others.length === 0 && rivals?.length === 0 ? [[from, to[0]] as const] : [];
  });
}

/** What each namespace holds: names, kinds and labels of its workloads. */
function contents(owners: Owners): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const [owner, [first]] of owners) {
    const namespace = namespaceIn(owner);
    const all = found.get(namespace) ?? new Set<string>();
    found.set(namespace, all.add(`${owner.slice(namespace.length)} ${first ? labelsText(first.workload.labels) : ''}`));
  }
  return found;
}

/** Workloads by what does not change when only the name does; those without labels look like any other. */
function alike(owners: readonly (readonly [string, readonly NamedEndpoint[]])[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const [owner, [first]] of owners) {
    if (!first || Object.keys(first.workload.labels).length === 0) continue;
    const { kind, namespace, ports } = first.workload;
    const facts = JSON.stringify([
      kind,
      namespace,
      labelsText(first.workload.labels),
      ports.map(({ name, port, protocol }) => [name, port, protocol]),
    ]);
    found.set(facts, [...(found.get(facts) ?? []), owner]);
  }
  return found;
}

/** Labels as a text: the same for labels that are the same, in whichever order they are written. */
export function labelsText(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : Number(a > b))));
}

function namespaceIn(owner: string): string {
  return owner.slice(0, owner.indexOf('/'));
}
