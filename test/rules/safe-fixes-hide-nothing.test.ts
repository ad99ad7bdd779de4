import { expect, test } from 'vitest';
import { finished } from '../../server/base/work.ts';
import { diagnose } from '../../server/features/diagnose.ts';
import { fixAll } from '../../server/features/quick-fix.ts';
import type { Finding } from '../../server/rules/finding.ts';
import { manifestRules } from '../../server/rules/index.ts';
import { DEFAULTS } from '../../server/settings.ts';
import { sourceFile } from '../../server/syntax/source-file.ts';
import { fixture } from '../fixture.ts';
import { casesOf } from './cases.ts';

/*
 * "Fix all" repairs what can be meant in one way only. It must not make a finding go whose own repair is left to the author: the mistake
 * would stay and be seen by nobody.
 */

const options = { uri: 'file:///w/a.yaml', settings: { ...DEFAULTS, profile: 'audit' as const }, partial: false };

/** What goes when something else is repaired: once a rule that is there twice is removed, a list is not too long, and no two rules are equal. */
const REPAIRED_BY_OTHERS = new Set(['too-many-items', 'antrea-rule-names']);

const texts = manifestRules.flatMap((rule) =>
  casesOf(rule).bad.flatMap(({ yaml }, i) => fixture(yaml).files.map(({ text }) => [`${rule.name} ${i}`, text] as const)),
);

test.each(texts)('%s', (_name, text) => {
  const file = sourceFile(text);
  const before = finished(diagnose(file, options));
  const applied = fixAll(file, options);
  const repaired = new Set(applied.map(({ finding }) => finding.code));
  const edits = applied.flatMap(({ place, fix }) =>
    fix.edits.map((edit) => ({ start: place.start + edit.start, end: place.start + edit.end, text: edit.text })),
  );
  const after = edits
    .toSorted((a, b) => b.start - a.start || b.end - a.end)
    .reduce((out, edit) => out.slice(0, edit.start) + edit.text + out.slice(edit.end), text);
  const left = new Set(finished(diagnose(sourceFile(after), options)).map(({ finding }) => finding.code));
  const hidden = before
    .map(({ finding }) => finding)
    .filter((one) => isSerious(one) && !REPAIRED_BY_OTHERS.has(one.code) && !repaired.has(one.code) && !left.has(one.code));
  expect(hidden.map(({ message }) => message)).toEqual([]);
});

function isSerious({ severity }: Finding): boolean {
  return severity === 'error' || severity === 'warning';
}
