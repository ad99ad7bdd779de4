import { sourceFile } from '../../server/syntax/source-file.ts';
import type { BuildFiles } from '../../server/workspace/kustomize/files.ts';

/** Files by their path below one folder, `file:///top`. */
export function inMemory(files: Readonly<Record<string, string>>): BuildFiles {
  const all = new Map(Object.entries(files).map(([path, text]) => [`file:///top/${path}`, sourceFile(text)]));
  return {
    what: (uri) => (all.has(uri) ? 'file' : [...all.keys()].some((key) => key.startsWith(`${uri}/`)) ? 'folder' : 'missing'),
    file: (uri) => all.get(uri),
  };
}
