import type { RuleLevel, Settings } from '../settings.ts';
import type { Severity } from './finding.ts';
import type { ManifestRule } from './rule.ts';

/** The severity of a finding under the given settings: what the settings say of its code, else its own unless the profile leaves it out. */
export function levelOf(rule: ManifestRule, settings: Settings, own: Severity = rule.severity): RuleLevel {
  const set = [rule.name, ...(rule.aliases ?? [])].map((name) => settings.rules[name]).find((level) => level !== undefined);
  return set ?? (isShown(rule, own, settings.profile) ? own : 'off');
}

const PROFILES: readonly Settings['profile'][] = ['relaxed', 'recommended', 'strict', 'audit'];

/** What each profile shows; errors always. */
function isShown(rule: ManifestRule, severity: Severity, profile: Settings['profile']): boolean {
  return severity === 'error' || PROFILES.indexOf(profile) >= PROFILES.indexOf(rule.profile ?? leastProfile(rule, severity));
}

function leastProfile({ confidence, hygiene = false }: ManifestRule, severity: Severity): Settings['profile'] {
  if (confidence === 'low') return 'audit';
  if (hygiene) return 'strict';
  return severity === 'warning' && confidence === 'high' ? 'relaxed' : 'recommended';
}
