import { both, isNone, none, without, type Bits } from '../eval/bits.ts';
import { subjectBits } from '../eval/endpoint-bits.ts';
import type { Evaluation } from '../eval/evaluate.ts';
import type { EndpointSet } from '../model/endpoint-set.ts';
import type { Policy } from '../model/policy.ts';
import type { Located } from '../workspace/cluster.ts';
import { isAboutNodes, partsOf } from './cilium-parts.ts';

/** A rule of a policy that is in force, and the manifest that it stands in. */
export interface LocatedPart {
  readonly key: Located<Policy>['key'];
  readonly policy: Policy;
  readonly part: Policy;
}

/** Every rule of the policies of Cilium that are in force. */
export function partsIn(policies: readonly Located<Policy>[]): readonly LocatedPart[] {
  return policies.flatMap(({ key, value }) =>
    value.api === 'cilium' && !value.notInForce ? partsOf(value).map((part) => ({ key, policy: value, part })) : [],
  );
}

/** The known pods that a rule selects. */
export function podsSelectedBy(evaluation: Evaluation, part: Policy): Bits {
  return isAboutNodes(part) ? none : subjectBits(evaluation.space, part);
}

/** Does a rule select everything that another one selects, as far as is known? */
export function selectsAllOf(evaluation: Evaluation, wide: Policy, narrow: Policy): boolean {
  if (isAboutNodes(wide) !== isAboutNodes(narrow)) return false;
  if (wide.subject.words === narrow.subject.words || selectsEverything(wide, narrow)) return true;
  const own = podsSelectedBy(evaluation, narrow);
  return !isNone(own) && isNone(without(own, podsSelectedBy(evaluation, wide)));
}

/** Do two rules select a pod both, as far as is known? Without known pods, what they say must be alike. */
export function selectsSameAs(evaluation: Evaluation, one: Policy, other: Policy): boolean {
  if (isAboutNodes(one) !== isAboutNodes(other)) return false;
  if (one.subject.words === other.subject.words || selectsEverything(one, other) || selectsEverything(other, one)) return true;
  return !isNone(both(podsSelectedBy(evaluation, one), podsSelectedBy(evaluation, other)));
}

/** Does a selector ask for more than labels: a service account, an identity that Cilium made up, labels of its own namespace? */
function asksMore(set: EndpointSet): boolean {
  if (set.kind === 'and') return set.of.some(asksMore);
  if (set.kind === 'not') return set.of.kind !== 'entity';
  if (set.kind === 'labels') return set.selector.requirements.length > 0;
  return set.kind !== 'namespace' && !(set.kind === 'entity' && set.entity === 'pod');
}

function selectsEverything({ subject, namespace }: Policy, other: Policy): boolean {
  const isAll =
    subject.set?.kind === 'labels'
      ? subject.set.selector.requirements.length === 0
      : subject.pods.requirements.length === 0 && !(subject.set && asksMore(subject.set));
  const scope =
    subject.namespaces.kind === 'selected' ? subject.namespaces.selector.requirements.length === 0 : other.namespace === namespace;
  return isAll && scope;
}
