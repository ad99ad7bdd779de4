// Packs cases for the tests: node test/tools/pack-corpus.mjs FOLDER… writes test/corpus/NAME.jsonl.gz for each FOLDER, one line a case:
// {"id": …, "expect": …, "files": {"path": "text"}}. FOLDER holds one folder a case and expect.json.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';

for (const folder of process.argv.slice(2)) {
  const expect = JSON.parse(readFileSync(join(folder, 'expect.json'), 'utf8'));
  const lines = Object.keys(expect)
    .sort()
    .map((id) => JSON.stringify({ id, expect: expect[id], files: filesBelow(join(folder, id)) }));
  const target = new URL(`../corpus/${basename(folder)}.jsonl.gz`, import.meta.url);
  writeFileSync(target, gzipSync(`${lines.join('\n')}\n`, { level: 9 }));
}

function filesBelow(root) {
  const names = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = names.map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)).replaceAll('\\', '/')).sort();
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
}
