import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isMap, isScalar, isSeq, parseAllDocuments, type Node } from 'yaml';
import { integerOf, jsonText, keyText, resolvePlain, resolveTagged, type ScalarValue } from '../../server/syntax/scalar.ts';

/** What a value is, in one word and its JSON: the form of the tables below. */
function told(value: ScalarValue | undefined): string {
  return value === undefined ? 'refused' : `${value.type} ${jsonText(value) ?? 'refused'}`;
}

const PLAIN: readonly (readonly [meaning: string, ...sources: string[]])[] = [
  ['null null', '', '~', 'null', 'Null', 'NULL'],
  ['bool true', 'y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON', 'true', 'True', 'TRUE'],
  ['bool false', 'n', 'N', 'no', 'No', 'NO', 'off', 'Off', 'OFF', 'false', 'False', 'FALSE'],
  [
    'int 80',
    '80',
    '+80',
    '0120',
    '0o120',
    '0O120',
    '0x50',
    '0X50',
    '0b1010000',
    '0B1010000',
    '8_0',
    '80_',
    '0_120',
    '0x_5_0',
    '0b+1010000',
  ],
  ['int -80', '-80', '-0120', '-0x50', '-0b1010000', '-0o120', '-8_0', '0b-1010000', '-_80'],
  ['int 0', '0', '00', '-0', '+0', '0x0', '0_', '0o0'],
  ['int 1000', '1_000', '01750', '0x3e8'],
  ['int 9223372036854775807', '9223372036854775807', '+9223372036854775807', '0x7fffffffffffffff'],
  ['int 9223372036854775808', '9223372036854775808', '0x8000000000000000', '0o1000000000000000000000'],
  ['int -9223372036854775808', '-9223372036854775808', '-0x8000000000000000'],
  ['int 18446744073709551615', '18446744073709551615', '0xffffffffffffffff'],
  ['int 9007199254740993', '9007199254740993'],
  ['float 80', '80.0', '8e1', '80.', '8E+1', '800e-1', '+80.0', '8_0.0', '080.0', '80.e0'],
  ['float 89', '089', '89.', '0_89'],
  ['float -0', '-0.0', '-0e0', '-.0'],
  ['float 0.5', '.5', '0.5', '+.5', '.5e0', '.50'],
  ['float 0.15', '.1_5', '0.1_5'],
  ['float 1000', '1e3'],
  ['float 18446744073709552000', '18446744073709551616', '+18446744073709551615'],
  ['float -9223372036854776000', '-9223372036854775809'],
  ['float 1e+21', '1e21', '1000000000000000000000'],
  ['float 1e-7', '1e-7', '0.0000001'],
  ['float 0.000001', '1e-6'],
  ['float refused', '.inf', '.Inf', '.INF', '+.inf', '-.inf', '-.Inf', '.nan', '.NaN', '.NAN'],
];

const STRINGS = [
  'web',
  'yES',
  'nO',
  'oN',
  'tRUE',
  'nULL',
  'nil',
  'none',
  'yes ',
  '2024-01-01',
  '2024-01-01T00:00:00Z',
  '2024-1-1 1:2:3.5',
  '1.2.3',
  '10.0.0.0/8',
  '192.168.0.1',
  '1:30',
  '1:30.5',
  '12:30:45',
  '-',
  '+',
  '.',
  '..',
  '...',
  '-.',
  '+-1',
  '--1',
  '0x',
  '0o',
  '0b',
  '0o8',
  '0b2',
  '0xg',
  '-0b-1',
  '-0b+1',
  '0b',
  '1e',
  '1e+',
  'e1',
  '.e1',
  '1e400',
  '-1e400',
  '_1',
  '_',
  '+_',
  '.1_',
  '._1',
  '.1__0',
  '.inF',
  '+.nan',
  'inf',
  'NaN',
  '.Infinity',
  '0x1p4',
  '.0x1',
  '<<',
  '=',
  '0x1ffffffffffffffff',
  '0b' + '1'.repeat(65),
  '1 000',
  '80/TCP',
  '80 ',
  '８０',
  '0x5٣',
  '\u00a080',
  '1,000',
];

describe('a plain scalar', () => {
  for (const [meaning, ...sources] of PLAIN)
    for (const source of sources) test(`${JSON.stringify(source)} is ${meaning}`, () => expect(told(resolvePlain(source))).toBe(meaning));

  for (const source of STRINGS)
    test(`${JSON.stringify(source)} is a string`, () => expect(resolvePlain(source)).toEqual({ type: 'string', value: source }));
});

