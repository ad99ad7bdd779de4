import type { CodeAction, Command } from 'vscode-languageserver';
import type { Abilities } from './abilities.ts';

/** The command that has the client apply an edit; its one argument is a WorkspaceEdit. */
export const APPLY_EDIT = 'netpol.applyEdit';

/** Code actions for clients that know commands only: each asks the server for its edit. None where the client applies no edits. */
export function asCommands(actions: readonly CodeAction[], { appliesEdits }: Pick<Abilities, 'appliesEdits'>): Command[] {
  if (!appliesEdits) return [];
  return actions.flatMap(({ title, edit }) => (edit ? [{ title, command: APPLY_EDIT, arguments: [edit] }] : []));
}
