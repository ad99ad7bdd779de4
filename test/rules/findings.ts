import type { Finding } from '../../server/rules/finding.ts';
import { findingsOf } from '../../server/rules/manifest-findings.ts';
import { DEFAULTS, type Settings } from '../../server/settings.ts';
import { manifestsOf, sourceFile } from '../../server/syntax/source-file.ts';

/** All findings about a text under the profile `audit`, with their spans counted in the whole text. */
export function findingsIn(text: string, settings: Partial<Settings> = {}, partial: boolean = false): readonly Finding[] {
  const options = { uri: 'file:///fixture.yaml', settings: { ...DEFAULTS, profile: 'audit' as const, ...settings }, partial };
  return manifestsOf(sourceFile(text)).flatMap(({ manifest, start }) =>
    findingsOf(manifest, options).map((finding) => ({
      ...finding,
      span: moved(finding.span, start),
      fixes: finding.fixes.map((fix) => ({ ...fix, edits: fix.edits.map((edit) => ({ ...moved(edit, start), text: edit.text })) })),
    })),
  );
}

function moved(span: { readonly start: number; readonly end: number }, by: number): { readonly start: number; readonly end: number } {
  return { start: span.start + by, end: span.end + by };
}
