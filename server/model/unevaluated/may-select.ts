import { NAME_LABEL } from '../namespace.ts';
import { holds, type Requirement } from '../selector.ts';
import type { Namespace, Workload } from '../workload.ts';
import type { PossibleSubject, UnevaluatedPolicy } from './policy.ts';

/** May the policy select pods of a workload? `namespace` is the one that they run in, where it is known. */
export function maySelect(policy: UnevaluatedPolicy, workload: Workload, namespace: Namespace | undefined): boolean {
  return policy.subjects.some(
    (subject) =>
      isIn(policy, subject, workload.namespace) &&
      subject.namespaceLabels.every((one) => mayHoldFor(one, workload.namespace, namespace)) &&
      subject.podLabels.every((one) => mayHoldOn(one, workload)),
  );
}

function isIn({ namespace: own }: UnevaluatedPolicy, { namespaces }: PossibleSubject, name: string): boolean {
  if (namespaces === 'all') return true;
  return namespaces === 'own' ? own === name : namespaces.includes(name);
}

/** Of a namespace that no manifest defines only the name is known. */
function mayHoldFor(requirement: Requirement, name: string, namespace: Namespace | undefined): boolean {
  if (requirement.key === NAME_LABEL) return holds(requirement, { [NAME_LABEL]: name });
  return namespace === undefined || Object.keys(namespace.labels).length <= 1 || holds(requirement, namespace.labels);
}

/** Labels whose values only the cluster knows, and those that differ from pod to pod, may have any value. */
function mayHoldOn(requirement: Requirement, { labels, unknownLabels, replicas }: Workload): boolean {
  const isUnknown =
    unknownLabels?.includes(requirement.key) === true || replicas?.labels.some(({ key }) => key === requirement.key) === true;
  return isUnknown || holds(requirement, labels);
}
