import { quote } from '../../base/english.ts';
import type { UnevaluatedPolicy } from './policy.ts';

/** The policy in a sentence: `CiliumNetworkPolicy 'shop/db'`, `Calico NetworkPolicy 'shop/db'`. */
export function describeUnevaluated({ kind, api, name, namespace }: UnevaluatedPolicy): string {
  const title = kind.startsWith(api) ? kind : `${api} ${kind}`;
  return `${title} ${quote(namespace === undefined ? name : `${namespace}/${name}`)}`;
}
