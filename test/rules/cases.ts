/*
 * The examples of a rule stand in `test/rules/cases/NAME.yaml`: cases behind header lines. The first `bad` and the first `good` one are
 * those of its page.
 *   #= page                 what else its page says, in comments: `# ignore:` when it is right to ignore a finding, `# references:` the upstream
 *                           pages by their names in references.ts, `# related:` the names of related rules
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

/** What the page of a rule says beside its summary, its reasons and its examples. */
export interface PageNotes {
  readonly ignore?: string;
  readonly references: readonly string[];
  readonly related: readonly string[];
}

export interface Cases {
  readonly page: PageNotes;
  readonly bad: readonly BadCase[];
  readonly good: readonly string[];
}

const folder = new URL('cases/', import.meta.url);

/** All examples of a rule; none where it has no file of cases. */
export function casesOf({ name }: Pick<ManifestRule | WorkspaceRule, 'name'>): Cases {
  const file = new URL(`${name}.yaml`, folder);
  const { page, bad, good } = readCases(existsSync(file) ? readFileSync(file, 'utf8') : '');
  const computed = computedCases.get(name);
  return { page, bad: [...bad, ...(computed?.bad ?? [])], good: [...good, ...(computed?.good ?? [])] };
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
  let page: PageNotes = { references: [], related: [] };
  const [, ...parts] = text.split(/^#= /m);
  for (const part of parts) {
    const end = part.indexOf('\n');
    const [header = '', ...flags] = part.slice(0, end).trim().split(', ');
    const body = part.slice(end + 1);
    const last = bad.at(-1);
    if (header === 'page') page = readNotes(body);
    else if (header === 'good') good.push(body);
    else if (header === 'bad') bad.push({ yaml: body, stillFound: flags.includes('still found'), onPage: flags.includes('on the page') });
    else if (header === 'fixed' && last) bad.splice(-1, 1, { ...last, fixed: body });
    else if (header === 'shown' && last) bad.splice(-1, 1, { ...last, shown: body.trim() });
    else throw new Error(`unknown header '#= ${part.slice(0, end)}'`);
  }
  return { page, bad, good };
}

function readNotes(text: string): PageNotes {
  const notes = new Map([...text.matchAll(/^# (\w+): (.*)$/gm)].map(([, name = '', value = '']) => [name, value] as const));
  const ignore = notes.get('ignore');
  const listed = (name: string): readonly string[] => notes.get(name)?.split(', ') ?? [];
  return { references: listed('references'), related: listed('related'), ...(ignore === undefined ? {} : { ignore }) };
}
