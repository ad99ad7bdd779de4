import { insertField } from '../../syntax/edit.ts';
import type { Path } from '../../syntax/path.ts';
import { asMap, isNull, pairOf } from '../../syntax/tree.ts';
import { onKey } from '../draft.ts';
import type { Fix } from '../finding.ts';
import { peersIn } from '../../analysis/policy-parts.ts';
import { putValue } from '../repair/insert-item.ts';
import type { ManifestContext, ManifestRule } from '../rule.ts';
import { upstreamPolicies } from '../about.ts';

const rule: ManifestRule = {
  name: 'all-namespaces-implied',
  scope: 'manifest',
  severity: 'information',
  confidence: 'medium',
  profile: 'strict',
  about: (kind) => kind.role === 'policy' && upstreamPolicies(kind) && kind.scopeOfPods === 'all',
  summary: "'pods' without a namespaceSelector selects pods of all namespaces.",
  why: "In a NetworkPolicy, a podSelector without a namespaceSelector selects pods in the policy's own namespace. In a ClusterNetworkPolicy it selects pods in all namespaces, so every user who can label a pod in any namespace can add a pod to it.",
  *check(context) {
    const { policy, at } = context;
    if (!policy) return;
    for (const path of [policy.subject.path, ...peersIn(policy).map(({ peer }) => peer.path)]) {
      const pods = [...path, 'pods'];
      const map = asMap(at(pods));
      const own = pairOf(map, 'namespaceSelector');
      if (!map || map.hole || (own && (!isNull(own.value) || own.value.hole))) continue;
      const message =
        "'pods' without a namespaceSelector selects pods in all namespaces. Add 'namespaceSelector: {}' to make this explicit, or select the namespaces.";
      yield onKey(context, pods, message, { fixes: saying(context, pods) });
    }
  },
};

export default rule;

function saying({ at, text }: ManifestContext, path: Path): readonly Fix[] {
  const map = at(path);
  if (map?.kind !== 'map') return [];
  const own = pairOf(map, 'namespaceSelector');
  const edit = own ? putValue(text, own, '{}') : insertField(text, map, 'namespaceSelector', '{}', map.flow ? {} : { first: true });
  return [{ title: "Add 'namespaceSelector: {}' (same meaning)", edits: [edit], safe: false }];
}
