import { escape } from '../../base/markdown.ts';
import { describeSubject } from '../../model/describe.ts';
import { DIRECTIONS, type Direction, type Policy } from '../../model/policy.ts';
import { get, isNull, itemsOf } from '../../syntax/tree.ts';
import type { Fact, Pointed } from './fact.ts';

/** The directions in which a NetworkPolicy isolates its pods, with the default applied; on `policyTypes` and on `spec`. */
export const policyTypesFact: Fact = (pointed) => {
  const { path, policy } = pointed;
  if (!policy.traits.isolates || path[0] !== 'spec' || (path.length > 1 && path[1] !== 'policyTypes')) return undefined;
  const isolated = DIRECTIONS.filter((direction) => policy[direction]);
  if (isolated.length === 0) return undefined;
  const effects = isolated.map((direction) => effectOf(policy, direction));
  const free = isolated.length === 2 ? '' : ` It does not restrict ${isolated[0] === 'ingress' ? 'egress' : 'ingress'}.`;
  return `Isolates ${escape(describeSubject(policy))} for ${isolated.join(' and ')}${whyOf(pointed)}: ${effects.join(', ')}.${free}`;
};

function effectOf(policy: Policy, direction: Direction): string {
  const rules = policy[direction]?.rules.length ?? 0;
  if (rules > 0) return `${rules === 1 ? 'one rule allows' : `${rules} rules allow`} ${direction}`;
  return direction === 'egress' ? 'all egress is denied, DNS included' : 'all ingress is denied';
}

/** Why these directions, where the policy does not say them itself. */
function whyOf({ place, policy }: Pointed): string {
  const spec = get(place.placed.manifest.root, 'spec');
  if (itemsOf(get(spec, 'policyTypes')).length > 0) return '';
  if (policy.egress) return ' (the default, since there is an egress rule)';
  // `egress: []` does not count as an egress section (kubernetes `pkg/apis/networking/v1/defaults.go`).
  return isNull(get(spec, 'egress')) ? ' (the default)' : ' (the default; an empty `egress` does not count)';
}
