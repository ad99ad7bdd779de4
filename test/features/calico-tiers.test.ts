import { test, expect } from 'vitest';
import { hover } from '../../server/features/hover.ts';
import { checkWorkspaceCompletions, workspaceAt } from '../checks.ts';

const TIERS = `# file: tiers.yaml
apiVersion: projectcalico.org/v3
kind: Tier
metadata: {name: security}
spec: {order: 100, defaultAction: Pass}
---
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata: {name: security.block}
spec: {tier: security, order: 10, selector: all(), types: [Ingress], ingress: [{action: Deny}]}
`;

function hoverText(document: string): string {
  const { context, cursor } = workspaceAt(`${TIERS}# file: own.yaml\n${document}`);
  return hover(context, cursor)?.markdown ?? 'nothing';
}

test('the tier order, with the order and the default action of each', () => {
  const tier = 'apiVersion: projectcalico.org/v3\nkind: Tier\nmetadata:\n  name: platform\nspec:\n  order: 200\n';
  expect(hoverText(tier.replace('order', 'or$0der'))).toMatchInlineSnapshot(`
    "Order of evaluation in this workspace:
    1. tier security (order 100, default action Pass): \`security.block\` (10)
    2. **tier platform** (order 200, default action Deny): none
    3. tier kube-admin (order 1000, default action Pass): none
    4. tier default (order 1000000, default action Deny): none
    5. tier kube-baseline (order 10000000, default action Pass): none
    6. Default: allowed

    **Order of tier**. Tiers with smaller numbers are evaluated first. kube-admin has 1000, default 1000000, kube-baseline 10000000.

    Left out: Evaluated after all tiers with an order.

    [Tier documentation](https://docs.tigera.io/calico/latest/reference/resources/tier)"
  `);
  expect(hoverText(tier.replace('platform', 'plat$0form')).split('\n\n')[0]).toMatchInlineSnapshot(`
    "Order of evaluation in this workspace:
    1. tier security (order 100, default action Pass): \`security.block\` (10)
    2. **tier platform** (order 200, default action Deny): none
    3. tier kube-admin (order 1000, default action Pass): none
    4. tier default (order 1000000, default action Deny): none
    5. tier kube-baseline (order 10000000, default action Pass): none
    6. Default: allowed"
  `);
  const policy =
    'apiVersion: projectcalico.org/v3\nkind: GlobalNetworkPolicy\nmetadata: {name: p}\nspec:\n  tier: nowh$0ere\n  selector: all()\n';
  expect(hoverText(policy).split('\n\n')[0]).toMatchInlineSnapshot(`
    "Order of evaluation in this workspace:
    1. tier security (order 100, default action Pass): \`security.block\` (10)
    2. tier kube-admin (order 1000, default action Pass): none
    3. tier default (order 1000000, default action Deny): none
    4. tier kube-baseline (order 10000000, default action Pass): none
    5. **tier nowhere** (no Tier object in this workspace): **\`p\` this one**
    6. Default: allowed"
  `);
});

test('fields of tiers and network sets are explained', () => {
  expect(hoverText('apiVersion: projectcalico.org/v3\nkind: NetworkSet\nmetadata: {name: s}\nspec:\n  ne$0ts: [10.0.0.0/8]\n'))
    .toMatchInlineSnapshot(`
    "**Address blocks**. Addresses and CIDRs that the set stands for. Pods with such an address match, too.

    Left out or \`[]\`: The set is empty.

    [NetworkSet documentation](https://docs.tigera.io/calico/latest/reference/resources/networkset)"
  `);
});

test('tiers that exist, and orders that are free', () => {
  const policy = 'apiVersion: projectcalico.org/v3\nkind: GlobalNetworkPolicy\nmetadata: {name: p}\nspec:\n';
  checkWorkspaceCompletions(`${TIERS}# file: own.yaml\n${policy}  tier: $0\n`, /order/).toMatchInlineSnapshot(`
    "security  order 100, default action Pass
    kube-admin  order 1000, default action Pass
    default  order 1000000, default action Deny
    kube-baseline  order 10000000, default action Pass"
  `);
  checkWorkspaceCompletions(`${TIERS}# file: own.yaml\n${policy}  tier: security\n  order: $0\n`, /before|after/).toMatchInlineSnapshot(`
    "9  before security.block (10)
    110  after security.block (10)"
  `);
  const tier = 'apiVersion: projectcalico.org/v3\nkind: Tier\nmetadata: {name: platform}\nspec:\n  order: $0\n';
  checkWorkspaceCompletions(`${TIERS}# file: own.yaml\n${tier}`, /before|after/).toMatchInlineSnapshot(`
    "99  before tier security (100)
    550  after tier security (100), before tier kube-admin (1000)
    500500  after tier kube-admin (1000), before tier default (1000000)
    5500000  after tier default (1000000), before tier kube-baseline (10000000)
    10000100  after tier kube-baseline (10000000)"
  `);
});
