import { memo } from '../../base/memo.ts';
import type { Work } from '../../base/work.ts';
import { identify } from '../../model/identify.ts';
import { readResource, type PolicyKindEntry } from '../../model/kind.ts';
import { type Direction, DIRECTIONS, type Policy, type Rule } from '../../model/policy.ts';
import { isParsed, manifestsIn, type Manifest } from '../../syntax/manifest.ts';
import { isBelow, type Path } from '../../syntax/path.ts';
import { placesOf, type PlacedManifest, type SourceFile } from '../../syntax/source-file.ts';
import type { Piece } from '../../syntax/split.ts';
import { pieceWork } from '../../workspace/record.ts';

/** A manifest that is ours, read. */
export interface ReadPolicy {
  readonly kind: PolicyKindEntry;
  readonly policy: Policy;
}

/** The policy in a manifest; `undefined` in manifests of other kinds. */
export const readPolicyIn: (manifest: Manifest) => ReadPolicy | undefined = memo((manifest) => {
  const identity = identify(manifest);
  if (!identity.ours || identity.kind?.role !== 'policy') return undefined;
  const resource = readResource(identity.kind, manifest.root);
  return resource.role === 'policy' ? { kind: identity.kind, policy: resource.value } : undefined;
});

/** A policy and where its manifest stands. */
export interface PlacedPolicy extends ReadPolicy {
  readonly placed: PlacedManifest;
}

/** The policies of a file, in its order. */
export function policiesIn(file: SourceFile): readonly PlacedPolicy[] {
  return placesOf(file).flatMap(({ piece, start, document, prefix }) => {
    if (!mayBePolicy(piece)) return [];
    return manifestsIn(piece).flatMap((manifest) => {
      const read = readPolicyIn(manifest);
      return read ? [{ ...read, placed: { manifest, start, document, prefix: [...prefix, ...manifest.inner] } }] : [];
    });
  });
}

/** Reads the policies of a file in steps, so that `policiesIn` has its answer at once. */
export function* policiesWork({ pieces }: SourceFile): Work<void> {
  for (const piece of pieces) if (!isParsed(piece) && mayBePolicy(piece)) yield* pieceWork(piece);
}

/** A dump of a whole cluster need not be parsed for the few policies in it; a misspelt kind keeps one of these. */
function mayBePolicy({ text }: Piece): boolean {
  return /polic|netw|etwork/i.test(text);
}

/** The direction that a path of a policy is about. */
export function directionOf(policy: Policy, path: Path): Direction | undefined {
  const isIn = (direction: Direction): boolean =>
    isBelow(path, policy.at[direction]) || policy[direction]?.rules.some((rule) => isBelow(path, entryPath(rule))) === true;
  return DIRECTIONS.find(isIn);
}

/** The item that a rule stands in; one item gives several rules where L7 asks different things of its ports. */
function entryPath({ path, at }: Rule): Path {
  const item = at.peers.slice(0, -1);
  return isBelow(path, item) ? item : path;
}

/** The rule that a path leads to or into. */
export function ruleAt(policy: Policy, path: Path): Rule | undefined {
  const direction = directionOf(policy, path);
  const rules = (direction && policy[direction]?.rules) ?? [];
  return rules.find((rule) => isBelow(path, rule.path)) ?? rules.find((rule) => isBelow(path, entryPath(rule)));
}
