import type { Plane } from '../../eval/stages.ts';
import type { Policy } from '../../model/policy.ts';
import type { Tier } from '../../model/referenced.ts';
import type { Marked } from '../../syntax/marked.ts';
import type { Node } from '../../syntax/tree.ts';
import type { Path } from '../../syntax/path.ts';

/** A policy to be converted: as it is written, and as it is read. */
export interface ConversionSource {
  readonly root: Node;
  readonly policy: Policy;
}

/** What a conversion must know beside the policy. */
export interface ConversionOptions {
  /** The priority of the result, where the source has none. */
  readonly priority?: number;
  /** The other policies of the cluster, whose priorities the result must not disturb. */
  readonly others: readonly Policy[];
  /** The stages of the network plugin that the two are compared on. */
  readonly plane: Plane;
  /** The tiers that are objects of the cluster. */
  readonly tiers: readonly Tier[];
}

/** The documents that a policy becomes, or why it becomes none. */
export type ConversionResult = Converted | Refused;

export interface Converted {
  readonly documents: readonly Marked[];
  /** What the target cannot express, by field of the source. */
  readonly lost: readonly Loss[];
}

export interface Refused {
  readonly refused: string;
}

/** A field of the source that the result lacks or changes. */
export interface Loss {
  readonly path: Path;
  readonly message: string;
  /** No connection depends on it: names, logs, how a client is told. */
  readonly isDetail?: true;
}
