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
exports.findingsOnce = async function findingsOnce(uri, what, wanted) {
  await until(
    () => wanted(findings(uri)),
    () => `${what}; the findings are ${JSON.stringify(findings(uri).map(({ message, severity }) => ({ severity, message })))}`,
  );
  return findings(uri);
};

/** Waits until `condition` gives something true, and gives it. */
async function until(condition, what, limit = 15_000) {
  for (const end = Date.now() + limit; ; await pause(50)) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited ${limit} ms for ${typeof what === 'string' ? what : what()}`);
  }
}
exports.until = until;

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
exports.pause = pause;

/** The text of the hover at a position, all parts joined. */
exports.hoverAt = async function hoverAt(document, position) {
  const hovers = await vscode.commands.executeCommand('vscode.executeHoverProvider', document.uri, position);
  return hovers.flatMap(({ contents }) => contents.map((part) => (typeof part === 'string' ? part : part.value))).join('\n');
};

/** The completion items at a position that are not plain words of the document. */
exports.completionsAt = async function completionsAt(document, position) {
  const list = await vscode.commands.executeCommand('vscode.executeCompletionItemProvider', document.uri, position, undefined, 200);
  return list.items.filter(({ kind }) => kind !== vscode.CompletionItemKind.Text);
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
