import { Position, QuickPickItemKind, Range, SnippetString, window, workspace, type QuickPickItem, type TextEditor } from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { templatesRequest, type OfferedTemplate } from '../server/lsp/protocol.ts';

interface TemplateItem extends QuickPickItem {
  readonly template?: OfferedTemplate;
}

/** Asks which template, then opens it with its tab stops: in the current editor if that is an empty YAML file, else in a new one. */
export async function newPolicyFromTemplate(client: BaseLanguageClient): Promise<void> {
  await client.start();
  const templates = await client.sendRequest<readonly OfferedTemplate[]>(templatesRequest);
  const chosen = await window.showQuickPick<TemplateItem>(itemsOf(templates), {
    title: 'New policy from template',
    placeHolder: 'What should the policy do?',
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (chosen?.template === undefined) return;

  const editor = emptyYamlEditor() ?? (await window.showTextDocument(await workspace.openTextDocument({ language: 'yaml' })));
  const everything = new Range(new Position(0, 0), editor.document.lineAt(editor.document.lineCount - 1).range.end);
  await editor.insertSnippet(new SnippetString(chosen.template.body), everything);
}

/** The templates in the server's order, with a separator where the API changes. */
function itemsOf(templates: readonly OfferedTemplate[]): TemplateItem[] {
  return templates.flatMap((template, index) => {
    const item = { label: template.title, description: template.name, detail: template.detail, template };
    if (template.api === templates[index - 1]?.api) return [item];
    return [{ label: template.api, kind: QuickPickItemKind.Separator }, item];
  });
}

function emptyYamlEditor(): TextEditor | undefined {
  const editor = window.activeTextEditor;
  return editor?.document.languageId === 'yaml' && editor.document.getText().trim() === '' ? editor : undefined;
}
