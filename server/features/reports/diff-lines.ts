import { list } from '../../base/english.ts';
import { groupBy } from '../../base/lists.ts';
import { formatTraffic } from '../../base/ports.ts';
import type { Change, ChangedConnection, DiffPeer, DiffReason } from '../../eval/diff.ts';
import { addressWords } from './outside.ts';

/** Changed connections that one sentence describes: "payments/* can no longer reach data/db on TCP 5432". */
export interface DiffLine {
  readonly change: Change;
  /** Without a full stop. */
  readonly sentence: string;
  readonly because: readonly DiffReason[];
}

/**
 * Changes as few sentences: those with the same traffic and the same deciding rules together, sources with the same destinations in one.
 * `names` are all workloads of the new state, by which "shop/*" and "all workloads" are distinguished from a part of them.
 */
export function diffLines(changes: readonly ChangedConnection[], names: readonly string[]): readonly DiffLine[] {
  const words = peerWords(names);
  const groups = groupBy(changes, ({ change, traffic, family, because }) => JSON.stringify([change, traffic, family, because.map(keyOf)]));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const { change, traffic, family, because } = first;
    const on = `${formatTraffic(traffic)}${family === undefined ? '' : ` over IPv${family}`}`;
    return rectangles(group).map(({ sources, destinations }): DiffLine => {
      const sentence = `${words(sources)} ${VERBS[change]} ${words(destinations)} ${change === 'unknown' ? `on ${on} is unknown` : `on ${on}`}`;
      return {
        change,
        sentence: change === 'unknown' ? `Whether ${sentence}` : sentence,
        because,
      };
    });
  });
}

const VERBS: Readonly<Record<Change, string>> = { allowed: 'can now reach', denied: 'can no longer reach', unknown: 'can reach' };

function keyOf({ state, step }: DiffReason): string {
  return `${state} ${step.side} ${step.policy ?? ''} ${step.rule ?? ''}`;
}

interface Rectangle {
  readonly sources: readonly DiffPeer[];
  readonly destinations: readonly DiffPeer[];
}

/** The pairs as products of sources and destinations: by sources or by destinations, whichever gives fewer. */
function rectangles(group: readonly ChangedConnection[]): readonly Rectangle[] {
  const bySource = merged(group.map(({ from, to }) => [from, to]));
  const byDestination = merged(group.map(({ from, to }) => [to, from]));
  return bySource.length <= byDestination.length
    ? bySource.map(([sources, destinations]) => ({ sources, destinations }))
    : byDestination.map(([destinations, sources]) => ({ sources, destinations }));
}

/** Those with equal partners together. Among several, one that is a partner of the others counts as its own: "shop/* can reach shop/*". */
function merged(pairs: readonly (readonly [DiffPeer, DiffPeer])[]): readonly Product[] {
  const partners = new Map<string, Partners>();
  for (const [own, other] of pairs) {
    const entry = partners.get(nameOf(own)) ?? { own, others: new Map<string, DiffPeer>() };
    partners.set(nameOf(own), entry);
    entry.others.set(nameOf(other), other);
  }
  const all = [...partners.values()];
  const keyOf = (peers: ReadonlyMap<string, DiffPeer>): string => [...peers.keys()].toSorted().join('\n');
  const withOwn = ({ own, others }: Partners): ReadonlyMap<string, DiffPeer> => new Map([...others, [nameOf(own), own]]);
  const mutual = [...groupBy(all, (one) => keyOf(withOwn(one))).values()].filter((group) => group.length > 1);
  const rest = new Set(all);
  for (const one of mutual.flat()) rest.delete(one);
  const product = (group: readonly Partners[], others: ReadonlyMap<string, DiffPeer>): Product => [
    group.map(({ own }) => own),
    [...others.values()],
  ];
  return [
    ...mutual.flatMap((group) => group.slice(0, 1).map((first) => product(group, withOwn(first)))),
    ...[...groupBy([...rest], ({ others }) => keyOf(others)).values()].flatMap((group) =>
      group.slice(0, 1).map(({ others }) => product(group, others)),
    ),
  ];
}

type Product = readonly [DiffPeer[], DiffPeer[]];

/** A peer and its partners by name. */
interface Partners {
  readonly own: DiffPeer;
  readonly others: Map<string, DiffPeer>;
}

function nameOf(peer: DiffPeer): string {
  return peer.kind === 'workload' ? peer.name : addressWords(peer.ranges);
}

/** Peers in words: "any address", "shop/*", "data/db", at most `MAX_LISTED_PEERS` of them by name. */
function peerWords(names: readonly string[]): (peers: readonly DiffPeer[]) => string {
  const bare = (name: string): string => name.replace(/\[\w+\]$/, '');
  const times = new Map<string, number>();
  const members = new Map<string, number>();
  for (const name of names) {
    times.set(bare(name), (times.get(bare(name)) ?? 0) + 1);
    const namespace = name.slice(0, name.indexOf('/'));
    members.set(namespace, (members.get(namespace) ?? 0) + 1);
  }
  return (peers) => {
    const outside = peers.flatMap((peer) => (peer.kind === 'outside' ? [addressWords(peer.ranges)] : []));
    const workloads = peers.flatMap((peer) => (peer.kind === 'workload' ? [peer] : []));
    const all = workloads.length === names.length && workloads.length > 1;
    const inside = all
      ? ['all workloads']
      : [...groupBy(workloads, ({ namespace }) => namespace)].flatMap(([namespace, group]) =>
          group.length > 1 && group.length === members.get(namespace)
            ? [`${namespace}/*`]
            : group.map(({ name, isNew }) => `${times.get(bare(name)) === 1 ? bare(name) : name}${isNew ? ' (new)' : ''}`),
        );
    return list([...new Set(outside), ...inside], 'and', MAX_LISTED_PEERS);
  };
}

const MAX_LISTED_PEERS = 6;

const ACTIONS: Readonly<Partial<Record<DiffReason['step']['action'], string>>> = {
  Accept: 'accepted by',
  Allow: 'allowed by',
  Deny: 'denied by',
  DefaultAction: 'denied by the default action of',
  Isolated: 'isolated by',
  Unknown: 'not evaluated:',
};

/** A reason in words, and the policy and the rule that it names: "was isolated by", "data/db, spec.ingress[0]". */
export function reasonWords({ step, state }: DiffReason): { readonly action: string; readonly by: string } {
  const action = ACTIONS[step.action] ?? 'decided by';
  const rule = step.rule === undefined ? '' : `, ${step.rule}`;
  return { action: state === 'before' ? `was ${action}` : action, by: `${step.policy ?? step.tier}${rule}` };
}

/** What is said where no policy decides. */
export const NO_REASON = 'allowed by default: no policy decides this connection';
