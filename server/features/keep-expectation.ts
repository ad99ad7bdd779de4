import type { Connection } from '../eval/connection.ts';
import { startOfLine } from '../base/lines.ts';
import { bareName, workloadsByName } from '../eval/names.ts';
import { explain } from '../eval/explain.ts';
import type { Endpoint } from '../eval/evaluate.ts';
import { formatIp } from '../base/ip.ts';
import { lineBreak, type Edit } from '../syntax/edit.ts';
import { expectationsIn } from '../syntax/expectation.ts';
import { manifestsOf, textOf, type PlacedManifest } from '../syntax/source-file.ts';
import type { Cluster } from '../workspace/cluster.ts';
import { locate } from '../workspace/locate.ts';
import { fileAt, universesOf, type Snapshot } from '../workspace/snapshot.ts';

/**
 * The edit that writes the answer about a connection above the policy that decides it, as `# expect: shop/web -> shop/db TCP/5432 allow`;
 * above the first manifest of the file at `home` where no policy of a file of this cluster decides. `undefined` where the answer is
 * neither allow nor deny, where the file holds the comment already, and in JSON, which has no comments.
 */
export function keptExpectation(
  snapshot: Snapshot,
  cluster: Cluster,
  universe: string,
  home: string,
  { from, to, protocol, port }: Connection,
): { readonly uri: string; readonly edit: Edit } | undefined {
  const { verdict, steps } = explain(cluster, { from, to, protocol, port });
  if (verdict !== 'allow' && verdict !== 'deny') return undefined;
  const comment = `# expect: ${nameIn(cluster, from)} -> ${nameIn(cluster, to)} ${protocol}/${port} ${verdict}`;
  const actions = verdict === 'deny' ? ['Deny', 'Isolated', 'DefaultAction'] : ['Accept', 'Allow'];
  const deciding = steps.findLast(({ action, at }) => at && actions.includes(action))?.at;
  const found = deciding && locate(snapshot, deciding.key, []);
  // Comments are checked in the first cluster of their file.
  const place = found && universesOf(snapshot, found.uri)[0] === universe ? found : firstIn(snapshot, home);
  if (!place || /\.json$/i.test(place.uri)) return undefined;
  const isKept = manifestsOf(place.file).some(({ manifest }) =>
    expectationsIn(manifest).some(({ text }) => `# expect: ${text}` === comment),
  );
  if (isKept) return undefined;
  const text = textOf(place.file);
  const { manifest, start } = place.placed;
  const at = startOfLine(text, start + (manifest.root?.span.start ?? 0));
  return { uri: place.uri, edit: { start: at, end: at, text: `${comment}${lineBreak(text)}` } };
}

function firstIn(
  snapshot: Snapshot,
  uri: string,
): { uri: string; file: NonNullable<ReturnType<typeof fileAt>>; placed: PlacedManifest } | undefined {
  const file = fileAt(snapshot, uri);
  const placed = file && manifestsOf(file).find(({ manifest }) => manifest.root !== undefined);
  return file && placed && { uri, file, placed };
}

/** As a comment can name it: without the kind where that is enough. */
function nameIn(cluster: Cluster, end: Endpoint): string {
  if (end.kind === 'address') return formatIp(end.ip.family, end.ip.value);
  const { kind, name } = end.workload.owner ?? end.workload;
  const bare = bareName(end.workload);
  const namesakes = new Set((workloadsByName(cluster).get(bare) ?? []).map((one) => (one.owner ?? one).kind));
  return namesakes.size === 1 ? bare : `${end.workload.namespace}/${name}[${kind}]`;
}
