import { expect, test } from 'vitest';
import { findingsIn } from './findings.ts';

/**
 * Verdicts on documents that the corpus does not have. They come from Go's own parser and decoder (go-yaml v2, sigs.k8s.io/yaml,
 * sigs.k8s.io/json) run over mutated policies, and from the validation code of Kubernetes.
 */
interface Case {
  readonly why: string;
  readonly yaml: string;
  readonly verdict: 'accept' | 'reject';
}

const HEAD = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n';
const SPEC = 'spec:\n  podSelector: {}\n  policyTypes: [Ingress]\n';
const BODY = `metadata:\n  name: web\n  namespace: shop\n${SPEC}`;

/** A policy with more metadata; each line is indented as a field of it. */
function withMetadata(...lines: readonly string[]): string {
  return `${HEAD}metadata:\n  name: web\n${lines.map((line) => `  ${line}\n`).join('')}${SPEC}`;
}

/** A policy with one owner, of which one field stands as given. */
function ownedBy(fields: Readonly<Record<string, string>>): string {
  const all = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: '"1"', ...fields };
  const lines = Object.entries(all).filter(([, value]) => value !== 'MISSING');
  return withMetadata('ownerReferences:', ...lines.map(([key, value], i) => `${i === 0 ? '-' : ' '} ${key}: ${value}`));
}

/** The metadata is lost, and its fields hang below the kind: deleting one line does that. */
const HEADLESS = [...'abcdefghij'].map((key) => `  ${key}: x\n`).join('');

const CASES: readonly Case[] = [
  { why: 'a whole owner', yaml: ownedBy({}), verdict: 'accept' },
  ...['apiVersion', 'kind', 'name', 'uid'].flatMap((key) =>
    ['MISSING', '', '~', '""'].map((value): Case => ({
      why: `an owner's ${key} as '${value}' is required`,
      yaml: ownedBy({ [key]: value }),
      verdict: 'reject',
    })),
  ),
  { why: 'an apiVersion has one slash', yaml: ownedBy({ apiVersion: 'a/b/c' }), verdict: 'reject' },
  { why: 'text in base64, in quotes', yaml: `${HEAD}metadata:\n  name: !!binary "aGVsbG8="\n${SPEC}`, verdict: 'accept' },
  { why: 'no base64, in quotes', yaml: withMetadata('uid: !!binary "@"'), verdict: 'reject' },
  { why: 'an offset of sixty minutes', yaml: withMetadata('creationTimestamp: "2024-01-01T00:00:00+24:60"'), verdict: 'accept' },
  { why: 'an offset of 25 hours', yaml: withMetadata('creationTimestamp: "2024-01-01T00:00:00+25:00"'), verdict: 'reject' },
  { why: 'U+0085 ends a line', yaml: withMetadata('uid: a\u0085b'), verdict: 'reject' },
  { why: 'U+2028 ends a comment', yaml: withMetadata('uid: a # b\u2028c'), verdict: 'reject' },
  { why: 'U+2028 in quotes is text', yaml: withMetadata('annotations: {note: "a\u2028b"}'), verdict: 'accept' },
  { why: 'the line of metadata is lost', yaml: `${HEAD}${HEADLESS}${SPEC}`, verdict: 'reject' },
  { why: 'an open bracket behind the kind', yaml: `${HEAD}[a, b:\n  name: web\n${SPEC}`, verdict: 'reject' },
  ...['generation', 'deletionGracePeriodSeconds'].flatMap((field): readonly Case[] => [
    { why: `${field} up to 2^63 - 1`, yaml: withMetadata(`${field}: 9223372036854775807`), verdict: 'accept' },
    { why: `${field} in octal`, yaml: withMetadata(`${field}: 0o777777777777777777777`), verdict: 'accept' },
    { why: `${field} from 2^63 on`, yaml: withMetadata(`${field}: 9223372036854775808`), verdict: 'reject' },
    { why: `${field} as a float of 2^63`, yaml: withMetadata(`${field}: 9223372036854775807.0`), verdict: 'reject' },
    { why: `${field} from -2^63 on`, yaml: withMetadata(`${field}: -9223372036854775808`), verdict: 'accept' },
  ]),
  {
    why: 'infinity is text as a key',
    yaml: withMetadata('managedFields:', '- fieldsV1: {.inf: {}, -.inf: {}, .nan: {}}'),
    verdict: 'accept',
  },
  { why: 'infinity is no label key', yaml: withMetadata('labels: {.inf: a}'), verdict: 'reject' },
  { why: 'infinity is no value', yaml: withMetadata('managedFields:', '- fieldsV1: {a: [.inf]}'), verdict: 'reject' },
  { why: 'a null is no key', yaml: withMetadata('managedFields:', '- fieldsV1: {&a ~: {}}'), verdict: 'reject' },
  { why: 'brackets that go on at the left', yaml: `${HEAD}${BODY.replace('[Ingress]', '[Ingress,\nEgress]')}`, verdict: 'accept' },
  { why: 'a bracket that closes at the left', yaml: `${HEAD}${BODY.replace('[Ingress]', '[\n  Ingress # in\n]')}`, verdict: 'accept' },
  { why: 'braces that go on at the left', yaml: withMetadata('labels: {a: b,', 'c: d}').replace('  c: d', 'c: d'), verdict: 'accept' },
  { why: 'a quote that goes on at the left', yaml: withMetadata('annotations:', '  note: "one\ntwo"'), verdict: 'accept' },
  {
    why: 'a bracket at the left without its comma',
    yaml: `${HEAD}${BODY.replace('[Ingress]', '[Ingress # in\nEgress]')}`,
    verdict: 'reject',
  },
  { why: 'a bracket at the left that is a key', yaml: `${HEAD}${BODY}  [a,\nb]: c\n`, verdict: 'reject' },
  { why: 'a quote at the left that is a key', yaml: `${HEAD}${BODY}  "podSel\nector": c\n`, verdict: 'reject' },
  { why: 'an open bracket, closed by another', yaml: `${HEAD}${BODY.replace('[Ingress]', '[Ingress\n  ingress: []')}`, verdict: 'reject' },
  { why: 'the word of the kind on a line of its own', yaml: `${HEAD.replace('kind: ', 'kind:\n')}${BODY}`, verdict: 'reject' },
];

test.each(CASES)('$verdict: $why', ({ yaml, verdict }) => {
  const errors = findingsIn(yaml).filter(({ severity }) => severity === 'error');
  expect(errors.length > 0 ? 'reject' : 'accept', errors.map(({ code, message }) => `${code}: ${message}`).join('\n')).toBe(verdict);
});
