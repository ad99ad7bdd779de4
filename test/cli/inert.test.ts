import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments, parseDocument } from 'yaml';
import {
  csvField,
  dotString,
  inertJson,
  mermaidText,
  terminalText,
  workflowData,
  workflowProperty,
  yamlQuoted,
} from '../../server/base/inert.ts';
import { scalarText } from '../../server/syntax/edit.ts';
import { scratch } from './scratch.ts';

/*
 * Names, labels, annotations and file names come from other people. Whatever stands in them, an output keeps its shape: no line, terminal
 * sequence, workflow command, markup or formula of theirs gets into it.
 */

const HOSTILE = [
  '\n::error::pwned ',
  '::warning file=a.yaml::x',
  '\r\n##[error]x',
  '##vso[task.setvariable variable=a]b',
  '\u001b[31mred',
  '\u009b31m',
  '\u001b]8;;http://evil.example\u0007link',
  '\u202eabc',
  '\u2028x',
  '=1+1',
  '+1',
  '-2+3',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  '<img src=x onerror=alert(1)>',
  '[a](http://evil.example)',
  '![a](x)',
  '](javascript:alert)',
  '`code`',
  '**b**',
  '| a | b |',
  '\\|',
  '"]; click n0 "javascript:x"',
  '" -> "x" [URL="http://evil.example"]; "',
  '\\"',
  '\\',
  '%%{init: {}}%%',
  '#quot;',
  '&lt;',
  '%0A::error::x',
  ',"',
  '{0}',
  'web',
];
const word = fc.array(fc.constantFrom(...HOSTILE), { minLength: 1, maxLength: 3 }).map((parts) => parts.join(''));
const words = fc.array(word, { minLength: 7, maxLength: 7 });

/** Pods, a policy with a near miss, one that selects nothing, one that fails, an expectation: each with hostile words in it. */
function manifests([a = '', b = '', c = '', d = '', e = '', f = '', g = '']: readonly string[]): string {
  const q = JSON.stringify;
  return `apiVersion: v1
kind: Pod
metadata: {name: ${q(a)}, namespace: ${q(b)}, labels: {app: ${q(c)}, ${q(d)}: x}}
spec: {containers: [{name: c, image: i, ports: [{name: ${q(e)}, containerPort: 80}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: ${q(`${a}2`)}, namespace: ${q(b)}, labels: {app: ${q(f)}}}
spec: {containers: [{name: c, image: i}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${q(g)}, namespace: ${q(b)}, annotations: {${q(a)}: ${q(f)}}, labels: {${q(c)}: ${q(d)}}}
spec:
  podSelector: {matchLabels: {app: ${q(`${c}x`)}}}
  policyTypes: [Ingress, ${q(e)}]
  ${q(f)}: 1
  ingress:
  - from: [{podSelector: {matchLabels: {app: ${q(`${f}y`)}}}}]
    ports: [{port: ${q(e)}}, {port: 80, protocol: ${q(g)}}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${q(`${g}2`)}, namespace: ${q(b)}}
spec: {podSelector: {matchLabels: {app: ${q(c)}}}, policyTypes: [Ingress]}
---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: ${q(d)}}
spec: {tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{name: ${q(a)}, action: Pass, from: [{namespaces: {matchLabels: {${q(b)}: ${q(c)}}}}]}]}
`;
}

// oxlint-disable-next-line no-control-regex -- what must not come out
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/;
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const COMMAND = /^\s*::[a-z]|##\[|##vso\[/im;

/** What a build server takes for a command: `::` at the start of a line only. */
const COMMAND_LINE = /^\s*::[a-z]/im;

function isInertText(out: string): void {
  expect(out).not.toMatch(CONTROL);
  expect(out).not.toMatch(COMMAND);
}

const runs = { numRuns: 25 };

