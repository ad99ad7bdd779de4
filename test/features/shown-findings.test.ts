import { expect, test } from 'vitest';
import { finished } from '../../server/base/work.ts';
import { diagnose } from '../../server/features/diagnose.ts';
import { shownFindings } from '../../server/features/shown-findings.ts';
import { DEFAULTS } from '../../server/settings.ts';
import { sourceFile } from '../../server/syntax/source-file.ts';

const OPTIONS = { uri: 'file:///a.yaml', settings: { ...DEFAULTS, profile: 'audit' as const }, partial: false };
const HEAD = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: web\nspec:\n  podSelector: {}\n';

function shown(text: string): readonly string[] {
  const file = sourceFile(text);
  return shownFindings(finished(diagnose(file, OPTIONS)), OPTIONS).map(({ finding }) => finding.code);
}

const rules = (n: number): string => `  ingress:\n${'  - {}\n'.repeat(n)}`;

test('of one manifest a thousand findings are shown, errors first, and how many there are more', () => {
  const codes = shown(`${HEAD}${rules(1500)}  nonsense: 1\n`);
  expect(codes).toHaveLength(1001);
  expect(codes).toContain('unknown-field');
  expect(codes.filter((code) => code === 'too-many-findings')).toHaveLength(1);
});

test('each manifest has a thousand of its own', () => {
  const codes = shown([1200, 3, 1100].map((n) => `${HEAD}${rules(n)}`).join('---\n'));
  expect(codes.filter((code) => code === 'too-many-findings')).toHaveLength(2);
});

test('what a comment ignores does not count', () => {
  const codes = shown(`# netpol-ignore-file: allow-all-ingress\n${HEAD}${rules(1500)}`);
  expect(codes).not.toContain('too-many-findings');
});
