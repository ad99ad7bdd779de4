import { manifestsOf, type SourceFile } from '../../syntax/source-file.ts';
import { get, itemsOf, stringOf } from '../../syntax/tree.ts';
import { isInside, parentOf, resolveFrom } from '../uri.ts';
import type { BuildFiles } from './files.ts';

/**
 * What writes a path that is missing here, as the end of a sentence: git ignores it, so that it is made where the build runs, or a tool
 * whose file stands in a folder around it writes it. `undefined` where nothing is known to. What was looked for is added to `reads`.
 */
export function fillerOf(uri: string, folder: string, files: BuildFiles, reads: Set<string>): string | undefined {
  if (files.isIgnored?.(uri) === true) return 'git ignores it, so another step has to write it before the build';
  const ask = (address: string): SourceFile | undefined => {
    reads.add(address);
    return files.what(address) === 'file' ? files.file(address) : undefined;
  };
  for (const ending of TEMPLATE_ENDINGS) if (ask(`${uri}${ending}`)) return `the template beside it ('${ending}') is rendered to it`;
  const between = foldersAround(uri).slice(0, foldersAround(uri).findIndex((at) => isInside(folder, at)) + 1);
  for (const at of foldersAround(uri))
    for (const { names, words, writes, far } of TOOLS)
      for (const name of far || between.includes(at) ? names : []) {
        const file = ask(`${at}/${name}`);
        if (file && writes(uri, at, file)) return `${words} writes it, as '${name}' says`;
      }
  return undefined;
}

/** Endings of templates whose output has the name without them. */
const TEMPLATE_ENDINGS = ['.tpl', '.tmpl', '.gotmpl', '.j2', '.jinja2', '.template', '.in'];

/** A tool that fetches or renders manifests, by the file that it reads in a folder. */
interface Tool {
  readonly names: readonly string[];
  readonly words: string;
  /** Does it write to folders anywhere below its file, so that it may stand above the kustomization? */
  readonly far: boolean;
  /** Does it write this address, given its folder and its file? */
  readonly writes: (uri: string, folder: string, file: SourceFile) => boolean;
}

const TOOLS: readonly Tool[] = [
  { names: ['vendir.yml', 'vendir.yaml'], words: 'vendir', far: true, writes: isInVendirDirectory },
  // jsonnet-bundler and furyctl write to `vendor` beside their file.
  { names: ['jsonnetfile.json'], words: 'jsonnet-bundler', far: true, writes: (uri, folder) => isInside(uri, `${folder}/vendor`) },
  {
    names: ['Furyfile.yml', 'Furyfile.yaml', 'furyctl.yaml'],
    words: 'furyctl',
    far: true,
    writes: (uri, folder) => isInside(uri, `${folder}/vendor`),
  },
  // kpt keeps a package in its folder; helmfile renders to a folder that its command line names.
  { names: ['Kptfile'], words: 'kpt', far: false, writes: () => true },
  { names: ['helmfile.yaml', 'helmfile.yml', 'helmfile.yaml.gotmpl'], words: 'helmfile', far: false, writes: () => true },
];

/** `directories[].path` and `contents[].path` of vendir's configuration. */
function isInVendirDirectory(uri: string, folder: string, file: SourceFile): boolean {
  const directories = itemsOf(get(manifestsOf(file)[0]?.manifest.root, 'directories'));
  return directories.some((directory) => {
    const path = resolveFrom(folder, stringOf(get(directory, 'path')) ?? '');
    if (path === undefined || !isInside(uri, path)) return false;
    const contents = itemsOf(get(directory, 'contents')).flatMap((one) => resolveFrom(path, stringOf(get(one, 'path')) ?? '') ?? []);
    return contents.length === 0 || contents.some((one) => isInside(uri, one) || isInside(one, uri));
  });
}

/** The folders around an address, the innermost first. */
function foldersAround(uri: string): readonly string[] {
  const found: string[] = [];
  for (let at = parentOf(uri); !found.includes(at); at = parentOf(at)) found.push(at);
  return found;
}