describe('whatever stands in the files', () => {
  const { write, netpol } = scratch();

  /** Runs a command on files with hostile words, under a hostile name. */
  async function hostile(command: string, many: readonly string[]): Promise<string> {
    const name = `${(many[0] ?? '').replace(/[/\0]/g, '').slice(0, 60)}.yaml`;
    const folder = `f${count++}`;
    write(`${folder}/${name}`, manifests(many));
    const { out, err } = await netpol([...command.split(' '), folder]);
    isInertText(err);
    return out;
  }
  let count = 0;

  test.each(['check --profile audit', 'connections', 'check --profile audit --fix --dry-run'])(
    'the text of %s stays text',
    async (command) => {
      await fc.assert(
        fc.asyncProperty(words, async (many) => isInertText(await hostile(command, many))),
        runs,
      );
    },
  );

  test('so does an explanation', async () => {
    await fc.assert(
      fc.asyncProperty(words, async (many) => {
        write('one.yaml', manifests(many));
        const [name = '', namespace = ''] = many;
        const ends = [`${namespace}/${name}`, `${namespace}/${name}2`];
        const text = await netpol(['explain', 'one.yaml', '--from', ends[0] ?? '', '--to', ends[1] ?? '']);
        isInertText(text.out);
        isInertText(text.err);
        const json = await netpol(['explain', 'one.yaml', '--from', ends[0] ?? '', '--to', ends[1] ?? '', '--format', 'json']);
        expect(json.out).not.toMatch(CONTROL);
      }),
      runs,
    );
  });

  test('every line for GitHub is one annotation of ours', async () => {
    await fc.assert(
      fc.asyncProperty(words, async (many) => {
        const out = await hostile('check --profile audit --format github', many);
        expect(out).not.toMatch(CONTROL);
        for (const line of out.split('\n').slice(0, -1)) expect(line).toMatch(/^::(?:error|warning|notice) file=[^:,]*,line=\d+,[^:]*::/);
      }),
      runs,
    );
  });

  test.each(['check --profile audit --format json', 'check --profile audit --format sarif', 'connections --format json'])(
    '%s is JSON without control characters',
    async (command) => {
      await fc.assert(
        fc.asyncProperty(words, async (many) => {
          const out = await hostile(command, many);
          expect(out).not.toMatch(CONTROL);
          expect(() => JSON.parse(out)).not.toThrow();
        }),
        runs,
      );
    },
  );

  test.each(['yaml', 'json'])('a build as %s is data without control characters, and the same data', async (format) => {
    await fc.assert(
      fc.asyncProperty(words, async (many) => {
        const folder = `f${count++}`;
        const objects = manifests(many);
        write(`${folder}/a.yaml`, objects);
        write(`${folder}/kustomization.yaml`, `resources: [a.yaml]\ncommonAnnotations: {note: ${JSON.stringify(many.join(''))}}\n`);
        const { out, err } = await netpol(['build', folder, '--format', format]);
        isInertText(err);
        expect(out).not.toMatch(CONTROL);
        expect(out).not.toMatch(COMMAND_LINE);
        const built = parseAllDocuments(out).map((document) => document.toJS() as unknown);
        const found: unknown = format === 'json' ? JSON.parse(out).objects : built;
        expect(JSON.stringify(found)).toContain(JSON.stringify(many.join('')));
        expect(found).toHaveLength(objects.split('\n---\n').length);
      }),
      runs,
    );
  });

  test('a CSV has four fields a line, and none is a formula', async () => {
    await fc.assert(
      fc.asyncProperty(words, async (many) => {
        const out = await hostile('connections --format csv', many);
        expect(out).not.toMatch(CONTROL);
        for (const line of out.split('\n').slice(0, -1)) {
          const fields = fieldsOf(line);
          expect(fields).toHaveLength(4);
          for (const field of fields) expect(field).not.toMatch(/^\s*[=+\-@]/);
        }
      }),
      runs,
    );
  });

  test('a Markdown table has three cells a line, of plain text', async () => {
    await fc.assert(
      fc.asyncProperty(words, async (many) => {
        const out = await hostile('connections --format md', many);
        expect(out).not.toMatch(CONTROL);
        for (const line of out.split('\n').slice(2, -1)) {
          const bare = line.replace(/\\[^\p{L}\p{N}\s]/gu, '');
          expect(bare).toMatch(/^\|[^|]*\|[^|]*\|[^|]*\|$/);
          expect(bare).not.toMatch(/[<>[\]`*_]/);
        }
      }),
      runs,
    );
  });

  test('a Mermaid chart consists of nodes and edges of ours', async () => {
    await fc.assert(
      fc.asyncProperty(words, async (many) => {
        const [head, ...lines] = (await hostile('connections --format mermaid', many)).split('\n');
        expect(head).toBe('flowchart LR');
        for (const line of lines.slice(0, -1))
          expect(line).toMatch(
            /^ {2}n\d+(?:\["(?:[\p{L}\p{N} ./:,_[\]()-]|#\d+;)*"\]| -->\|"(?:[\p{L}\p{N} ./:,_[\]()-]|#\d+;)*"\| n\d+)$/u,
          );
      }),
      runs,
    );
  });

  test('a DOT graph consists of edges of ours', async () => {
    await fc.assert(
      fc.asyncProperty(words, async (many) => {
        const out = await hostile('connections --format dot', many);
        expect(out).not.toMatch(CONTROL);
        const string = String.raw`"(?:[^"\\\n]|\\["\\])*"`;
        const edge = new RegExp(`^  ${string} -> ${string} \\[label=${string}\\];$`);
        for (const line of out.split('\n').slice(3, -2)) expect(line).toMatch(edge);
      }),
      runs,
    );
  });
});

/** The fields of a CSV line. */
function fieldsOf(line: string): readonly string[] {
  const found = [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))(?=,|$)/g)];
  expect(found.map(([all]) => all).join('')).toBe(line);
  return found.map(([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '');
}

describe('any text at all', () => {
  test('stays one line of a terminal, and no command', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), word, (a, b) => {
        isInertText(terminalText(a + b));
        isInertText(terminalText(b + a));
      }),
    );
  });
  test('stays the same text in YAML and JSON, on one line', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), word), (text) => {
        for (const written of [scalarText(text), yamlQuoted(text), inertJson(text)]) {
          expect(written).not.toMatch(UNSEEN);
          expect(parseDocument(written, { strict: false }).toJS()).toBe(text);
        }
      }),
    );
  });
  test('stays one field', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(fieldsOf(csvField(text))).toHaveLength(1);
      }),
    );
  });
  test('stays inside its quotes, and in its place of a command', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), word), (text) => {
        expect(dotString(text)).toMatch(/^"(?:[^"\\\n\r]|\\["\\])*"$/);
        expect(mermaidText(text)).not.toMatch(/["<>&`\n\r;](?<!#\d+;)/);
        expect(workflowData(text)).not.toMatch(/[\n\r]|%(?!25)/);
        expect(workflowProperty(text)).not.toMatch(/[\n\r:,]|%(?!25|3A|2C)/);
      }),
    );
  });
});
