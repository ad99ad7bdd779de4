import { leastProfile } from '../../server/rules/level.ts';
import type { ManifestRule, WorkspaceRule } from '../../server/rules/rule.ts';
import { oneFile } from '../fixture.ts';
import { type BadCase, casesOf } from './cases.ts';
import { findingsIn } from './findings.ts';
import { workspaceFindingsIn } from './workspace-findings.ts';

type Rule = ManifestRule | WorkspaceRule;

/** The page of a rule under docs/rules: what, why, a bad and a good example, how to silence it. */
export function page(rule: Rule): string {
  return (
    [
      `# ${rule.name}`,
      rule.summary,
      facts(rule),
      `## Why it matters\n\n${rule.why}`,
      ...shownOf(rule).bad.map((example) => badPart(rule, example)),
      `## Good\n\n${shownOf(rule).good.map(block).join('\n\n')}`,
      silencing(rule),
    ].join('\n\n') + '\n'
  );
}

/** The table of all rules. */
export function overview(rules: readonly Rule[]): string {
  const rows = rules.map(
    (rule) =>
      `| [${rule.name}](${rule.name}.md) | ${rule.severity} | ${leastProfile(rule)} | ${rule.summary.replaceAll('|', '\\|')} | ${hasFix(rule) ? 'yes' : ''} |`,
  );
  return `# Findings

Generated from the rules; do not edit. An \`error\` is what the API server rejects, a \`warning\` what it accepts although it does not do
what it seems to say, an \`information\` what is worth knowing, a \`hint\` a matter of style. The profile is the first of relaxed,
recommended (the default), strict and audit that reports it; its milder forms may need a later one.

| code | severity | from profile | what is found | quick fix |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
}

/** The cases that the page shows: the first of each kind, and what is marked for it. */
function shownOf(rule: Rule): { readonly bad: readonly BadCase[]; readonly good: readonly string[] } {
  const { bad, good } = casesOf(rule);
  return { bad: bad.filter(({ onPage }, i) => i === 0 || onPage === true), good: good.slice(0, 1) };
}

function facts(rule: Rule): string {
  const kinds = rule.scope === 'workspace' ? 'the whole workspace' : (rule.kinds?.join(', ') ?? 'every policy kind');
  return `| severity | confidence | from profile | quick fix | looks at |\n| --- | --- | --- | --- | --- |\n| ${rule.severity} | ${rule.confidence} | ${leastProfile(rule)} | ${hasFix(rule) ? 'yes' : 'no'} | ${kinds} |`;
}

function badPart(rule: Rule, example: BadCase): string {
  const said = saidOf(rule, example).filter(({ code }) => code === rule.name);
  const messages = [...new Set(said.map(({ message }) => `> ${message}`))].join('\n>\n');
  const fixed =
    example.fixed === undefined ? '' : `\n\nAfter the quick fix "${said[0]?.fixes[0]?.title ?? ''}":\n\n${block(example.fixed)}`;
  return `## Bad\n\n${example.shown ?? block(example.yaml)}\n\n${messages}${fixed}`;
}

function block(text: string): string {
  return `\`\`\`yaml\n${oneFile(text).text.trimEnd()}\n\`\`\``;
}

function silencing({ name }: Rule): string {
  return `## How to silence it

On one line, or on the line above it: \`# netpol-ignore: ${name} the reason\`. For a whole manifest: the same comment before its first
field. For a whole file: \`# netpol-ignore-file: ${name} the reason\`. Everywhere: the setting \`"netpol.rules": {"${name}": "off"}\`.`;
}

function hasFix(rule: Rule): boolean {
  return casesOf(rule).bad.some((example) => saidOf(rule, example).some(({ code, fixes }) => code === rule.name && fixes.length > 0));
}

function saidOf(rule: Rule, { yaml }: BadCase): ReturnType<typeof findingsIn> {
  return rule.scope === 'workspace' ? workspaceFindingsIn(yaml) : findingsIn(oneFile(yaml).text);
}
