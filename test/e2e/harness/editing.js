// Words for the checks: open a text, wait for its findings, point at a place. `$0` in a text is the cursor.
const vscode = require('vscode');
const fs = require('node:fs/promises');
const path = require('node:path');

let count = 0;

/** The folder to write in (the second root) and the folder of examples (the first). */
const roots = () => {
  const [examples, scratch] = vscode.workspace.workspaceFolders.map((folder) => folder.uri.fsPath);
  return { examples, scratch, workspace: path.dirname(scratch) };
};

/** Writes a file into the scratch root and shows it; gives the document and the offset of `$0`. */
exports.show = async function show(marked, extension = 'yaml') {
  const offset = marked.indexOf('$0');
  const file = path.join(roots().scratch, `case-${(count += 1)}.${extension}`);
  await fs.writeFile(file, marked.replace('$0', ''));
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file));
  const editor = await vscode.window.showTextDocument(document);
  const position = document.positionAt(Math.max(0, offset));
  editor.selection = new vscode.Selection(position, position);
  return { document, editor, position };
};

/** Shows a file of the examples. */
exports.open = async function open(file) {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(path.join(roots().examples, file)));
  return { document, editor: await vscode.window.showTextDocument(document, { preview: false }) };
};

/** Where the first `word` after `anchor` begins. */
exports.place = function place(document, anchor, word) {
  const text = document.getText();
  const found = text.slice(text.indexOf(anchor) + anchor.length).search(new RegExp(`\\b${word}\\b`));
  if (!text.includes(anchor) || found < 0) throw new Error(`no "${word}" after "${anchor}" in ${document.uri.path}`);
  return document.positionAt(text.indexOf(anchor) + anchor.length + found);
};

/** Our findings on a document, now. */
const findings = (uri) => vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'netpol');
exports.findings = findings;

/** Waits until our findings on a document satisfy `wanted`; the last ones are in the error. */
async function findingsOnce(uri, what, wanted) {
  await until(
    () => wanted(findings(uri)),
    () => `${what}; the findings are ${JSON.stringify(findings(uri).map(({ message, severity }) => ({ severity, message })))}`,
  );
  return findings(uri);
}
exports.findingsOnce = findingsOnce;

/**
 * Our findings on a document once its text and the workspace have been asked about it. The sure sign is a finding of the workspace on a
 * comment that is written below everything else for that purpose; it is not among those that are given.
 */
exports.settledFindings = async function settledFindings(document) {
  const line = document.lineCount;
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, document.lineAt(line - 1).range.end, `\n---\n${sentinel(`nowhere-${(count += 1)}`)}`);
  await vscode.workspace.applyEdit(edit);
  const isSign = ({ code, range }) => (code?.value ?? code) === 'unreadable-expectation' && range.start.line >= line;
  const all = await findingsOnce(document.uri, 'the finding on the comment at the end', (found) => found.some(isSign));
  return all.filter((one) => !isSign(one));
};

/** Under a name of its own: of two objects of one name, only one would be looked at. */
const sentinel = (name) => `# expect: nobody => nowhere
apiVersion: v1
kind: Namespace
metadata:
  name: ${name}
`;

/**
 * Waits until `condition` gives something true, and gives it. The limit is for a machine that does many other things; a condition that is
 * met is met within a second on a quiet one.
 */
async function until(condition, what, limit = 45_000) {
  for (const end = Date.now() + limit; ; await pause(50)) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited ${limit} ms for ${typeof what === 'string' ? what : what()}`);
  }
}
exports.until = until;

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
exports.pause = pause;

/** What a provider answers, once it answers with a list that satisfies `wanted`: before the workspace has been read it may know little. */
exports.answer = async function answer(what, ask, wanted = (all) => all.length > 0) {
  let last;
  await until(
    async () => {
      last = (await ask()) ?? [];
      return wanted(last);
    },
    () => `${what}; the last answer was ${JSON.stringify(last)?.slice(0, 2000)}`,
  );
  return last;
};

/** The process of the language server: the child of this extension host that runs our bundle. */
exports.serverProcess = async function serverProcess() {
  const numbers = (await fs.readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    numbers.map(async (number) => {
      const read = (file) => fs.readFile(`/proc/${number}/${file}`, 'utf8').catch(() => '');
      const [status, command] = await Promise.all([read('status'), read('cmdline')]);
      return status.includes(`\nPPid:\t${process.pid}\n`) && /netpol[^/]*\/dist\/server\.cjs/.test(command) ? [number] : [];
    }),
  );
  return found.flat()[0];
};

/** The text of the hover at a position, all parts joined. */
exports.hoverAt = async function hoverAt(document, position) {
  const hovers = await vscode.commands.executeCommand('vscode.executeHoverProvider', document.uri, position);
  return hovers.flatMap(({ contents }) => contents.map((part) => (typeof part === 'string' ? part : part.value))).join('\n');
};

/** The completion items at a position that are not plain words of the document, once there are any. */
exports.completionsAt = async function completionsAt(document, position) {
  return until(async () => {
    const list = await vscode.commands.executeCommand('vscode.executeCompletionItemProvider', document.uri, position, undefined, 200);
    const items = list.items.filter(({ kind }) => kind !== vscode.CompletionItemKind.Text);
    return items.length > 0 && items;
  }, 'completions');
};

exports.labelOf = ({ label }) => (typeof label === 'string' ? label : label.label);

/** Replaces the first occurrence of a word. */
exports.replace = async function replace(document, before, after) {
  const start = document.getText().indexOf(before);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(document.positionAt(start), document.positionAt(start + before.length)), after);
  await vscode.workspace.applyEdit(edit);
};

exports.roots = roots;
