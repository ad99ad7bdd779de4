import { list } from '../../base/english.ts';
import { bitMembers } from '../../eval/bits.ts';
import { subjectBits } from '../../eval/endpoint-bits.ts';
import { stageOf } from '../../eval/stages.ts';
import { DIRECTIONS } from '../../model/policy.ts';
import { policyIn } from '../../analysis/selection.ts';
import { ofApi } from '../about.ts';
import { onKey } from '../draft.ts';
import type { WorkspaceRule } from '../rule.ts';

/** Namespaces of what a cluster with Calico needs to run. */
const SYSTEM: ReadonlySet<string> = new Set(['kube-system', 'calico-system', 'calico-apiserver', 'tigera-operator']);

const rule: WorkspaceRule = {
  name: 'calico-default-deny-blocks-system',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'high',
  companions: ['dns-blocked'],
  about: ofApi('calico', 'policy'),
  summary: 'A global default deny that also selects the pods of the system, and maybe host endpoints.',
  why: 'A global policy without namespaceSelector applies to every pod of the cluster and to host endpoints: cluster DNS, the controllers of Kubernetes and Calico itself are denied, too, and may not come up again after a restart.',
  *check(context) {
    const policy = policyIn(context);
    if (!policy || policy.value.namespace !== undefined || policy.value.notInForce) return;
    const { space } = context.evaluation();
    if (stageOf(policy.value, space.objects.plane).unmatched !== 'deny-if-applied') return;
    const closed = DIRECTIONS.filter((direction) => policy.value[direction]?.rules.length === 0);
    if (closed.length === 0) return;
    const found = bitMembers(subjectBits(space, policy.value)).flatMap((id) => space.classes[id]?.sample.namespace ?? []);
    const system = [...new Set(found.filter((namespace) => SYSTEM.has(namespace)))];
    // Another policy may allow what they need.
    const isOpen = closed.every((direction) =>
      bitMembers(subjectBits(space, policy.value)).some(
        (id) =>
          SYSTEM.has(space.classes[id]?.sample.namespace ?? '') &&
          context.evaluation().podPolicies[direction][id]?.lists.some(({ rules }) => rules.some(({ action }) => action === 'Accept')) ===
            true,
      ),
    );
    if (system.length === 0 || isOpen) return;
    const message = `This policy also denies ${list(closed)} of pods in ${list(system)}, such as cluster DNS. Exclude these namespaces: namespaceSelector: projectcalico.org/name not in {'kube-system', 'calico-system'}.`;
    yield onKey(context, ['spec'], message);
  },
};

export default rule;
