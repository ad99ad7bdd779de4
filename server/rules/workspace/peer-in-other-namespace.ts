import { list } from '../../base/english.ts';
import { workloadName } from '../../eval/names.ts';
import { NAME_LABEL } from '../../model/namespace.ts';
import { describeSelector } from '../../model/describe-selector.ts';
import { insertField, scalarText } from '../../syntax/edit.ts';
import type { Path } from '../../syntax/path.ts';
import { asMap } from '../../syntax/tree.ts';
import { onValue } from '../draft.ts';
import { np } from '../examples.ts';
import type { Fix } from '../finding.ts';
import type { WorkspaceContext, WorkspaceRule } from '../rule.ts';
import { missesIn } from '../selector-misses.ts';
import { documents, pod } from '../workspace-examples.ts';

const rule: WorkspaceRule = {
  name: 'peer-in-other-namespace',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'high',
  summary: 'A peer without namespaceSelector that matches pods only in other namespaces.',
  why: "A podSelector that stands alone looks in the policy's own namespace. The pods that are meant run elsewhere, so the rule lets nobody in or out.",
  bad: [
    {
      yaml: documents(
        np`
          podSelector: {}
          policyTypes: [Ingress]
          ingress:
          - from:
            - podSelector:
                matchLabels:
                  app: prometheus
        `,
        pod('shop', 'web', 'app: web'),
        pod('monitoring', 'prometheus', 'app: prometheus'),
      ),
      fixed: documents(
        np`
          podSelector: {}
          policyTypes: [Ingress]
          ingress:
          - from:
            - namespaceSelector:
                matchLabels:
                  kubernetes.io/metadata.name: monitoring
              podSelector:
                matchLabels:
                  app: prometheus
        `,
        pod('shop', 'web', 'app: web'),
        pod('monitoring', 'prometheus', 'app: prometheus'),
      ),
    },
  ],
  good: [
    documents(
      np`
        podSelector: {}
        policyTypes: [Ingress]
        ingress:
        - from:
          - namespaceSelector:
              matchLabels:
                kubernetes.io/metadata.name: monitoring
            podSelector:
              matchLabels:
                app: prometheus
      `,
      pod('shop', 'web', 'app: web'),
      pod('monitoring', 'prometheus', 'app: prometheus'),
    ),
  ],
  *check(context) {
    const misses = missesIn(context);
    // Where the pods of the policy itself are: then its own namespace is the mistake.
    const moved = new Set(
      misses
        .flatMap(({ of, kind, workloads }) => (of === 'subject' && kind === 'nothing' ? workloads : []))
        .map(({ value }) => value.namespace),
    );
    for (const { kind, pods, path, workloads, scope } of misses) {
      if (kind !== 'elsewhere' || scope.kind !== 'own' || workloads.some(({ value }) => moved.has(value.namespace))) continue;
      const names = [...new Set(workloads.map(({ value }) => value.namespace))].toSorted();
      const places = `${names.length === 1 ? 'namespace' : 'namespaces'} ${list(names, 'and', 3)}`;
      const message = `There are no ${describeSelector(pods)} in namespace ${scope.namespace}, only in ${places}. Add a namespaceSelector; without one only the policy's own namespace is looked at, and this peer matches nothing.`;
      yield onValue(context, path, message, {
        related: workloads
          .slice(0, 3)
          .map(({ key, value }) => ({ key, path: value.labelsPath, message: `${workloadName(value)} has these labels` })),
        fixes: names.slice(0, 3).flatMap((name) => fix(context, path, name)),
      });
    }
  },
};

function fix({ at, text }: WorkspaceContext, path: Path, namespace: string): readonly Fix[] {
  const peer = asMap(at(path.slice(0, -1)));
  if (!peer || peer.flow) return [];
  const value = `matchLabels:\n  ${NAME_LABEL}: ${scalarText(namespace)}`;
  return [
    { title: `Look in namespace ${namespace}`, edits: [insertField(text, peer, 'namespaceSelector', value, { first: true })], safe: false },
  ];
}

export default rule;
