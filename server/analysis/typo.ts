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

/**
 * Is one value the other with a part before or behind it, split off by `-`, `_` or `.`: `sshpiper` and `release-sshpiper`? A part that is
 * a number, a version or one letter tells things of one sort apart, and is none.
 */
export function isAffix(word: string, other: string): boolean {
  const [short, long] = word.length < other.length ? [word, other] : [other, word];
  if (short.length < 3 || COMMON_VALUE.test(short)) return false;
  const rest = long.startsWith(short) ? long.slice(short.length) : long.endsWith(short) ? long.slice(0, -short.length) : '';
  const part = /^[-_.](.+)$/.exec(rest)?.[1] ?? /^(.+)[-_.]$/.exec(rest)?.[1];
  return part !== undefined && !/^(?:v?\d[\d.]*|[a-z])$/i.test(part);
}

/** Values that many labels have, so that having the same one says nothing. */
export const COMMON_VALUE: RegExp = /^(?:|true|false|yes|no|on|off|enabled|disabled|default|\d+)$/i;

/** Is one label key a typo of the other: in the name or in the domain, not in both? */
export function isTypoOfKey(key: string, other: string): boolean {
  const [domain, name] = splitKey(key);
  const [otherDomain, otherName] = splitKey(other);
  if (domain === otherDomain) return isTypo(name, otherName) || singular(name) === singular(otherName);
  return name === otherName && domain !== '' && otherDomain !== '' && isTypo(domain, otherDomain);
}

/** Do two keys mean the name of an application, or end in the same word (`tier`, `example.com/tier`)? */
export function areAkin(key: string, other: string): boolean {
  return (isApplicationName(key) && isApplicationName(other)) || splitKey(key)[1] === splitKey(other)[1];
}

function isApplicationName(key: string): boolean {
  return /^(?:app|name|k8s-app|app\.kubernetes\.io\/(?:name|instance|component|part-of))$/.test(key);
}

function splitKey(key: string): readonly [domain: string, name: string] {
  const slash = key.lastIndexOf('/');
  return [key.slice(0, Math.max(0, slash)), key.slice(slash + 1)];
}

function singular(word: string): string {
  return word.endsWith('s') && word.length > 3 ? word.slice(0, -1) : word;
}
