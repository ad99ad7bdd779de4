import { memo } from '../base/memo.ts';
import { groupBy } from '../base/lists.ts';
import { finished, type Work } from '../base/work.ts';
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
  return finished(unexplainedWork(findings, rules, others));
}

/** The same bit by bit, as a manifest may have tens of thousands of findings. */
export function* unexplainedWork(
  findings: readonly Finding[],
  rules: readonly Yielding[],
  others: () => readonly Finding[] = () => [],
): Work<readonly Finding[]> {
  const yields = yieldsOf(rules);
  const byCode = groupBy(findings, ({ code }) => code);
  const stronger = new Set([...byCode.keys()].flatMap((code) => yields.get(code) ?? []));
  if (stronger.size === 0) return findings;
  yield;
  const places = new Map<string, PathIndex<unknown>>();
  for (const [code, list] of groupBy([...findings, ...others()], ({ code }) => code)) {
    if (!stronger.has(code)) continue;
    places.set(code, indexByPath(list.flatMap(placesOf)));
    yield;
  }
  const left: Finding[] = [];
  for (const [i, finding] of findings.entries()) {
    if (!yields.get(finding.code)?.some((other) => isAboutSame(finding.path, places.get(other)))) left.push(finding);
    if (i % FINDINGS_PER_SLICE === FINDINGS_PER_SLICE - 1) yield;
  }
  return left;
}

const FINDINGS_PER_SLICE = 1000;

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
