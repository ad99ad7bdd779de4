import { Disposable, StatusBarAlignment, TabInputText, window, workspace, type Uri } from 'vscode';

// VS Code's own limit for handing documents to extensions; such a document never reaches a language server.
const MAX_SYNCED_BYTES = 50 * 1024 * 1024; // bytes
const ours = /\.(ya?ml|json|jsonc)$/i;

/**
 * Says in the status bar that the file in front is too large for VS Code to share with extensions.
 * The language status entry cannot say it: VS Code shows none for such a file.
 */
export function sayTooLarge(): Disposable {
  const item = window.createStatusBarItem('netpol.tooLarge', StatusBarAlignment.Right, 100);
  item.name = 'Netpol: file too large';
  item.text = '$(shield) Netpol: file too large to check';
  item.tooltip = 'VS Code does not pass files above 50 MB to extensions. Split the file to have it checked.';
  const refresh = async (): Promise<void> => {
    const uri = activeUri();
    const tooLarge = await isTooLarge(uri);
    if (activeUri()?.toString() !== uri?.toString()) return; // another tab came to the front meanwhile, and refreshes itself
    if (tooLarge) item.show();
    else item.hide();
  };
  void refresh();
  return Disposable.from(item, window.tabGroups.onDidChangeTabs(refresh), window.tabGroups.onDidChangeTabGroups(refresh));
}

function activeUri(): Uri | undefined {
  const input = window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof TabInputText && ours.test(input.uri.path) ? input.uri : undefined;
}

async function isTooLarge(uri: Uri | undefined): Promise<boolean> {
  if (uri === undefined || workspace.textDocuments.some((document) => document.uri.toString() === uri.toString())) return false;
  try {
    return (await workspace.fs.stat(uri)).size > MAX_SYNCED_BYTES;
  } catch {
    return false; // not on a file system: untitled, a diff, deleted meanwhile
  }
}
