import { uriOf } from '../../workspace/record.ts';
import { samePath } from '../../syntax/path.ts';
import { indexOf, resourceAt } from '../../workspace/snapshot.ts';
import { keysOf } from '../../workspace/lookup.ts';
import type { Resource } from '../../model/kind.ts';
import type { Policy } from '../../model/policy.ts';
import { onValue } from '../draft.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'duplicate-policy',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'high',
  inText: 'metadata',
  summary: 'Two policies of the same kind, namespace and name.',
  why: 'They are one object in the cluster: the one that is applied last replaces the other, whose rules are lost.',
  *check(context) {
    const { key, snapshot, universe, cluster } = context;
    const object = key === undefined ? undefined : resourceAt(snapshot, key);
    if (key === undefined || object?.role !== 'policy') return;
    // Seen from a file, its own definition counts; so one that does not stands behind another in the same file.
    const loser = cluster.problems.find((problem) => problem.key === key && samePath(problem.path, ['metadata', 'name']));
    const { kind, namespace, name } = context.resource?.role === 'policy' ? context.resource.value : object.value;
    const others = name === '' ? [] : keysOf(indexOf(snapshot, universe), kind, namespace ?? '', name).filter((other) => other !== key);
    if (others.length === 0) return;
    const uri = uriOf(key);
    const here = others.some((other) => uriOf(other) === uri);
    // The first one of a file is reported at the later ones.
    if (here && !loser) return;
    // Copies, such as rendered files beside their source, replace one another without a difference.
    const differing = here ? others : others.filter((other) => !isCopy(object.value, resourceAt(snapshot, other)));
    if (differing.length === 0) return;
    const full = namespace === undefined ? name : `${namespace}/${name}`;
    const message = here
      ? `Another ${kind} ${full} is defined above in this file, and the one that is applied last replaces the other. Rename one, or merge them.`
      : `Another file also defines ${kind} ${full}. In one cluster, the one that is applied last replaces the other. If the files belong to different clusters, configure netpol.clusters.`;
    const related = differing.slice(0, 3).map((other) => ({ key: other, path: ['metadata', 'name'], message: 'The same object.' }));
    yield onValue(context, ['metadata', 'name'], message, { related, ...(here ? {} : { severity: 'information' as const }) });
  },
};

/** Do two definitions say the same? */
function isCopy(policy: Policy, other: Resource | undefined): boolean {
  return other?.role === 'policy' && JSON.stringify(policy) === JSON.stringify(other.value);
}

export default rule;
