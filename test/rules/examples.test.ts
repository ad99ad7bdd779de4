import { describe, expect, test } from 'vitest';
import { manifestRules } from '../../server/rules/index.ts';
import { applyEdits } from '../../server/syntax/edit.ts';
import { fixture, marksSpan, oneFile } from '../fixture.ts';
import { casesOf } from './cases.ts';
import { findingsIn } from './findings.ts';
import { shapeProblems, withoutAction } from './shapes.ts';

/** What others may say of an example without spoiling it: remarks, but no fault. */
const isFault = (severity: string): boolean => severity === 'error' || severity === 'warning';

describe.each(manifestRules.map((rule) => [rule.name, { ...rule, ...casesOf(rule) }] as const))('%s', (name, rule) => {
  test.each(rule.bad)('bad example %#: found, and nothing else is', (example) => {
    const { text, marks } = oneFile(example.yaml);
    const found = findingsIn(text);
    const own = found.filter(({ code }) => code === name);
    expect(own.length).toBeGreaterThan(0);
    const others = found.filter(({ code, severity }) => code !== name && isFault(severity) && !rule.companions?.includes(code));
    expect(others.map(({ code, message }) => `${code}: ${message}`)).toEqual([]);
    for (const mark of marks) {
      const there = own.filter(({ span }) => marksSpan(mark, span)).map(({ message }) => message.toLowerCase());
      expect(
        there.filter((message) => message.includes(mark.text.toLowerCase())),
        `${mark.text} at ${text.slice(mark.start, mark.end)}`,
      ).not.toEqual([]);
    }
  });

  test.each(rule.bad.filter(({ fixed }) => fixed !== undefined))(
    'bad example %#: the first fix gives exactly what is promised',
    (example) => {
      const { text } = oneFile(example.yaml);
      const fix = findingsIn(text).find(({ code }) => code === name)?.fixes[0];
      expect(fix && applyEdits(text, fix.edits)).toBe(example.fixed && oneFile(example.fixed).text);
      if (example.stillFound !== true) expect(findingsIn(example.fixed ?? '').filter(({ code }) => code === name)).toEqual([]);
    },
  );

  test.each(rule.good)('good example %#: clean', (text) => {
    expect(findingsIn(oneFile(text).text).filter(({ code, severity }) => code === name || isFault(severity))).toEqual([]);
  });

  test('every bad example marks a place', () => {
    const unmarked = rule.bad.filter(
      ({ yaml, shown }) => shown === undefined && fixture(yaml).files.every(({ marks }) => marks.length === 0),
    );
    expect(unmarked.map(({ yaml }) => yaml)).toEqual([]);
  });

  test('has a bad and a good example', () => {
    expect(rule.bad.length).toBeGreaterThan(0);
    expect(rule.good.length).toBeGreaterThan(0);
  });

  test('says what, why and what to do in whole sentences', () => {
    expect(rule.summary).toMatch(/^[A-Z'].*\.$/s);
    expect(rule.why).toMatch(/^[A-Za-z'"`].*\.$/s);
    const own = rule.bad.flatMap((example) => findingsIn(oneFile(example.yaml).text)).filter(({ code }) => code === name);
    expect([...own.flatMap(shapeProblems), ...withoutAction(rule, own)]).toEqual([]);
  });
});
