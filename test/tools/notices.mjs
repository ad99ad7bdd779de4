// The licence notices of everything that the bundles hold. MIT, ISC and BSD ask that the notice goes with every copy.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folders, below `root`, of the packages that some inputs of a bundle come from: `node_modules/yaml`, `node_modules/a/node_modules/b`. */
export function packagesOf(inputs) {
  const folders = inputs.map((input) => /^(?:\.\/)?(.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input.replaceAll('\\', '/'))?.[0]);
  return [...new Set(folders.filter((folder) => folder !== undefined))].sort((a, b) => (a < b ? -1 : 1));
}

/** The notices of packages as one text. Throws where a package names no licence or ships no text of it. */
function noticesOf(root, folders) {
  const parts = folders.map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const files = readdirSync(join(root, folder)).filter((file) => /^(?:licen[cs]e|copying|notice|third-?party-?notices)\b/i.test(file));
    if (!license || !files.some((file) => !/notices?\b/i.test(file)))
      throw new Error(`${name} ${version} ships no licence that could be passed on.`);
    const texts = files.sort().map((file) =>
      readFileSync(join(root, folder, file), 'utf8')
        .replace(/\r\n?/g, '\n')
        .trim(),
    );
    return { title: `${name} ${version} (${license})`, text: texts.join('\n\n') };
  });
  const rule = '-'.repeat(80);
  const list = parts.map(({ title }) => `  ${title}`).join('\n');
  const head = `Netpol contains code of these packages:\n\n${list}\n`;
  return [head, ...parts.map(({ title, text }) => `${title}\n\n${text}\n`)].join(`\n${rule}\n\n`);
}

/** The inputs that were bundled into a file before: generated code says so in its second line. */
function innerInputs(root, inputs) {
  return inputs.flatMap((input) => {
    const path = join(root, input);
    const second = /\.generated\.js$/.test(input) && existsSync(path) ? readFileSync(path, 'utf8').split('\n')[1] : undefined;
    const inner = second?.startsWith('// from: ') ? second.slice('// from: '.length).split(' ') : [];
    return inner.map((folder) => `${folder}/package.json`);
  });
}

/** The notices for some results of esbuild, made with `metafile`. */
export function noticesFor(root, metafiles) {
  const inputs = metafiles.flatMap((metafile) => Object.values(metafile.outputs).flatMap((output) => used(output)));
  return noticesOf(root, packagesOf([...inputs, ...innerInputs(root, inputs)]));
}

function used({ inputs }) {
  return Object.entries(inputs).flatMap(([input, { bytesInOutput }]) => (bytesInOutput > 0 ? [input] : []));
}

/** Where they stand. */
export const NOTICES = join('dist', 'THIRD_PARTY_NOTICES.txt');
