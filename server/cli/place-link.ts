import type { PageLink } from '../features/reports/html.ts';
import { placeLinks } from '../features/reports/place-links.ts';
import type { FieldPlace } from '../features/reports/report.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import { shortName } from './files.ts';

/** Links of a page to the files it is about: paths from the working directory, so that the page can be kept beside them. */
export function placeLink(snapshot: Snapshot): (place: FieldPlace) => PageLink | undefined {
  return placeLinks(snapshot, (uri) => {
    const name = shortName(uri);
    return { href: name.split('/').map(encodeURIComponent).join('/'), name };
  });
}
