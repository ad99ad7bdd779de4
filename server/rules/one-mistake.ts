import type { Path } from '../syntax/path.ts';
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
  const yields = new Map(rules.flatMap(({ name, yieldsTo }) => (yieldsTo ? [[name, yieldsTo]] : [])));
  if (!findings.some(({ code }) => yields.has(code))) return findings;
  const all = [...findings, ...others()];
  return findings.filter((finding) => {
    const stronger = yields.get(finding.code);
    return !stronger || !all.some((other) => stronger.includes(other.code) && isAboutSame(finding, other));
  });
}

function isAboutSame({ path }: Finding, other: Finding): boolean {
  return [other.path, ...other.related.flatMap((one) => (one.key === undefined ? [one.path] : []))].some((one) => overlap(one, path));
}

/** Is one of two paths the beginning of the other? The manifest as a whole overlaps with nothing: everything is in it. */
function overlap(a: Path, b: Path): boolean {
  const length = Math.min(a.length, b.length);
  return length > 0 && a.slice(0, length).every((part, i) => part === b[i]);
}
