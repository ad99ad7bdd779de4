import type { Unseen } from '../analysis/evidence.ts';
import type { Extras } from './draft.ts';

/** How a finding is reported that what the workspace does not show may refute: as a hint, and only where much is asked for. */
export function unproved(unseen: Unseen | undefined): Pick<Extras, 'severity' | 'profile'> {
  return unseen === undefined ? {} : { severity: 'hint', profile: 'strict' };
}

/** The message of such a finding, with what may refute it at its end. */
export function withCaveat(message: string, unseen: Unseen | undefined): string {
  return unseen === undefined ? message : `${message} ${unseen.why}`;
}
