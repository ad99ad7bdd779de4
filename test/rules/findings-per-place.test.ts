import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { groupBy } from '../../server/base/lists.ts';
import { manifestRules, workspaceRules } from '../../server/rules/index.ts';
import { casesOf } from './cases.ts';
import { workspaceFindingsIn } from './workspace-findings.ts';

/*
 * One mistake, one finding. Over the first bad example of every rule and the tour of examples/broken, a place (the span of a finding) has one
 * finding; where it has more, the codes are held here, with the number of places: a new line is a mistake that is reported twice, or two mistakes
 * in one value, which someone has looked at.
 */

const broken = new URL('../../examples/broken/', import.meta.url);

/** Examples of limits have thousands of items, each like the others. */
const MAX_EXAMPLE_CHARACTERS = 4_000;

function sources(): readonly string[] {
  const tour = readdirSync(broken)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => `# file: ${name}\n${readFileSync(new URL(name, broken), 'utf8')}`);
  return [
    ...[...manifestRules, ...workspaceRules].flatMap((rule) =>
      casesOf(rule)
        .bad.slice(0, 1)
        .map(({ yaml }) => yaml),
    ),
    ...tour,
  ];
}

test('how many places have more than one finding, by the codes', () => {
  const shared = new Map<string, number>();
  let places = 0;
  for (const source of sources()) {
    if (source.length > MAX_EXAMPLE_CHARACTERS) continue;
    const found = workspaceFindingsIn(source, { profile: 'recommended' });
    for (const group of groupBy(found, ({ uri, span }) => `${uri} ${span.start} ${span.end}`).values()) {
      places++;
      const codes = [...new Set(group.map(({ code }) => code))].toSorted();
      if (group.length > 1) shared.set(codes.join(' + '), (shared.get(codes.join(' + ')) ?? 0) + 1);
    }
  }
  expect(places).toBeGreaterThan(300);
  expect(Object.fromEntries([...shared].toSorted(([a], [b]) => (a < b ? -1 : 1)))).toMatchInlineSnapshot(`
    {
      "calico-default-deny-blocks-system + dns-blocked": 1,
      "cilium-gateway-blocked + ingress-backend-blocked": 1,
      "dns-blocked + egress-policy-isolates-ingress": 1,
      "duplicate-policy-type + too-many-items": 1,
      "missing-field + no-rules": 1,
    }
  `);
});
