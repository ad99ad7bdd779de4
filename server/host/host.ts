/** What the program asks of the machine it runs on. URIs in, URIs out; nothing here throws. */
export interface Host {
  /** The text of a file, or why it cannot be read, in words. */
  read(uri: string): Promise<HostText>;
  /** Every policy-like file (`*.yaml`, `*.yml`, `*.json`) below a folder, or the file itself; ignored folders are left out. */
  list(uri: string): AsyncIterable<HostEntry>;
}

export type HostText = { readonly text: string } | { readonly problem: string };

/** A file that was found, or a place that could not be looked into. */
export type HostEntry = { readonly uri: string; readonly size: number } | { readonly uri: string; readonly problem: string };

/** Files above this many bytes are not read. */
export const MAX_FILE_BYTES: number = 50 * 1024 * 1024;

/** Does this file name belong to a file that may hold manifests? */
export function mayHoldManifests(name: string): boolean {
  return /\.(?:ya?ml|json)$/i.test(name);
}
