import { entriesOf, isAboutNodes, isAll, isEmptyEntry, partsOf } from '../../analysis/cilium-parts.ts';
import { partsIn, podsSelectedBy, selectsSameAs } from '../../analysis/cilium-overlap.ts';
import { policyIn } from '../../analysis/selection.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';
import { bitMembers, isNone, none, without } from '../../eval/bits.ts';
import { subjectBits } from '../../eval/endpoint-bits.ts';
import { workloadName } from '../../eval/names.ts';
import { DIRECTIONS, type Direction, type Policy } from '../../model/policy.ts';
import { insertField } from '../../syntax/edit.ts';
import type { Path } from '../../syntax/path.ts';
import { asMap, pairOf } from '../../syntax/tree.ts';
import { ofApi } from '../about.ts';
import { onKey } from '../draft.ts';
import type { Fix } from '../finding.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'cilium-deny-isolates',
  scope: 'workspace',
  severity: 'warning',
  about: ofApi('cilium', 'policy'),
  confidence: 'high',
  summary: 'A policy with deny entries only, which isolates its pods and allows nothing.',
  why: 'Deny entries switch default deny on, just as allow entries do: the selected pods may then do only what some policy allows in that direction. A policy that is meant to deny one destination denies all of them, cluster DNS and the API server included. `enableDefaultDeny` set to false keeps the deny entries and nothing else.',
  *check(context) {
    const policy = policyIn(context);
    if (!policy || policy.value.notInForce) return;
    for (const part of partsOf(policy.value)) {
      for (const direction of DIRECTIONS) {
        const section = part[direction];
        if (!section?.isolates || section.rules.length === 0 || !section.rules.every(({ action }) => action === 'Deny')) continue;
        // An empty deny entry is a way to write default deny.
        if (deniesEverything(part, direction) || section.rules.every(isEmptyEntry)) continue;
        const lonely = isolatedAlone(context, part, direction);
        if (lonely === undefined) continue;
        const who = lonely === '' ? (isAboutNodes(part) ? 'the nodes' : 'the pods') : lonely;
        const effect =
          direction === 'egress' ? `${who} that it selects can connect to nothing` : `nothing can connect to ${who} that it selects`;
        const plain = lonely === '' ? effect : effect.replace(' that it selects', '');
        const message = `This policy has only deny entries for ${direction}, so it isolates what it selects and allows nothing: ${plain}, because no policy allows it. Set 'enableDefaultDeny.${direction}' to false, or add allow entries.`;
        yield onKey(context, section.path, message, { fixes: fixes(context, part.at.body, direction) });
      }
    }
  },
};

export default rule;

/** Then isolation changes nothing. */
function deniesEverything(part: Policy, direction: Direction): boolean {
  return entriesOf(part).some(
    (entry) => entry.direction === direction && entry.rule.ports === 'any' && (entry.rule.peers === 'any' || entry.rule.peers.some(isAll)),
  );
}

/** Some pods that no other policy isolates in this direction; `''` where none is known; `undefined` where others isolate all of them. */
function isolatedAlone(context: WorkspaceContext, part: Policy, direction: Direction): string | undefined {
  const evaluation = context.evaluation();
  const { policies } = context.cluster;
  const others = partsIn(policies).filter((one) => one.part !== part && one.part[direction]?.isolates === true);
  const upstream = policies.filter(({ value }) => value.api === 'kubernetes' && value[direction]?.isolates === true);
  const own = podsSelectedBy(evaluation, part);
  if (isNone(own)) {
    const same = others.some((one) => selectsSameAs(evaluation, one.part, part));
    return same || upstream.some(({ value }) => value.namespace === part.namespace) ? undefined : '';
  }
  const rest = [...others.map((one) => one.part), ...upstream.map(({ value }) => value)].reduce(
    (left, other) => without(left, isAboutNodes(other) ? none : subjectBits(evaluation.space, other)),
    own,
  );
  const [id] = bitMembers(rest);
  const workload = id === undefined ? undefined : evaluation.space.classes[id]?.members[0];
  return workload && workloadName(workload);
}

function fixes({ at, text }: WorkspaceContext, body: Path, direction: Direction): readonly Fix[] {
  const map = asMap(at(body));
  const pair = pairOf(map, 'enableDefaultDeny');
  if (!map) return [];
  const title = `Set enableDefaultDeny.${direction} to false`;
  const after = pairOf(map, 'endpointSelector') ?? pairOf(map, 'nodeSelector');
  if (!pair) {
    const where = after && !map.flow ? { after } : {};
    return [{ title, edits: [insertField(text, map, 'enableDefaultDeny', `{${direction}: false}`, where)], safe: false }];
  }
  const inner = asMap(pair.value);
  return inner && !pairOf(inner, direction) ? [{ title, edits: [insertField(text, inner, direction, 'false')], safe: false }] : [];
}
