import { plain } from '../base/english.ts';
import type { Settings } from '../settings.ts';
import type { ManifestKey } from '../workspace/cluster.ts';
import type { Finding } from './finding.ts';
import { findingSpan } from './finding-span.ts';
import { levelOf } from './level.ts';
import { offeredFixes, trialOf, type Trial } from './offered-fixes.ts';
import type { Draft, ManifestRule, WorkspaceRule } from './rule.ts';

/** Where a rule speaks. */
interface Place {
  readonly settings: Settings;
  /** The text of the manifest's piece. */
  readonly text: string;
  /** The manifest itself, where it is a part of the cluster. */
  readonly key?: ManifestKey | undefined;
  /** Shared by all findings of a manifest. */
  readonly trial?: Trial;
}

/** How many findings of one manifest are shown; what there is more is counted only. */
export const MAX_FINDINGS = 1000;

/**
 * Makes a finding of what a rule says; `undefined` where the settings turn it off. Here, for all rules, words become one line of text
 * without control characters, whatever names they quote, and only fixes stay that can be applied. Of a rule that says very much in one
 * manifest (`isMany`), fixes are not worked out any more.
 */
export function findingOf(
  rule: Pick<ManifestRule | WorkspaceRule, 'name' | 'severity' | 'confidence' | 'profile' | 'scope'>,
  draft: Draft,
  { settings, text, key, trial = trialOf(text) }: Place,
  isMany: boolean = false,
): Finding | undefined {
  const severity = levelOf(draft.profile === undefined ? rule : { ...rule, profile: draft.profile }, settings, draft.severity);
  if (severity === 'off') return undefined;
  return {
    code: rule.name,
    severity,
    confidence: rule.confidence,
    message: plain(draft.message),
    span: findingSpan(draft.span, text, draft.unnecessary === true),
    path: draft.path,
    related: draft.related?.map((one) => relatedOf(one, key)) ?? NO_RELATED,
    fixes: isMany ? NO_FIXES : offeredFixes(draft.fixes, trial).map((fix) => ({ ...fix, title: plain(fix.title) })),
    ...(draft.unnecessary === true ? { unnecessary: true } : {}),
  };
}

const NO_RELATED: Finding['related'] = [];
const NO_FIXES: Finding['fixes'] = [];

function relatedOf({ key: other, ...place }: Finding['related'][number], own: ManifestKey | undefined): Finding['related'][number] {
  const words = { ...place, message: plain(place.message) };
  return other === undefined || other === own ? words : { key: other, ...words };
}
