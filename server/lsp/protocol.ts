/**
 * What our own clients and the server say to each other beyond the Language Server Protocol.
 * Types and names only: the client bundles this file, so it imports nothing.
 */

/** The client's `initializationOptions`; every other editor may leave all of it out. */
export interface InitializationOptions {
  /** Which of our own clients this is; absent for other editors. */
  readonly client?: 'vscode';
  /** URI of the folder that holds `rules/NAME.md`, so that rule pages open offline. */
  readonly docs?: string;
  /** True when another extension already reports plain YAML syntax errors (see `netpol.yaml.coexist`). */
  readonly yamlExtension?: boolean;
  /** `pull` turns pushed diagnostics off and announces `diagnosticProvider`. */
  readonly diagnostics?: 'push' | 'pull';
}

/** Notification, client to server: facts about the client that change while it runs. */
export const clientNotification = 'netpol/client';
export interface ClientFacts {
  readonly yamlExtension: boolean;
}

/** Notification, server to client: what the status item shows. */
export const statusNotification = 'netpol/status';
export interface Status {
  /** Short and in words, without the product name: "2 errors, 1 warning". */
  readonly text: string;
  /** One sentence more, or empty. */
  readonly detail: string;
  /** True while the workspace is being read or checked. */
  readonly busy: boolean;
  readonly severity: 'information' | 'warning' | 'error';
}

/** Request, client to server, no parameters: every template, in the order to show them. */
export const templatesRequest = 'netpol/templates';
export interface Template {
  /** Stable kebab-case name. */
  readonly name: string;
  readonly title: string;
  readonly detail: string;
  /** A whole manifest in snippet syntax, ending in a line feed. */
  readonly body: string;
  /** `networking.k8s.io/v1 NetworkPolicy` and the like: what the list is grouped by. */
  readonly api: string;
}
