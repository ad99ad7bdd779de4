import { planeOf } from '../../eval/planes.ts';
import type { Plane } from '../../eval/stages.ts';
import { clusterFor } from '../../workspace/snapshot.ts';
import type { FeatureContext } from '../context.ts';

/** What enforces the policies of the cluster that a file is part of. */
export function planeAt({ snapshot, uri }: Pick<FeatureContext, 'snapshot' | 'uri'>): Plane {
  return planeOf(clusterFor(snapshot, uri));
}
