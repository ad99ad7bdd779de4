/*
 * What `netpol convert` makes of the policies of clusters: how many are converted for each pair of APIs, how many of these are proved
 * equal, and why the others are refused.
 *
 *   node bench/conversion.mjs CLUSTERS.jsonl… [--every N] [--cli dist/cli.cjs]
 *
 * Each line of the files is a cluster as in test/corpus (`files`: name to text; `dialect`: its network plugin). `--every N` takes each Nth one.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const TARGETS = ['networkpolicy', 'clusternetworkpolicy', 'cilium', 'calico', 'antrea'];
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { every: { type: 'string', default: '1' }, cli: { type: 'string', default: 'dist/cli.cjs' } },
});
const cli = resolve(values.cli);
const every = Number(values.every);

/** Runs one conversion; no documents where there is nothing to convert. */
function convert(folder, target, cni) {
  const args = [cli, 'convert', '--to', target, '--cni', cni, '--priority', '1000', '--format', 'json', '.'];
  return new Promise((done) => {
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 1 << 28 }, (_error, out) => {
      try {
        done(JSON.parse(out).documents);
      } catch {
        done([]);
      }
    });
  });
}

/** The API of each document of a cluster, by file and index. */
function apiOf(text = '') {
  const version = /^apiVersion:\s*['"]?([\w./-]+)/m.exec(text)?.[1] ?? '';
  const kind = /^kind:\s*['"]?(\w+)/m.exec(text)?.[1] ?? '';
  if (version.startsWith('cilium.io')) return 'cilium';
  if (version.includes('projectcalico.org')) return 'calico';
  if (version.startsWith('crd.antrea.io')) return 'antrea';
  return kind === 'NetworkPolicy' ? 'networkpolicy' : kind.endsWith('NetworkPolicy') ? kind.toLowerCase() : 'other';
}

/** The kind of reason: what stands in quotes, and numbers, are left out. */
function reasonOf(text) {
  return text
    .replace(/'[^']*'/g, "'…'")
    .replace(/\d+/g, 'N')
    .split(/(?<=\.)\s/)[0]
    .slice(0, 110);
}

const table = new Map();
const reasons = new Map();

function note(from, to, { proved, refused }) {
  const key = `${from} -> ${to}`;
  const row = table.get(key) ?? { policies: 0, equal: 0, 'L3/L4': 0, refused: 0 };
  row.policies++;
  if (refused !== undefined) {
    row.refused++;
    const why = `${key}: ${reasonOf(refused)}`;
    reasons.set(why, (reasons.get(why) ?? 0) + 1);
  } else if (proved === 'equal') row.equal++;
  else row['L3/L4']++;
  table.set(key, row);
}

for (const file of positionals) {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  for (const [i, line] of lines.entries()) {
    if (i % every !== 0) continue;
    const { files, dialect = 'kubernetes' } = JSON.parse(line);
    const folder = mkdtempSync(join(tmpdir(), 'conversion-'));
    const documents = new Map();
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
      for (const [n, one] of text.split(/^---.*$/m).entries()) documents.set(`${name} ${n}`, apiOf(one));
    }
    const results = await Promise.all(
      TARGETS.map(async (to) => [
        to,
        await convert(folder, to, dialect === 'kubernetes' ? (['cilium', 'calico', 'antrea'].includes(to) ? to : 'kubernetes') : dialect),
      ]),
    );
    for (const [to, all] of results)
      for (const one of all) note(documents.get(`${one.from.file} ${one.from.document}`) ?? 'other', to, one);
    rmSync(folder, { recursive: true });
  }
}
console.log('| from -> to | policies | proved equal | equal on L3/L4 or less | refused |\n| --- | --- | --- | --- | --- |');
for (const [key, row] of [...table].sort()) console.log(`| ${key} | ${row.policies} | ${row.equal} | ${row['L3/L4']} | ${row.refused} |`);
console.log('\nWhy refused:');
for (const [why, count] of [...reasons].sort((a, b) => b[1] - a[1]).slice(0, 40)) console.log(`${String(count).padStart(4)}  ${why}`);
