import { describe, expect, test } from 'vitest';
import { selectorFor, requirementsOf } from '../../server/model/calico/selector/convert.ts';
import { describeExpression } from '../../server/model/calico/selector/describe.ts';
import { canonical } from '../../server/model/calico/selector/expression.ts';
import { matchesExpression } from '../../server/model/calico/selector/meaning.ts';
import { parseSelector } from '../../server/model/calico/selector/parse.ts';
import { applyEdits } from '../../server/syntax/edit.ts';
import { INVALID, VALID } from './calico-selectors.ts';

describe('what Calico accepts', () => {
  test.each(VALID)('%j', (text, printed) => {
    const { expression, problems } = parseSelector(text);
    expect(problems).toEqual([]);
    expect(expression && canonical(expression)).toBe(printed);
  });

  test.each(VALID)('the printed form of %j means the same', (_, printed) => {
    const { expression } = parseSelector(printed);
    expect(expression && canonical(expression)).toBe(printed);
  });
});

describe('what Calico refuses', () => {
  test.each(INVALID)('%j', (text) => {
    const { expression, problems } = parseSelector(text);
    expect(expression).toBeUndefined();
    expect(problems.length).toBeGreaterThan(0);
    for (const { span, message } of problems) {
      expect(span.start >= 0 && span.start <= span.end && span.end <= text.length, JSON.stringify(span)).toBe(true);
      expect(message).toMatch(/^[A-Z'].*\.$/s);
    }
  });
});

/** The text after the fix of its first problem, and so on, until nothing is wrong or nothing is offered. */
function mended(text: string): string {
  for (let turn = 0; turn < 10; turn++) {
    const fix = parseSelector(text).problems.find((problem) => problem.fix)?.fix;
    if (!fix) return text;
    text = applyEdits(
      text,
      fix.edits.map(({ span, text: put }) => ({ ...span, text: put })),
    );
  }
  return text;
}

describe('one finding, one fix', () => {
  test.each([
    ["app = 'web'", "app == 'web'"],
    ['app = web && tier = db', "app == 'web' && tier == 'db'"],
    ["app === 'web'", "app == 'web'"],
    ['app == web', "app == 'web'"],
    ['app: web', "app == 'web'"],
    ['{app: web, tier: db}', "app == 'web' && tier == 'db'"],
    ["app == 'web", "app == 'web'"],
    ['app == "web\'', 'app == "web"'],
    ["app in ('a', 'b')", "app in {'a', 'b'}"],
    ["app in ['a', 'b']", "app in {'a', 'b'}"],
    ['app in {a, b}', "app in {'a', 'b'}"],
    ['app in {"b" "c"}', 'app in {"b", "c"}'],
    ["app in 'a'", "app in {'a'}"],
    ["app NOT IN {'a'}", "app not in {'a'}"],
    ["app != {'a', 'b'}", "app not in {'a', 'b'}"],
    ['has (app)', 'has(app)'],
    ["has('app')", 'has(app)'],
    ['has(a, b)', 'has(a) && has(b)'],
    ['!has(a, b, c)', '!has(a) && !has(b) && !has(c)'],
    ["has(app == 'web')", "app == 'web'"],
    ['has(app) and has(b)', 'has(app) && has(b)'],
    ['has(app), has(b)', 'has(app) && has(b)'],
    ['has(a) or (b = c or has(d))', "has(a) || (b == 'c' || has(d))"],
    ['has(a) has(b)', 'has(a) && has(b)'],
    ['not has(a)', '!has(a)'],
    ['app', 'has(app)'],
    ['app exists', 'has(app)'],
    ['*', 'all()'],
    ['ALL()', 'all()'],
    ['true', 'all()'],
    ["app like 'x%'", "app starts with 'x'"],
    ["app matches '^web-.*'", "app starts with 'web-'"],
    ["app startsWith 'x'", "app starts with 'x'"],
    ["app == 'x' # why", "app == 'x'"],
    ["a == 'b'\n&& has(c)\n", "a == 'b' && has(c)"],
    ['((has(a)', '((has(a)))'],
    ['has(a))', 'has(a)'],
    ['has(a) &&', 'has(a)'],
  ])('%j becomes %j', (text, meant) => {
    expect(mended(text)).toBe(meant);
    expect(parseSelector(meant).problems).toEqual([]);
  });

  test('what a fix makes, Calico accepts', () => {
    for (const text of INVALID) {
      const result = mended(text);
      const { problems } = parseSelector(result);
      expect(
        problems.filter((problem) => problem.fix),
        `${text} -> ${result}`,
      ).toEqual([]);
    }
  });
});

test('every beginning of every selector is read, its words are in order', () => {
  for (const text of [...VALID.map(([selector]) => selector), ...INVALID]) {
    for (let end = 0; end <= text.length; end++) {
      const { tokens } = parseSelector(text.slice(0, end));
      for (const [i, { span }] of tokens.entries()) expect(span.start).toBeGreaterThanOrEqual(tokens[i - 1]?.span.end ?? 0);
    }
  }
  expect(parseSelector('('.repeat(5000)).expression).toBeUndefined();
  expect(parseSelector('!'.repeat(5001) + 'has(a)').expression?.kind).toBe('not');
});

describe('what it matches', () => {
  const matches = (text: string, labels: Record<string, string>, unknown: readonly string[] = []): string => {
    const { expression } = parseSelector(text);
    return expression ? matchesExpression(expression, { labels, unknown }) : 'refused';
  };
  test.each([
    ["a != 'a'", {}, 'yes'],
    ["a not in {'a'}", {}, 'yes'],
    ["a == 'a'", {}, 'no'],
    ['!has(a)', { b: 'x' }, 'yes'],
    ["a contains 'a'", { a: 'bab' }, 'yes'],
    ["a starts with 'a'", { a: 'baa' }, 'no'],
    ["a ends with 'a'", { a: 'baa' }, 'yes'],
    ["!a == 'a1' && b == 'b1'", { a: 'a1', b: 'b1' }, 'no'],
    ['', { a: 'x' }, 'yes'],
    ['all()', {}, 'yes'],
    ['global()', {}, 'yes'],
    ['a in {}', { a: '' }, 'no'],
    ['a not in {}', { a: '' }, 'yes'],
    ["!(a == 'x' || b == 'y')", { a: 'z' }, 'yes'],
    ["!(a == 'x' || b == 'y')", { b: 'y' }, 'no'],
    ["!a contains 'x'", {}, 'yes'],
  ])('%j on %j: %s', (text, labels, answer) => {
    expect(matches(text, labels)).toBe(answer);
  });

  test('a label with an unknown value', () => {
    expect(matches('has(a)', {}, ['a'])).toBe('yes');
    expect(matches("a == 'x'", {}, ['a'])).toBe('unknown');
    expect(matches("a != 'x'", {}, ['a'])).toBe('unknown');
    expect(matches("a != 'x' || all()", {}, ['a'])).toBe('yes');
  });
});

test.each([
  ['', 'every pod'],
  ['all()', 'every pod'],
  ['!all()', 'no pod at all'],
  ["app == 'web'", 'pods where app is web'],
  ["app == 'web' && !has(canary)", 'pods where app is web and the label canary is not set'],
  ["app in {'a', 'b'} || has(c)", 'pods where app is a or b or the label c is set'],
  ["env != 'prod'", 'pods where env is not prod (also without the label env)'],
  ["env != 'prod' && has(env)", 'pods where env is not prod and the label env is set'],
  ["a not in {'x', 'y'}", 'pods where a is none of x or y (also without the label a)'],
  ["(a == 'x' || b == 'y') && has(c)", 'pods where (a is x or b is y) and the label c is set'],
  ["!(a == 'x' || b starts with 'y')", 'pods where a is not x and b does not start with y (also without the labels a or b)'],
  ['a in {}', 'no pod at all'],
])('%j in words', (text, words) => {
  const { expression } = parseSelector(text);
  expect(expression && describeExpression(expression)).toBe(words);
});

test.each([
  ["app == 'web' && tier != 'db' && has(a) && !has(b)", "app == 'web' && tier != 'db' && has(a) && !has(b)"],
  ["app in {'a', 'b'} && x notin {'c', 'd'}", "app in {'a', 'b'} && x not in {'c', 'd'}"],
  ["!(a == 'x' || has(b))", "a != 'x' && !has(b)"],
  ['all()', 'all()'],
  ["a == 'x' || b == 'y'", undefined],
  ["a contains 'x'", undefined],
  ['global()', undefined],
  ['a in {}', undefined],
])('%j as matchExpressions and back', (text, back) => {
  const { expression } = parseSelector(text);
  const requirements = expression && requirementsOf(expression, []);
  expect(requirements && selectorFor(requirements)).toBe(back);
});
