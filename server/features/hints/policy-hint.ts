import type { Path } from '../../syntax/path.ts';

/** Something a policy says without writing it, and where to show that. */
export interface PolicyHint {
  readonly kind: 'andOr' | 'namespaces' | 'denyAll' | 'defaults';
  /** Relative to the manifest's piece. */
  readonly offset: number;
  readonly label: string;
  readonly tooltip: string;
  /** In flow style, where several things share a line, a remark stands in front of what it is about. */
  readonly before: boolean;
}

/** A hint without its place. */
export type HintWords = Pick<PolicyHint, 'kind' | 'label' | 'tooltip'>;

/** Puts a hint at the field or item at a path. */
export type AddHint = (path: Path, words: HintWords) => void;
