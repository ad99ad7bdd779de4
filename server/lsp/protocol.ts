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
  /** False where the user does not trust the workspace: its `.netpol.json` then neither hides findings nor decides about clusters. */
  readonly isTrusted?: boolean;
  /** `pull` turns pushed diagnostics off and announces `diagnosticProvider`. */
  readonly diagnostics?: 'push' | 'pull';
}

/** Notification, client to server: facts about the client that change while it runs. */
export const clientNotification = 'netpol/client';
export interface ClientFacts {
  readonly yamlExtension: boolean;
  readonly isTrusted?: boolean;
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
/** How long work has kept other requests waiting since the last call (see watchdog.ts); answered where the server was started with `NETPOL_WATCHDOG=1`. */
export const watchdogRequest = 'netpol/watchdog';
export const templatesRequest = 'netpol/templates';
export interface OfferedTemplate {
  /** Stable kebab-case name. */
  readonly name: string;
  readonly title: string;
  readonly detail: string;
  /** A whole manifest in snippet syntax, ending in a line feed. */
  readonly body: string;
  /** `networking.k8s.io/v1 NetworkPolicy` and the like: what the list is grouped by. */
  readonly api: string;
}

/** Which cluster a request is about. */
export interface ClusterQuestion {
  /** The file from which the cluster is looked at. */
  readonly uri: string;
  /** The `cluster` of a ClusterChoice; the first cluster of the file where absent. */
  readonly cluster?: string;
}

/** Request, client to server: a read-only document about the cluster that a file belongs to; `null` where there is nothing to say. */
export const reportRequest = 'netpol/report';
export interface ReportParams extends ClusterQuestion {
  readonly what: ReportKind;
  /** As a page for a webview, which can be saved as a file, too. */
  readonly html?: boolean;
}

export type ReportKind =
  /** The connections of a namespace (by `name`), of a workload, or of what a policy selects, as a picture and as a list. */
  | { readonly kind: 'graph'; readonly of: 'namespace' | 'workload' | 'policy'; readonly key: string }
  /** What has changed since then: in one manifest, or without `key` in the whole workspace. */
  | { readonly kind: 'changes'; readonly since: 'disk' | 'head'; readonly key?: string }
  | { readonly kind: 'policy' | 'effective'; readonly key: string }
  | { readonly kind: 'matrix' }
  | {
      readonly kind: 'explain';
      readonly from: string;
      readonly to: string;
      readonly protocol: 'TCP' | 'UDP' | 'SCTP';
      readonly port: number;
    };

export interface ReportText {
  readonly title: string;
  readonly text: string;
  /** Stretches of the text, in UTF-16 offsets, and where they lead; `line` counts from 0. */
  readonly links: readonly { readonly start: number; readonly end: number; readonly uri: string; readonly line: number }[];
  /** One page that loads nothing; where it was asked for. */
  readonly html?: string;
}

/**
 * Notification, client to server: what the last commit has of the files that differ from it; no text for a file that it does not have. All
 * others are as on disk. Without `files` there is no commit to compare with.
 */
export const headNotification = 'netpol/head';
export interface HeadParams {
  readonly files?: readonly { readonly uri: string; readonly text?: string }[];
}

/** Request, client to server: the edit that keeps the answer about a connection as a comment `# expect: …`; null where it is kept already or not known. */
export const keepExpectationRequest = 'netpol/keepExpectation';
export type KeepExpectationParams = RemediationsParams;

/** Request, client to server: the workloads of the cluster that a file belongs to, to choose source and destination of a connection from. */
export const endpointsRequest = 'netpol/ends';
export type EndpointsParams = ClusterQuestion;

export interface ClusterEndpoint {
  /** `shop/web[Deployment]`. */
  readonly name: string;
  /** The ports it declares, `TCP 8080 (http)`. */
  readonly ports: readonly { readonly protocol: 'TCP' | 'UDP' | 'SCTP'; readonly port: number; readonly name?: string }[];
  /** Names its manifest, for `effective`; absent for what has none. */
  readonly key: string;
}

/** Request, client to server: what a graph of a cluster can be about. */
export const graphSubjectsRequest = 'netpol/graphSubjects';
export interface GraphSubjectChoice {
  readonly of: 'namespace' | 'workload' | 'policy';
  readonly name: string;
  /** The `key` of the report of kind `graph`. */
  readonly key: string;
}

/** Request, client to server: the clusters of a file, or of the whole workspace, to choose from where it is not clear which one is meant. */
export const clustersRequest = 'netpol/clusters';
export interface ClustersParams {
  /** Only the clusters that this file is part of. */
  readonly uri?: string;
}

export interface ClusterChoice {
  readonly title: string;
  /** "12 workloads, 3 policies". */
  readonly detail: string;
  /** A file that stands for the cluster wherever a request asks for one. */
  readonly uri: string;
  /** Names it in requests. */
  readonly cluster: string;
}

/** The command behind code lenses; its arguments are one ReportParams. VS Code's client shows the report, the server other editors'. */
export const showReportCommand = 'netpol.showReport';

/** Request, client to server: the problems of every file of the workspace are worked out and shown; progress comes under the token. */
export const checkWorkspaceRequest = 'netpol/checkWorkspace';
export interface CheckWorkspaceParams {
  readonly workDoneToken: string;
}

/** Progress of that request. */
export interface WorkspaceProgress {
  readonly done: number;
  readonly all: number;
}

/** What was found. */
export interface WorkspaceCheck {
  readonly files: number;
  readonly errors: number;
  readonly warnings: number;
}

/** Request, client to server, no parameters: the edits of every fix with a single meaning, by file. Nothing is applied. */
export const fixWorkspaceRequest = 'netpol/fixWorkspace';
export type WorkspaceFixes = Readonly<
  Record<string, readonly { readonly title: string; readonly code: string; readonly edit: RemediationTextEdit }[]>
>;

/** Request, client to server, no parameters: the `# expect:` comments of the workspace by file, each with what became of it. */
export const expectationsRequest = 'netpol/expectations';
export interface FileExpectations {
  readonly uri: string;
  /** The path of the file below its folder. */
  readonly name: string;
  readonly expectations: readonly {
    /** Stays the same as long as the comment and its number in the file do. */
    readonly id: string;
    readonly text: string;
    readonly range: RemediationTextEdit['range'];
    readonly outcome: 'passed' | 'failed' | 'error';
    readonly message: string;
  }[];
}

/** Request, client to server: the smallest edits that would turn the answer about a connection round, each ready to apply. */
export const remediationsRequest = 'netpol/flips';
export interface RemediationsParams extends ClusterQuestion {
  readonly what: Extract<ReportKind, { kind: 'explain' }>;
}

export interface RemediationChoice {
  readonly title: string;
  readonly changes: Readonly<Record<string, readonly RemediationTextEdit[]>>;
}

/** A replacement as in LSP. */
export interface RemediationTextEdit {
  readonly range: { readonly start: RemediationPosition; readonly end: RemediationPosition };
  readonly newText: string;
}

interface RemediationPosition {
  readonly line: number;
  readonly character: number;
}
