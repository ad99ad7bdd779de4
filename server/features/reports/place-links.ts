import { positionIn } from '../../syntax/positions.ts';
import { locate } from '../../workspace/locate.ts';
import type { Snapshot } from '../../workspace/snapshot.ts';
import type { PageLink } from './html.ts';
import type { FieldPlace } from './report.ts';

/** How a page writes a file: the address that a browser opens, and its name for people. */
export interface FileLink {
  readonly href: string;
  readonly name: string;
}

/** The links of a page to places of a workspace. */
export function placeLinks(snapshot: Snapshot, fileLink: (uri: string) => FileLink): (place: FieldPlace) => PageLink | undefined {
  return ({ key, path }) => {
    const found = locate(snapshot, key, path);
    if (!found) return undefined;
    const { uri } = found;
    const { line } = positionIn(found.file, found.span.start);
    const { href, name } = fileLink(uri);
    return { href: `${href}#L${line + 1}`, uri, line, title: `${name}:${line + 1}` };
  };
}
