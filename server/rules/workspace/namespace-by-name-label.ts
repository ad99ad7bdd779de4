import { list, quote } from '../../base/english.ts';
import { NAME_LABEL } from '../../model/namespace.ts';
import { likeScalar, replace } from '../../syntax/edit.ts';
import type { Path } from '../../syntax/path.ts';
import type { LabelSelector } from '../../model/selector.ts';
import { asScalar, pairOf } from '../../syntax/tree.ts';
import { onKey } from '../draft.ts';
import type { Fix } from '../finding.ts';
import type { Related } from '../../analysis/related.ts';
import { selectorsIn } from '../../analysis/policy-parts.ts';
import type { WorkspaceRule } from '../rule.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';
import { isTypoOfNameLabel } from '../../analysis/typo.ts';
import { factsIn, namespacesIn, policyIn } from '../../analysis/selection.ts';

const rule: WorkspaceRule = {
  name: 'namespace-by-name-label',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'medium',
  summary: "Namespaces are selected by a label such as 'name', which Kubernetes does not set.",
  why: "Every namespace has the label kubernetes.io/metadata.name, which the API server sets and which is immutable. A label 'name' is set by hand: where it is missing, the rule matches nothing, and every user who can edit a namespace can set any name.",
  *check(context) {
    for (const { selector, of } of selectorsIn(policyIn(context)?.value)) {
      if (of !== 'namespace') continue;
      for (const requirement of selector.requirements) {
        const { key, operator, values, path } = requirement;
        if (operator !== 'In' && operator !== 'NotIn') continue;
        const isSlip = isTypoOfNameLabel(key) && !isKnownLabel(context, key);
        if (key !== 'name' && !isSlip) continue;
        const names = list(
          values.map((value) => quote(value)),
          'or',
          3,
        );
        const unlabelled = operator === 'In' ? unlabelledIn(context, selector, values) : [];
        const [first] = unlabelled;
        const what = isSlip
          ? `Kubernetes does not set the label ${quote(key)} on namespaces.`
          : first === undefined
            ? "Kubernetes does not set the label 'name' on namespaces, so only namespaces that are labeled by hand can match."
            : `Namespace ${first.name} has no label 'name', so this selector matches nothing in this workspace.`;
        const at: Path = typeof path.at(-1) === 'number' ? [...path, 'key'] : path;
        yield onKey(context, at, `${what} To select ${names} by name, use ${NAME_LABEL}, which every namespace has.`, {
          ...(first === undefined && !isSlip ? { severity: 'information' as const } : {}),
          ...(first === undefined && !isSlip && values.every((value) => isLabelledByOthers(context, value))
            ? { profile: 'strict' as const }
            : {}),
          related: unlabelled.map(({ related }) => related),
          fixes: rename(context, path),
        });
      }
    }
  },
};

export default rule;

function isKnownLabel(context: WorkspaceContext, key: string): boolean {
  return [...factsIn(context).namespaces.values()].some(({ value }) => Object.hasOwn(value.labels, key));
}

/** OpenShift gives its own namespaces (openshift-monitoring, openshift-ingress) the label `name` besides. */
function isLabelledByOthers(context: WorkspaceContext, name: string): boolean {
  return name.startsWith('openshift-') && !factsIn(context).defined.has(name);
}

/** The namespaces that are meant by name and are defined here without the label, where the selector matches no namespace at all. */
function unlabelledIn(
  context: WorkspaceContext,
  selector: LabelSelector,
  names: readonly string[],
): readonly { readonly name: string; readonly related: Related }[] {
  const facts = factsIn(context);
  if (names.some((name) => !facts.defined.has(name)) || namespacesIn(facts, { kind: 'selected', selector }).length > 0) return [];
  return names.flatMap((name) => {
    const found = facts.namespaces.get(name);
    return found && !Object.hasOwn(found.value.labels, 'name')
      ? [{ name, related: { key: found.key, path: ['metadata', 'name'], message: `Namespace ${name} is defined here.` } }]
      : [];
  });
}

function rename({ at }: WorkspaceContext, path: Path): readonly Fix[] {
  const last = path.at(-1);
  const scalar = typeof last === 'number' ? asScalar(at([...path, 'key'])) : asScalar(pairOf(at(path.slice(0, -1)), String(last))?.key);
  if (!scalar) return [];
  return [{ title: `Use ${NAME_LABEL}`, edits: [replace(scalar.span, likeScalar(NAME_LABEL, scalar))], safe: false }];
}
