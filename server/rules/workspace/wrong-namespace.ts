import { list, quote } from '../../base/english.ts';
import { insertField, likeScalar, scalarText } from '../../syntax/edit.ts';
import { asMap, asScalar, pairOf } from '../../syntax/tree.ts';
import { selects } from '../../model/selector.ts';
import type { Policy } from '../../model/policy.ts';
import { unseenPods } from '../../analysis/evidence.ts';
import type { ClusterFacts } from '../../analysis/facts.ts';
import { isTypo } from '../../analysis/typo.ts';
import { factsIn, policyIn } from '../../analysis/selection.ts';
import { podPolicies } from '../about.ts';
import { onKey, onValue } from '../draft.ts';
import type { Fix } from '../finding.ts';
import type { WorkspaceRule } from '../rule.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';

const rule: WorkspaceRule = {
  name: 'wrong-namespace',
  scope: 'workspace',
  severity: 'warning',
  about: podPolicies,
  confidence: 'medium',
  summary: 'A NetworkPolicy in a namespace without workloads, while its pods are in another one.',
  why: 'A NetworkPolicy selects pods of its own namespace only. In another namespace it selects nothing, and the pods that it was written for are not isolated, or not allowed. Without metadata.namespace it goes to the namespace that kubectl uses, which is `default` unless its context sets another.',
  *check(context) {
    const policy = policyIn(context)?.value;
    if (!policy?.traits.namespaced || policy.namespace === undefined || policy.subject.pods.unreadable !== undefined) return;
    const facts = factsIn(context);
    const { namespace } = policy;
    if (facts.workloadsIn.has(namespace)) return;
    const written = asScalar(context.at(['metadata', 'namespace']));
    const targets = targetsOf(policy, facts);
    // Kustomizations and other builds may set it.
    const isLeftOut = written === undefined && namespace === 'default';
    if (isLeftOut) {
      const all = [...facts.workloadsIn.keys()].filter((name) => name !== PLACEHOLDER).sort();
      if (all.length === 0 || facts.defined.has(namespace)) return;
      // A custom resource or a release there may create the pods that it is for.
      if (targets.length === 0 && unseenPods(context, { namespaces: [namespace], home: namespace }, policy.subject.pods)) return;
      const [only, ...more] = targets;
      const where =
        only !== undefined && more.length === 0
          ? `Its selector matches pods in ${quote(only)}`
          : `The workloads are in ${list(
              all.map((one) => quote(one)),
              'and',
              3,
            )}`;
      const message = `This policy has no namespace, so it applies to 'default', where the manifests of this cluster have no workloads. ${where}. Set metadata.namespace.`;
      yield onKey(context, ['metadata'], message, { fixes: only !== undefined && more.length === 0 ? inserting(context, only) : [] });
      return;
    }
    if (facts.defined.has(namespace) || !written || written.hole) return;
    const near = [...new Set([...facts.defined, ...facts.workloadsIn.keys()])].filter((name) => isTypo(namespace, name));
    const meant =
      near.length === 1 ? near[0] : isSpecific(policy) && targets.length === 1 && facts.workloadsIn.size === 1 ? targets[0] : undefined;
    if (meant === undefined || (isSpecific(policy) && !targets.includes(meant))) return;
    const guess = near.length === 1 ? `The closest match is ${quote(meant)}.` : `Its selector matches pods in ${quote(meant)}.`;
    const message = `No namespace in this workspace is named ${quote(namespace)}, so this policy selects no pods. ${guess}`;
    yield onValue(context, ['metadata', 'namespace'], message, { fixes: renaming(context, meant) });
  },
};

export default rule;

/** kubebuilder writes this namespace into its bases, for a kustomization to replace (kubebuilder, `config/manager/manager.yaml`). */
const PLACEHOLDER = 'system';

/** Does the selector ask for labels at all? */
function isSpecific({ subject }: Policy): boolean {
  return subject.pods.requirements.some(({ operator }) => operator === 'In' || operator === 'Exists');
}

/** The namespaces with pods that the selector would match. */
function targetsOf({ subject }: Policy, { workloadsIn }: ClusterFacts): readonly string[] {
  return [...workloadsIn].flatMap(([name, workloads]) =>
    workloads.some(({ value }) => selects(subject.pods, value.labels)) ? [name] : [],
  );
}

function renaming({ at, text }: WorkspaceContext, name: string): readonly Fix[] {
  const metadata = asMap(at(['metadata']));
  const value = metadata && asScalar(pairOf(metadata, 'namespace')?.value);
  if (!value || text.slice(value.span.start, value.span.end).trim() === '') return [];
  return [{ title: `Change to ${quote(name)}`, edits: [{ ...value.span, text: likeScalar(name, value) }], safe: false }];
}

function inserting({ at, text }: WorkspaceContext, name: string): readonly Fix[] {
  const metadata = at(['metadata']);
  if (metadata?.kind !== 'map') return [];
  const after = pairOf(metadata, 'name');
  return [
    {
      title: `Set the namespace to ${quote(name)}`,
      edits: [insertField(text, metadata, 'namespace', scalarText(name), after ? { after } : {})],
      safe: false,
    },
  ];
}
