import { expect, test } from 'vitest';
import { podMatch } from '../../server/model/pod-match.ts';
import type { Operator } from '../../server/model/selector.ts';
import type { Workload } from '../../server/model/workload.ts';
import { resourceOf } from './reading.ts';

/** The workload with this kind, spec and pod label `app: a`, named `w`. */
function workload(apiVersion: string, kind: string, spec: string): Workload {
  const resource = resourceOf(`apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: w, namespace: shop}\nspec: {${spec}}`);
  if (resource.role !== 'workload') throw new Error('no workload');
  return resource.value;
}

const TEMPLATE = 'template: {metadata: {labels: {app: a}}, spec: {containers: []}}';

/** Labels in a line: known ones, `key?` for those with an unknown value, `key=prefix#first+count` for numbered pods. */
function shortly({ labels, unknownLabels = [], replicas }: Workload): string {
  const numbered = replicas?.labels.map(({ key, prefix }) => `${key}=${prefix}#${replicas.first}+${replicas.count ?? '?'}`) ?? [];
  return [...Object.entries(labels).map(([key, value]) => `${key}=${value}`), ...unknownLabels.map((key) => `${key}?`), ...numbered].join(
    ' ',
  );
}

test.each([
  [['batch/v1', 'Job', TEMPLATE], 'app=a batch.kubernetes.io/job-name=w job-name=w batch.kubernetes.io/controller-uid? controller-uid?'],
  [
    ['batch/v1', 'Job', `completionMode: Indexed, completions: 3, ${TEMPLATE}`],
    'app=a batch.kubernetes.io/job-name=w job-name=w batch.kubernetes.io/controller-uid? controller-uid? batch.kubernetes.io/job-completion-index=#0+3',
  ],
  [
    ['batch/v1', 'CronJob', `jobTemplate: {spec: {${TEMPLATE}}}`],
    'app=a batch.kubernetes.io/job-name? job-name? batch.kubernetes.io/controller-uid? controller-uid?',
  ],
  [['apps/v1', 'Deployment', TEMPLATE], 'app=a pod-template-hash?'],
  // What an export of a ReplicaSet writes is known.
  [['apps/v1', 'ReplicaSet', 'template: {metadata: {labels: {app: a, pod-template-hash: "77"}}}'], 'app=a pod-template-hash=77'],
  [
    ['apps/v1', 'StatefulSet', TEMPLATE],
    'app=a apps.kubernetes.io/pod-index=0 statefulset.kubernetes.io/pod-name=w-0 controller-revision-hash?',
  ],
  [
    ['apps/v1', 'StatefulSet', `ordinals: {start: 5}, replicas: 2, ${TEMPLATE}`],
    'app=a controller-revision-hash? apps.kubernetes.io/pod-index=#5+2 statefulset.kubernetes.io/pod-name=w-#5+2',
  ],
  [
    ['apps/v1', 'StatefulSet', `replicas: '{{ .Values.n }}', ${TEMPLATE}`],
    'app=a controller-revision-hash? apps.kubernetes.io/pod-index=#0+? statefulset.kubernetes.io/pod-name=w-#0+?',
  ],
  [['apps/v1', 'DaemonSet', TEMPLATE], 'app=a controller-revision-hash? pod-template-generation?'],
] as const)('controllers add labels: %j', ([apiVersion, kind, spec], expected) => {
  expect(shortly(workload(apiVersion, kind, spec))).toBe(expected);
});

test.each([
  ['replicas: 3', 'apps.kubernetes.io/pod-index', 'In', ['0', '1'], 'some'],
  ['replicas: 3', 'apps.kubernetes.io/pod-index', 'In', ['0', '1', '2'], 'all'],
  ['replicas: 3', 'apps.kubernetes.io/pod-index', 'In', ['3'], 'none'],
  ['replicas: 3', 'apps.kubernetes.io/pod-index', 'NotIn', ['3'], 'all'],
  ['replicas: 3', 'statefulset.kubernetes.io/pod-name', 'In', ['w-2'], 'some'],
  ['replicas: "{{ n }}"', 'statefulset.kubernetes.io/pod-name', 'In', ['w-2'], 'perhaps'],
  ['replicas: 3', 'controller-revision-hash', 'In', ['w-5d4'], 'perhaps'],
  ['replicas: 3', 'controller-revision-hash', 'Exists', [], 'all'],
  ['replicas: 3', 'controller-revision-hash', 'DoesNotExist', [], 'none'],
  ['replicas: 3', 'app', 'In', ['b'], 'none'],
  ['replicas: 0', 'apps.kubernetes.io/pod-index', 'Exists', [], 'none'],
] as const)('a selector of numbered pods: %s, %s %s %j', (replicas, key, operator: Operator, values, expected) => {
  const requirement = { key, operator, values, path: [] };
  expect(podMatch({ requirements: [requirement], path: [] }, workload('apps/v1', 'StatefulSet', `${replicas}, ${TEMPLATE}`))).toBe(
    expected,
  );
});
