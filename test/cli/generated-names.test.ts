import { expect, test } from 'vitest';
import { scratch } from './scratch.ts';

const { netpol } = scratch();

const pod = (prefix: string, app: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {generateName: ${prefix}, namespace: shop, labels: {app: ${app}}}\nspec: {containers: [{name: c, image: i}]}\n`;
const POLICY =
  'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: deny, namespace: shop}\nspec: {podSelector: {matchLabels: {app: report}}, policyTypes: [Ingress]}\n';
const FILES = `# file: a.yaml\n${[pod('migrate-', 'migrate'), pod('report-', 'report'), POLICY].join('---\n')}`;

test('pods whose name the API server makes up are told apart by its prefix', async () => {
  expect((await netpol('connections .', FILES)).out).toMatchInlineSnapshot(`
    "shop/migrate-*[Pod] -> any address: all traffic
    shop/report-*[Pod] -> shop/migrate-*[Pod]: all traffic
    shop/report-*[Pod] -> any address: all traffic
    any address -> shop/migrate-*[Pod]: all traffic
    "
  `);
  const explained = await netpol('explain --from shop/migrate-* --to shop/report-*[Pod] --port 80 .');
  expect(explained.out.split('\n')[0]).toBe('shop/migrate-*[Pod] -> shop/report-*[Pod] TCP/80: denied');
  expect((await netpol('explain --from shop/migrate- --to shop/report-* .')).err).toContain('The closest match is shop/migrate-*.');
});
