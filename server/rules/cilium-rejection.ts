import type { Rejection, RejectionCode } from '../model/cilium/rejection.ts';
import { rejectionsOf } from '../model/cilium/rejections.ts';
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
      const { root, kind, issues, partial } = context;
      for (const rejection of root && kind ? rejectionsOf(root, kind.kind) : []) {
        if (rejection.code !== code || (partial && rejection.absence === true)) continue;
        const who = issues.some(({ enforced }) => enforced) ? ONLY_CILIUM : STORED;
        const message = `${who} ${rejection.why}. ${rejection.way}`;
        const place = rejection.onKey ? onKey : onValue;
        yield place(context, rejection.path, message, { fixes: fixes?.(rejection, context) ?? [] });
      }
    },
  };
}

const STORED = 'The API server accepts this policy, but Cilium rejects it and does not enforce it:';
/** Where the API server rejects the manifest for another reason. */
const ONLY_CILIUM = 'Cilium rejects this policy, too, and does not enforce it:';
