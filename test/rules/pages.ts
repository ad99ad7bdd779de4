import { kindTitle } from '../../server/model/api.ts';
import { JUDGED_KINDS } from '../../server/model/kinds.ts';
import { everyKind } from '../../server/rules/about.ts';
import { leastProfile } from '../../server/rules/level.ts';
import type { ManifestRule, WorkspaceRule } from '../../server/rules/rule.ts';
import { oneFile } from '../fixture.ts';
import { type BadCase, casesOf, type PageNotes } from './cases.ts';
import { findingsIn } from './findings.ts';
import { REFERENCES } from './references.ts';
import { workspaceFindingsIn } from './workspace-findings.ts';

type Rule = ManifestRule | WorkspaceRule;

/** The page of a rule under docs/rules: what, why, an example, the fix, an example without a finding, when to ignore it, where to read on. */
export function page(rule: Rule): string {
  const { bad, good } = shownOf(rule);
  const { page: notes } = casesOf(rule);
  return (
    [
      `# ${rule.name}`,
      rule.summary,
      facts(rule),
      `## Why it matters\n\n${rule.why}`,
      `## Reported\n\n${bad.map((example) => reported(rule, example)).join('\n\n')}`,
      `## Fix\n\n${fixes(rule, bad)}`,
      `## Not reported\n\n${good.map(block).join('\n\n')}`,
      `## When to ignore it\n\n${whenToIgnore(rule, notes)}`,
      ...section('References', listOf(notes.references.map(referenceTo))),
      ...section('Related rules', listOf(notes.related.map((name) => `[${name}](${name}.md)`))),
    ].join('\n\n') + '\n'
  );
}

function whenToIgnore({ severity }: Rule, { ignore }: PageNotes): string {
  const when = ignore ?? (severity === 'error' ? 'Never: the manifest is not in force until it is corrected.' : '');
  return `${when} [How to silence a finding](README.md#silence-a-finding).`.trim();
}

/** The table of all rules. */
export function overview(rules: readonly Rule[]): string {
  const rows = rules.map(
    (rule) =>
      `| [${rule.name}](${rule.name}.md) | ${rule.severity} | ${leastProfile(rule)} | ${rule.summary.replaceAll('|', '\\|')} | ${hasFix(rule) ? 'yes' : ''} |`,
  );
  return `# Rules

This page is generated from the rules; do not edit it. The severity says what happens in the cluster:

| severity | meaning |
| --- | --- |
| error | the API server or the network plugin rejects the manifest, it is not valid YAML, or kustomize refuses to build it |
| warning | the manifest is accepted, but it does not do what it seems to say, or it blocks a connection that the manifests need |
| information | accepted and effective, but worth knowing |
| hint | style and redundancy |

The profile is the first one of relaxed, recommended (the default), strict and audit that reports the finding. A milder form of a finding
may need a later profile.

## Silence a finding

| scope | how |
| --- | --- |
| one line | \`# netpol-ignore: RULE reason\` at the end of the line or on the line above it |
| one manifest | the same comment before the first field of the manifest |
| one file | \`# netpol-ignore-file: RULE reason\` anywhere in the file |
| some paths | the setting \`"netpol.ignore": {"GLOB": ["RULE"]}\` |
| everywhere | the setting \`"netpol.rules": {"RULE": "off"}\`, which also changes the severity of a rule |

The editor offers "Ignore …" as a quick fix at every finding.

## All rules

| rule | severity | from profile | what is reported | quick fix |
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
  const kinds = rule.scope === 'workspace' ? 'the whole workspace' : kindsOf(rule);
  return `| severity | confidence | from profile | quick fix | looks at |\n| --- | --- | --- | --- | --- |\n| ${rule.severity} | ${rule.confidence} | ${leastProfile(rule)} | ${hasFix(rule) ? 'yes' : 'no'} | ${kinds} |`;
}

function kindsOf({ about, anyDocument }: ManifestRule): string {
  if (anyDocument === true) return 'every kind';
  if (about === undefined) return 'the policies of Kubernetes';
  return about === everyKind ? 'every kind' : JUDGED_KINDS.filter(about).map(kindTitle).join(', ');
}

function reported(rule: Rule, example: BadCase): string {
  const messages = [...new Set(ownFindings(rule, example).map(({ message }) => `> ${message}`))].join('\n>\n');
  return `${example.shown ?? block(example.yaml)}\n\n${messages}`;
}

/** What the quick fix makes of the examples, or how to mend it by hand. */
function fixes(rule: Rule, examples: readonly BadCase[]): string {
  const applied = examples.flatMap((example) => {
    const title = ownFindings(rule, example)[0]?.fixes[0]?.title;
    return example.fixed === undefined || title === undefined ? [] : [`"${title}" gives:\n\n${block(example.fixed)}`];
  });
  if (applied.length > 0) return applied.join('\n\n');
  const titles = [
    ...new Set(casesOf(rule).bad.flatMap((example) => ownFindings(rule, example).flatMap(({ fixes }) => fixes[0]?.title ?? []))),
  ];
  if (titles.length > 0)
    return `The quick fix is ${titles
      .slice(0, 3)
      .map((title) => `"${title}"`)
      .join(' or ')}, where it is unambiguous.`;
  return rule.noFix ?? 'There is no quick fix; the message names what to change.';
}

function block(text: string): string {
  return `\`\`\`yaml\n${oneFile(text).text.trimEnd()}\n\`\`\``;
}

function section(title: string, text: string | undefined): readonly string[] {
  return text === undefined || text === '' ? [] : [`## ${title}\n\n${text}`];
}

function referenceTo(name: string): string {
  const reference = REFERENCES[name];
  if (reference === undefined) throw new Error(`no reference is named '${name}'`);
  return `[${reference.title}](${reference.url})`;
}

function listOf(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}

function hasFix(rule: Rule): boolean {
  return casesOf(rule).bad.some((example) => ownFindings(rule, example).some(({ fixes }) => fixes.length > 0));
}

function ownFindings(rule: Rule, { yaml }: BadCase): ReturnType<typeof findingsIn> {
  const all = rule.scope === 'workspace' ? workspaceFindingsIn(yaml) : findingsIn(oneFile(yaml).text);
  return all.filter(({ code }) => code === rule.name);
}
