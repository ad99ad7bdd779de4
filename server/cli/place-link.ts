import type { PageLink } from '../features/reports/html.ts';
import type { Place } from '../features/reports/report.ts';
import { positionIn } from '../syntax/positions.ts';
import { locate } from '../workspace/locate.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import { shortName } from './files.ts';

/** Links of a page to the files it is about: paths from the working directory, so that the page can be kept beside them. */
export function placeLink(snapshot: Snapshot): (place: Place) => PageLink | undefined {
  return ({ key, path }) => {
    const found = locate(snapshot, key, path);
    if (!found) return undefined;
    const { line } = positionIn(found.file, found.span.start);
    const name = shortName(found.uri);
    return {
      href: `${name.split('/').map(encodeURIComponent).join('/')}#L${line + 1}`,
      uri: found.uri,
      line,
      title: `${name}:${line + 1}`,
    };
  };
}
