import type { Path } from '../../syntax/path.ts';
import type { ManifestKey } from '../../workspace/cluster.ts';

/** A read-only document for people, as blocks. Text in it is plain: `markdown.ts` and `html.ts` write it so that it stays text. */
export interface Report {
  readonly title: string;
  readonly blocks: readonly Block[];
}

export type Block =
  | { readonly kind: 'heading'; readonly level: 1 | 2; readonly content: Inline }
  | { readonly kind: 'paragraph'; readonly content: Inline; readonly tone?: Tone }
  | { readonly kind: 'list'; readonly items: readonly ReportItem[] }
  | ConnectionsBlock
  | PictureBlock
  | RemediationsBlock;

/** Connections: a table, or a list of sentences where the text around it asks for one. */
export interface ConnectionsBlock {
  readonly kind: 'connections';
  readonly as: 'table' | 'list';
  readonly rows: readonly ConnectionRow[];
  /** What is said where there is none. */
  readonly none: string;
  /** More connections than are listed. */
  readonly more?: boolean;
  /** More is denied than is listed. */
  readonly moreDenied?: boolean;
}

/** Workloads and addresses with the connections between them, as a graph; what it shows is in the rows of a ConnectionsBlock too. */
export interface PictureBlock {
  readonly kind: 'picture';
  readonly rows: readonly ConnectionRow[];
  /** The workload that the picture is about, or those that a policy selects: by name. */
  readonly marked: readonly string[];
}

/** Edits that would give the other verdict; where they can be applied, the place of each in the list names it. */
export interface RemediationsBlock {
  readonly kind: 'remediations';
  readonly items: readonly string[];
}

/** A connection between two endpoints, or what is denied between them. */
export interface ConnectionRow {
  readonly from: RowPeer;
  readonly to: RowPeer;
  readonly traffic: string;
  readonly verdict: Tone;
}

/** An endpoint of a row. */
export interface RowPeer {
  readonly text: string;
  /** Empty for addresses outside the cluster. */
  readonly namespace: string;
  readonly link?: FieldPlace;
}

export type Tone = 'allow' | 'deny' | 'unknown';

export interface ReportItem {
  readonly content: Inline;
  readonly items?: readonly ReportItem[];
  readonly tone?: Tone;
}

export type Inline = readonly Part[];

export type Part = string | Strong | Link;

export interface Strong {
  readonly strong: string;
}

/** A field of a manifest. */
export interface FieldPlace {
  readonly key: ManifestKey;
  readonly path: Path;
}

/** Text that leads to a field of a manifest. */
export interface Link extends FieldPlace {
  readonly text: string;
}

/** Text that leads somewhere. */
export function reportLink(text: string, key: ManifestKey, path: Path): Link {
  return { text, key, path };
}

/** A heading below the title. */
export function heading(...content: Inline): Block {
  return { kind: 'heading', level: 2, content };
}

/** The heading of the whole report. */
export function titled(...content: Inline): Block {
  return { kind: 'heading', level: 1, content };
}

/** A paragraph of its own. */
export function paragraph(...content: Inline): Block {
  return { kind: 'paragraph', content };
}
