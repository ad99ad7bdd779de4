import { networkImplies } from '../../eval/subsume.ts';
import { onValue } from '../draft.ts';
import { peersIn } from '../../analysis/policy-parts.ts';
import { withTraits } from '../about.ts';
import { removal } from '../repair/list-fixes.ts';
import type { ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'redundant-network',
  scope: 'manifest',
  severity: 'hint',
  confidence: 'high',
  about: withTraits({ ordered: true }),
  summary: 'A block of addresses that is part of another block of the same list.',
  why: 'The block has no effect, and a list can have only 25 blocks.',
  companions: ['single-address-block'],
  *check(context) {
    for (const { peer } of peersIn(context.policy)) {
      // The API server takes 25 at most, which is said by another rule.
      if (peer.kind !== 'networks' || peer.networks.length > MAX_COMPARED_NETWORKS) continue;
      for (const [i, inner] of peer.networks.entries()) {
        // The API server rejects equal strings, which another rule reports.
        const around = peer.networks.find(
          (outer, j) =>
            i !== j &&
            outer.cidr !== inner.cidr &&
            networkImplies(inner, outer).kind === 'yes' &&
            (networkImplies(outer, inner).kind === 'no' || j < i),
        );
        if (!around) continue;
        const related = [{ path: around.path, message: 'The wider block.' }];
        yield onValue(context, inner.path, `Block ${around.cidr} in this list already includes this one. Remove this one.`, {
          unnecessary: true,
          related,
          // Beside every address the blocks may be what is meant.
          fixes: removal(context, inner.path, 'Remove the block').map((fix) => ({ ...fix, safe: fix.safe && !around.cidr.endsWith('/0') })),
        });
      }
    }
  },
};

export default rule;

/** Longer lists of networks are not compared: each is compared with each. */
const MAX_COMPARED_NETWORKS = 100;
