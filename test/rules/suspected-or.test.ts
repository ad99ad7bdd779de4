import { expect, test } from 'vitest';
import { applyEdits } from '../../server/syntax/edit.ts';
import { findingsIn } from './findings.ts';

const np = (peers: string): string =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: web\n  namespace: shop\nspec:\n  podSelector: {}\n  policyTypes: [Ingress]\n  ingress:\n  - from:\n${peers}`;

/** What the fix makes of the peers; `undefined` where there is no fix. */
function fixed(peers: string): string | undefined {
  const text = np(peers);
  const found = findingsIn(text, { profile: 'recommended' }).find(({ code }) => code === 'suspected-or');
  if (!found) return 'no finding';
  const [fix] = found.fixes;
  return fix && applyEdits(text, fix.edits).slice(np('').length);
}

test('comments survive the fix', () => {
  expect(
    fixed('    - {namespaceSelector: {matchLabels: {team: ops}}} # theirs\n    # and\n    - {podSelector: {matchLabels: {app: web}}}\n'),
  ).toBe('    - {namespaceSelector: {matchLabels: {team: ops}}, podSelector: {matchLabels: {app: web}}} # theirs\n    # and\n');
  expect(
    fixed(
      '    - namespaceSelector: # theirs\n        matchLabels: {team: ops}\n    # and\n    - podSelector: # ours\n        matchLabels: {app: web}\n',
    ),
  ).toBe(
    '    - namespaceSelector: # theirs\n        matchLabels: {team: ops}\n    # and\n      podSelector: # ours\n        matchLabels: {app: web}\n',
  );
});

test('no fix that would tear a template apart, or write a field twice', () => {
  const [first, second] = ['    - namespaceSelector: {matchLabels: {team: ops}}\n', '    - podSelector: {matchLabels: {app: web}}\n'];
  expect(fixed(`${first}    # {{- if .Values.web }}\n${second}`)).toContain('      podSelector');
  expect([undefined, 'no finding']).toContain(fixed(`${first}    {{- if .Values.web }}\n${second}    {{- end }}\n`));
  expect(fixed(`${first}      podSelector:\n${second}`)).toBe(undefined);
});
