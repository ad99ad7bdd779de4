import { expect, test } from 'vitest';
import { workspaceFindingsIn } from './workspace-findings.ts';

const np = (name: string, spec: string): string =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: ${name}, namespace: shop }\nspec: { ${spec} }\n`;
const RULES = 'ingress: [ { from: [ { podSelector: {} } ] } ]';
const ISOLATED = np('closed', `podSelector: {}, policyTypes: [Ingress], ${RULES}`);
const DENIES = 'ingress: [ { action: Deny, from: [ { namespaces: {} } ] } ]';
const BASELINE = `apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: net }
spec: { tier: Baseline, priority: 1, subject: { namespaces: { matchLabels: { kubernetes.io/metadata.name: shop } } }, ${DENIES} }
`;

/** The text that a finding fades. */
function faded(source: string, code: string): string | undefined {
  const found = workspaceFindingsIn(`# file: a.yaml\n${source}`).find((one) => one.code === code);
  return found?.unnecessary === true ? source.slice(found.span.start, found.span.end) : undefined;
}

test('what is dead is faded as a whole, not only the key above it', () => {
  expect(faded(`${BASELINE}---\n${ISOLATED}`, 'unreachable-baseline-rule')).toBe(DENIES);
  expect(faded(np('out', `podSelector: {}, policyTypes: [Egress], ${RULES}`), 'ignored-direction')).toBe(RULES);
  const twice = np('twice', `podSelector: { matchLabels: { app: db } }, policyTypes: [Ingress], ${RULES}`);
  expect(faded(`${ISOLATED}---\n${twice}`, 'redundant-policy')).toBe('twice');
});
