import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { hasFields } from '../corpus.ts';
import { findingsIn } from './findings.ts';

/*
 * Policies of Cilium, and who rejects them: nobody, the API server, or Cilium alone, which then does not enforce what is stored. One
 * sentence of the CRD and of Cilium's own checks (`pkg/policy/api/rule_validation.go`, 1.19) after the other, accepted and rejected.
 */
const documents = readFileSync(new URL('cilium-documents.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line): unknown => JSON.parse(line))
  .filter((one): one is { readonly rejected: string; readonly yaml: string } => hasFields(one, 'rejected', 'yaml'));

test('who rejects a policy: nobody, the API server, or Cilium alone', () => {
  const wrong = documents.filter(({ rejected, yaml }) => rejectedIn(yaml) !== rejected);
  expect(wrong.map(({ rejected, yaml }) => `${rejected}, not ${rejectedIn(yaml)}: ${yaml}`)).toEqual([]);
  expect(documents.length).toBeGreaterThan(400);
});

function rejectedIn(yaml: string): string {
  const errors = findingsIn(yaml).filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return 'by nobody';
  const isStored = errors.every(({ message }) =>
    message.startsWith('The API server accepts this policy, but Cilium rejects it and does not enforce it:'),
  );
  return isStored ? 'by Cilium' : 'by the API server';
}

const policy = (spec: string): string =>
  `apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: p, namespace: shop}\nspec: {endpointSelector: {}, ${spec}}\n`;

test('what the CRD of Cilium 1.20 takes away and adds', () => {
  const errorsWith = (ciliumVersion: string, spec: string): readonly string[] =>
    findingsIn(policy(spec), { ciliumVersion })
      .filter(({ severity }) => severity === 'error')
      .map(({ code }) => code);
  const kafka = 'ingress: [{toPorts: [{ports: [{port: "9092", protocol: TCP}], rules: {kafka: [{topic: a}]}}]}]';
  expect([errorsWith('1.19', kafka), errorsWith('1.20', kafka)]).toEqual([[], ['cilium-removed-field']]);
  const mesh = 'ingress: [{fromEntities: [cluster-mesh]}]';
  expect([errorsWith('1.19', mesh), errorsWith('1.20', mesh)]).toEqual([['unsupported-value'], []]);
  const tunnel = 'ingress: [{toPorts: [{ports: [{port: "0", protocol: GRE}]}]}]';
  expect([errorsWith('1.19', tunnel), errorsWith('1.20', tunnel)]).toEqual([['unsupported-value'], []]);
});
