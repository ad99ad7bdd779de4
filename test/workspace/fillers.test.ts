import { expect, test } from 'vitest';
import { sourceFile } from '../../server/syntax/source-file.ts';
import { build } from '../../server/workspace/kustomize/build.ts';
import { fixture } from '../fixture.ts';

/** What a build of `app` says of paths that are missing. */
function problemsIn(source: string, ignored: readonly string[] = []): readonly string[] {
  const files = new Map(fixture(source).files.map(({ name, text }) => [`file:///top/${name}`, sourceFile(text)]));
  const { problems } = build('file:///top/app', {
    what: (uri) => (files.has(uri) ? 'file' : [...files.keys()].some((key) => key.startsWith(`${uri}/`)) ? 'folder' : 'missing'),
    file: (uri) => files.get(uri),
    isIgnored: (uri) => ignored.some((one) => uri.startsWith(`file:///top/${one}`)),
  });
  return problems.map(({ severity, code, message }) => `${severity} ${code}: ${message}`);
}

const KUSTOMIZATION = `# file: app/kustomization.yaml
resources: [../vendor/base]
components: [vendor/part]
patches:
- path: patch.yaml
`;

test('a missing path is an error of kustomize', () => {
  expect(problemsIn(KUSTOMIZATION)).toEqual([
    "error kustomization-path: '../vendor/base' does not exist.",
    "error kustomization-path: 'vendor/part' is not a folder with a kustomization file.",
    "error kustomization-path: 'patch.yaml' does not exist.",
  ]);
});

test('what git ignores is written by another step, so that it is unknown and no error', () => {
  expect(problemsIn(KUSTOMIZATION, ['vendor', 'app/vendor', 'app/patch.yaml'])).toMatchInlineSnapshot(`
    [
      "unknown kustomization-unknown: '../vendor/base' is missing, but git ignores it, so another step has to write it before the build. Its objects are unknown; findings and verdicts take into account that they may exist.",
      "unknown kustomization-unknown: 'vendor/part' is missing, but git ignores it, so another step has to write it before the build. Its objects are unknown; findings and verdicts take into account that they may exist.",
      "unknown kustomization-unknown: 'patch.yaml' is missing, but git ignores it, so another step has to write it before the build. Its objects are unknown; findings and verdicts take into account that they may exist.",
    ]
  `);
});

test('a folder whose kustomization file another step writes is unknown, too', () => {
  const folders = `${KUSTOMIZATION.replace(/patches:[^]*/, '')}# file: vendor/base/a.yaml\nkind: A\n# file: app/vendor/part/a.yaml\nkind: A\n`;
  expect(problemsIn(folders).map((one) => /'.*/.exec(one)?.[0])).toEqual([
    "'../vendor/base' has no kustomization file.",
    "'vendor/part' is not a folder with a kustomization file.",
  ]);
  const found = problemsIn(`${folders}# file: vendor/base/kustomization.yaml.in\n\n`, ['app/vendor/part/kustomization.yaml']);
  expect(found.map((one) => /'.*?[;.] /.exec(one)?.[0])).toEqual([
    "'../vendor/base/kustomization.yaml' is missing, but the template beside it ('.in') is rendered to it. ",
    "'vendor/part/kustomization.yaml' is missing, but git ignores it, so another step has to write it before the build. ",
  ]);
});

test.each([
  ['vendir.yml', 'directories: [{path: vendor, contents: [{path: base}]}]', "'../vendor/base'"],
  ['vendir.yml', 'directories: [{path: vendor, contents: [{path: other}]}]', ''],
  ['jsonnetfile.json', '{}', "'../vendor/base'"],
  ['app/jsonnetfile.json', '{}', "'vendor/part'"],
  ['Furyfile.yml', 'bases: []', "'../vendor/base'"],
  ['vendor/Kptfile', 'kind: Kptfile', "'../vendor/base'"],
  ['app/helmfile.yaml', 'releases: []', "'vendor/part' 'patch.yaml'"],
  ['app/patch.yaml.tpl', 'kind: {{ .Kind }}', "'patch.yaml'"],
])('%s: %s', (name, text, unknown) => {
  const found = problemsIn(`${KUSTOMIZATION}# file: ${name}\n${text}\n`).filter((one) => one.startsWith('unknown'));
  expect(found.map((one) => /'.*?'/.exec(one)?.[0]).join(' ')).toBe(unknown);
});
