/**
 * One spelling for each address: scheme and drive letter in lower case, every character percent-encoded or not as VS Code does it
 * (`file:///C:/a b` and `file:///c%3A/a%20b` are the same file). What cannot be decoded stays as it is.
 */
export function normalizeUri(uri: string): string {
  if (PLAIN_FILE.test(uri)) return uri;
  const parts = /^([A-Za-z][A-Za-z0-9+.-]*):(?:\/\/([^/?#]*))?([^?#]*)(.*)$/s.exec(uri);
  if (!parts) return uri;
  const [, scheme = '', authority, path = '', rest = ''] = parts;
  const start = authority === undefined ? '' : `//${encode(authority).toLowerCase()}`;
  return `${scheme.toLowerCase()}:${start}${normalPath(path)}${rest}`;
}

/** The usual address has nothing to be encoded in another way. */
const PLAIN_FILE = /^file:\/\/\/[A-Za-z0-9/._~-]*$/;

function normalPath(path: string): string {
  const encoded = path.split('/').map(encode).join('/');
  return encoded.replace(/^(\/?)([A-Za-z])%3A(?=\/|$)/, (_, slash: string, drive: string) => `${slash}${drive.toLowerCase()}%3A`);
}

function encode(segment: string): string {
  if (/^[A-Za-z0-9._~-]*$/.test(segment)) return segment;
  return encodeURIComponent(decode(segment)).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // A stray percent sign stands for itself.
    return segment.replace(/%(?![0-9A-Fa-f]{2})/g, '%25').replace(/(?:%[0-9A-Fa-f]{2})+/g, decodeOrKeep);
  }
}

function decodeOrKeep(run: string): string {
  try {
    return decodeURIComponent(run);
  } catch {
    return run;
  }
}

/**
 * May a document of this address be part of the workspace? The other side of a diff (`git:` and the like) shows an old text of a file
 * that is there already. Everything else may, `untitled:` and virtual file systems included.
 */
export function isMember(uri: string): boolean {
  return !/^(?:git|gitfs|gitlens(?:-git)?|svn|hg|scm-history-item|review|pr|githubpr|conflictResolution|vscode-local-history|vscode-scm|timeline|output|comment|netpol)(?=:)/i.test(
    uri,
  );
}

/** The folder that a file or folder lies in, without a slash at its end. */
export function parentOf(uri: string): string {
  const slash = uri.lastIndexOf('/');
  const start = rootLength(uri);
  return slash < start ? uri.slice(0, start) : uri.slice(0, slash);
}

/** The last part of an address, decoded. */
export function fileNameOf(uri: string): string {
  return decode(uri.slice(Math.max(uri.lastIndexOf('/') + 1, rootLength(uri))));
}

/** Is the address the folder itself, or in it at any depth? */
export function isInside(uri: string, folder: string): boolean {
  return uri === folder || uri.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

/** The address of a path as written in a file of a folder (`../base`); `undefined` for a remote address or a path that leaves the root. */
export function resolveFrom(folder: string, path: string): string | undefined {
  if (/^[A-Za-z][A-Za-z0-9+.-]*:/.test(path) || path.startsWith('/') || path === '' || path.includes('?')) return undefined;
  const start = rootLength(folder);
  const segments = folder.slice(start).split('/').filter(Boolean);
  for (const step of path.split('/')) {
    if (step === '' || step === '.') continue;
    if (step !== '..') segments.push(encode(step));
    else if (segments.pop() === undefined) return undefined;
  }
  return `${folder.slice(0, start)}/${segments.join('/')}`;
}

/** The path of an address below a folder, decoded and with `/`; `undefined` where it is not in it. */
export function pathBelow(uri: string, folder: string): string | undefined {
  if (!isInside(uri, folder)) return undefined;
  return uri.slice(folder.length).split('/').filter(Boolean).map(decode).join('/');
}

/** The path from a folder to a file, decoded and with `/`; it may start with `../`. */
export function pathBetween(folder: string, uri: string): string {
  const [from, to] = [folder.split('/'), uri.split('/')];
  const different = from.findIndex((segment, i) => segment !== to[i]);
  const common = different === -1 ? from.length : different;
  return [...from.slice(common).map(() => '..'), ...to.slice(common).map(decode)].join('/');
}

/** How many steps through folders lead from one file to the other; files of one folder are 0 apart. */
export function stepsBetween(one: string, other: string): number {
  const [a, b] = [parentOf(one).split('/'), parentOf(other).split('/')];
  const different = a.findIndex((segment, i) => segment !== b[i]);
  const common = different === -1 ? a.length : different;
  return a.length - common + (b.length - common);
}

/** The length of `scheme://authority`, behind which paths start. */
function rootLength(uri: string): number {
  return /^[^/:]+:(?:\/\/[^/]*)?/.exec(uri)?.[0].length ?? 0;
}

/** The address of a file or folder of this machine, given its absolute path: `/w/a b`, `C:\w\a b`. */
export function uriOfPath(path: string): string {
  const slashes = /^[A-Za-z]:|^\\\\/.test(path) ? path.replaceAll('\\', '/') : path;
  if (slashes.startsWith('//')) return normalizeUri(`file:${slashes.replaceAll('%', '%25')}`);
  return `file://${normalPath(`/${slashes.replace(/^\/+/, '')}`.split('/').map(encodeURIComponent).join('/'))}`;
}
