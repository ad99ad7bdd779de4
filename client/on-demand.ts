import { Disposable, workspace, type TextDocument } from 'vscode';
import { MANIFEST_NAMES } from './manifest-names.ts';

/** The API groups of policies, as they stand in a manifest. JSON files that name none are not ours: `package.json`, `tsconfig.json`, … */
const NAMES_OURS = /\b(?:networking\.k8s\.io|cilium\.io|projectcalico\.org|antrea\.io)\b/;

/**
 * Calls back once, when something is open that the server is for, or when the workspace has manifests. JSON documents are looked at while
 * they are typed.
 */
export function onDemand(start: () => void): Disposable {
  let isDone = false;
  const look = (document: TextDocument): void => {
    if (!isDone && isOurs(document)) begin();
  };
  const watching = Disposable.from(
    workspace.onDidOpenTextDocument(look),
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      const typed = contentChanges.map(({ range, text }) => document.lineAt(range.start.line).text + text);
      if (!isDone && isJson(document) && typed.some((text) => NAMES_OURS.test(text))) begin();
    }),
  );
  const begin = (): void => {
    isDone = true;
    watching.dispose();
    start();
  };
  workspace.textDocuments.forEach(look);
  if (!isDone)
    void workspace.findFiles(`**/{${MANIFEST_NAMES.join(',')}}`, undefined, 1).then(([found]) => {
      if (found && !isDone) begin();
    });
  return watching;
}

function isOurs(document: TextDocument): boolean {
  if (document.languageId === 'yaml' || document.languageId === 'helm') return true;
  return isJson(document) && NAMES_OURS.test(document.getText());
}

function isJson({ languageId }: TextDocument): boolean {
  return languageId === 'json' || languageId === 'jsonc';
}
