import { quote } from './english.ts';
import { parseIp } from './ip.ts';

/** What is wrong with a string that is not a CIDR: a sentence, and a suggested CIDR where there is one. */
export interface CidrMistake {
  readonly reason: string;
  readonly suggestion?: string;
}

/** Says what is wrong with a text that should be a CIDR and is none. */
export function mistakeIn(text: string): CidrMistake {
  const trimmed = text.trim();
  if (trimmed === '') return { reason: `A CIDR is missing; write an address block such as ${EXAMPLES}.` };
  if (trimmed.length > 128) return { reason: `${quote(trimmed)} is too long to be a CIDR; write one block such as ${EXAMPLES}.` };
  return (
    knownForm(trimmed) ?? (trimmed === text ? wrongPart(trimmed) : { reason: `${quote(text)} has spaces around it.`, suggestion: trimmed })
  );
}

const EXAMPLES = '10.0.0.0/8 or 2001:db8::/32';

/** Forms that other tools accept. */
const FORMS: readonly (readonly [form: RegExp, mistake: (text: string, parts: RegExpExecArray) => CidrMistake])[] = [
  [/^(?:\*|any|all|0\/0)$/i, (text) => ({ reason: `${quote(text)} is not a CIDR.`, suggestion: '0.0.0.0/0' })],
  [/[,;\s]/, (text) => ({ reason: `${quote(text)} has more than one value; write each CIDR as its own item.` })],
  [
    /^[0-9a-f]*[.:][0-9a-f.:]*-[0-9a-f.:]+$/i,
    (text) => ({ reason: `${quote(text)} is a range; write the blocks it consists of, such as 10.0.0.0/24.` }),
  ],
  [
    /^\[([0-9a-f:.]+)\](\/\d+)?$/i,
    (text, [, ip = '', rest = '/128']) => ({ reason: `${quote(text)} has brackets.`, suggestion: ip + rest }),
  ],
  [/^(\d+(?:\.\d+){0,2})(?:\.\*)+$/, (text, [, start = '']) => ({ reason: `${quote(text)} has a wildcard.`, suggestion: padded(start) })],
  [/^((?:\d+\.){3}\d+)\/((?:\d+\.){3}\d+)$/, netmask],
  [/^(\d+(?:\.\d+){0,2})\.?\/(\d+)$/, short],
  [
    /^(?:\d+\.){3}\d+:\d+/,
    (text) => ({ reason: `${quote(text)} has a port, but a CIDR cannot have one; write the port under the ports of the rule.` }),
  ],
  [/^[a-z][a-z0-9+]*:\/\//i, (text) => ({ reason: `${quote(text)} is a URL, not a CIDR; write addresses such as ${EXAMPLES}.` })],
  [/^(?=.*[g-z])[a-z0-9_.*-]+$/i, (text) => ({ reason: `${quote(text)} is a name, not a CIDR; write addresses such as ${EXAMPLES}.` })],
];

function knownForm(text: string): CidrMistake | undefined {
  for (const [form, mistake] of FORMS) {
    const parts = form.exec(text);
    if (parts) return mistake(text, parts);
  }
  return undefined;
}

/** `10.0` as a block: each number that is there stands for eight bits. */
function padded(start: string): string {
  const numbers = start.split('.');
  return `${[...numbers, '0', '0', '0'].slice(0, 4).join('.')}/${8 * numbers.length}`;
}

function netmask(text: string, [, address = '', mask = '']: RegExpExecArray): CidrMistake {
  const reason = `${quote(text)} has a netmask; a CIDR has a prefix length instead.`;
  const ip = parseIp(mask);
  const bits = ip.ok ? ip.value.toString(2).padStart(32, '0') : '';
  return /^1*0*$/.test(bits) && bits !== '' ? { reason, suggestion: `${address}/${bits.lastIndexOf('1') + 1}` } : { reason };
}

function short(text: string, [, start = '', prefix = '']: RegExpExecArray): CidrMistake {
  const address = padded(start).replace(/\/.*/, '');
  return { reason: `${quote(text)} has fewer than the four numbers of an IPv4 address.`, suggestion: `${address}/${prefix}` };
}

/** Tells which part of `address/prefix` is wrong. */
function wrongPart(text: string): CidrMistake {
  const slash = text.indexOf('/');
  const address = slash === -1 ? text : text.slice(0, slash);
  const ip = parseIp(address);
  if (!ip.ok) return { reason: `${quote(address === '' ? text : address)} ${address === '' ? 'has no address before its /' : ip.reason}.` };
  const bits = address.includes(':') ? 128 : 32;
  if (slash === -1)
    return { reason: `${quote(text)} has no prefix length, which a single address needs too.`, suggestion: `${text}/${bits}` };
  const prefix = quote(text.slice(slash + 1));
  return { reason: `${prefix} is not a prefix length; an IPv${bits === 32 ? 4 : 6} block takes a number from 0 to ${bits}.` };
}
