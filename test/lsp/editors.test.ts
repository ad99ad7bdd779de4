import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { serverBundle } from './bundle.ts';
import { scratchDisk } from './scratch-disk.ts';

/*
 * The configurations of docs/editors.md, as they stand there, in the editors that are installed here: Neovim (the form for its version) and
 * Emacs with eglot. Without one its tests are skipped, and the report of the run says so.
 */

const disk = scratchDisk();
const page = readFileSync(new URL('../../docs/editors.md', import.meta.url), 'utf8');

/** The code blocks of a language, in the order of the page. */
const blocks = (language: string): readonly string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(([, text = '']) => text);

const output = (command: string, ...words: readonly string[]): string => {
  const { stdout, stderr } = spawnSync('/usr/bin/env', [command, ...words], { encoding: 'utf8', timeout: 20_000 });
  return `${stdout}${stderr}`;
};

const nvim = /^NVIM v0\.(\d+)/.exec(output('nvim', '--version'))?.[1];
const hasEglot = output('emacs', '--batch', '--eval', '(progn (package-initialize) (require \'eglot) (princ "eglot is here"))').includes(
  'eglot is here',
);

let bundle = '';
beforeAll(async () => {
  bundle = await serverBundle('editors');
});

const POLICY = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector:
    matchLabels:
      app: db
  policyTypes: [Ingress]
  foo: 1
`;
const POD =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: db, namespace: shop, labels: {app: db}}\nspec: {containers: [{name: c, image: i}]}\n';

/** A folder with two files, and a `netpol` on the path. */
function prepare(): { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly encoding: 'utf8'; readonly timeout: number } {
  disk.write('p/a.yaml', POLICY);
  disk.write('p/b.yaml', POD);
  disk.write('p/.git/HEAD', 'ref: refs/heads/main\n');
  disk.write('bin/netpol', `#!/bin/sh\nshift\nexec '${process.execPath}' '${bundle}' "$@"\n`);
  chmodSync(disk.path('bin/netpol'), 0o755);
  const env = { ...process.env, PATH: `${disk.path('bin')}:${process.env['PATH']}`, HOME: disk.path('home') };
  return { cwd: disk.path('p'), env, encoding: 'utf8', timeout: 50_000 };
}

describe.skipIf(nvim === undefined)('Neovim', () => {
  test('findings, hover, rename in two files, and the report of a lens, which stops nothing', () => {
    const options = prepare();
    const [current = '', older = ''] = blocks('lua');
    disk.write('init.lua', `vim.cmd('filetype on')\n${Number(nvim) >= 8 ? current : older}`);
    disk.write(
      'session.lua',
      `local function ask(method, params)
  local answers = vim.lsp.buf_request_sync(0, method, params, 8000)
  for _, answer in pairs(answers or {}) do return answer.result end
end
local function say(...) io.stdout:write(table.concat({ ... }, ' ') .. '\\n') end
vim.wait(20000, function() return #vim.diagnostic.get(0) >= 1 end, 50)
for _, found in ipairs(vim.diagnostic.get(0)) do say('finding', found.lnum + 1, found.code) end
vim.fn.cursor(7, 13)
local here = vim.lsp.util.make_position_params(0, 'utf-16')
say('hover', (ask('textDocument/hover', here).contents.value:gsub('\\n.*', '')))
here.newName = 'data'
local edit = ask('textDocument/rename', here)
say('renamed in', vim.tbl_count(edit.changes or edit.documentChanges))
local report = { command = 'netpol.showReport', arguments = { { uri = here.textDocument.uri, what = { kind = 'matrix' } } } }
say('report', ask('workspace/executeCommand', report).title)
say('hover', ask('textDocument/hover', here) and 'still' or 'gone')
vim.cmd('qa!')
`,
    );
    const { stdout, stderr } = spawnSync(
      '/usr/bin/env',
      ['nvim', '--headless', '-u', disk.path('init.lua'), 'a.yaml', '-c', `luafile ${disk.path('session.lua')}`],
      options,
    );
    expect(stdout.split('\n'), stderr).toEqual(
      expect.arrayContaining([
        'finding 9 unknown-field',
        'hover Isolates pods with app=db in namespace shop.',
        'renamed in 2',
        expect.stringMatching(/^report \S/),
        'hover still',
      ]),
    );
  });
});

describe.skipIf(!hasEglot)('Emacs with eglot', () => {
  test('findings, hover, rename, and the report of a lens, which ends nothing', () => {
    const options = prepare();
    const [config = ''] = blocks('elisp');
    disk.write(
      'session.el',
      `(fset 'y-or-n-p (lambda (&rest _) t))
(require 'package) (package-initialize)
(unless (require 'yaml-mode nil t)
  (define-derived-mode yaml-mode prog-mode "YAML")
  (add-to-list 'auto-mode-alist '("\\\\.ya?ml\\\\'" . yaml-mode)))
(require 'eglot) (require 'flymake)
${config}
(setq eglot-sync-connect 20 eglot-confirm-server-initiated-edits nil)
(defun say (&rest words) (princ (concat (mapconcat (lambda (word) (format "%s" word)) words " ") "\\n")))
(condition-case fault
    (progn
      (find-file "a.yaml")
      (call-interactively 'eglot)
      (flymake-start) (accept-process-output nil 3) (sit-for 2)
      (dolist (found (flymake-diagnostics))
        (say "finding" (line-number-at-pos (flymake-diagnostic-beg found)) (flymake-diagnostic-text found)))
      (goto-char (point-min)) (search-forward "app: d")
      (say "hover" (car (split-string (plist-get (plist-get (jsonrpc-request (eglot-current-server) :textDocument/hover (eglot--TextDocumentPositionParams)) :contents) :value) "\\n")))
      (eglot-rename "data")
      (say "renamed" (buffer-substring (line-beginning-position) (line-end-position)))
      (say "report" (plist-get (jsonrpc-request (eglot-current-server) :workspace/executeCommand
        (list :command "netpol.showReport" :arguments (vector (list :uri (eglot--path-to-uri (buffer-file-name)) :what '(:kind "matrix"))))) :title))
      (sit-for 1)
      (say "running" (and (jsonrpc-running-p (eglot-current-server)) t)))
  (error (say "ERROR" fault)))
(set-buffer-modified-p nil) (kill-emacs 0)
`,
    );
    const { stdout, stderr } = spawnSync('/usr/bin/env', ['emacs', '--batch', '-l', disk.path('session.el')], options);
    const said = stdout.split('\n');
    expect(
      said.filter((line) => line.startsWith('ERROR')),
      stderr,
    ).toEqual([]);
    expect(said).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^finding 9 .*unknown-field/),
        'hover Isolates pods with app=db in namespace shop.',
        'renamed       app: data',
        expect.stringMatching(/^report \S/),
        'running t',
      ]),
    );
  });
});

test('the page has a form for each', () => {
  expect(blocks('lua')).toHaveLength(2);
  expect(blocks('elisp')).toHaveLength(1);
});
