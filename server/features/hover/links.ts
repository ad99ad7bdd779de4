import { list, plain } from '../../base/english.ts';
import { escape, link } from '../../base/markdown.ts';
import type { Path } from '../../syntax/path.ts';
import { positionIn } from '../../syntax/positions.ts';
import type { ManifestKey, Located } from '../../workspace/cluster.ts';
import { locate } from '../../workspace/locate.ts';
import type { Snapshot } from '../../workspace/snapshot.ts';
import type { Workload } from '../../model/workload.ts';

/** Text as a Markdown link to the line of a field, in the form that editors open (`file:///a.yaml#L3`). */
export function linkTo(snapshot: Snapshot, text: string, key: ManifestKey, path: Path): string {
  const found = locate(snapshot, key, path);
  return found ? link(text, `${found.uri}#L${positionIn(found.file, found.span.start).line + 1}`) : escape(text);
}

/** Workloads by name, as links to their pod labels, as Markdown; the first `maxLinks` of them. */
export function workloadLinks(snapshot: Snapshot, workloads: readonly Located<Workload>[], maxLinks: number): string {
  const shown = workloads.length === maxLinks + 1 ? maxLinks + 1 : maxLinks;
  const links = workloads
    .slice(0, shown)
    .map(({ key, value }) => linkTo(snapshot, plain(`${value.namespace}/${value.name}`), key, value.labelsPath));
  const hidden = workloads.length - links.length;
  return list(hidden > 0 ? [...links, `${hidden} more`] : links);
}
