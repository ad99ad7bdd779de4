/**
 * What Kubernetes makes of a YAML scalar. The API server and kubectl read YAML with go.yaml.in/yaml/v2 (YAML 1.1, with exceptions) and
 * turn the result into JSON before they look at types. Source of every rule here: `vendor/go.yaml.in/yaml/v2/{resolve,decode}.go` and
 * `vendor/sigs.k8s.io/yaml/yaml.go` of kubernetes/kubernetes, Go's `strconv` and `encoding/json`.
 */
export type ScalarValue =
  | { readonly type: 'null' }
  | { readonly type: 'bool'; readonly value: boolean }
  | {
      readonly type: 'int';
      readonly value: number;
      /** Is `value` the number itself? If not it is the nearest one, and `digits` has the number in full. */
      readonly exact: boolean;
      readonly digits?: string;
    }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'string'; readonly value: string };

/** The value of a plain (unquoted) scalar without a tag. `<<` stays a string here: only as a key it means a merge. */
export function resolvePlain(source: string): ScalarValue {
  if (source === '') return NULL;
  const first = source.charCodeAt(0);
  if (first === DOT) return WORDS.get(source) ?? dottedFloat(source) ?? text(source);
  if (isDigit(first) || first === PLUS || first === MINUS) return WORDS.get(source) ?? numberOf(source) ?? text(source);
  return WORDS.get(source) ?? text(source);
}

/**
 * The value of a scalar with an explicit tag (`!!int`, `tag:yaml.org,2002:int`, `!`, `!mine`), or of one without (`undefined` or `''`).
 * `source` is the text after unquoting. Gives `undefined` where Go refuses the whole document ("cannot decode !!str `web` as a !!int").
 */
export function resolveTagged(tag: string | undefined, source: string, quoted: boolean): ScalarValue | undefined {
  const type = shortTag(tag ?? '');
  switch (type) {
    case '':
      return quoted ? text(source) : resolvePlain(source);
    case '!!bool':
    case '!!int':
    case '!!null':
      return onlyOf(type.slice(2), resolvePlain(source));
    case '!!float':
      return floatOf(resolvePlain(source));
    case '!!timestamp':
      // Into JSON a timestamp goes as the text it was written with.
      return isTimestamp(source) ? text(source) : undefined;
    case '!!binary':
      return binaryOf(source);
    default:
      // !!str, and every tag Go does not know: the text as it stands.
      return text(source);
  }
}

/**
 * The key of a JSON object that a scalar key becomes: plain `y` is "true", `1.50` is "1.5", `0x10` is "16".
 * `undefined` where sigs.k8s.io/yaml refuses the document: a null key, or an integer beyond 64 bits with sign.
 */
export function keyText(value: ScalarValue): string | undefined {
  switch (value.type) {
    case 'null':
      return undefined;
    case 'bool':
      return String(value.value);
    case 'int':
      return isInt64(value) ? intText(value) : undefined;
    case 'float':
      return float32Text(value.value);
    case 'string':
      return value.value;
  }
}

/** The value as Go writes it into JSON: `1e3` is 1000, `80.0` is 80. `undefined` for `.inf` and `.nan`, which Go refuses. */
export function jsonText(value: ScalarValue): string | undefined {
  switch (value.type) {
    case 'null':
      return 'null';
    case 'bool':
      return String(value.value);
    case 'int':
      return intText(value);
    case 'float':
      return Number.isFinite(value.value) ? floatText(value.value) : undefined;
    case 'string':
      return JSON.stringify(value.value);
  }
}

/**
 * The integer that an integer field sees. The types are looked at after the JSON is written, so `80.0` and `8e1` are 80 as well;
 * `undefined` for anything that is not an integer there. An integer beyond 2^53 comes as the nearest number.
 */
export function integerOf(value: ScalarValue): number | undefined {
  if (value.type === 'int') return value.value;
  if (value.type !== 'float' || !Number.isInteger(value.value)) return undefined;
  // From 1e21 on Go writes an exponent, which no integer field accepts.
  return Math.abs(value.value) < 1e21 ? value.value : undefined;
}

const DOT = 0x2e;
const PLUS = 0x2b;
const MINUS = 0x2d;
const INT64_MAX = 2n ** 63n - 1n;
const UINT64_MAX = 2n ** 64n - 1n;

const NULL: ScalarValue = { type: 'null' };
const TRUE: ScalarValue = { type: 'bool', value: true };
const FALSE: ScalarValue = { type: 'bool', value: false };

const WORDS: ReadonlyMap<string, ScalarValue> = new Map<string, ScalarValue>([
  ...spelled(NULL, ['~', 'null', 'Null', 'NULL']),
  ...spelled(TRUE, ['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON']),
  ...spelled(FALSE, ['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF']),
  ...spelled({ type: 'float', value: NaN }, ['.nan', '.NaN', '.NAN']),
  ...spelled({ type: 'float', value: Infinity }, ['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF']),
  ...spelled({ type: 'float', value: -Infinity }, ['-.inf', '-.Inf', '-.INF']),
]);

function spelled(value: ScalarValue, words: readonly string[]): [string, ScalarValue][] {
  return words.map((word) => [word, value]);
}

