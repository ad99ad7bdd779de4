import { quote } from '../../base/english.ts';
import { describeScope } from '../../model/describe-selector.ts';
import { NAME_LABEL } from '../../model/namespace.ts';
import type { Path } from '../../syntax/path.ts';
import { asMap, asScalar, asSeq, pairOf } from '../../syntax/tree.ts';
import { likeScalar, scalarText } from '../../syntax/edit.ts';
import { onValue } from '../draft.ts';
import type { Fix } from '../finding.ts';
import type { WorkspaceRule } from '../rule.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';
import { missesIn, type Miss, type NearMiss } from '../../analysis/selector-misses.ts';

const rule: WorkspaceRule = {
  name: 'near-miss-label',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'high',
  summary: 'A selector that matches nothing because a label differs slightly from one in the workspace.',
  why: 'The API server accepts the policy, but it does not select the pods that it was written for. No error says so until a connection is denied, or is not denied.',
  *check(context) {
    for (const miss of missesIn(context)) {
      if (miss.kind !== 'near' || !miss.near) continue;
      const { owner, to, by, of } = miss.near;
      const label = by === 'value' ? `${miss.near.requirement.key}=${to}` : `${to}=${miss.near.requirement.values.join(' or ')}`;
      const name = by === 'value' && miss.near.requirement.key === NAME_LABEL ? 'is in this workspace' : `has ${label}`;
      const what = of === 'pod' ? `Pods of ${owner.value.name}` : `Namespace ${owner.value.name}`;
      yield onValue(context, miss.path, message(miss, miss.near, label), {
        related: [{ key: owner.key, path: owner.value.labelsPath, message: `${what} ${of === 'pod' ? `have ${label}` : name}` }],
        fixes: fixes(context, miss.near, label),
      });
    }
  },
};

function message({ of, scope }: Miss, { requirement, of: what, from, by }: NearMiss, label: string): string {
  const wanted = `${requirement.key}=${requirement.values.join(' or ')}`;
  const where = what === 'pod' ? `No pod ${describeScope(scope)}` : 'No namespace here';
  const so = of === 'subject' ? 'this policy is about no pod' : 'this peer matches no pod';
  const meant =
    what === 'namespace' && by === 'value' && requirement.key === NAME_LABEL ? quote(label.slice(label.indexOf('=') + 1)) : label;
  const has = what === 'namespace' && requirement.key === NAME_LABEL ? `is named ${quote(from)}` : `has ${wanted}`;
  return `${where} ${has}, so ${so}. Did you mean ${meant}?`;
}

/** Puts the near label in place of the one that nothing has. */
function fixes({ at }: WorkspaceContext, { requirement, by, from, to }: NearMiss, label: string): readonly Fix[] {
  const title = `Change to ${label}`;
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
