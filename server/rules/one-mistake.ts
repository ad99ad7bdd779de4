import { memo } from '../base/memo.ts';
import { groupBy } from '../base/lists.ts';
import { indexByPath, type Path, type PathIndex } from '../syntax/path.ts';
import type { Finding } from './finding.ts';

/** A rule and the rules that explain the same mistake better. */
export interface Yielding {
  readonly name: string;
  readonly yieldsTo?: readonly string[];
}

/**
 * One mistake gives one finding: takes out the findings of rules that yield to a rule which reports the same value, one around it or one
 * within it. `others` gives findings that are reported beside these.
 */
export function withoutExplained(
  findings: readonly Finding[],
  rules: readonly Yielding[],
  others: () => readonly Finding[] = () => [],
): readonly Finding[] {
  const yields = yieldsOf(rules);
  if (!findings.some(({ code }) => yields.has(code))) return findings;
  const stronger = new Set([...yields.values()].flat());
  const places = new Map(
    [...groupBy([...findings, ...others()], ({ code }) => code)].flatMap(([code, list]) =>
      stronger.has(code) ? [[code, indexByPath(list.flatMap(placesOf))]] : [],
    ),
  );
  return findings.filter(({ code, path }) => !yields.get(code)?.some((other) => isAboutSame(path, places.get(other))));
}

const yieldsOf = memo(
  (rules: readonly Yielding[]): ReadonlyMap<string, readonly string[]> =>
    new Map(rules.flatMap(({ name, yieldsTo }) => (yieldsTo ? [[name, yieldsTo]] : []))),
);

/** The places that a finding names in its manifest. The manifest as a whole is none: everything is in it. */
function placesOf({ path, related }: Finding): readonly { readonly path: Path }[] {
  return [{ path }, ...related.filter(({ key }) => key === undefined)].filter((one) => one.path.length > 0);
}

function isAboutSame(path: Path, places: PathIndex<unknown> | undefined): boolean {
  return places !== undefined && path.length > 0 && (places.isAround(path) || places.below(path).length > 0);
}
