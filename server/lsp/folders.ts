import { uriOfPath } from '../workspace/uri.ts';

/**
 * The folders that `initialize` names. `rootUri` is how older clients name their one folder, `rootPath` how the oldest do; they count where
 * `workspaceFolders` names none. What is not an address is left out.
 */
export function clientFolders(params: object): readonly string[] {
  const sent = new Map<string, unknown>(Object.entries(params));
  const list: unknown = sent.get('workspaceFolders');
  const folders = Array.isArray(list) ? list.flatMap(uriIn) : [];
  if (folders.length > 0) return folders;
  const [uri, path] = [sent.get('rootUri'), sent.get('rootPath')];
  if (typeof uri === 'string' && uri !== '') return [uri];
  return typeof path === 'string' && path !== '' ? [uriOfPath(path)] : [];
}

function uriIn(folder: unknown): readonly string[] {
  return typeof folder === 'object' && folder !== null && 'uri' in folder && typeof folder.uri === 'string' ? [folder.uri] : [];
}
