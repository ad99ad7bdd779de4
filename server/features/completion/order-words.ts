import { plain } from '../../base/english.ts';
import { policyName } from '../../eval/names.ts';
import { stageGroups } from '../../eval/stage-order.ts';
import { stageOf, stagesOf, type Plane } from '../../eval/stages.ts';
import { identify } from '../../model/identify.ts';
import { stageOfTier } from '../../model/policy.ts';
import type { Slot } from '../../syntax/slot.ts';
import { clusterFor } from '../../workspace/snapshot.ts';
import type { FeatureContext } from '../context.ts';
import { planeAt } from '../text/plane.ts';
import { tierPlace } from '../text/tiers.ts';
import type { KnownWord } from './from-workspace.ts';

/** The tiers that a policy can be put in: those of Calico itself and those with an object in the workspace, in their order. */
export function tierWords(slot: Slot, context: FeatureContext): readonly KnownWord[] {
  const { kind } = identify(slot.manifest);
  const plane = planeAt(context);
  if (kind?.role !== 'policy' || kind.api !== plane.api) return [];
  if (plane.api === 'antrea')
    return antreaTiers(plane).map(({ name, order }) => ({ word: name, detail: `priority ${order}`, documentation: '' }));
  return stagesOf(plane).flatMap(({ tier }) =>
    tier && tier.isMissing !== true ? [{ word: tier.name, detail: tierPlace(tier), documentation: '' }] : [],
  );
}

/** The tiers of Antrea, built in or with an object in the workspace, in their order. */
function antreaTiers(plane: Plane): readonly { readonly name: string; readonly order: number }[] {
  return stagesOf(plane).flatMap(({ id, title, order }) => (id === stageOfTier(title) ? [{ name: title, order }] : []));
}

/** Priorities that are free in Antrea: of a Tier integers from 0 to 250, of a policy numbers from 1 to 10000 (DIALECTS, Antrea). */
export function priorityWords(slot: Slot, context: FeatureContext): readonly KnownWord[] {
  const identity = identify(slot.manifest);
  const kind = identity.ours ? identity.kind : undefined;
  if (kind?.api !== 'antrea' || planeAt(context).api !== 'antrea') return [];
  const isTier = kind.role === 'tier';
  return orderWords(slot, context).filter(({ word }) => {
    const number = Number(word);
    return isTier ? Number.isInteger(number) && number >= 0 && number <= 250 : number >= 1 && number <= 10_000;
  });
}

/** Orders that no other policy of the tier has, or no other tier: before the first, between two, and after the last. */
export function orderWords(slot: Slot, context: FeatureContext): readonly KnownWord[] {
  const { kind } = identify(slot.manifest);
  const plane = planeAt(context);
  if (kind?.role === 'tier' && kind.api === plane.api) {
    const own = kind.read(slot.manifest.root).name;
    if (plane.api === 'antrea')
      return freeOrders(antreaTiers(plane).flatMap(({ name, order }) => (name === own ? [] : [{ order, name: `tier ${plain(name)}` }])));
    return freeOrders(
      stagesOf(plane).flatMap(({ tier }) =>
        tier?.order === undefined || tier.name === own ? [] : [{ order: tier.order, name: `tier ${plain(tier.name)}` }],
      ),
    );
  }
  if (kind?.role !== 'policy' || kind.api !== plane.api) return [];
  const policy = kind.read(slot.manifest.root);
  const stage = stageOf(policy, plane);
  const others = clusterFor(context.snapshot, context.uri).policies.map(({ value }) => value);
  const [found] = stageGroups(
    others.filter((other) => stageOf(other, plane) === stage && (other.kind !== policy.kind || policyName(other) !== policyName(policy))),
    (other) => other,
    plane,
  );
  const placed = found?.groups.flat() ?? [];
  return freeOrders(
    placed.flatMap((other) => {
      const order = other.priority ?? plane.homes.get(other.stage)?.priority;
      return order === undefined ? [] : [{ order, name: plain(policyName(other)) }];
    }),
  );
}

/** So many places are offered. */
const MAX_PLACES = 20;
/** The room that is left before the first and after the last. */
const ORDER_GAP = 100;

function freeOrders(taken: readonly { readonly order: number; readonly name: string }[]): readonly KnownWord[] {
  const words = taken.flatMap(({ order, name }, i): readonly KnownWord[] => {
    const before = taken[i - 1];
    if (!before)
      return [{ word: String(order > ORDER_GAP ? order - ORDER_GAP : order - 1), detail: `before ${name} (${order})`, documentation: '' }];
    const middle = middleOf(before.order, order);
    return middle === undefined
      ? []
      : [{ word: String(middle), detail: `after ${before.name} (${before.order}), before ${name} (${order})`, documentation: '' }];
  });
  const last = taken.at(-1);
  const after = last ? [{ word: String(last.order + ORDER_GAP), detail: `after ${last.name} (${last.order})`, documentation: '' }] : [];
  return [...words.slice(0, MAX_PLACES), ...after];
}

/** An integer between two orders, else a fraction; none between equal ones. */
function middleOf(from: number, to: number): number | undefined {
  if (to <= from) return undefined;
  const whole = Math.floor((from + to) / 2);
  return whole > from ? whole : (from + to) / 2;
}
