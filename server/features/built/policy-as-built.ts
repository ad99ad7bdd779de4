import type { Policy } from '../../model/policy.ts';
import type { PlacedManifest } from '../../syntax/source-file.ts';
import { nodeAt } from '../../syntax/locate-path.ts';
import { changesBetween } from '../../workspace/kustomize/changes.ts';
import { jsonOf } from '../../workspace/kustomize/values.ts';
import { keyOf } from '../../workspace/locate.ts';
import { builtAt, type Snapshot } from '../../workspace/snapshot.ts';

/**
 * The policy of a manifest as the first cluster of its file has it. As it is written where no build changes it, or where a build changes its
 * lists, so that a place in the text would be another one in the policy.
 */
export function policyAsBuilt(snapshot: Snapshot, uri: string, placed: PlacedManifest, written: Policy): Policy {
  const key = keyOf(snapshot, uri, placed);
  const found = key === undefined ? undefined : builtAt(snapshot, key);
  const { root, inner } = placed.manifest;
  if (!found?.built || !root || found.member.resource.role !== 'policy') return written;
  const node = nodeAt(found.built.root, inner);
  const changes = node ? changesBetween(jsonOf(root), jsonOf(node)) : [];
  const isMoved = changes.some(
    ({ path, before, after }) =>
      Array.isArray(before) || Array.isArray(after) || (typeof path.at(-1) === 'number' && (before === undefined || after === undefined)),
  );
  return isMoved ? written : found.member.resource.value;
}
