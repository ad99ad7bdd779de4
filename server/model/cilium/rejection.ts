import type { Path } from '../../syntax/path.ts';
import { hasHole, itemsOf, type Node } from '../../syntax/tree.ts';
import { given, type ListItem } from '../read.ts';

/** Names what Cilium rejects; the rules `cilium-CODE` report it. */
export type RejectionCode =
  | 'no-entries'
  | 'node-selector'
  | 'node-peers'
  | 'peer-combination'
  | 'invalid-selector'
  | 'invalid-port'
  | 'invalid-cidr'
  | 'icmp'
  | 'l7-rule';

/**
 * A part of a policy that the API server stores and Cilium refuses (cilium `pkg/policy/api/rule_validation.go`, 1.19): the whole policy is
 * then not enforced, and only the log of the agent and the condition Valid of the policy say so.
 */
export interface Rejection {
  readonly code: RejectionCode;
  /** The place; the field that is at fault, or the object that lacks one. */
  readonly path: Path;
  /** Is the field as such at fault, and not its value? */
  readonly onKey: boolean;
  /** What is wrong: a clause that may follow a colon, without a full stop. */
  readonly why: string;
  /** What to do: a sentence. */
  readonly way: string;
  /** About something that is not there: no fault in a patch or another partial document. */
  readonly absence?: boolean;
  /** For a fix: what the mistake is, where one code has several. */
  readonly mistake?: string;
}

/** Where a check puts what it finds. */
export type Rejections = Rejection[];

/** The items of the list in a field, with their places; none where it is missing or no list. */
export function entriesIn(node: Node | undefined, path: Path, field: string): readonly ListItem[] {
  return itemsOf(given(node, field)).map((item, i) => ({ node: item, path: [...path, field, i] }));
}

/** Has the field a list with items, as far as is known? A list that a template makes is not looked at. */
export function hasItems(node: Node | undefined, field: string): boolean {
  return itemsOf(given(node, field)).length > 0;
}

/** Is the field filled in by something later, wholly or in part, so that nothing can be said about what it lacks? */
export function isOpen(node: Node | undefined): boolean {
  return hasHole(node);
}
