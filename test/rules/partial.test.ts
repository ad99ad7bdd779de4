import { expect, test } from 'vitest';
import { findingsIn } from './findings.ts';

/** The faults in a patch, which says only what it changes. */
function faults(text: string): readonly string[] {
  const found = findingsIn(text, { profile: 'recommended' }, true);
  return found.filter(({ severity }) => severity === 'error' || severity === 'warning').map(({ code }) => code);
}

const CNP = 'apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: guard}\n';
const NP = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: web}\n';

test.each<[string, string, readonly string[]]>([
  ['nothing but a priority', `${CNP}spec: {priority: 20}\n`, []],
  ['nothing at all', CNP, []],
  ['a rule without peers', `${CNP}spec: {ingress: [{action: Deny}]}\n`, []],
  ['no selector', `${NP}spec: {policyTypes: [Egress]}\n`, []],
  ['an empty egress list', `${NP}spec: {egress: []}\n`, []],
  ['no name', 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nspec: {podSelector: {}}\n', []],
  ['an order to delete', `${NP}spec: {ingress: [{$patch: delete}]}\n`, []],
  ['what is there is still judged', `${CNP}spec: {priority: 2000, teir: Admin}\n`, ['out-of-range', 'unknown-field']],
])('a patch with %s', (_, text, codes) => {
  expect(faults(text)).toEqual(codes);
});
