import type { WorkspaceContext } from '../../analysis/context.ts';
import type { EndpointSet } from '../../model/endpoints.ts';
import type { ReferencedSet } from '../../model/referenced.ts';
import type { Policy } from '../../model/policy.ts';
import type { Path } from '../../syntax/path.ts';
import { get, itemsOf, stringOf } from '../../syntax/tree.ts';
import type { Located } from '../../workspace/cluster.ts';

/** A group that a policy names, and where. */
export interface NamedGroup {
  readonly name: string;
  readonly path: Path;
  /** As what: in `appliedTo`, or as a peer. */
  readonly as: 'subject' | 'peer';
}

/** The groups that a policy names. */
export function groupsNamed({ at }: Pick<WorkspaceContext, 'at'>): readonly NamedGroup[] {
  const inList = (owner: Path, field: string, as: NamedGroup['as']): readonly NamedGroup[] =>
    itemsOf(at([...owner, field])).flatMap((item, i) => {
      const name = stringOf(get(item, 'group'));
      return name === undefined || name === '' ? [] : [{ name, path: [...owner, field, i, 'group'], as }];
    });
  const rules = ['ingress', 'egress'].flatMap((direction) => itemsOf(at(['spec', direction])).map((_, i) => ['spec', direction, i]));
  return [
    ...inList(['spec'], 'appliedTo', 'subject'),
    ...rules.flatMap((path) => [...inList(path, 'appliedTo', 'subject'), ...inList(path, 'from', 'peer'), ...inList(path, 'to', 'peer')]),
  ];
}

/** The group of a name that a policy means; `undefined` where the workspace has none. */
export function referencedGroup({ cluster }: WorkspaceContext, name: string, { namespace }: Policy): Located<ReferencedSet> | undefined {
  const kind = namespace === undefined ? 'ClusterGroup' : 'Group';
  return cluster.sets.find(
    ({ value }) => value.api === 'antrea' && value.kind === kind && value.name === name && value.namespace === namespace,
  );
}

/** Can a group never have pods that a policy applies to: does it hold addresses or nodes only? Not where a part of it is not known. */
export function isWithoutPods(context: WorkspaceContext, group: ReferencedSet, policy: Policy, depth: number = 0): boolean {
  return (
    group.unreadable.length === 0 &&
    isNothing(group.pods ?? group.members, (name) => {
      const child = depth < 2 ? referencedGroup(context, name, policy) : undefined;
      return child !== undefined && isWithoutPods(context, child.value, policy, depth + 1);
    })
  );
}

function isNothing(set: EndpointSet, isEmptyGroup: (name: string) => boolean): boolean {
  if (set.kind === 'reference') return set.to.by.kind === 'name' && isEmptyGroup(set.to.by.name);
  return set.kind === 'or' && set.of.every((part) => isNothing(part, isEmptyGroup));
}
