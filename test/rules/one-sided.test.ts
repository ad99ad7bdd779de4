import { describe, expect, test } from 'vitest';
import { formatPath } from '../../server/syntax/path.ts';
import { workspaceFindingsIn } from './workspace-findings.ts';

const policy = (name: string, spec: string): string =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}, namespace: shop}\nspec: {podSelector: {matchLabels: {app: ${name}}}, ${spec}}`;
const workload = (kind: string, name: string): string =>
  kind === 'Pod'
    ? `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: shop, labels: {app: ${name}}}`
    : `apiVersion: apps/v1\nkind: ${kind}\nmetadata: {name: ${name}, namespace: shop}\nspec: {template: {metadata: {labels: {app: ${name}}}}}`;
const pods = (...names: readonly string[]): string => `[${names.map((name) => `{podSelector: {matchLabels: {app: ${name}}}}`).join(', ')}]`;

/** `path: the connection that is denied`. */
function oneSided(...documents: readonly string[]): readonly string[] {
  return workspaceFindingsIn(documents.join('\n---\n'))
    .filter(({ code }) => code === 'one-sided-allow')
    .map(({ path, message }) => `${formatPath(path)}: ${/\S+ -> \S+/.exec(message)?.[0] ?? ''}`);
}

describe('which part of a rule opens one side only', () => {
  const closed = policy('api', 'policyTypes: [Egress]');
  const db = (...peers: readonly string[]): string => policy('db', `policyTypes: [Ingress], ingress: [{from: ${pods(...peers)}}]`);

  test('the rule where all of its peers are closed, else the peer', () => {
    const all = [closed, workload('Deployment', 'api'), workload('Deployment', 'web'), workload('Pod', 'db')];
    expect(oneSided(db('api'), ...all)).toEqual(['spec.ingress[0]: shop/api[Deployment] -> shop/db[Pod]']);
    expect(oneSided(db('web', 'api'), ...all)).toEqual(['spec.ingress[0].from[1]: shop/api[Deployment] -> shop/db[Pod]']);
    expect(oneSided(db('web'), ...all)).toEqual([]);
  });

  test('the peer where another one picks nobody who is known', () => {
    const all = [closed, workload('Deployment', 'api'), workload('Pod', 'db')];
    expect(oneSided(db('backup', 'api'), ...all)).toEqual(['spec.ingress[0].from[1]: shop/api[Deployment] -> shop/db[Pod]']);
  });

  test('pods of one workload may talk to each other', () => {
    const all = [closed, workload('Deployment', 'api')];
    const both = ['spec.ingress[0].from[1]: shop/api[Deployment] -> shop/db[StatefulSet]'];
    expect(oneSided(db('db', 'api'), ...all, workload('StatefulSet', 'db'))).toEqual(both);
    expect(oneSided(db('db'), ...all, workload('StatefulSet', 'db'))).toEqual([]);
    // A pod cannot talk to another one of itself.
    expect(oneSided(db('db', 'api'), ...all, workload('Pod', 'db'))).toEqual(['spec.ingress[0]: shop/api[Deployment] -> shop/db[Pod]']);
  });
});
