/*
 * The examples of a rule stand in `test/rules/cases/NAME.yaml`: cases behind header lines. The first `bad` and the first `good` one are
 * those of its page.
 *   #= bad                  a document (or several files, see fixture.ts) in which the rule finds something; marks pin the places
 *   #= bad, still found     the same, where the first fix leads on to a second finding of this rule
 *   #= bad, on the page     a further one for the page, since it teaches something else
 *   #= fixed                what the first fix makes of the case above
 *   #= shown                Markdown that the page has instead of the case above, which is too long for it
 *   #= good                 nothing is found here
 */
import { existsSync, readFileSync } from 'node:fs';
import type { ManifestRule, WorkspaceRule } from '../../server/rules/rule.ts';
import { computedCases } from './computed-cases.ts';

/** A document in which a rule finds something and, where there is a quick fix, what the first fix makes of it. */
export interface BadCase {
  /** YAML; `# ^^^^ message` marks under a line say where and what, as in test fixtures. */
  readonly yaml: string;
  readonly fixed?: string;
  readonly shown?: string;
  readonly stillFound?: boolean;
  readonly onPage?: boolean;
}

export interface Cases {
  readonly bad: readonly BadCase[];
  readonly good: readonly string[];
}

const folder = new URL('cases/', import.meta.url);

/** All examples of a rule; none where it has no file of cases. */
export function casesOf({ name }: Pick<ManifestRule | WorkspaceRule, 'name'>): Cases {
  const file = new URL(`${name}.yaml`, folder);
  const { bad, good } = existsSync(file) ? readCases(readFileSync(file, 'utf8')) : { bad: [], good: [] };
  const computed = computedCases.get(name);
  return { bad: [...bad, ...(computed?.bad ?? [])], good: [...good, ...(computed?.good ?? [])] };
}

/** The texts of all examples of a rule, bad and good, as they stand in the fixtures. */
export function textsOf(rule: Pick<ManifestRule | WorkspaceRule, 'name'>): readonly string[] {
  const { bad, good } = casesOf(rule);
  return [...bad.map(({ yaml }) => yaml), ...good];
}

/** Reads a file of cases. Throws where a header is unknown, or belongs to no case above it. */
function readCases(text: string): Cases {
  const bad: BadCase[] = [];
  const good: string[] = [];
  const [, ...parts] = text.split(/^#= /m);
  for (const part of parts) {
    const end = part.indexOf('\n');
    const [header = '', ...flags] = part.slice(0, end).trim().split(', ');
    const body = part.slice(end + 1);
    const last = bad.at(-1);
    if (header === 'good') good.push(body);
    else if (header === 'bad') bad.push({ yaml: body, stillFound: flags.includes('still found'), onPage: flags.includes('on the page') });
    else if (header === 'fixed' && last) bad.splice(-1, 1, { ...last, fixed: body });
    else if (header === 'shown' && last) bad.splice(-1, 1, { ...last, shown: body.trim() });
    else throw new Error(`unknown header '#= ${part.slice(0, end)}'`);
  }
  return { bad, good };
}
