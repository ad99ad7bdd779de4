import { memo2 } from '../base/memo.ts';
import type { Policy } from '../model/policy.ts';
import type { Cluster, Located } from '../workspace/cluster.ts';
import { evaluationOf, type Evaluation } from './evaluate.ts';

/** The cluster as it would be if this were its only policy: what the policy itself allows, whatever others say. */
export const evaluationAlone: (cluster: Cluster, policy: Located<Policy>) => Evaluation = memo2(
  (cluster: Cluster, policy: Located<Policy>) => evaluationOf({ ...cluster, policies: [policy], unevaluated: [] }),
);
