import { memo, memoBy } from '../base/memo.ts';
import { lastWhere } from '../base/lists.ts';
import type { Span } from '../base/span.ts';
import type { Settings } from '../settings.ts';
import { ignoreEdit, ignoresIn, type IgnoreComment, type IgnoredCode } from '../syntax/ignore.ts';
import type { Manifest } from '../syntax/manifest.ts';
import type { SourceFile } from '../syntax/source-file.ts';
import type { Piece } from '../syntax/split.ts';
import { pathMatcher, type PathMatcher } from '../workspace/glob.ts';
import type { Finding, Fix } from './finding.ts';

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

/** Takes out what the comments of a manifest silence. Comments for the whole file are left to `silenceInFile`. */
export function silence(manifest: Manifest, findings: readonly Finding[]): Silenced {
  const comments = ignoresIn(manifest.piece).filter((comment) => isAbout(comment, manifest));
  if (comments.length === 0) return { findings, unused: [] };
  const shelf = shelfOf(comments);
  const used = new Set<string>();
  const left = findings.filter((finding) => {
    const places = [shelf.all, shelf.lineAt(finding.span.start)].filter((place) => place?.codes.has(finding.code) === true);
    for (const place of places) used.add(`${place?.name ?? ''} ${finding.code}`);
    return places.length === 0;
  });
  // Of several manifests in one piece (the items of a List) each may use a comment that stands above them all.
  const own = comments.filter(({ scope }) => scope === 'line' || manifest.inner.length === 0);
  return { findings: left, unused: own.flatMap((comment) => unusedIn(comment, used)) };
}

/** The codes that are silenced in one place: everywhere in the manifest, or on one line. */
interface Place {
  readonly name: string;
  readonly target: Span;
  readonly codes: Set<string>;
}

/** Ignore comments by what they are about. */
interface Shelf {
  readonly all: Place;
  readonly lineAt: (offset: number) => Place | undefined;
}

/** Indexes the comments, so that not every finding has to go through all of them. */
function shelfOf(comments: readonly IgnoreComment[]): Shelf {
  const all: Place = { name: EVERYWHERE, target: { start: 0, end: 0 }, codes: new Set() };
  const byLine = new Map<number, Place>();
  for (const { scope, target, codes } of comments) {
    const place =
      scope === 'manifest' ? all : (byLine.get(target.start) ?? { name: String(target.start), target, codes: new Set<string>() });
    if (scope !== 'manifest') byLine.set(target.start, place);
    for (const { code } of codes) place.codes.add(code);
  }
  const lines = [...byLine.values()].toSorted((a, b) => a.target.start - b.target.start);
  return {
    all,
    lineAt: (offset) => {
      const line = lines[lastWhere(lines, ({ target }) => target.start <= offset)];
      return line && offset <= line.target.end ? line : undefined;
    },
  };
}

const EVERYWHERE = '';

function isAbout({ scope, target }: IgnoreComment, { inner, root }: Manifest): boolean {
  if (scope === 'file') return false;
  return (
    scope === 'manifest' || inner.length === 0 || (root !== undefined && target.end > root.span.start && target.start <= root.span.end)
  );
}

function unusedIn(comment: IgnoreComment, used: ReadonlySet<string>): readonly UnusedIgnore[] {
  if (comment.codes.length === 0) return [{ comment, code: undefined }];
  const place = comment.scope === 'manifest' ? EVERYWHERE : String(comment.target.start);
  return comment.codes.filter(({ code }) => !used.has(`${place} ${code}`)).map((code) => ({ comment, code }));
}

/** What `# netpol-ignore-file` comments silence in a file, and which of their codes nothing was found for. */
export interface FileSilence {
  readonly isSilenced: (code: string) => boolean;
  /** The codes without effect, given the codes of everything that was found. */
  readonly unused: (found: ReadonlySet<string>) => readonly { readonly piece: Piece; readonly unused: UnusedIgnore }[];
}

/** Reads the comments for the whole file; `undefined` where there are none. Without a code such a comment silences everything. */
export function silenceInFile({ pieces }: SourceFile): FileSilence | undefined {
  const comments = pieces
    .flatMap((piece) => (piece.text.includes('netpol-ignore-file') ? ignoresIn(piece).map((comment) => ({ piece, comment })) : []))
    .filter(({ comment }) => comment.scope === 'file');
  if (comments.length === 0) return undefined;
  const everything = comments.some(({ comment }) => comment.codes.length === 0);
  const codes = new Set(comments.flatMap(({ comment }) => comment.codes.map(({ code }) => code)));
  return {
    isSilenced: (code) => everything || codes.has(code),
    unused: (found) =>
      comments.flatMap(({ piece, comment }) =>
        comment.codes.filter(({ code }) => !found.has(code)).map((code) => ({ piece, unused: { comment, code } })),
      ),
  };
}

/** Fixes that silence a finding: on its line, or in its whole manifest. */
export function ignoreFixes(manifest: Manifest, { code, span }: Finding): readonly Fix[] {
  const line = { title: `Ignore ${code} on this line`, edits: [ignoreEdit(manifest, code, span.start, 'line')], safe: false };
  if (manifest.inner.length > 0 || manifest.piece.kind !== 'document') return [line];
  return [line, { title: `Ignore ${code} in this manifest`, edits: [ignoreEdit(manifest, code, span.start, 'manifest')], safe: false }];
}

/** The codes that the settings leave out in a file. A glob is about the end of the path: `test/**` is a folder `test` anywhere. */
export function ignoredBySettings({ ignore }: Settings, uri: string): ReadonlySet<string> | 'all' {
  return leftOut(ignore, uri);
}

const leftOut = memoBy((ignore: Settings['ignore'], uri: string): ReadonlySet<string> | 'all' => {
  const path = pathOf(uri);
  const codes = matchersOf(ignore).flatMap(({ matches, list }) => (matches(path) ? list : []));
  return codes.includes('*') ? 'all' : new Set(codes);
});

interface IgnoreMatcher {
  readonly matches: PathMatcher;
  readonly list: readonly string[];
}

const matchersOf = memo((ignore: Settings['ignore']): readonly IgnoreMatcher[] =>
  Object.entries(ignore).map(([glob, list]) => ({ matches: pathMatcher(glob.startsWith('/') ? glob.slice(1) : `**/${glob}`), list })),
);

function pathOf(uri: string): string {
  const path = uri.replace(/^[a-z][a-z0-9+.-]*:(?:\/\/[^/]*)?/i, '').replace(/[?#].*$/, '');
  try {
    return decodeURIComponent(path).replace(/^\/+/, '');
  } catch {
    return path.replace(/^\/+/, '');
  }
}
