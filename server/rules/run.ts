import type { Work } from '../base/work.ts';
import type { Settings } from '../settings.ts';
import type { ManifestKey } from '../workspace/cluster.ts';
import type { Finding } from './finding.ts';
import { findingOf, MAX_FINDINGS } from './make-finding.ts';
import { trialOf } from './offered-fixes.ts';
import type { Draft, ManifestRule, WorkspaceRule } from './rule.ts';

/** Called when a rule throws, which is a defect of the rule; it only writes a line to the log. */
export type OnFault = (rule: string, fault: unknown) => void;

/** A rule of any scope, as the engine sees it. */
type Runnable<C> = Pick<ManifestRule | WorkspaceRule, 'name' | 'severity' | 'confidence' | 'profile' | 'scope'> & {
  readonly check: (context: C) => Iterable<Draft | undefined>;
};

/** What the engine asks of the context that it hands to rules. */
interface Judged {
  readonly settings: Settings;
  readonly text: string;
  /** The manifest; `undefined` for one that is not part of a cluster. */
  readonly key?: ManifestKey | undefined;
}

/**
 * What some rules find in one manifest, in the order of the rules. Yields after every draft and every rule, for those who must not wait
 * long. Never throws: a rule that fails has found nothing, as an editor must not lose the other findings for it.
 */
export function* runRules<C extends Judged>(
  rules: readonly Runnable<C>[],
  context: C,
  onFault: OnFault | undefined,
): Work<readonly Finding[]> {
  const found: Finding[] = [];
  const place = { settings: context.settings, text: context.text, key: context.key, trial: trialOf(context.text) };
  for (const rule of rules) {
    const before = found.length;
    try {
      for (const draft of rule.check(context)) {
        const finding = draft && findingOf(rule, draft, place, found.length - before >= MAX_FINDINGS);
        if (finding) found.push(finding);
        yield;
      }
    } catch (fault) {
      found.length = before;
      onFault?.(rule.name, fault);
    }
    yield;
  }
  return found;
}

/** Findings in the order of their text. */
export function inTextOrder(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}
