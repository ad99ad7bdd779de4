import type { PlacedManifest } from '../syntax/source-file.ts';

/**
 * The file that a document was rendered from, as `helm template` says it in a comment on top: `# Source: chart/templates/policy.yaml`.
 * `undefined` where no such comment comes before the content of the document.
 */
export function renderedFrom({ manifest }: Pick<PlacedManifest, 'manifest'>): string | undefined {
  return /^\uFEFF?(?:---[^\r\n]*[\r\n]+|[ \t]*#(?! Source:)[^\r\n]*[\r\n]+|[ \t]*[\r\n]+)*# Source: (\S[^\r\n]*)/
    .exec(manifest.piece.text)?.[1]
    ?.trimEnd();
}

/** A message with the file that its document was rendered from at the end, for reports that have no field for it. */
export function withSource(message: string, place: Pick<PlacedManifest, 'manifest'>): string {
  const source = renderedFrom(place);
  return source === undefined ? message : `${message} Rendered from ${source}.`;
}
