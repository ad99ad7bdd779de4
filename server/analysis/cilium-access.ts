import { has } from '../eval/bits.ts';
import type { Evaluation } from '../eval/evaluate.ts';
import { ENTITY_MEANINGS } from '../model/cilium/entities.ts';
import type { Direction, Peer, Rule } from '../model/policy.ts';
import type { Cluster } from '../workspace/cluster.ts';
import { entriesOf, isAll, isCluster } from './cilium-parts.ts';
import { partsIn, podsSelectedBy, type LocatedPart } from './cilium-overlap.ts';

/** An allow entry about a class of pods. */
export interface AllowEntry {
  readonly where: LocatedPart;
  readonly rule: Rule;
}

/** The allow entries of Cilium policies about a class of pods, in one direction. */
export function allowsOn(evaluation: Evaluation, { policies }: Cluster, direction: Direction, id: number): readonly AllowEntry[] {
  return partsIn(policies)
    .filter(({ part }) => has(podsSelectedBy(evaluation, part), id))
    .flatMap((where) =>
      entriesOf(where.part).flatMap((entry) =>
        entry.direction === direction && entry.rule.action === 'Accept' ? [{ where, rule: entry.rule }] : [],
      ),
    );
}

/** Does an entry name one of these entities, or something that includes it? */
export function namesEntity({ peers }: Rule, ...entities: readonly string[]): boolean {
  return peers === 'any' || peers.some((peer) => isAll(peer) || isCluster(peer) || entities.some((entity) => isOfEntity(peer, entity)));
}

function isOfEntity(peer: Peer, entity: string): boolean {
  return peer.kind === 'set' && peer.words === ENTITY_MEANINGS.get(entity)?.words;
}
