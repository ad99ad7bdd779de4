import { list, quote } from '../../base/english.ts';
import { describeScope } from '../../model/describe-selector.ts';
import { NAME_LABEL } from '../../model/namespace.ts';
import type { Requirement } from '../../model/selector.ts';
import type { Path } from '../../syntax/path.ts';
import { asMap, asScalar, asSeq, pairOf } from '../../syntax/tree.ts';
import { likeScalar, scalarText } from '../../syntax/edit.ts';
import { either, ofApi, podPolicies } from '../about.ts';
import { onValue } from '../draft.ts';
import type { Fix } from '../finding.ts';
import type { WorkspaceRule } from '../rule.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';
import type { NearMiss } from '../../analysis/near-misses.ts';
import { missesIn, type Miss } from '../../analysis/selector-misses.ts';

const rule: WorkspaceRule = {
  name: 'near-miss-label',
  scope: 'workspace',
  severity: 'warning',
  about: either(podPolicies, ofApi('antrea', 'policy')),
  confidence: 'high',
  summary: 'A selector that matches nothing because a label differs slightly from one in the workspace.',
  why: 'The API server accepts the policy, but it does not select the pods that it was written for. No error says so until a connection is denied, or is not denied.',
  *check(context) {
    for (const miss of missesIn(context)) {
      const { near } = miss;
      if (miss.kind !== 'near' || !near) continue;
      yield onValue(context, miss.path, message(miss, near), {
        related: [{ key: near.owner.key, path: near.owner.value.labelsPath, message: heldText(near) }],
        fixes: fixes(context, near),
      });
    }
  },
};

function message({ of, scope, pods }: Miss, near: NearMiss): string {
  const { requirement, of: what, from, owner } = near;
  const result = of === 'subject' ? 'this policy selects no pods' : 'this peer selects no pods';
  if (what === 'namespace') {
    const has = requirement.key === NAME_LABEL ? `is named ${quote(from)}` : `has ${requiredText(requirement)}`;
    return `No namespace in this workspace ${has}, so ${result}. The closest match is ${meantText(near)}.`;
  }
  const all = pods.requirements.length > 1 ? requirementWords(pods.requirements) : requiredText(requirement);
  const missing = `No pod ${describeScope(scope)} has ${all}, so ${result}.`;
  if (near.by !== 'missing') return `${missing} The closest match is ${meantText(near)}.`;
  const label = quote(requirement.key);
  return `${missing} Pods of ${quote(owner.value.name)} only lack the label ${label}. Add it to their pod template, or remove the requirement.`;
}

function requiredText({ key, values }: Requirement): string {
  return values.length === 0 ? `a label ${quote(key)}` : `${key}=${values.join(' or ')}`;
}

function requirementWords(requirements: readonly Requirement[]): string {
  return list(
    requirements.map(({ key, operator, values }) => {
      if (operator === 'Exists') return `any ${key}`;
      if (operator === 'DoesNotExist') return `no ${key}`;
      return operator === 'NotIn' ? `${key} other than ${values.join(' or ')}` : `${key}=${values.join(' or ')}`;
    }),
  );
}

/** The label that is there: `app=web`, or the name of a namespace. */
function meantText({ requirement, by, to, of }: NearMiss): string {
  if (by === 'key') return requirement.values.length === 0 ? quote(to) : `${to}=${requirement.values.join(' or ')}`;
  return of === 'namespace' && requirement.key === NAME_LABEL ? quote(to) : `${requirement.key}=${to}`;
}

function heldText(near: NearMiss): string {
  const { owner, by, of, requirement } = near;
  const what = of === 'pod' ? `Pods of ${owner.value.name} have` : `Namespace ${owner.value.name} has`;
  if (by === 'missing') return `${what} no label ${quote(requirement.key)}.`;
  return of === 'namespace' && requirement.key === NAME_LABEL && by === 'value'
    ? `Namespace ${owner.value.name} is in this workspace.`
    : `${what} ${meantText(near)}.`;
}

/** Puts the near label in place of the one that nothing has. */
function fixes({ at }: WorkspaceContext, near: NearMiss): readonly Fix[] {
  const { requirement, by, from, to } = near;
  if (by === 'missing') return [];
  const written = requirement.path.at(-2) === 'matchLabels' ? String(requirement.path.at(-1)) : requirement.key;
  const title = `Change to ${by === 'key' ? meantText(near) : `${written}=${to}`}`;
  const inMap = requirement.path.at(-2) === 'matchLabels';
  if (by === 'key') {
    const map = asMap(at(requirement.path.slice(0, -1)));
    const key = inMap ? map && pairOf(map, requirement.key)?.key : at([...requirement.path, 'key']);
    return key?.kind === 'scalar' ? [{ title, edits: [{ ...key.span, text: scalarText(to) }], safe: false }] : [];
  }
  const path: Path = inMap ? requirement.path : [...requirement.path, 'values'];
  const value = inMap ? at(path) : asSeq(at(path))?.items.find((item) => asScalar(item.value)?.text === from)?.value;
  return value?.kind === 'scalar' ? [{ title, edits: [{ ...value.span, text: likeScalar(to, value) }], safe: false }] : [];
}

export default rule;
