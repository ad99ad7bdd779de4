import type { Snapshot } from '../workspace/snapshot.ts';
import type { Abilities } from './abilities.ts';
import type { Client } from './client.ts';
import type { InitializationOptions } from './protocol.ts';

/** What the client has to request again: it cannot know when an answer depends on more than the document. */
export interface Refreshing {
  /** The workspace is another one: lenses, and diagnostics where the client asks for them, may be too. Says so once for each state of it. */
  workspace(): void;
  /** What lenses compare with is another version. */
  lenses(): void;
  /** The settings are other ones: everything that is shown may change. */
  everything(): void;
}

interface State {
  readonly abilities: Abilities;
  readonly options: InitializationOptions;
  readonly snapshot: Snapshot;
}

export function refreshing(client: Client, state: () => State): Refreshing {
  let shown: Snapshot | undefined;
  const order = (what: keyof Abilities['refreshes'], method: string): void => {
    if (state().abilities.refreshes[what]) client.order(`workspace/${method}/refresh`);
  };
  const workspace = (): void => {
    order('codeLens', 'codeLens');
    if (state().options.diagnostics === 'pull') order('diagnostics', 'diagnostic');
  };
  return {
    workspace() {
      if (shown === state().snapshot) return;
      shown = state().snapshot;
      workspace();
    },
    lenses: () => order('codeLens', 'codeLens'),
    everything() {
      shown = state().snapshot;
      workspace();
      order('inlayHint', 'inlayHint');
      order('semanticTokens', 'semanticTokens');
    },
  };
}
