import type { OtherKindEntry } from './kind.ts';
import { readPods } from './pod-template.ts';
import type { Path } from '../syntax/path.ts';

/** Everything that makes pods from a template: only the labels and ports of the template count for policies, not its own. */
export const controllers: readonly OtherKindEntry[] = [
  controller('Deployment', 'apps', 'deployments', ['extensions/v1beta1', 'apps/v1beta1', 'apps/v1beta2']),
  controller('ReplicaSet', 'apps', 'replicasets', ['extensions/v1beta1', 'apps/v1beta2']),
  controller('StatefulSet', 'apps', 'statefulsets', ['apps/v1beta1', 'apps/v1beta2']),
  controller('DaemonSet', 'apps', 'daemonsets', ['extensions/v1beta1', 'apps/v1beta2']),
  controller('Job', 'batch', 'jobs', []),
  controller('CronJob', 'batch', 'cronjobs', ['batch/v1beta1', 'batch/v2alpha1'], ['spec', 'jobTemplate', 'spec', 'template']),
  controller('ReplicationController', '', 'replicationcontrollers', []),
];

function controller(
  kind: string,
  group: string,
  plural: string,
  formerly: readonly string[],
  template: Path = ['spec', 'template'],
): OtherKindEntry {
  return {
    role: 'workload',
    group,
    version: 'v1',
    kind,
    plural,
    scope: 'Namespaced',
    docs: `https://kubernetes.io/docs/concepts/workloads/controllers/${kind === 'CronJob' ? 'cron-jobs' : kind.toLowerCase()}/`,
    formerly,
    read: (root) => readPods(root, kind, template),
  };
}
