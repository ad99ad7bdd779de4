import type { CallerKindEntry } from './kind.ts';
import { given, readMetadata, textIn } from './read.ts';

/** Autoscalers of StatefulSets: the manifest does not tell the number of replicas of a scaled one. */
export const autoscalers: readonly CallerKindEntry[] = [
  autoscaler('autoscaling', 'v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers', ['autoscaling/v1', 'autoscaling/v2beta2']),
  autoscaler('keda.sh', 'v1alpha1', 'ScaledObject', 'scaledobjects', []),
];

function autoscaler(group: string, version: string, kind: string, plural: string, formerly: readonly string[]): CallerKindEntry {
  return {
    role: 'caller',
    group,
    version,
    kind,
    plural,
    scope: 'Namespaced',
    docs: 'https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/',
    formerly,
    needs: 'StatefulSet',
    read: (root) => {
      const { name, namespace } = readMetadata(root, []);
      const target = given(given(root, 'spec'), 'scaleTargetRef');
      const [scaled, kindOfTarget] = [textIn(given(target, 'name')), textIn(given(target, 'kind'))];
      const scales = scaled === undefined || kindOfTarget === undefined ? {} : { scales: { kind: kindOfTarget, name: scaled } };
      return { kind, name, namespace, calls: [], ...scales };
    },
  };
}
