import type { Work } from '../base/work.ts';
import type { Settings } from '../settings.ts';
import type { ManifestKey } from '../workspace/cluster.ts';
import type { Finding, Fix } from './finding.ts';
import { levelOf } from './level.ts';
import { offeredFixes } from './offered-fixes.ts';
import type { Draft, ManifestRule } from './rule.ts';

/** Told when a rule fails, which is a fault in the rule; a log line, no more. */
export type OnFault = (rule: string, fault: unknown) => void;

/** A rule of any scope, as the engine sees it. */
type Runnable<C> = Pick<ManifestRule, 'name' | 'aliases' | 'severity' | 'confidence' | 'profile'> & {
  readonly check: (context: C) => Iterable<Draft | undefined>;
};

/** What the engine asks of the context that it hands to rules. */
interface Judged {
  readonly settings: Settings;
  readonly text: string;
  /** The manifest; `undefined` for one that is no part of a cluster. */
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
  for (const rule of rules) {
    const before = found.length;
    try {
      for (const draft of rule.check(context)) {
        const finding = draft && findingOf(rule, draft, context);
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

/** The finding of a draft; `undefined` where the settings turn it off. */
function findingOf<C extends Judged>(rule: Runnable<C>, draft: Draft, { settings, text, key }: C): Finding | undefined {
  const severity = levelOf(rule, settings, draft.severity);
  if (severity === 'off') return undefined;
  const start = Math.max(0, Math.min(draft.span.start, text.length));
  const fixes: readonly Fix[] = offeredFixes(draft.fixes, text);
  return {
    code: rule.name,
    severity,
    confidence: rule.confidence,
    message: draft.message,
    span: { start, end: Math.max(start, Math.min(draft.span.end, text.length)) },
    path: draft.path,
    // A place in the manifest itself needs no key.
    related: (draft.related ?? []).map(({ key: other, ...place }) =>
      other === undefined || other === key ? place : { key: other, ...place },
    ),
    fixes,
    ...(draft.unnecessary === true ? { unnecessary: true } : {}),
  };
}
