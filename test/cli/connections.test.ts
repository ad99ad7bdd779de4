import { describe, expect, test } from 'vitest';
import { scratch } from './scratch.ts';

const { netpol } = scratch();

const SHOP = `
# file: shop.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: c, image: i, ports: [{name: http, containerPort: 8080}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: old}}
spec: {containers: [{name: c, image: i}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: data, labels: {app: db}}
spec: {containers: [{name: c, image: i, ports: [{name: sql, containerPort: 5432}, {name: metrics, containerPort: 9187}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: data}
spec:
  podSelector: {matchLabels: {app: db}}
  policyTypes: [Ingress, Egress]
  ingress:
    - from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}, {ipBlock: {cidr: 192.0.2.0/24}}]
      ports: [{port: sql}]
`;

/** The lines of connections that the options choose. */
async function listed(options: string): Promise<readonly string[]> {
  const { out, err, status } = await netpol(`connections . ${options}`, SHOP);
  expect([err, status]).toEqual(['', 0]);
  return out.trimEnd().split('\n');
}

describe('which connections are listed', () => {
  test.each([
    ['--to data/db', ['shop/web[Deployment] -> data/db[Pod]: TCP 5432', '192.0.2.0/24 -> data/db[Pod]: TCP 5432']],
    ['--namespace data', ['shop/web[Deployment] -> data/db[Pod]: TCP 5432', '192.0.2.0/24 -> data/db[Pod]: TCP 5432']],
    ['--port sql', ['shop/web[Deployment] -> data/db[Pod]: TCP 5432', '192.0.2.0/24 -> data/db[Pod]: TCP 5432']],
    ['--from shop/web[Deployment] --port 5432 --to data/db', ['shop/web[Deployment] -> data/db[Pod]: TCP 5432']],
    [
      '--from shop/web --to shop/web', // both workloads of that name
      ['shop/web[Deployment] -> shop/web[Pod]: all traffic', 'shop/web[Pod] -> shop/web[Deployment]: all traffic'],
    ],
    ['--from 192.0.2.7 --to data/db', ['192.0.2.0/24 -> data/db[Pod]: TCP 5432']],
    ['--to 2001:db8::1 --from shop/web[Pod]', ['shop/web[Pod] -> any address: all traffic']],
  ])('%s', async (options, expected) => {
    expect(await listed(options)).toEqual(expected);
  });

  test('every format lists the same', async () => {
    for (const format of ['json', 'csv', 'dot', 'mermaid', 'md', 'html']) {
      const { out } = await netpol(`connections . --to data/db --from 192.0.2.7 --format ${format}`, SHOP);
      expect(out).toContain('5432');
      expect(out).not.toContain('8080');
    }
  });

  test('a page lists what is denied by the same options', async () => {
    const { out } = await netpol('connections . --to data/db --port 9187 --format html', SHOP);
    const rows = [...out.matchAll(/data-from="([^"]*)" data-to="([^"]*)" data-traffic="([^"]*)" data-verdict="([^"]*)"/g)];
    expect(rows.map((row) => row.slice(1).join(' '))).toEqual([
      'any address data/db[Pod] TCP 9187 deny',
      'shop/web[Deployment] data/db[Pod] TCP 9187 deny',
      'shop/web[Pod] data/db[Pod] TCP 5432, 9187 deny',
    ]);
  });

  test.each([
    ['--from data/dbb', 'netpol: there is no workload data/dbb for --from. The closest match is data/db.\n'],
    ['--namespace dta', 'netpol: no workload is in namespace dta. The closest match is data.\n'],
    [
      '--port metrcs',
      'netpol: --port metrcs is neither a port from 1 to 65535 nor the name of a port of a workload. The closest name is metrics.\n',
    ],
    ['--port 70000', 'netpol: --port 70000 is neither a port from 1 to 65535 nor the name of a port of a workload.\n'],
  ])('%s is refused', async (options, err) => {
    expect(await netpol(`connections . ${options}`, SHOP)).toEqual({ status: 2, out: '', err });
  });

  test('nothing that the options ask for', async () => {
    expect((await netpol('connections . --from data/db', SHOP)).err).toBe(
      'netpol: the paths have 3 workloads and 1 policy, and there is no connection that the options ask for.\n',
    );
  });
});
