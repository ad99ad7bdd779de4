import { quote } from '../../base/english.ts';
import { workloadName } from '../../eval/names.ts';
import { selects, type LabelSelector, type Requirement } from '../../model/selector.ts';
import type { NamespaceScope } from '../../model/policy.ts';
import type { Workload } from '../../model/workload.ts';
import { isReadable, peersIn } from '../../analysis/policy-parts.ts';
import { factsIn, namespacesIn, policyIn } from '../../analysis/selection.ts';
import type { Located } from '../../workspace/cluster.ts';
import { podPolicies } from '../about.ts';
import { onValue } from '../draft.ts';
import type { WorkspaceRule } from '../rule.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';

const rule: WorkspaceRule = {
  name: 'labels-on-controller',
  scope: 'workspace',
  severity: 'warning',
  about: podPolicies,
  confidence: 'high',
  summary: 'A selector requires a label that only the controller has, not its pods.',
  why: 'Policies select pods. The labels in the metadata of a Deployment, Job or CronJob are those of the controller; its pods get the labels of its pod template.',
  *check(context) {
    const policy = policyIn(context)?.value;
    if (!policy || !isReadable(policy, policy.subject.path)) return;
    const { subject } = policy;
    const peers = peersIn(policy).flatMap(({ peer }) => (peer.kind === 'pods' && isReadable(policy, peer.path) ? [peer] : []));
    for (const { namespaces, pods } of [{ namespaces: subject.namespaces, pods: subject.pods }, ...peers]) {
      const found = misplacedIn(context, namespaces, pods);
      if (!found) continue;
      const { requirement, value, controller } = found;
      const name = workloadName(controller.value);
      const message = `No pod has ${quote(`${requirement.key}=${value}`)}: ${name} has it in its own metadata, and its pods do not. Add the label to its pod template.`;
      const related = [
        { key: controller.key, path: ['metadata', 'labels'], message: `Controller ${name} has the label itself.` },
        { key: controller.key, path: controller.value.labelsPath, message: 'Its pods get these labels.' },
      ];
      yield onValue(context, requirement.path, message, { related });
    }
  },
};

export default rule;

interface Misplaced {
  readonly requirement: Requirement;
  readonly value: string;
  readonly controller: Located<Workload>;
}

/** A label of a selector that no pod of its namespaces has, but that a controller has whose pods it would match then. */
function misplacedIn(context: WorkspaceContext, scope: NamespaceScope, pods: LabelSelector): Misplaced | undefined {
  const facts = factsIn(context);
  const candidates = namespacesIn(facts, scope).flatMap((name) => facts.workloadsIn.get(name) ?? []);
  for (const requirement of pods.requirements) {
    if (requirement.operator !== 'In') continue;
    for (const value of requirement.values) {
      if (candidates.some((one) => one.value.labels[requirement.key] === value)) continue;
      const controller = candidates.find(({ value: { labels, objectLabels = {} } }) => {
        const isHidden = objectLabels[requirement.key] === value && !Object.hasOwn(labels, requirement.key);
        return isHidden && selects(pods, { ...objectLabels, ...labels });
      });
      if (controller) return { requirement, value, controller };
    }
  }
  return undefined;
}
