import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { complete } from '../../server/features/complete.ts';
import { definition } from '../../server/features/definition.ts';
import { highlight } from '../../server/features/highlight.ts';
import { references } from '../../server/features/references.ts';
import { prepareRename, rename } from '../../server/features/rename.ts';
import { workspaceSymbols } from '../../server/features/workspace-symbols.ts';
import { DEFAULTS } from '../../server/settings.ts';
import { sourceFile, textOf } from '../../server/syntax/source-file.ts';
import { emptySnapshot, withFile, withFiles } from '../../server/workspace/snapshot.ts';
import { TRICKY_TEXTS } from '../syntax/texts.ts';

const folder = new URL('../../examples/', import.meta.url);
const uriOf = (name: string): string => `file:///examples/${name}`;
const examples = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => ({ name, text: readFileSync(new URL(name, folder), 'utf8') }));
const snapshot = withFiles(
  emptySnapshot({ folders: ['file:///examples'], clusters: {} }),
  examples.map(({ name, text }) => ({ uri: uriOf(name), file: sourceFile(text) })),
);
const tricky = TRICKY_TEXTS.map((text, i) => ({ name: `tricky-${i}.yaml`, text }));

/** About so many offsets, spread over a text, always the same ones; both ends are among them. */
function offsetsOf(text: string, most: number): number[] {
  return [...new Set([...Array.from({ length: most }, (_, i) => Math.floor((i * text.length) / most)), text.length])];
}

describe.each([...examples, ...tricky])('no answer throws on a prefix of $name, among the other files', ({ name, text }) => {
  test('and places stay inside their files', () => {
    for (const length of offsetsOf(text, 6)) {
      const file = sourceFile(text.slice(0, length));
      const context = { uri: uriOf(name), file, settings: DEFAULTS, snapshot: withFile(snapshot, uriOf(name), file), snippets: true };
      for (const offset of offsetsOf(text.slice(0, length), 12)) {
        const spots = [...(definition(context, offset)?.targets ?? []), ...references(context, offset, true)];
        for (const spot of spots)
          expect(0 <= spot.span.start && spot.span.start <= spot.span.end && spot.span.end <= textOf(spot.file).length).toBe(true);
        for (const { start, end } of highlight(context, offset)) expect(0 <= start && end <= length).toBe(true);
        const prepared = prepareRename(context, offset);
        if (prepared.ok) expect(prepared.word.start <= offset + 1 && offset <= prepared.word.end + 1).toBe(true);
        const renamed = rename(context, offset, 'renamed');
        expect(renamed.ok || /^[A-Z{'].*\.$/s.test(renamed.why), renamed.ok ? '' : renamed.why).toBe(true);
        complete(context, offset);
      }
    }
  });
});

test('symbols of the examples', () => expect(workspaceSymbols(snapshot, '').length).toBeGreaterThan(20));
