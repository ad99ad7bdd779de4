import { list, quote } from '../../base/english.ts';
import { parseLabelKey, POD_NAMESPACE } from '../../model/cilium/label-key.ts';
import { specsIn } from '../../model/cilium/rejections.ts';
import { given } from '../../model/read.ts';
import { readSelector } from '../../model/read-selector.ts';
import { holds } from '../../model/selector.ts';
import { ofApi } from '../about.ts';
import { onKey } from '../draft.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'cilium-foreign-namespace',
  scope: 'manifest',
  severity: 'warning',
  confidence: 'high',
  summary: 'An endpointSelector of a namespaced policy that names another namespace.',
  why: 'A CiliumNetworkPolicy applies only to pods of its own namespace. Cilium ignores a namespace in its endpointSelector, so the policy looks for the other labels in its own namespace, and the pods that are meant stay unprotected. The policy is stored and reported as valid.',
  noFix: 'Moving a policy to another namespace, or making it clusterwide, changes what its peers mean.',
  about: (kind) => ofApi('cilium', 'policy')(kind) && kind.scope === 'Namespaced',
  *check(context) {
    const { root, policy } = context;
    const home = policy?.namespace;
    if (!root || home === undefined || home === '' || !isWritten(root)) return;
    for (const { node, path } of specsIn(root)) {
      const selector = readSelector(given(node, 'endpointSelector'), [...path, 'endpointSelector'], 'dropped');
      for (const requirement of selector.requirements) {
        const { source, key } = parseLabelKey(requirement.key);
        if (key !== POD_NAMESPACE || source === 'reserved' || holds({ ...requirement, key }, { [key]: home })) continue;
        const named =
          requirement.operator === 'In'
            ? `namespace ${list(
                requirement.values.map((one) => quote(one)),
                'or',
                3,
              )}`
            : 'other namespaces';
        const message = `This policy is in namespace ${quote(home)} and selects pods of that namespace only: Cilium ignores that the selector names ${named}. Move the policy there, or write a CiliumClusterwideNetworkPolicy.`;
        yield onKey(context, requirement.path, message);
      }
    }
  },
};

export default rule;

/** Without a namespace in the manifest, whoever applies it decides. */
function isWritten(root: Parameters<typeof given>[0]): boolean {
  return given(given(root, 'metadata'), 'namespace') !== undefined;
}
