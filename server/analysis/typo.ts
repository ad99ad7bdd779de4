import { typoDistance } from '../base/near.ts';
import { NAME_LABEL } from '../model/namespace.ts';

/**
 * Is one word a slip of the other? Stricter than `near`: `team-a` and `team-b`, `v1` and `v2`, `dev` and `prod` are different things, so
 * parts that differ in a digit, or are as short as two letters, are none.
 */
export function isTypo(word: string, other: string): boolean {
  if (word === other || word === '' || other === '') return false;
  if (word.toLowerCase() === other.toLowerCase()) return true;
  if (word.replace(/[-_.]/g, '') === other.replace(/[-_.]/g, '')) return true;
  if (word.replace(/\D/g, '') !== other.replace(/\D/g, '')) return false;
  const most = Math.min(word.length, other.length) >= 9 ? 2 : 1;
  if (Math.min(word.length, other.length) < 3 || typoDistance(word, other, most) > most) return false;
  const [parts, others] = [word.split(/[-_./]/), other.split(/[-_./]/)];
  if (parts.length !== others.length) return true;
  return parts.every((part, i) => part === others[i] || Math.min(part.length, others[i]?.length ?? 0) > 2);
}

/** `metadata.name`, `k8s.io/metadata.name`, `kubernetes.io/metadata-name`: nearly the label that the API server gives every namespace. */
export function isTypoOfNameLabel(key: string): boolean {
  return key !== NAME_LABEL && (/^(?:[a-z0-9.-]*\/)?metadata[._-]?name(?:space)?$/i.test(key) || typoDistance(key, NAME_LABEL, 2) <= 2);
}
