import { quote } from '../../base/english.ts';
import type { EndpointSet } from '../../model/endpoints.ts';
import { itemsOf, stringOf } from '../../syntax/tree.ts';
import { ofApi } from '../about.ts';
import { onValue } from '../draft.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'antrea-nested-group',
  scope: 'workspace',
  severity: 'error',
  confidence: 'high',
  summary: "A group in 'childGroups' that has child groups itself.",
  why: 'Antrea groups nest one level deep. Its webhook rejects a group whose child has children, and children for a group that is a child already (`validateChildGroup` in antrea `validate.go`): whichever of the two is applied last is not stored.',
  noFix: 'Only the author knows which groups are meant.',
  about: ofApi('antrea', 'set'),
  roles: ['set'],
  *check(context) {
    const { resource, cluster } = context;
    if (resource?.role !== 'set' || resource.value.api !== 'antrea') return;
    const { kind, namespace } = resource.value;
    for (const [i, item] of itemsOf(context.at(['spec', 'childGroups'])).entries()) {
      const name = stringOf(item);
      const child = cluster.sets.find(
        ({ value }) => value.api === 'antrea' && value.kind === kind && value.name === name && value.namespace === namespace,
      );
      if (name === undefined || child?.value === resource.value || !child || !hasChildren(child.value.members)) continue;
      yield onValue(
        context,
        ['spec', 'childGroups', i],
        `${kind} ${quote(name)} has child groups itself, and groups nest one level deep only, so Antrea's webhook rejects the one that is applied last. Name the children of ${quote(name)} here instead.`,
        { related: [{ key: child.key, path: ['spec', 'childGroups'], message: 'Its children.' }] },
      );
    }
  },
};

/** A group with children is made of references to other groups. */
function hasChildren(set: EndpointSet): boolean {
  if (set.kind === 'or') return set.of.some(hasChildren);
  return set.kind === 'reference' && set.to.api === 'antrea';
}

export default rule;
