import type { Session } from './session.ts';

/** How far a long piece of work is, as the editor shows it. */
export interface Progress {
  /** So many files more. */
  more(files: number): void;
  done(): void;
}

/** Shows progress where the client can. The work does not wait for the client's consent, and one that refuses is not bothered again. */
export function progressOf({ client, abilities }: Pick<Session, 'client' | 'abilities'>, title: string): Progress {
  const token = `netpol-${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
  const say = (value: object): void => client.tell('$/progress', { token, value });
  let state: 'asked' | 'shown' | 'over' = abilities.showsProgress ? 'asked' : 'over';
  let files = 0;
  if (state === 'asked')
    void client.ask('window/workDoneProgress/create', { token }).then((consent) => {
      if (consent === undefined || state !== 'asked') return;
      state = 'shown';
      say({ kind: 'begin', title, cancellable: false });
    });
  return {
    more(read) {
      files += read;
      if (state === 'shown') say({ kind: 'report', message: `${files} files` });
    },
    done() {
      if (state === 'shown') say({ kind: 'end' });
      state = 'over';
    },
  };
}