function text(value: string): ScalarValue {
  return { type: 'string', value };
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** A number that starts with a digit or a sign. Dates and versions are none of these and stay strings. */
function numberOf(source: string): ScalarValue | undefined {
  const plain = source.replaceAll('_', '');
  return integer(plain) ?? decimalFloat(plain) ?? oddBinary(plain);
}

/** Go's `strconv.ParseInt(plain, 0, 64)` and, for what is too large for it, `ParseUint`, which takes no sign. */
function integer(plain: string): ScalarValue | undefined {
  const parts = /^([+-]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/.exec(plain);
  if (!parts) return undefined;
  const [, sign = '', hex, binary, octal, decimal] = parts;
  if (decimal !== undefined) return intWith(sign, '', decimal);
  if (hex !== undefined) return intWith(sign, '0x', hex);
  if (octal !== undefined) return intWith(sign, '0o', octal);
  return binary === undefined ? undefined : intWith(sign, '0b', binary);
}

function intWith(sign: string, prefix: '' | '0x' | '0o' | '0b', digits: string): ScalarValue | undefined {
  const significant = digits.replace(/^0+(?=.)/, '');
  if (significant.length > 64) return undefined;
  const size = BigInt(prefix + significant);
  if (sign === '-' ? size > INT64_MAX + 1n : size > (sign === '+' ? INT64_MAX : UINT64_MAX)) return undefined;
  const whole = sign === '-' ? -size : size;
  const value = Number(whole);
  return Number.isSafeInteger(value) ? { type: 'int', value, exact: true } : { type: 'int', value, exact: false, digits: String(whole) };
}

/** `089`, `1.5`, `8e1`, and decimal integers beyond 64 bits. Beyond the range of a float it is a string. */
function decimalFloat(plain: string): ScalarValue | undefined {
  if (!/^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/.test(plain)) return undefined;
  const value = Number(plain);
  return Number.isFinite(value) ? { type: 'float', value } : undefined;
}

/** go-yaml removes `0b` and tries again, so a sign may stand behind it: `0b-101` is -5. */
function oddBinary(plain: string): ScalarValue | undefined {
  const parts = /^0b([+-])([01]+)$/.exec(plain);
  return parts ? intWith(parts[1] ?? '', '0b', parts[2] ?? '') : undefined;
}

/** `.5` goes straight to Go's `strconv.ParseFloat`, which takes an underscore only between two digits. */
function dottedFloat(source: string): ScalarValue | undefined {
  if (!/^\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?$/.test(source)) return undefined;
  return decimalFloat(source.replaceAll('_', ''));
}

/** One of the four forms of a time that go-yaml knows: with `T` and a time zone, with a blank and without, or a date alone. */
const TIMESTAMP =
  /^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:(?:[Tt](?=.*(?:Z|[+-][0-9]{2}:[0-9]{2})$)| (?=[0-9:.,]*$))([0-9:]+)(?:[.,][0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})?)?$/;

function isTimestamp(source: string): boolean {
  const parts = source.length <= 64 && TIMESTAMP.exec(source);
  if (!parts) return false;
  const [, year, month, day, time = '0:0:0'] = parts;
  const clock = /^([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})$/.exec(time);
  if (!clock || Number(clock[1]) > 23 || Number(clock[2]) > 59 || Number(clock[3]) > 59) return false;
  return Number(day) >= 1 && Number(day) <= daysOf(Number(year), Number(month));
}

function daysOf(year: number, month: number): number {
  if (month < 1 || month > 12) return 0;
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function shortTag(tag: string): string {
  const bare = tag.startsWith('!<') && tag.endsWith('>') ? tag.slice(2, -1) : tag;
  return bare.startsWith('tag:yaml.org,2002:') ? `!!${bare.slice('tag:yaml.org,2002:'.length)}` : bare;
}

function onlyOf(type: string, value: ScalarValue): ScalarValue | undefined {
  return value.type === type ? value : undefined;
}

/** An integer may be tagged `!!float`, but not one that needs the 64th bit. */
function floatOf(value: ScalarValue): ScalarValue | undefined {
  if (value.type === 'float') return value;
  return value.type === 'int' && isInt64(value) ? { type: 'float', value: value.value } : undefined;
}

/** Go's standard base64: padding is a must, line breaks may stand anywhere. */
function binaryOf(source: string): ScalarValue | undefined {
  const packed = source.replace(/[\r\n]/g, '');
  if (packed.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(packed)) return undefined;
  const bytes = Uint8Array.from(atob(packed), (char) => char.charCodeAt(0));
  return text(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
}

type Int = Extract<ScalarValue, { type: 'int' }>;

function intText(value: Int): string {
  return value.digits ?? String(value.value);
}

/** Has the integer a place in 64 bits with a sign? */
export function isInt64(value: Int): boolean {
  return value.exact || BigInt(intText(value)) <= INT64_MAX;
}

/** Go's `encoding/json` writes a float as JavaScript does, but keeps the sign of zero. */
function floatText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** Go's `strconv.FormatFloat(value, 'g', -1, 32)`, which sigs.k8s.io/yaml uses for keys: as few digits as make a 32-bit float. */
function float32Text(value: number): string {
  const near = Math.fround(value);
  if (Number.isNaN(near)) return '.nan';
  if (!Number.isFinite(near)) return near > 0 ? '.inf' : '-.inf';
  if (near === 0) return floatText(near);
  const [mantissa = '', exponent = ''] = shortestFloat32(near).split('e');
  const power = Number(exponent);
  // `String` never shows an exponent between 1e-5 and 1e6, and neither does Go.
  if (power >= -4 && power < 6) return String(Number(`${mantissa}e${exponent}`));
  return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

function shortestFloat32(near: number): string {
  for (let digits = 0; digits < 9; digits++) {
    const written = near.toExponential(digits);
    if (Math.fround(Number(written)) === near) return written;
  }
  return near.toExponential(9);
}
