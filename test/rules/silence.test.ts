import { expect, test } from 'vitest';
import { diagnose, type PlacedFinding } from '../../server/features/diagnose.ts';
import { ignoreFixes } from '../../server/rules/silence.ts';
import { DEFAULTS, type Settings } from '../../server/settings.ts';
import { applyEdits } from '../../server/syntax/edit.ts';
import { sourceFile } from '../../server/syntax/source-file.ts';

const HEAD = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: web}\n';
const SPEC = 'spec:\n  podSelector: {}\n  policyTypes: [Ingress, Ingress]\n  ingres: []\n';

/** The codes of the faults in a text, in order. */
function faults(text: string, settings: Partial<Settings> = {}): string {
  return found(text, settings)
    .filter(({ finding }) => finding.severity === 'error' || finding.severity === 'warning')
    .map(({ finding }) => finding.code)
    .join(', ');
}

test.each<[string, string, string]>([
  ['nothing', HEAD + SPEC, 'duplicate-policy-type, unknown-field'],
  ['a comment on the line', HEAD + SPEC.replace('Ingress]', 'Ingress] # netpol-ignore: duplicate-policy-type made so'), 'unknown-field'],
  [
    'a comment above the line',
    HEAD + SPEC.replace('  policyTypes', '  # netpol-ignore: duplicate-policy-type made so\n\n  policyTypes'),
    'unknown-field',
  ],
  ['two codes', `# netpol-ignore: duplicate-policy-type, unknown-field\n${HEAD}${SPEC}`, ''],
  ['a comment above the manifest', `---\n# netpol-ignore: unknown-field not ours\n${HEAD}${SPEC}`, 'duplicate-policy-type'],
  [
    'a comment for another manifest',
    `${HEAD}spec: {podSelector: {}}\n---\n# netpol-ignore: unknown-field x\n${HEAD}${SPEC}`,
    'duplicate-policy-type',
  ],
  ['the whole file', `# netpol-ignore-file\n${HEAD}${SPEC}---\n${HEAD}${SPEC}`, ''],
  [
    'a code in the whole file',
    `${HEAD}${SPEC}---\n${HEAD}${SPEC}# netpol-ignore-file: unknown-field reason`,
    'duplicate-policy-type, duplicate-policy-type',
  ],
  [
    'a code that the file does not have',
    `${HEAD}${SPEC}# netpol-ignore-file: end-port reason`,
    'duplicate-policy-type, unknown-field, unused-ignore',
  ],
  ['a misspelt code', `# netpol-ignore: unknown-feild\n${HEAD}${SPEC}`, 'unused-ignore, duplicate-policy-type, unknown-field'],
  ['no code', `# netpol-ignore\n${HEAD}${SPEC}`, 'unused-ignore, duplicate-policy-type, unknown-field'],
  ['nothing left to ignore', `# netpol-ignore: end-port\n${HEAD}${SPEC}`, 'unused-ignore, duplicate-policy-type, unknown-field'],
  ['the comment about the comment', `# netpol-ignore: end-port, unused-ignore\n${HEAD}${SPEC}`, 'duplicate-policy-type, unknown-field'],
  [
    'text that looks like a comment',
    HEAD.replace('web', '"x # netpol-ignore: unknown-field"') + SPEC,
    'invalid-name, duplicate-policy-type, unknown-field',
  ],
  [
    'an item of a List',
    `apiVersion: v1\nkind: List\nitems:\n- apiVersion: networking.k8s.io/v1\n  kind: NetworkPolicy\n  metadata: {name: web}\n  spec:\n    podSelector: {}\n    # netpol-ignore: unknown-field x\n    ingres: []\n`,
    '',
  ],
  [
    'a List in braces',
    `{apiVersion: v1, kind: List, items: [\n{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: web}, spec: {podSelector: {}, ingres: []}}, # netpol-ignore: unknown-field x\n{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: web}, spec: {podSelector: {}, ingres: []}}]}\n`,
    'unknown-field',
  ],
])('silenced by %s', (_, text, left) => {
  expect(faults(text)).toBe(left);
});

test.each<[string, Partial<Settings>, string]>([
  ['rules', { rules: { 'unknown-field': 'off' } }, 'duplicate-policy-type'],
  ['rules, to another severity', { rules: { 'unknown-field': 'hint', 'duplicate-policy-type': 'error' } }, 'duplicate-policy-type'],
  ['a folder', { ignore: { 'test/**': ['unknown-field'] } }, 'duplicate-policy-type'],
  ['a folder, all codes', { ignore: { 'test/**': ['*'] } }, ''],
  ['a file name', { ignore: { 'a.yaml': ['*'] } }, ''],
  ['another folder', { ignore: { 'prod/**': ['*'] } }, 'duplicate-policy-type, unknown-field'],
])('silenced by settings: %s', (_, settings, left) => {
  expect(faults(HEAD + SPEC, settings)).toBe(left);
});

test('an ignore comment is no mistake where its rule is off', () => {
  expect(faults(`# netpol-ignore: unknown-field\n${HEAD}${SPEC}`, { rules: { 'unknown-field': 'off' } })).toBe('duplicate-policy-type');
});

test('a fix writes the comment, and the finding is gone', () => {
  const text = HEAD + SPEC;
  const [one] = first(text, 'duplicate-policy-type');
  const [line, whole] = one ? ignoreFixes(one.place.manifest, one.finding) : [];
  const there = applyEdits(text, line?.edits ?? []);
  expect(there).toBe(HEAD + SPEC.replace('  policyTypes', '  # netpol-ignore: duplicate-policy-type\n  policyTypes'));
  expect(faults(there)).toBe('unknown-field');
  const all = applyEdits(text, whole?.edits ?? []);
  expect(all).toBe(`# netpol-ignore: duplicate-policy-type\n${text}`);
  const [second] = first(all, 'unknown-field');
  expect(applyEdits(all, (second ? ignoreFixes(second.place.manifest, second.finding) : [])[1]?.edits ?? [])).toBe(
    `# netpol-ignore: duplicate-policy-type, unknown-field\n${text}`,
  );
});

function first(text: string, code: string): readonly PlacedFinding[] {
  return found(text).filter(({ finding }) => finding.code === code);
}

function found(text: string, settings: Partial<Settings> = {}): readonly PlacedFinding[] {
  const work = diagnose(sourceFile(text), {
    uri: 'file:///home/me/shop/test/a.yaml',
    settings: { ...DEFAULTS, ...settings },
    partial: false,
  });
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
