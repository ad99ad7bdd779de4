import { startOfLine } from '../base/lines.ts';
import type { Span } from '../base/span.ts';
import type { Work } from '../base/work.ts';
import { manifestsIn } from '../syntax/manifest.ts';
import { placesOf } from '../syntax/source-file.ts';
import { isPatch } from '../workspace/snapshot.ts';
import type { FeatureContext } from './context.ts';
import { hintsFor } from './hints/hints.ts';
import type { PolicyHint } from './hints/policy-hint.ts';
import { readPolicyIn } from './text/policies.ts';

/** A few words shown in the text that are not in it. */
export interface InlayHint {
  /** In offsets of the whole file. */
  readonly offset: number;
  readonly label: string;
  /** A sentence or two, plain text. */
  readonly tooltip: string;
  /** Stands in front of what it is about, inside a line; else at the end of a line. */
  readonly before: boolean;
}

/** The hints in a range of the file, in its order: at most one at the end of a line. Yields between rules. */
export function* inlayHints({ uri, file, settings, snapshot }: FeatureContext, range: Span): Work<readonly InlayHint[]> {
  if (!settings.inlayHints) return [];
  const partial = isPatch(snapshot, uri);
  const isEnabled = ({ kind }: PolicyHint): boolean => settings[SETTING_OF[kind]];
  const shown: InlayHint[] = [];
  for (const { piece, start } of placesOf(file)) {
    if (start > range.end || start + piece.text.length < range.start) continue;
    const all: PolicyHint[] = [];
    for (const manifest of manifestsIn(piece)) {
      const read = readPolicyIn(manifest);
      for (const hint of read ? yield* hintsFor(manifest, read.policy, partial) : []) if (isEnabled(hint)) all.push(hint);
    }
    for (const hint of yield* joined(all, piece.text)) {
      const offset = hint.offset + start;
      if (range.start <= offset && offset <= range.end) shown.push({ ...hint, offset });
    }
    yield;
  }
  return shown;
}

const SETTING_OF = {
  andOr: 'inlayHintsAndOr',
  namespaces: 'inlayHintsNamespaces',
  denyAll: 'inlayHintsDenyAll',
  defaults: 'inlayHintsDefaults',
} as const;

/** Hints that belong at the end of one line, or in front of one thing, become one. */
function* joined(all: readonly PolicyHint[], text: string): Work<readonly InlayHint[]> {
  const groups = new Map<string, PolicyHint[]>();
  for (const one of all) {
    const place = one.before ? `before ${one.offset}` : `line ${startOfLine(text, one.offset)}`;
    const group = groups.get(place);
    if (!group) groups.set(place, [one]);
    else if (!group.some(({ label }) => label === one.label)) group.push(one);
    yield;
  }
  const hints = [...groups.values()].map((group) => ({
    offset: Math.max(...group.map(({ offset }) => offset)),
    label: group.map(({ label }) => label).join(', '),
    tooltip: group.map(({ tooltip }) => tooltip).join(' '),
    before: group[0]?.before === true,
  }));
  return hints.sort((a, b) => a.offset - b.offset);
}
