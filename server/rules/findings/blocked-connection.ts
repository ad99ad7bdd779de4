import { count } from '../../base/english.ts';
import { policyName, workloadName } from '../../eval/names.ts';
import { blockedConnectionsAt, type BlockedConnection } from '../../analysis/required-connections/blocked.ts';
import { onKey, type Extras } from '../draft.ts';
import type { Fix } from '../finding.ts';
import type { Related } from '../../analysis/related.ts';
import { itemIn } from '../repair/insert-item.ts';
import type { Draft } from '../rule.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';
import { callerOf } from '../../analysis/required-connections/clients.ts';
import type { RequiredConnection } from '../../analysis/required-connections/targets.ts';
import { policyIn } from '../../analysis/selection.ts';
import { entryOf } from '../../model/kinds.ts';
import { blockText } from '../../syntax/print.ts';

/** What a rule says of the first connection that a policy blocks. */
export interface BlockedWords extends Pick<Extras, 'severity' | 'fixes'> {
  readonly message: string;
}

/** One finding for all required connections of a kind that the policy blocks; the first one is its witness. */
export function* blockedFindings(
  context: WorkspaceContext,
  kind: RequiredConnection['kind'],
  words: (blocked: BlockedConnection) => BlockedWords,
): Generator<Draft> {
  const policy = policyIn(context);
  const blocked = policy ? blockedConnectionsAt(context.cluster, kind, policy) : [];
  const [first] = blocked;
  const path = first?.deniedBy[0]?.path;
  if (!first || !path) return;
  const more = new Set(blocked.map(({ target }) => target.workload)).size - 1;
  const { message, ...extras } = words(first);
  yield onKey(context, path, more > 0 ? `${message} The same is true for ${count(more, 'more workload')}.` : message, {
    ...extras,
    related: relatedOf(first),
  });
}

/** The connection as reports write it: `monitoring/prometheus[StatefulSet] -> shop/web[Deployment] TCP 9090`. */
export function connectionName({ source, target }: BlockedConnection, unknown: string): string {
  const from = source ? workloadName(source.workload.value) : unknown;
  return `${from} -> ${workloadName(target.workload.value)} ${target.protocol} ${target.port}`;
}

/**
 * A rule that allows the source, in a NetworkPolicy that has rules already, or that selects some pods only: a default deny of the whole
 * namespace is not the place for it.
 */
export function allowSource(
  { at, text }: WorkspaceContext,
  { source, target, direction, deniedBy }: BlockedConnection,
  title: string,
): readonly Fix[] {
  const policy = deniedBy[0]?.policy.value;
  if (policy?.traits.isolates !== true) return [];
  if (policy.subject.pods.requirements.length === 0 && policy[direction]?.rules.length === 0) return [];
  const other = direction === 'ingress' ? source : callerOf(target.workload);
  // Pods without labels cannot be distinguished from others of their namespace.
  if (other && !other.label) return [];
  const peers = other?.label
    ? [{ kind: 'pods' as const, namespace: other.workload.value.namespace, labels: Object.fromEntries([other.label]) }]
    : [];
  const ports = [{ protocol: target.protocol, port: target.port }];
  const rule = entryOf(policy).write.rule({ direction, action: 'Accept', peers, ports }, policy.namespace);
  if (rule === undefined) return [];
  const edit = itemIn(text, at(policy.at.body), direction, blockText(rule, 0, { listIndent: 0, eol: '\n' }));
  return edit ? [{ title, edits: [edit], safe: false }] : [];
}

function relatedOf({ required, target, deniedBy }: BlockedConnection): readonly Related[] {
  const pods = {
    key: target.workload.key,
    path: target.workload.value.labelsPath,
    message: `The pods of ${workloadName(target.workload.value)}.`,
  };
  const deciding = deniedBy.slice(1, 4).map(({ policy, path }) => ({
    key: policy.key,
    path,
    message: `Policy ${policyName(policy.value)} does not allow it either.`,
  }));
  return [required.reason, pods, ...deciding];
}
