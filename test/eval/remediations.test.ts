import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { explain } from '../../server/eval/explain.ts';
import { remediations, type PolicyEdit, type ManifestValue } from '../../server/eval/remediations.ts';
import type { Cluster } from '../../server/workspace/cluster.ts';
import { fixture } from '../fixture.ts';
import { clusterOf } from './cluster.ts';
import { endOf, readQuestion } from './question.ts';
import { TIERED, V1, WORLD } from './verdicts.ts';

describe('every proposed edit turns the verdict round', () => {
  test.each(Object.entries({ ...V1, ...TIERED }))('%s', (_, policies) => {
    const { files, expectations } = fixture(`${WORLD}\n---\n${policies}`);
    const documents = parseAllDocuments(files[0]?.text ?? '').flatMap((document): Fields[] => {
      const read: unknown = document.toJS();
      return isFields(read) ? [read] : [];
    });
    const cluster = clusterAs(documents);
    for (const expectation of expectations) {
      const { from, to, protocol, port } = readQuestion(expectation);
      const ask = (asked: Cluster): boolean =>
        explain(asked, { from: endOf(asked, from), to: endOf(asked, to), protocol, port }).verdict === 'allow';
      for (const { title, edits } of remediations(cluster, { from: endOf(cluster, from), to: endOf(cluster, to), protocol, port })) {
        const edited = edits.reduce<readonly Fields[]>((now, edit) => apply(now, edit, cluster), documents);
        expect(`${title}: ${ask(clusterAs(edited))}`).toBe(`${title}: ${!ask(cluster)}`);
      }
    }
  });

  test('there is a way in nearly every case', () => {
    const all = Object.values({ ...V1, ...TIERED }).flatMap((policies) => {
      const { files, expectations } = fixture(`${WORLD}\n---\n${policies}`);
      const cluster = clusterOf(Object.fromEntries(files.map(({ name, text }) => [name, text])));
      return expectations.map((expectation) => {
        const { from, to, protocol, port } = readQuestion(expectation);
        return remediations(cluster, { from: endOf(cluster, from), to: endOf(cluster, to), protocol, port }).length > 0;
      });
    });
    expect(all.filter((found) => !found).length / all.length).toBeLessThan(0.05);
  });
});

type Fields = { readonly [field: string]: ManifestValue };

function clusterAs(documents: readonly Fields[]): Cluster {
  return clusterOf({ 'all.yaml': documents.map((document) => JSON.stringify(document)).join('\n---\n') });
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function apply(documents: readonly Fields[], edit: PolicyEdit, cluster: Cluster): Fields[] {
  if (edit.kind === 'create') return [...documents, ...(isFields(edit.value) ? [edit.value] : [])];
  const policy = cluster.policies.find(({ key }) => key === edit.key)?.value;
  return documents.map((document) => {
    const { metadata } = document;
    const same =
      document['kind'] === policy?.kind &&
      isFields(metadata) &&
      metadata['name'] === policy?.name &&
      (metadata['namespace'] ?? 'default') === (policy?.namespace ?? 'default');
    const edited = same ? changed(document, edit, edit.path) : document;
    return isFields(edited) ? edited : document;
  });
}

function changed(
  value: ManifestValue | undefined,
  edit: Exclude<PolicyEdit, { kind: 'create' }>,
  path: readonly (string | number)[],
): ManifestValue {
  const [step, ...rest] = path;
  if (typeof step === 'number') {
    const items = Array.isArray(value) ? value : [];
    if (rest.length > 0) return items.map((item: ManifestValue, at) => (at === step ? changed(item, edit, rest) : item));
    return edit.kind === 'remove' ? items.toSpliced(step, 1) : items.toSpliced(step, 0, edit.value);
  }
  if (step === undefined) return edit.kind === 'remove' ? '' : edit.value;
  const fields = isFields(value) ? value : {};
  return { ...fields, [step]: changed(fields[step], edit, rest) };
}

describe('which edits are proposed first', () => {
  const policy = (name: string, pods: string, rules = ''): string => `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}, namespace: shop}
spec:
  podSelector: ${pods}
  policyTypes: [Ingress]
${rules}`;
  const pod = (name: string): string => `---
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: shop, labels: {app: ${name}, tier: back}}
spec: {containers: [{name: c, image: i}]}
`;
  const some = '  ingress: [{ports: [{port: 443}]}]\n';
  const titles = (text: string, port = 80): readonly string[] => {
    const cluster = clusterOf({ 'all.yaml': ['web', 'db', 'api'].map(pod).join('') + text });
    return remediations(cluster, { from: endOf(cluster, 'shop/web'), to: endOf(cluster, 'shop/db'), protocol: 'TCP', port }).map(
      ({ title }) => title,
    );
  };

  test('a rule in the policy of the workload, then in one for more workloads, and last in a default deny', () => {
    const text =
      policy('a-default-deny', '{}') +
      policy('b-all', '{}', some) +
      policy('c-back', '{matchLabels: {tier: back}}', some) +
      policy('d-db', '{matchLabels: {app: db}}', some);
    const [first, ...others] = titles(text);
    expect(first).toBe('Allow shop/web[Pod] -> shop/db[Pod] TCP 80 in shop/d-db');
    expect(others).toHaveLength(2);
    expect(others.join()).not.toContain('default-deny');
  });

  test('a default deny gets a rule only where it alone isolates, and never goes', () => {
    expect(titles(policy('default-deny', '{}'))).toEqual(['Allow shop/web[Pod] -> shop/db[Pod] TCP 80 in shop/default-deny']);
  });

  test('to deny: a rule for this connection before one that is removed, and a new policy last', () => {
    const open = titles(policy('d-db', '{matchLabels: {app: db}}', '  ingress: [{}]\n'));
    expect(open[0]).toMatch(/^Remove|^Deny/);
    expect(open.at(-1)).toMatch(/^Add a NetworkPolicy/);
  });
});
