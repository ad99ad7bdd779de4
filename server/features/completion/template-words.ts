import type { Api } from '../../model/api.ts';

/** A template of snippets/; its README explains the fields. */
export interface Template {
  readonly title: string;
  readonly prefix: string;
  readonly description: string;
  readonly story: string;
  /** Whose API the kind is of; Kubernetes' where absent. */
  readonly api?: Api;
  readonly kind: string;
  readonly fits: string;
  readonly body: readonly string[];
}

/** The templates of one file, by their titles. */
export type Definitions = Readonly<Record<string, Omit<Template, 'title'>>>;
