/** What the program asks of the machine it runs on. URIs in, URIs out; nothing here throws. */
export interface Host {
  /** The text of a regular file, or why it cannot be read. Pipes, devices, links and folders are never opened. */
  read(uri: string): Promise<FileText>;
  /**
   * What belongs to the workspace at or below some places of a folder; without `places`, in the whole folder.
   * This is the only answer to that question: the scan, events, closed documents and the command line all ask it. The folder itself was
   * named explicitly, so it may be a link or be ignored; nothing below it may. A folder that is a file stands for that file.
   */
  list(folder: string, places?: readonly string[]): AsyncIterable<HostEntry>;
  /** The root of the git repository around a folder; the folder itself where there is none. */
  repository(folder: string): Promise<string>;
  /** Would git ignore this file or folder, or a folder around it, if it were there? */
  ignores(uri: string): Promise<boolean>;
}

/** `missing`: nothing is there, or a folder. */
export type FileText = { readonly text: string } | { readonly problem: string; readonly missing?: boolean };

/** A file that belongs to the workspace, or a place that does not and why. */
export type HostEntry = HostFile | HostProblem;

export interface HostFile {
  readonly uri: string;
  /** In bytes. */
  readonly size: number;
}

export interface HostProblem {
  readonly uri: string;
  /** One sentence for the user. */
  readonly problem: string;
  /** `missing`: nothing is there. `ignored`: git ignores it. `special`: a pipe, device, link or folder that is named like a manifest. */
  readonly why: 'missing' | 'ignored' | 'special' | 'unreadable';
}

/** Files above this many bytes are not read. */
export const MAX_FILE_BYTES: number = 50 * 1024 * 1024;

/** The file that says what git ignores in its folder and below. */
export const IGNORE_FILE = '.gitignore';

/** Folders without manifests of the user: nothing in them belongs to the workspace. */
export const LEFT_OUT: ReadonlySet<string> = new Set(['.git', 'node_modules', '.hg', '.svn']);

/** Does this file name (or the end of this address) belong to a file that may hold manifests, or to a kustomization? */
export function mayHoldManifests(name: string): boolean {
  return /\.(?:ya?ml|json)$/i.test(name) || /(?:^|\/)Kustomization$/.test(name);
}
