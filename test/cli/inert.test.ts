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
import { COMMAND_LINE, CONTROL, hostileManifests, isInertText, UNSEEN, word, words } from '../hostile.ts';
import { scratch } from './scratch.ts';

/*
 * Names, labels, annotations and file names come from other people. Whatever stands in them, an output keeps its shape: no line, terminal
 * sequence, workflow command, markup or formula of theirs gets into it.
 */

const runs = { numRuns: 25 };

describe('whatever stands in the files', () => {
  const { write, netpol } = scratch();

  /** Runs a command on files with hostile words, under a hostile name. */
  async function hostile(command: string, many: readonly string[]): Promise<string> {
    const name = `${(many[0] ?? '').replace(/[/\0]/g, '').slice(0, 60)}.yaml`;
    const folder = `f${count++}`;
    write(`${folder}/${name}`, hostileManifests(many));
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
        write('one.yaml', hostileManifests(many));
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
        const objects = hostileManifests(many);
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
            /^(?: {2}end| {2}subgraph g\d+\["(?:[\p{L}\p{N} ./:,_[\]()-]|#\d+;)*"\]|(?: {4})n\d+(?:\["(?:[\p{L}\p{N} ./:,_[\]()-]|#\d+;)*"\])| {2}n\d+(?:\["(?:[\p{L}\p{N} ./:,_[\]()-]|#\d+;)*"\]| -->\|"(?:[\p{L}\p{N} ./:,_[\]()-]|#\d+;)*"\| n\d+))$/u,
          );
      }),
      runs,
    );
  });

  test('an HTML page has elements of ours only', async () => {
    await fc.assert(
      fc.asyncProperty(words, async (many) => {
        const out = (await hostile('connections --format html', many)).replace(/<(style|script)>[^]*?<\/\1>/g, '');
        expect(out).not.toMatch(CONTROL);
        for (const [, name] of out.matchAll(/<\/?([^\s>]*)/g))
          expect(name).toMatch(
            /^(?:!doctype|html|head|meta|title|body|main|h[12]|p|form|label|input|details|summary|table|thead|tbody|tr|t[hd]|ul|li|a|button|select|option|code)$/,
          );
        for (const [tag] of out.matchAll(/<[^>]*>/g)) expect(tag.replace(/"[^"]*"/g, '')).not.toMatch(/\son\w+=/);
      }),
      runs,
    );
  });

  test('a DOT graph consists of groups and edges of ours', async () => {
    await fc.assert(
      fc.asyncProperty(words, async (many) => {
        const out = await hostile('connections --format dot', many);
        expect(out).not.toMatch(CONTROL);
        const string = String.raw`"(?:[^"\\\n]|\\["\\])*"`;
        const edge = `  ${string} -> ${string} \\[label=${string}\\];`;
        const group = `  subgraph cluster_\\d+ \\{|    label=${string};|    ${string} \\[label=${string}\\];|  \\}`;
        for (const line of out.split('\n').slice(3, -2)) expect(line).toMatch(new RegExp(`^(?:${edge}|${group})$`));
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
