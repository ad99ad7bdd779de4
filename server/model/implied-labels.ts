import type { Api } from './api.ts';
import type { Labels } from './selector.ts';
import type { Workload } from './workload.ts';

/*
 * Labels that a network plugin gives to pods, namespaces and accounts, and that selectors of every API may ask for where it enforces them.
 * No manifest has them. Cilium: `pkg/k8s/apis/cilium.io/const.go` and `pkg/policy/api/selector.go`; Calico: "Use identity-aware policies" and
 * `libcalico-go/lib/backend/k8s/conversion`.
 */

/** The labels that the pods of a workload have besides those of their manifest. `namespace`: the labels of their namespace. */
export function impliedPodLabels(plane: Api, { namespace: name, runsAs = 'default' }: Workload, namespace: Labels): Labels {
  switch (plane) {
    case 'cilium':
      return {
        'io.kubernetes.pod.namespace': name,
        'io.cilium.k8s.policy.cluster': 'default',
        'io.cilium.k8s.policy.serviceaccount': runsAs,
        ...Object.fromEntries(Object.entries(namespace).map(([key, value]) => [`io.cilium.k8s.namespace.labels.${key}`, value])),
      };
    case 'calico':
      return {
        'projectcalico.org/namespace': name,
        'projectcalico.org/orchestrator': 'k8s',
        'projectcalico.org/serviceaccount': runsAs,
      };
    case 'antrea':
    case 'kubernetes':
      return {};
  }
}

/** The labels that a namespace, or a service account, has besides those of its manifest. */
export function impliedObjectLabels(plane: Api, name: string): Labels {
  return plane === 'calico' ? { 'projectcalico.org/name': name } : {};
}

/** May a network plugin give such a label? For all others nothing need be made up. */
export function isImpliedKey(plane: Api, key: string): boolean {
  if (plane === 'cilium') return key.startsWith('io.cilium.') || key === 'io.kubernetes.pod.namespace';
  return plane === 'calico' && key.startsWith('projectcalico.org/');
}
