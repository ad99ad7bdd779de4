import type { Node } from '../syntax/tree.ts';
import { given, integerIn, textIn } from './read.ts';
import type { Labels } from './selector.ts';
import type { Replicas, Workload } from './workload.ts';

/** What a controller adds to the labels of the template when it creates pods. */
export type GeneratedLabels = Pick<Workload, 'generatedLabels' | 'unknownLabels' | 'replicas'>;

/**
 * The labels that the controller of an object gives to its pods (Kubernetes reference, "Well-known labels, annotations and taints"):
 * those whose value follows from the manifest, those that only the cluster knows, and those that number the pods. `name` is that of the
 * object, `''` where it has none yet (`generateName`).
 */
export function generatedLabels(kind: string, name: string, root: Node | undefined): GeneratedLabels {
  const spec = given(root, 'spec');
  switch (kind) {
    case 'Job':
      return { ...(name === '' ? { unknownLabels: [...JOB_NAMES, ...JOB_UIDS] } : jobLabels(name)), ...completions(spec) };
    case 'CronJob':
      return { unknownLabels: [...JOB_NAMES, ...JOB_UIDS], ...completions(given(given(spec, 'jobTemplate'), 'spec')) };
    case 'Deployment':
      return { unknownLabels: ['pod-template-hash'] };
    case 'Rollout':
      return { unknownLabels: ['rollouts-pod-template-hash'] };
    case 'DaemonSet':
      return { unknownLabels: ['controller-revision-hash', 'pod-template-generation'] };
    case 'StatefulSet':
      return statefulSet(name, spec);
    case 'CloneSet':
      return { unknownLabels: ['controller-revision-hash', 'apps.kruise.io/cloneset-instance-id'] };
    // The replication controller `NAME-1`, `NAME-2`, … of each rollout writes these two.
    case 'DeploymentConfig':
      return { generatedLabels: { deploymentconfig: name }, unknownLabels: ['deployment'] };
    case 'Service':
      return knativeService(name);
    default:
      return {};
  }
}

/** The labels that number the pods of a StatefulSet. */
export const NUMBER_LABELS: readonly string[] = ['apps.kubernetes.io/pod-index', 'statefulset.kubernetes.io/pod-name'];

const JOB_NAMES = ['batch.kubernetes.io/job-name', 'job-name'];
const JOB_UIDS = ['batch.kubernetes.io/controller-uid', 'controller-uid'];

function jobLabels(name: string): GeneratedLabels {
  return { generatedLabels: Object.fromEntries(JOB_NAMES.map((key) => [key, name])), unknownLabels: JOB_UIDS };
}

/** batch/v1 Job: with `completionMode: Indexed` the index of the pod is a label (Kubernetes 1.28 and later). */
function completions(jobSpec: Node | undefined): GeneratedLabels {
  if (textIn(given(jobSpec, 'completionMode')) !== 'Indexed') return {};
  const written = given(jobSpec, 'completions');
  return { replicas: { first: 0, ...countOf(written), labels: [{ key: 'batch.kubernetes.io/job-completion-index', prefix: '' }] } };
}

/** apps/v1 StatefulSet: pods are `NAME-ORDINAL`, from `ordinals.start` on; one where `replicas` is absent. */
function statefulSet(name: string, spec: Node | undefined): GeneratedLabels {
  const first = integerIn(given(given(spec, 'ordinals'), 'start')) ?? 0;
  const labels = [
    { key: 'apps.kubernetes.io/pod-index', prefix: '' },
    { key: 'statefulset.kubernetes.io/pod-name', prefix: `${name}-` },
  ];
  return { unknownLabels: ['controller-revision-hash'], replicas: { first, ...countOf(given(spec, 'replicas')), labels } };
}

/** An absent number is 1; one that something fills in later is not known. */
function countOf(written: Node | undefined): Pick<Replicas, 'count'> {
  const count = written === undefined ? 1 : integerIn(written);
  return count === undefined ? {} : { count: Math.max(0, count) };
}

/** serving.knative.dev Service: each revision (`NAME-00001`) is a Deployment of its own. */
function knativeService(name: string): GeneratedLabels {
  return {
    generatedLabels: { 'serving.knative.dev/configuration': name, 'serving.knative.dev/service': name },
    unknownLabels: ['pod-template-hash', 'serving.knative.dev/revision', 'serving.knative.dev/revisionUID'],
  };
}

/** The labels of one numbered pod besides those that all of its workload have: `{'apps.kubernetes.io/pod-index': '0', …}`. */
export function replicaLabels({ labels }: Replicas, ordinal: number): Labels {
  return Object.fromEntries(labels.map(({ key, prefix }) => [key, `${prefix}${ordinal}`]));
}
