import type { Labels } from './selector.ts';
import type { Workload } from './workload.ts';

/**
 * The labels to select the pods of a workload by: those of its pod template, as the next Job has another name, and a StatefulSet may get
 * more pods; what a controller adds only where there are no others (`job-name` stands for a name of today, which pods have as well).
 */
export function selectableLabels({ labels, generatedLabels = {} }: Workload): Labels {
  const written = Object.entries(labels).filter(([key]) => !Object.hasOwn(generatedLabels, key));
  return Object.fromEntries(written.length > 0 ? written : Object.entries(labels).filter(([key]) => key !== OLD_JOB_NAME));
}

const OLD_JOB_NAME = 'job-name';
