import type { Example, ManifestRule } from '../../server/rules/rule.ts';
import { findingsIn } from './findings.ts';

/** The page of a rule under docs/rules: what, why, a bad and a good example, how to silence it. */
export function page(rule: ManifestRule): string {
  return (
    [
      `# ${rule.name}`,
      rule.summary,
      facts(rule),
      `## Why it matters\n\n${rule.why}`,
      ...rule.bad.map((example) => badPart(rule, example)),
      `## Good\n\n${rule.good.map(block).join('\n\n')}`,
      silencing(rule),
    ].join('\n\n') + '\n'
  );
}

/** The table of all rules. */
export function overview(rules: readonly ManifestRule[]): string {
  const rows = rules.map(
    (rule) =>
      `| [${rule.name}](${rule.name}.md) | ${rule.severity} | ${rule.summary.replaceAll('|', '\\|')} | ${hasFix(rule) ? 'yes' : ''} |`,
  );
  return `# Findings

Generated from the rules; do not edit. An \`error\` is what the API server rejects, a \`warning\` what it accepts although it does not do
what it seems to say, an \`information\` what is worth knowing, a \`hint\` a matter of style.

| code | severity | what is found | quick fix |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}

function facts(rule: ManifestRule): string {
  const kinds = rule.kinds?.join(', ') ?? 'every policy kind';
  return `| severity | confidence | quick fix | looks at |\n| --- | --- | --- | --- |\n| ${rule.severity} | ${rule.confidence} | ${hasFix(rule) ? 'yes' : 'no'} | ${kinds} |`;
}

function badPart(rule: ManifestRule, example: Example): string {
  const said = findingsIn(example.yaml).filter(({ code }) => code === rule.name);
  const messages = [...new Set(said.map(({ message }) => `> ${message}`))].join('\n>\n');
  const fixed =
    example.fixed === undefined ? '' : `\n\nAfter the quick fix "${said[0]?.fixes[0]?.title ?? ''}":\n\n${block(example.fixed)}`;
  return `## Bad\n\n${example.shown ?? block(example.yaml)}\n\n${messages}${fixed}`;
}

function block(text: string): string {
  return `\`\`\`yaml\n${text.trimEnd()}\n\`\`\``;
}

function silencing({ name }: ManifestRule): string {
  return `## How to silence it

On one line, or on the line above it: \`# netpol-ignore: ${name} the reason\`. For a whole manifest: the same comment before its first
field. For a whole file: \`# netpol-ignore-file: ${name} the reason\`. Everywhere: the setting \`"netpol.rules": {"${name}": "off"}\`.`;
}

function hasFix(rule: ManifestRule): boolean {
  return rule.bad.some((example) => findingsIn(example.yaml).some(({ code, fixes }) => code === rule.name && fixes.length > 0));
}
