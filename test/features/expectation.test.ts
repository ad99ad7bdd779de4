import { expect, test } from 'vitest';
import { hover } from '../../server/features/hover.ts';
import { textOf } from '../../server/syntax/source-file.ts';
import { checkWorkspaceCompletions, workspaceAt } from '../checks.ts';

const SHOP = `# file: shop.yaml
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
spec: {containers: [{name: c, image: i, ports: [{containerPort: 5432, name: sql}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec: {podSelector: {matchLabels: {app: db}}}
# file: tests.yaml
`;

test('what comes next in an expectation', () => {
  checkWorkspaceCompletions(`${SHOP}# expect: $0`).toMatchInlineSnapshot(`
    "shop/db  shop/db[Pod]
    shop/web  shop/web[Pod]"
  `);
  checkWorkspaceCompletions(`${SHOP}# expect: shop/web $0`).toMatchInlineSnapshot(`"->  connects to"`);
  checkWorkspaceCompletions(`${SHOP}# expect: shop/web -> shop/d$0`).toMatchInlineSnapshot(`
    "shop/db  shop/db[Pod]
    shop/web  shop/web[Pod]"
  `);
  checkWorkspaceCompletions(`${SHOP}# expect: shop/web -> shop/db $0`).toMatchInlineSnapshot(`"TCP/5432  sql"`);
  checkWorkspaceCompletions(`${SHOP}# expect: shop/web -> shop/db TCP/5432 $0`).toMatchInlineSnapshot(`
    "deny  denied now
    allow"
  `);
  checkWorkspaceCompletions(`${SHOP}# any: $0`).toBe('nothing');
});

test('a hover on an expectation gives the verdict and its reason', () => {
  const shown = (comment: string): string => {
    const { context, cursor } = workspaceAt(SHOP + comment);
    const found = hover(context, cursor);
    return found ? `[${textOf(context.file).slice(found.start, found.end)}] ${found.markdown}` : 'nothing';
  };
  expect(shown('# expect: shop/web -> sh$0op/db TCP/5432 deny')).toMatchInlineSnapshot(
    `"[# expect: shop/web -> shop/db TCP/5432 deny] As expected: \`shop/web[Pod] -> shop/db[Pod] TCP/5432\` is denied. Denied: NetworkPolicy shop/db isolates the pod for ingress, and no rule allows it."`,
  );
  expect(shown('# expect: shop/web -> sh$0op/db TCP/sql allow')).toMatchInlineSnapshot(
    `"[# expect: shop/web -> shop/db TCP/sql allow] **Expected allowed**: \`shop/web[Pod] -> shop/db[Pod] TCP/5432\` is denied. Denied: NetworkPolicy shop/db isolates the pod for ingress, and no rule allows it."`,
  );
  expect(shown('# expect: shop/web -> sh$0op/bd TCP/sql allow')).toMatchInlineSnapshot(
    `"[# expect: shop/web -> shop/bd TCP/sql allow] No workload 'shop/bd' exists in this cluster, so the expectation is not checked. The closest match is 'shop/db'."`,
  );
});