describe('numbers', () => {
  test('a long run of digits costs nothing and is no integer', () => {
    expect(resolvePlain('7'.repeat(1_000_000)).type).toBe('string');
    expect(resolvePlain(`0x${'f'.repeat(1_000_000)}`).type).toBe('string');
    expect(told(resolvePlain(`${'0'.repeat(1_000_000)}17`))).toBe('int 15');
  });

  test('an integer that a double cannot hold says so', () => {
    expect(resolvePlain('9007199254740991')).toEqual({ type: 'int', value: 9007199254740991, exact: true });
    expect(resolvePlain('9007199254740993')).toEqual({ type: 'int', value: 9007199254740992, exact: false, digits: '9007199254740993' });
  });

  test('any integer comes back from each of its spellings', () => {
    fc.assert(
      fc.property(fc.integer(), (value) => {
        const size = Math.abs(value);
        const sign = value < 0 ? '-' : '';
        const spellings = [String(value), `${sign}0x${size.toString(16)}`, `${sign}0o${size.toString(8)}`, `${sign}0b${size.toString(2)}`];
        for (const source of spellings) expect(told(resolvePlain(source))).toBe(`int ${value}`);
      }),
    );
  });

  test('any finite float comes back', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
        (value) => {
          const source = value.toExponential();
          expect(resolvePlain(source)).toEqual({ type: 'float', value });
        },
      ),
    );
  });

  test('no text makes it throw', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('', '0', '-', '.', '0x', '2024-'), (rest, start) => {
        const value = resolvePlain(start + rest);
        jsonText(value);
        keyText(value);
        integerOf(value);
      }),
    );
  });
});

const TAGGED: readonly (readonly [tag: string | undefined, source: string, meaning: string])[] = [
  ['!!str', '80', 'string "80"'],
  ['!!str', '', 'string ""'],
  ['!!str', 'yes', 'string "yes"'],
  ['tag:yaml.org,2002:str', '80', 'string "80"'],
  ['!<tag:yaml.org,2002:int>', '0x50', 'int 80'],
  ['!!int', '80', 'int 80'],
  ['!!int', '80.0', 'refused'],
  ['!!int', 'web', 'refused'],
  ['!!int', '', 'refused'],
  ['!!float', '80', 'float 80'],
  ['!!float', '.inf', 'float refused'],
  ['!!float', '18446744073709551615', 'refused'],
  ['!!float', 'web', 'refused'],
  ['!!bool', 'yes', 'bool true'],
  ['!!bool', '1', 'refused'],
  ['!!null', '', 'null null'],
  ['!!null', 'web', 'refused'],
  ['!!timestamp', '2024-02-29', 'string "2024-02-29"'],
  ['!!timestamp', '2023-02-29', 'refused'],
  ['!!timestamp', '2024-1-2T3:4:5.678+01:00', 'string "2024-1-2T3:4:5.678+01:00"'],
  ['!!timestamp', '2024-1-2 3:4:5', 'string "2024-1-2 3:4:5"'],
  ['!!timestamp', '2024-1-2 24:0:0', 'refused'],
  ['!!timestamp', '2024-1-2T3:4:5', 'refused'],
  ['!!timestamp', 'tomorrow', 'refused'],
  ['!!binary', 'd2Vi', 'string "web"'],
  ['!!binary', 'd2V\niYQ==\n', 'string "weba"'],
  ['!!binary', '', 'string ""'],
  ['!!binary', 'd2V', 'refused'],
  ['!!binary', 'd=Vi', 'refused'],
  ['!!binary', 'd2 Vi', 'refused'],
  ['!!set', '80', 'string "80"'],
  ['!', '80', 'string "80"'],
  ['!mine', 'yes', 'string "yes"'],
  ['', '80', 'int 80'],
  [undefined, 'yes', 'bool true'],
];

describe('an explicit tag', () => {
  for (const [tag, source, meaning] of TAGGED)
    test(`${tag} ${JSON.stringify(source)} is ${meaning}`, () => expect(told(resolveTagged(tag, source, false))).toBe(meaning));

  test('quotes make a string of an untagged scalar, but do not stop a tag', () => {
    expect(told(resolveTagged(undefined, '80', true))).toBe('string "80"');
    expect(told(resolveTagged('!!int', '80', true))).toBe('int 80');
  });
});

const KEYS: readonly (readonly [source: string, key: string | undefined])[] = [
  ['y', 'true'],
  ['on', 'true'],
  ['no', 'false'],
  ['1.50', '1.5'],
  ['0x10', '16'],
  ['0120', '80'],
  ['1e3', '1000'],
  ['80.0', '80'],
  ['', undefined],
  ['~', undefined],
  ['null', undefined],
  ['9223372036854775807', '9223372036854775807'],
  ['9223372036854775808', undefined],
  ['-9223372036854775808', '-9223372036854775808'],
  ['100000.0', '100000'],
  ['1000000.0', '1e+06'],
  ['1234567.0', '1.234567e+06'],
  ['1e100', '.inf'],
  ['-1e100', '-.inf'],
  ['.nan', '.nan'],
  ['.inf', '.inf'],
  ['0.0001', '0.0001'],
  ['0.00001', '1e-05'],
  ['1.23456789', '1.2345679'],
  ['0.1', '0.1'],
  ['-0.0', '-0'],
  ['1e-60', '0'],
  ['16777217.0', '1.6777216e+07'],
  ['web', 'web'],
  ['2024-01-01', '2024-01-01'],
  ['1.2.3', '1.2.3'],
  ['<<', '<<'],
];

