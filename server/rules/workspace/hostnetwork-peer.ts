import { list } from '../../base/english.ts';
import { workloadName } from '../../eval/names.ts';
import { onValue } from '../draft.ts';
import { np } from '../examples.ts';
import type { WorkspaceRule } from '../rule.ts';
import { missesIn } from '../selector-misses.ts';
import { documents, pod } from '../workspace-examples.ts';
import { policyIn } from '../workspace-parts.ts';

const onHost = pod('shop', 'proxy', 'app: proxy').replace('spec:\n', 'spec:\n  hostNetwork: true\n');

const rule: WorkspaceRule = {
  name: 'hostnetwork-peer',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'high',
  summary: "A selector that matches only pods in the host's network.",
  why: "Such pods have the address of their node. What a NetworkPolicy does about them is up to the CNI, and most take their traffic for the node's; a ClusterNetworkPolicy never applies to them and never matches them.",
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
    const tier = policyIn(context)?.value.tier;
    for (const { of, kind, path, workloads } of missesIn(context)) {
      if (kind !== 'on-host') continue;
      const names = list(
        workloads.map(({ value }) => workloadName(value)),
        'and',
        3,
      );
      const uses = workloads.length === 1 ? "uses the host's network" : "use the host's network";
      const so =
        tier === 'NetworkPolicy'
          ? `most CNIs take ${workloads.length === 1 ? 'it' : 'them'} for the node and this selector for nobody`
          : 'this kind of policy leaves them out';
      const way = of === 'peer' ? 'Name the addresses of the nodes instead.' : 'Protect the nodes by other means.';
      yield onValue(context, path, `Only ${names} ${workloads.length === 1 ? 'matches' : 'match'} here, and ${uses}: ${so}. ${way}`, {
        related: workloads
          .slice(0, 3)
          .map(({ key, value }) => ({ key, path: value.labelsPath, message: `${workloadName(value)} uses the host's network` })),
      });
    }
  },
};

export default rule;
