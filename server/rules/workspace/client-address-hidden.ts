import { policyName, workloadName } from '../../eval/names.ts';
import { targetPort } from '../../model/target-port.ts';
import { denyingPolicies, isFullyReadable } from '../../analysis/required-connections/open-to.ts';
import { isPublicOnly, openAddresses } from '../../analysis/required-connections/outside-access.ts';
import { podsBehind } from '../../analysis/required-connections/targets.ts';
import type { Related } from '../../analysis/related.ts';
import { factsIn } from '../../analysis/selection.ts';
import type { Policy } from '../../model/policy.ts';
import type { Located } from '../../workspace/cluster.ts';
import { pairOf, asMap } from '../../syntax/tree.ts';
import { onValue } from '../draft.ts';
import type { Fix } from '../finding.ts';
import { putValue } from '../repair/insert-item.ts';
import type { WorkspaceRule } from '../rule.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';

const FIELD = 'externalTrafficPolicy';

const rule: WorkspaceRule = {
  name: 'client-address-hidden',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'medium',
  roles: ['service'],
  summary: 'Policies allow blocks of client addresses, but the Service replaces those addresses.',
  why: 'With `externalTrafficPolicy: Cluster`, which is the default, a connection from outside may enter at any node, and arrives at the pod with the address of that node. A policy that allows the addresses of the clients never matches it. With `Local` the address of the client is kept.',
  *check(context) {
    const { resource } = context;
    if (resource?.role !== 'service' || !/^(?:LoadBalancer|NodePort)$/.test(resource.value.type)) return;
    const { externalTrafficPolicy: set = 'Cluster', name, ports } = resource.value;
    if (set !== 'Cluster') return;
    const evaluation = context.evaluation();
    for (const { value: workload } of podsBehind(factsIn(context), resource.value)) {
      const id = evaluation.space.classOf.get(workload) ?? -1;
      if (id === -1 || !isFullyReadable(evaluation, 'ingress', id)) continue;
      for (const { targetPort: nameOrNumber, protocol } of ports) {
        const port = targetPort(workload, nameOrNumber, protocol);
        if (port === undefined || !isPublicOnly(openAddresses(evaluation, 'ingress', id, { protocol, port }))) continue;
        const path = resource.value.externalTrafficPolicy === undefined ? ['spec', 'type'] : ['spec', FIELD];
        const message = `Service ${name} has externalTrafficPolicy Cluster, so connections from outside reach ${workloadName(workload)} ${protocol} ${port} with the address of a node, but policies allow only other addresses. Set externalTrafficPolicy to Local, or allow the addresses of the nodes.`;
        const policies = denyingPolicies(evaluation, 'ingress', [id, privateAtom(context)], { protocol, port });
        yield onValue(context, path, message, {
          severity: resource.value.externalTrafficPolicy === undefined ? 'information' : 'warning',
          related: policies.slice(0, 3).map(({ policy, path: at }) => relatedTo(policy, at)),
          fixes: toLocal(context),
        });
        return;
      }
    }
  },
};

export default rule;

/** The index of the addresses that hold 10.0.0.0, as a node might have it. */
function privateAtom(context: WorkspaceContext): number {
  const { atoms, classes } = context.evaluation().space;
  return (
    classes.length +
    Math.max(
      0,
      atoms.findIndex(({ family, from, to }) => family === 4 && from <= NODE && NODE <= to),
    )
  );
}

const NODE = 10n << 24n;

function relatedTo({ key, value }: Located<Policy>, path: Related['path']): Related {
  return { key, path, message: `NetworkPolicy ${policyName(value)} allows only other addresses.` };
}

function toLocal({ at, text }: WorkspaceContext): readonly Fix[] {
  const spec = asMap(at(['spec']));
  const pair = spec && pairOf(spec, FIELD);
  return pair ? [{ title: `Set ${FIELD} to Local`, edits: [putValue(text, pair, 'Local')], safe: false }] : [];
}
