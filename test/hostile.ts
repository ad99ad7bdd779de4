import fc from 'fast-check';
import { expect } from 'vitest';

/* Manifests with names that try to be lines, terminal sequences, commands, markup or formulas, and what must not come out of them. */

const HOSTILE = [
  '\n::error::pwned ',
  '::warning file=a.yaml::x',
  '\r\n##[error]x',
  '##vso[task.setvariable variable=a]b',
  '\u001b[31mred',
  '\u009b31m',
  '\u001b]8;;http://evil.example\u0007link',
  '\u202eabc',
  '\u2028x',
  '=1+1',
  '+1',
  '-2+3',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  '<img src=x onerror=alert(1)>',
  '[a](http://evil.example)',
  '![a](x)',
  '](javascript:alert)',
  '`code`',
  '**b**',
  '| a | b |',
  '\\|',
  '"]; click n0 "javascript:x"',
  '" -> "x" [URL="http://evil.example"]; "',
  '\\"',
  '\\',
  '%%{init: {}}%%',
  '#quot;',
  '&lt;',
  '%0A::error::x',
  ',"',
  '{0}',
  'web',
];
export const word: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(...HOSTILE), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join(''));
export const words: fc.Arbitrary<string[]> = fc.array(word, { minLength: 7, maxLength: 7 });

/** Pods, a policy with a near miss, one that selects nothing, one that fails, an expectation: each with hostile words in it. */
export function hostileManifests([a = '', b = '', c = '', d = '', e = '', f = '', g = '']: readonly string[]): string {
  const q = JSON.stringify;
  return `apiVersion: v1
kind: Pod
metadata: {name: ${q(a)}, namespace: ${q(b)}, labels: {app: ${q(c)}, ${q(d)}: x}}
spec: {containers: [{name: c, image: i, ports: [{name: ${q(e)}, containerPort: 80}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: ${q(`${a}2`)}, namespace: ${q(b)}, labels: {app: ${q(f)}}}
spec: {containers: [{name: c, image: i}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${q(g)}, namespace: ${q(b)}, annotations: {${q(a)}: ${q(f)}}, labels: {${q(c)}: ${q(d)}}}
spec:
  podSelector: {matchLabels: {app: ${q(`${c}x`)}}}
  policyTypes: [Ingress, ${q(e)}]
  ${q(f)}: 1
  ingress:
  - from: [{podSelector: {matchLabels: {app: ${q(`${f}y`)}}}}]
    ports: [{port: ${q(e)}}, {port: 80, protocol: ${q(g)}}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${q(`${g}2`)}, namespace: ${q(b)}}
spec: {podSelector: {matchLabels: {app: ${q(c)}}}, policyTypes: [Ingress]}
---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: ${q(d)}}
spec: {tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{name: ${q(a)}, action: Pass, from: [{namespaces: {matchLabels: {${q(b)}: ${q(c)}}}}]}]}
`;
}

// oxlint-disable-next-line no-control-regex -- what must not come out
export const CONTROL: RegExp = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/;
export const UNSEEN: RegExp = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const COMMAND = /^\s*::[a-z]|##\[|##vso\[/im;

/** What a build server takes for a command: `::` at the start of a line only. */
export const COMMAND_LINE: RegExp = /^\s*::[a-z]/im;

/** Expects text without terminal sequences and commands of build servers. */
export function isInertText(out: string): void {
  expect(out).not.toMatch(CONTROL);
  expect(out).not.toMatch(COMMAND);
}
