import { quote } from '../../base/english.ts';
import { describeScope } from '../../model/describe-selector.ts';
import { NAME_LABEL } from '../../model/namespace.ts';
import type { Requirement } from '../../model/selector.ts';
import { likeScalar } from '../../syntax/edit.ts';
import { valueMissesIn, type ValueMiss } from '../../analysis/selector-misses.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';
import { podPolicies } from '../about.ts';
import { onValue } from '../draft.ts';
import type { Fix } from '../finding.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'in-value-matches-nothing',
  scope: 'workspace',
  severity: 'warning',
  about: podPolicies,
  confidence: 'medium',
  summary: 'A value in the list of an `In` expression that matches nothing, while the other values do.',
  why: 'An `In` expression matches any of its values. A misspelled one goes unnoticed, because the selector still selects something, but not the pods that this value was written for.',
  *check(context) {
    for (const one of valueMissesIn(context)) {
      const { near, kind, unseen } = one.miss;
      const isNear = kind === 'near' && near !== undefined;
      if (!isNear && (unseen !== undefined || (kind !== 'nothing' && kind !== 'no-namespace'))) continue;
      const related = isNear
        ? [{ key: near.owner.key, path: near.owner.value.labelsPath, message: `${quote(near.owner.value.name)} has ${labelText(one)}.` }]
        : [];
      yield onValue(context, one.path, message(one), {
        related,
        fixes: fixes(context, one),
        ...(isNear ? {} : { severity: 'information' }),
      });
    }
  },
};

export default rule;

function message(one: ValueMiss): string {
  const { miss } = one;
  const effect = `${ownerText(one)}, so this value selects nothing.`;
  return miss.kind === 'near' && miss.near ? `${effect} The closest match is ${labelText(one)}.` : `${effect} Correct it, or remove it.`;
}

/** What does not exist: a pod, or a namespace. */
function ownerText(one: ValueMiss): string {
  const { value, miss } = one;
  const { key, isOfNamespaces } = requirementOf(one);
  if (isOfNamespaces)
    return key === NAME_LABEL
      ? `No namespace in this workspace is named ${quote(value)}`
      : `No namespace in this workspace has ${key}=${value}`;
  const rest = miss.pods.requirements.length > 1 ? 'that the rest of the selector matches ' : '';
  return `No pod ${describeScope(miss.scope)} ${rest}has ${key}=${value}`;
}

/** The key that the value is of, and whether it is a label of namespaces. */
function requirementOf({ path, miss: { scope, pods } }: ValueMiss): { readonly key: string; readonly isOfNamespaces: boolean } {
  const isHere = (one: Requirement): boolean => one.path.length === path.length - 2 && one.path.every((step, i) => step === path[i]);
  const ofScope = scope.kind === 'selected' ? scope.selector.requirements.find(isHere) : undefined;
  return { key: (ofScope ?? pods.requirements.find(isHere))?.key ?? '', isOfNamespaces: ofScope !== undefined };
}

/** The label that is there: `app=web`. */
function labelText(one: ValueMiss): string {
  const { near } = one.miss;
  const { key } = requirementOf(one);
  if (!near) return '';
  return near.by === 'key' ? `${near.to}=${one.value}` : `${key}=${near.to}`;
}

/** Another key would be that of all values, so only a value has a fix. */
function fixes({ at }: WorkspaceContext, { path, miss: { kind, near } }: ValueMiss): readonly Fix[] {
  const node = at(path);
  if (kind !== 'near' || near?.by !== 'value' || node?.kind !== 'scalar') return [];
  return [{ title: `Change to ${near.to}`, edits: [{ ...node.span, text: likeScalar(near.to, node) }], safe: false }];
}
