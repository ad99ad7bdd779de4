import { list, quote } from '../../base/english.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';
import { NAME_LABEL } from '../../model/namespace.ts';
import type { Labels } from '../../model/selector.ts';
import { keysOf, keysWithLabel } from '../../workspace/lookup.ts';
import { indexOf, resourceAt } from '../../workspace/snapshot.ts';
import { podPolicies } from '../about.ts';
import { onKey } from '../draft.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'namespace-labels-differ',
  scope: 'workspace',
  severity: 'information',
  about: podPolicies,
  confidence: 'high',
  inText: 'Namespace',
  summary: 'A Namespace that is defined twice, with different values of labels that policies select by.',
  why: 'They are one object in the cluster, and the one that is applied last sets its labels. A namespaceSelector for a label of the other one then matches nothing.',
  *check(context) {
    const { key, snapshot, universe } = context;
    const object = key === undefined ? undefined : resourceAt(snapshot, key);
    if (key === undefined || object?.role !== 'namespace' || (object.value.unreadable?.length ?? 0) > 0) return;
    const { name, labels, labelsPath } = object.value;
    const others = name === '' ? [] : keysOf(indexOf(snapshot, universe), 'Namespace', '', name).filter((other) => other !== key);
    for (const other of others.slice(0, MAX_DEFINITIONS)) {
      const found = resourceAt(snapshot, other);
      const different =
        found?.role === 'namespace' && (found.value.unreadable?.length ?? 0) === 0
          ? differences(labels, found.value.labels).filter((label) => isUsed(context, label))
          : [];
      if (different.length === 0) continue;
      const words = list(
        different.map((key) => quote(key)),
        'and',
        3,
      );
      const message = `Namespace ${name} is defined a second time with ${different.length === 1 ? 'another label' : 'other labels'} (${words}), and the one that is applied last decides which selectors match. Write the same labels in both.`;
      yield onKey(context, labelsPath, message, { related: [{ key: other, path: ['metadata', 'name'], message: 'The same object.' }] });
      return;
    }
  },
};

/** Definitions of one namespace that are compared, at most. */
const MAX_DEFINITIONS = 20;

/** Labels that no selector asks for, such as those of Pod Security, make no difference to policies. */
function isUsed({ snapshot, universe }: WorkspaceContext, label: string): boolean {
  return label !== NAME_LABEL && keysWithLabel(indexOf(snapshot, universe), 'namespaceSelector', label).length > 0;
}

function differences(one: Labels, other: Labels): readonly string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((key) => one[key] !== other[key]);
}

export default rule;
