import { onValue } from '../draft.ts';
import { cnp, np } from '../examples.ts';
import { placesOnHost } from '../host-network.ts';
import type { WorkspaceRule } from '../rule.ts';
import { missesIn } from '../selector-misses.ts';
import { documents, pod } from '../workspace-examples.ts';
import { policyIn, workloadList } from '../workspace-parts.ts';

const onHost = pod('shop', 'proxy', 'app: proxy').replace('spec:\n', 'spec:\n  hostNetwork: true\n');

const rule: WorkspaceRule = {
  name: 'hostnetwork-subject',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'high',
  summary: "A policy that selects only pods in the host's network.",
  why: 'Such pods have the address of their node. What a NetworkPolicy does about them is up to the CNI, and most leave them as open as the node is; a ClusterNetworkPolicy never applies to them.',
  bad: [
    {
      yaml: documents(
        np`
          podSelector:
            matchLabels:
              app: proxy
          policyTypes: [Ingress]
        `,
        onHost,
      ),
    },
    {
      yaml: documents(
        cnp`
          tier: Admin
          priority: 10
          subject:
            pods:
              namespaceSelector:
                matchLabels: {kubernetes.io/metadata.name: shop}
              podSelector:
                matchLabels: {app: proxy}
          ingress:
          - action: Deny
            from:
            - namespaces: {}
        `,
        onHost,
      ),
    },
  ],
  good: [
    documents(
      np`
        podSelector: {}
        policyTypes: [Ingress]
      `,
      onHost,
      pod('shop', 'web', 'app: web'),
    ),
  ],
  *check(context) {
    const mayBind = policyIn(context)?.value.traits.hostNetwork === true;
    for (const { of, kind, path, workloads } of missesIn(context)) {
      if (of !== 'subject' || kind !== 'on-host') continue;
      const [use, them] = workloads.length === 1 ? ['uses', 'it'] : ['use', 'them'];
      const so = mayBind ? `with most CNIs this policy leaves ${them} open` : `policies of this kind never bind ${them}`;
      const message = `This policy selects only ${workloadList(workloads)}, which ${use} the host's network: ${so}. Protect the nodes by other means, or give up hostNetwork.`;
      yield onValue(context, path, message, { related: placesOnHost(workloads) });
    }
  },
};

export default rule;
