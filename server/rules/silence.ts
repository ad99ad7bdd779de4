import picomatch from 'picomatch';
import type { Settings } from '../settings.ts';
import { ignoresIn, type IgnoreComment, type IgnoredCode } from '../syntax/ignore.ts';
import type { Manifest } from '../syntax/manifest.ts';
import type { Finding } from './finding.ts';

/** Findings that are left, and the codes in ignore comments that silenced nothing. */
export interface Silenced {
  readonly findings: readonly Finding[];
  readonly unused: readonly UnusedIgnore[];
}

/** A code in an ignore comment for which there is nothing to ignore; no code where the comment names none. */
export interface UnusedIgnore {
  readonly comment: IgnoreComment;
  readonly code: IgnoredCode | undefined;
}

/** Takes out what the comments of a manifest silence. Comments for the whole file are left to `fileIgnores`. */
export function silence(manifest: Manifest, findings: readonly Finding[]): Silenced {
  const comments = ignoresIn(manifest).filter(({ scope }) => scope !== 'file');
  if (comments.length === 0) return { findings, unused: [] };
  const used = new Set<IgnoredCode>();
  const left = findings.filter((finding) => {
    const codes = comments.filter((comment) => concerns(comment, finding)).flatMap(({ codes }) => codes.filter(({ code }) => code === finding.code));
    for (const code of codes) used.add(code);
    return codes.length === 0;
  });
  const unused = comments.flatMap((comment): readonly UnusedIgnore[] =>
    comment.codes.length === 0 ? [{ comment, code: undefined }] : comment.codes.filter((code) => !used.has(code)).map((code) => ({ comment, code })),
  );
  return { findings: left, unused };
}

function concerns({ scope, target }: IgnoreComment, { span }: Finding): boolean {
  return scope === 'manifest' || (target.start <= span.start && span.start <= target.end);
}

/** The codes that `# netpol-ignore-file` comments in these manifests silence; `all` where one names no code. */
export function fileIgnores(manifests: Iterable<Manifest>): ReadonlySet<string> | 'all' | undefined {
  let found: Set<string> | undefined;
  for (const manifest of manifests) {
    for (const { scope, codes } of ignoresIn(manifest)) {
      if (scope !== 'file') continue;
      if (codes.length === 0) return 'all';
      found ??= new Set();
      for (const { code } of codes) found.add(code);
    }
  }
  return found;
}

/** The codes that the settings leave out in a file. A glob is about the end of the path: `test/**` is a folder `test` anywhere. */
export function ignoredBySettings({ ignore }: Settings, uri: string): ReadonlySet<string> | 'all' {
  const path = pathOf(uri);
  const codes = Object.entries(ignore).flatMap(([glob, list]) => (picomatch.isMatch(path, glob.startsWith('/') ? glob.slice(1) : `**/${glob}`, { dot: true }) ? list : []));
  return codes.includes('*') ? 'all' : new Set(codes);
}

function pathOf(uri: string): string {
  const path = uri.replace(/^[a-z][a-z0-9+.-]*:(?:\/\/[^/]*)?/i, '').replace(/[?#].*$/, '');
  try {
    return decodeURIComponent(path).replace(/^\/+/, '');
  } catch {
    return path.replace(/^\/+/, '');
  }
}
