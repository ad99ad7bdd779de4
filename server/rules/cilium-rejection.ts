import { memo } from '../base/memo.ts';
import type { Rejection, RejectionCode } from '../model/cilium/rejection.ts';
import { rejectionsOf } from '../model/cilium/rejections.ts';
import { isMerge, type Node } from '../syntax/tree.ts';
import { ofApi } from './about.ts';
import { onKey, onValue } from './draft.ts';
import type { Fix } from './finding.ts';
import type { ManifestContext, ManifestRule } from './rule.ts';

/** A rule about policies that the API server stores and Cilium refuses. */
export interface RejectionRule extends Pick<ManifestRule, 'summary' | 'why' | 'noFix' | 'companions'> {
  readonly code: RejectionCode;
  /** The repairs of one of its findings. */
  readonly fixes?: (rejection: Rejection, context: ManifestContext) => readonly Fix[];
}

/** A rule that reports what Cilium rejects under one code, as `cilium-CODE`. */
export function rejectionRule({ code, fixes, ...rule }: RejectionRule): ManifestRule {
  return {
    ...rule,
    name: `cilium-${code}`,
    scope: 'manifest',
    severity: 'error',
    confidence: 'high',
    about: ofApi('cilium', 'policy'),
    *check(context) {
      const { root, kind, partial } = context;
      for (const rejection of root && kind ? rejectionsOf(root, kind.kind) : []) {
        if (rejection.code !== code || (partial && rejection.absence === true)) continue;
        const who = isRejectedByServer(context) ? ONLY_CILIUM : STORED;
        const message = `${who} ${rejection.why}. ${rejection.way}`;
        const place = rejection.onKey ? onKey : onValue;
        yield place(context, rejection.path, message, { fixes: fixes?.(rejection, context) ?? [] });
      }
    },
  };
}

/** Does the API server reject the manifest, for its fields, its kind, or a key that is set twice? */
function isRejectedByServer({ issues, mistakes, manifest }: ManifestContext): boolean {
  const isBroken = manifest.problems.length + mistakes.length > 0 || issues.some(({ enforced }) => enforced);
  return isBroken || (manifest.root !== undefined && repeatsKeys(manifest.root));
}

const repeatsKeys = memo((root: Node): boolean => repeats(root, 0));

function repeats(node: Node, depth: number): boolean {
  if (depth > MAX_DEPTH) return false;
  if (node.kind === 'seq') return node.items.some(({ value }) => repeats(value, depth + 1));
  if (node.kind !== 'map') return false;
  const names = node.pairs.filter((pair) => !isMerge(pair)).map(({ name }) => name);
  return new Set(names).size < names.length || node.pairs.some(({ value }) => repeats(value, depth + 1));
}

const MAX_DEPTH = 60;

/** How a message begins about what the API server stores and Cilium refuses. */
export const STORED = 'The API server accepts this policy, but Cilium rejects it and does not enforce it:';
/** Where the API server rejects the manifest for another reason. */
const ONLY_CILIUM = 'Cilium rejects this policy, too, and does not enforce it:';
