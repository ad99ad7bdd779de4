import type { UnevaluatedKindEntry } from '../kind.ts';
import { antreaKinds } from './antrea.ts';
import { calicoKinds } from './calico.ts';
import { ciliumKinds } from './cilium.ts';
import { otherKinds } from './others.ts';

/** The policy kinds of other APIs that may decide about traffic and are not evaluated. */
export const UNEVALUATED_KINDS: readonly UnevaluatedKindEntry[] = [...ciliumKinds, ...calicoKinds, ...antreaKinds, ...otherKinds];
