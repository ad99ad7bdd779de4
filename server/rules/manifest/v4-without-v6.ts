import { onValue } from '../draft.ts';
import { networksIn } from '../../analysis/networks.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'v4-without-v6',
  scope: 'manifest',
  severity: 'information',
  confidence: 'low',
  summary: 'All addresses of one IP family are allowed, and none of the other.',
  why: 'In a dual-stack cluster, the verdict then depends on the address family that a client uses.',
  companions: ['egress-to-the-world'],
  *check(context) {
    const all = networksIn(context.policy).filter(({ cidr }) => cidr.prefix === 0);
    for (const { cidr, path, direction, rule } of all) {
      if (rule.action !== 'Accept' || all.some((other) => other.direction === direction && other.cidr.family !== cidr.family)) continue;
      const twin = cidr.family === 4 ? '::/0' : '0.0.0.0/0';
      yield onValue(context, path, `This rule allows IPv${cidr.family} only. In a dual-stack cluster, add ${twin} for the other family.`);
    }
  },
};

export default rule;
