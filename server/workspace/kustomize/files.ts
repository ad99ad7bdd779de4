import type { SourceFile } from '../../syntax/source-file.ts';

/** The files that a build reads. Addresses are normalised. */
export interface BuildFiles {
  /** What is at an address, as far as it was looked up; `unknown` if it was not. */
  readonly what: (uri: string) => 'file' | 'folder' | 'missing' | 'unknown';
  /** The file at an address; `undefined` where there is none, or its text is not known. */
  readonly file: (uri: string) => SourceFile | undefined;
  /** Are files of this folder or below it in reach? kustomize reads folders anywhere in the repository. */
  readonly mayReach?: (uri: string) => boolean;
  /** The files with manifests in a folder and below it, sorted by their address. */
  readonly below?: (folder: string) => readonly string[];
  /** Does git ignore what is missing at an address? `undefined` as long as it has not been looked up. */
  readonly isIgnored?: (uri: string) => boolean | undefined;
}
