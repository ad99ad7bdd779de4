import { expect, test } from 'vitest';
import { findingsIn } from './findings.ts';

/* What address blocks match in Cilium policies is a setting, and with it what makes a rule or a peer superfluous. */

const WORLD_AND_BLOCK = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata:
  name: api
  namespace: shop
spec:
  endpointSelector: {}
  egress:
    - toEntities: [world]
    - toCIDR: [10.0.0.0/8]
`;

test.each([
  ['none', ['redundant-rule']],
  ['nodes', []], // the block holds nodes, which are not in the world
] as const)('a block beside the entity world, where policyCIDRMatchMode is %s', (ciliumCidrMatchMode, codes) => {
  const found = findingsIn(WORLD_AND_BLOCK, { ciliumCidrMatchMode }).map(({ code }) => code);
  expect(found.filter((code) => code.startsWith('redundant') || code.startsWith('shadowed'))).toEqual(codes);
});