describe('the JSON key of a plain key', () => {
  for (const [source, key] of KEYS) test(`${JSON.stringify(source)}: ${key}`, () => expect(keyText(resolvePlain(source))).toBe(key));
});

test('an integer field takes floats that are whole', () => {
  const whole = (source: string): number | undefined => integerOf(resolvePlain(source));
  expect(['80', '80.0', '8e1', '0120', '1e2'].map(whole)).toEqual([80, 80, 80, 80, 100]);
  expect(['80.5', '1e21', '.inf', '.nan', 'web', 'yes', ''].map(whole)).toEqual(Array(7).fill(undefined));
});

interface Verdict {
  readonly id: string;
  readonly yaml: string;
  readonly verdict: 'accept' | 'reject';
  readonly errors?: readonly { readonly type: string; readonly detail: string }[];
}

interface Field {
  readonly path: string;
  readonly value: ScalarValue | undefined;
}

function isVerdict(row: unknown): row is Verdict {
  return typeof row === 'object' && row !== null && 'yaml' in row && 'verdict' in row && 'id' in row;
}

/** Every scalar of a document with the names on the way to it; nothing where it is no YAML. */
function scalarsOf(yaml: string): readonly Field[] {
  const documents = parseAllDocuments(yaml, { schema: 'failsafe', logLevel: 'silent' });
  if (!Array.isArray(documents) || documents.some((document) => document.errors.length > 0)) return [];
  return documents.flatMap((document) => [...walk(document.contents, '')]);
}

function* walk(node: unknown, path: string): Generator<Field> {
  if (isScalar(node)) yield { path, value: resolved(node) };
  if (isSeq(node)) for (const item of node.items) yield* walk(item, path);
  if (isMap(node))
    for (const pair of node.items)
      yield* walk(pair.value, `${path}.${isScalar(pair.key) ? keyText(resolved(pair.key) ?? { type: 'null' }) : '?'}`);
}

function resolved(node: Node): ScalarValue | undefined {
  if (!isScalar(node)) return undefined;
  return resolveTagged(node.tag, typeof node.value === 'string' ? node.value : '', node.type !== 'PLAIN');
}

/** The fields that the API server decodes into a string or an integer, by the names on the way. */
const STRING =
  /\.(?:matchLabels|labels|annotations)\.[^.]*(?:\.[^.]*)*$|\.(?:cidr|operator|policyTypes|protocol)$|^\.metadata\.(?:name|namespace)$/;
const INTEGER = /\.(?:endPort|priority|number|start|end)$/;

describe('the API server agrees on every document of the corpus', () => {
  const rows = readFileSync(new URL('../corpus/apiserver.jsonl', import.meta.url), 'utf8')
    .trim()
    .split('\n');
  const verdicts = rows.map((row): unknown => JSON.parse(row)).filter(isVerdict);

  test('what it accepted has strings and integers where they belong', () => {
    let seen = 0;
    for (const { id, yaml, verdict } of verdicts) {
      if (verdict !== 'accept') continue;
      for (const { path, value } of scalarsOf(yaml)) {
        if (value?.type === 'null') continue;
        if (STRING.test(path)) expect(value?.type, `${id} ${path}`).toBe('string');
        if (INTEGER.test(path)) expect(value && integerOf(value), `${id} ${path}`).toBeTypeOf('number');
        seen++;
      }
    }
    expect(seen).toBeGreaterThan(5_000);
  });

  test('what it could not decode has a value of the type it named', () => {
    let seen = 0;
    for (const { id, yaml, errors = [] } of verdicts) {
      for (const { type, detail } of errors) {
        const found = type === 'DecodeType' ? /cannot unmarshal (number|bool|string)(?: (\S+))? into/.exec(detail) : undefined;
        if (!found) continue;
        const [, named, digits] = found;
        const fields = scalarsOf(yaml).map((field) => field.value);
        const kinds = named === 'number' ? ['int', 'float'] : [named];
        const match = fields.some((value) => value && kinds.includes(value.type) && (digits === undefined || jsonText(value) === digits));
        expect(match, `${id} ${detail}`).toBe(true);
        seen++;
      }
    }
    expect(seen).toBeGreaterThan(50);
  });
});
