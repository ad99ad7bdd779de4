import { PROFILES, type RuleLevel, type Settings } from '../settings.ts';
import type { Severity } from './finding.ts';
import type { ManifestRule } from './rule.ts';

/** What of a rule of any scope settles whether it is reported. */
type Levelled = Pick<ManifestRule, 'name' | 'aliases' | 'severity' | 'confidence' | 'profile'>;

/** The severity of a finding under the given settings: what the settings say of its code, else its own unless the profile leaves it out. */
export function levelOf(rule: Levelled, settings: Settings, own: Severity = rule.severity): RuleLevel {
  const set = [rule.name, ...(rule.aliases ?? [])].map((name) => settings.rules[name]).find((level) => level !== undefined);
  return set ?? (PROFILES.indexOf(settings.profile) >= PROFILES.indexOf(leastProfile(rule, own)) ? own : 'off');
}

/** The first profile that reports a finding. What the API server rejects is always reported. */
export function leastProfile({ profile, confidence, ...rule }: Levelled, severity: Severity = rule.severity): Settings['profile'] {
  if (severity === 'error') return 'relaxed';
  if (profile !== undefined) return profile;
  if (confidence === 'low') return 'audit';
  return severity === 'warning' && confidence === 'high' ? 'relaxed' : 'recommended';
}
