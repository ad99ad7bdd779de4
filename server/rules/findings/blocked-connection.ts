import { count } from '../../base/english.ts';
import { policyName, workloadName } from '../../eval/names.ts';
import { NAME_LABEL } from '../../model/namespace.ts';
import { blockedConnectionsAt, type BlockedConnection } from '../../analysis/required-connections/blocked.ts';
import { onKey, type Extras } from '../draft.ts';
import type { Fix } from '../finding.ts';
import type { Related } from '../../analysis/related.ts';
import { itemIn } from '../repair/insert-item.ts';
import type { Draft } from '../rule.ts';
import type { WorkspaceContext } from '../../analysis/context.ts';
import { callerOf } from '../../analysis/required-connections/clients.ts';
import type { Policy } from '../../model/policy.ts';
import type { RequiredConnection } from '../../analysis/required-connections/targets.ts';
import { policyIn } from '../../analysis/selection.ts';

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
  const ports = `ports:\n- port: ${target.port}\n  protocol: ${target.protocol}`;
  const other = direction === 'ingress' ? source : callerOf(target.workload);
  // Pods without labels cannot be distinguished from others of their namespace.
  if (other && !other.label) return [];
  const peer = other?.label ? peerText(policy, other.workload.value.namespace, other.label) : undefined;
  const list = peer === undefined ? '' : `${direction === 'ingress' ? 'from' : 'to'}:\n${peer}`;
  const edit = itemIn(text, at(['spec']), direction, `${list}${ports}`);
  return edit ? [{ title, edits: [edit], safe: false }] : [];
}

function peerText({ namespace: own }: Policy, namespace: string, [key, value]: readonly [string, string]): string {
  const pods = `podSelector:\n    matchLabels:\n      ${key}: ${plainOrQuoted(value)}\n`;
  return own === namespace ? `- ${pods}` : `- namespaceSelector:\n    matchLabels:\n      ${NAME_LABEL}: ${namespace}\n  ${pods}`;
}

/** A label value of letters that YAML takes for text. */
function plainOrQuoted(value: string): string {
  return /^[a-z][\w.-]*$/i.test(value) && !/^(?:true|false|yes|no|on|off|null|y|n)$/i.test(value) ? value : JSON.stringify(value);
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
