import { finished } from '../../server/base/work.ts';
import { diagnose, type PlacedFinding } from '../../server/features/diagnose.ts';
import { diagnoseBuilt } from '../../server/features/diagnose-built.ts';
import { diagnoseWorkspace } from '../../server/features/diagnose-workspace.ts';
import type { Finding } from '../../server/rules/finding.ts';
import { clusterSettings, DEFAULTS, type Settings } from '../../server/settings.ts';
import { sourceFile } from '../../server/syntax/source-file.ts';
import { emptySnapshot, fileAt, isPatch, requestedFiles, withFiles, type Snapshot } from '../../server/workspace/snapshot.ts';
import { fixture } from '../fixture.ts';

/** A workspace made of the files of a fixture. */
export function workspaceOf(
  source: string,
  settings: Partial<Settings> = {},
): { readonly snapshot: Snapshot; readonly uris: readonly string[] } {
  const changes = fixture(source).files.map(({ name, text }) => ({
    uri: `file:///workspace/${name}`,
    file: sourceFile(text),
    keepTrees: true,
  }));
  return {
    snapshot: whole(
      withFiles(emptySnapshot({ folders: ['file:///workspace'], ...clusterSettings({ ...DEFAULTS, ...settings }) }), changes),
    ),
    uris: changes.map(({ uri }) => uri),
  };
}

/** The snapshot, knowing that there are no other files. */
function whole(snapshot: Snapshot): Snapshot {
  const absent = requestedFiles(snapshot).map((uri) => ({ uri, file: undefined, isRequested: true }));
  return absent.length === 0 ? snapshot : whole(withFiles(snapshot, absent));
}

/** All findings about a workspace, of manifest rules and of workspace rules, under the profile `audit`; spans count in their file. */
export function workspaceFindingsIn(source: string, settings: Partial<Settings> = {}): readonly (Finding & { readonly uri: string })[] {
  const { snapshot, uris } = workspaceOf(source, settings);
  const all = { ...DEFAULTS, profile: 'audit' as const, ...settings };
  return uris.flatMap((uri) => {
    const file = fileAt(snapshot, uri);
    const written = file ? finished(diagnose(file, { uri, settings: all, partial: isPatch(snapshot, uri) })) : [];
    const own = finished(diagnoseBuilt(snapshot, uri, all, written));
    return [...own, ...finished(diagnoseWorkspace(snapshot, uri, all))].map((placed) => ({ ...moved(placed), uri }));
  });
}

function moved({ place, finding }: PlacedFinding): Finding {
  const at = <T extends { readonly start: number; readonly end: number }>(span: T): T => ({
    ...span,
    start: span.start + place.start,
    end: span.end + place.start,
  });
  return { ...finding, span: at(finding.span), fixes: finding.fixes.map((fix) => ({ ...fix, edits: fix.edits.map(at) })) };
}
