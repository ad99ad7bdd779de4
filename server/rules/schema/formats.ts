import { parseCidr } from '../../base/cidr.ts';
import { parseIp } from '../../base/ip.ts';
import { ICMP_TYPES } from '../../model/cilium/icmp-types.ts';
import { isLabelNameOfAnyLength, isLabelValue, isQualifiedName, isSubdomain } from '../../model/label-syntax.ts';

/**
 * Does a text or number have the form that `x-format` names? (schemas/README.md, "Formats".) Sources: apimachinery
 * `pkg/util/validation` and `api/validate/content`, `pkg/apis/core/validation` of kubernetes, the CRDs of network-policy-api.
 */
export function fits(format: string, value: string | number): boolean {
  if (typeof value === 'number') return numberFits(format, value);
  return TEXTS[format]?.(value) ?? true;
}

const INT32 = 2 ** 31;
const INT64 = 2 ** 63;

function numberFits(format: string, value: number): boolean {
  if (format === 'int32' || format === 'port-or-name') return value >= -INT32 && value < INT32;
  return format !== 'int64' || (value >= -INT64 && value < INT64);
}

const TEXTS: Readonly<Record<string, (text: string) => boolean>> = {
  'dns-subdomain-name': isSubdomain,
  // The server puts a letter for a dash at the end before it looks.
  'generate-name': (text) => isSubdomain(text.length > 1 && text.endsWith('-') ? `${text.slice(0, -2)}a` : text),
  'dns-label-namespace': (text) => text.length <= 63 && LABEL.test(text),
  'label-key': isQualifiedName,
  'label-value': isLabelValue,
  'annotation-key': (text) => isQualifiedName(text.toLowerCase()),
  finalizer: isQualifiedName,
  rfc3339: isTime,
  'selector-operator': (text) => ['In', 'NotIn', 'Exists', 'DoesNotExist'].includes(text),
  protocol: (text) => ['TCP', 'UDP', 'SCTP'].includes(text),
  'port-name': isPortName,
  'port-or-name': isPortName,
  'cidr-v1': (text) => {
    const cidr = parseCidr(text);
    // Whether sloppy forms are refused depends on the version; text that is not canonical gets a warning. The rules ask again.
    return cidr.ok && cidr.canonical === text;
  },
  'cidr-cel': (text) => {
    const cidr = parseCidr(text);
    return cidr.ok && !cidr.leadingZeros && !cidr.ipv4Mapped;
  },
  printable: (text) => /^\P{C}*$/u.test(text),
  'cilium-match-name': (text) => /^(?:[-a-zA-Z0-9_]+\.)*[-a-zA-Z0-9_]+\.?$/.test(text),
  'cilium-match-pattern': (text) => /^(?:[-a-zA-Z0-9_*]+\.)*[-a-zA-Z0-9_*]+\.?$/.test(text),
  'cilium-server-name': (text) => /^(?:\*?\*\.)?(?:[-a-zA-Z0-9_]+\.)*[-a-zA-Z0-9_]+\.?$/.test(text),
  // The pattern of the CRD is bound to the start in its first half and to the end in the second: '70000' and '80/TCP' pass.
  'cilium-port': (text) => /^[0-9]|[a-zA-Z](?:-?[a-zA-Z0-9])*$/.test(text),
  'cilium-icmp-type': isIcmpType,
  'cidr-lenient': (text) => parseCidr(text).ok,
  'domain-name': (text) => DOMAIN.test(text),
  ip: (text) => parseIp(text).ok,
  'label-value-pattern': (text) => text === '' || isLabelNameOfAnyLength(text),
  'log-label': isLabelValue,
};

const LABEL = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
/** The pattern of the CRDs, with its slip `A-z`: brackets, backslash, caret, underscore and backtick may start a label. */
const DOMAIN = /^(?:\*\.)?(?:[A-z0-9](?:[-A-Za-z0-9_]*[A-Za-z0-9])?\.)+[A-z0-9](?:[-A-Za-z0-9_]*[A-Za-z0-9])?\.?$/;

/** The pattern of the CRD: a number from 0 to 255 or a name, in which one is misspelt. */
function isIcmpType(text: string): boolean {
  const isName =
    text === 'ExtendedEcho Reply' ||
    (text !== 'ExtendedEchoReply' && [...ICMP_TYPES.IPv4.keys(), ...ICMP_TYPES.IPv6.keys()].includes(text));
  return isName || /^(?:0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])$/.test(text);
}

/** An IANA service name (apimachinery IsValidPortName). */
function isPortName(text: string): boolean {
  return text.length <= 15 && /^[a-z0-9](?:-?[a-z0-9])*$/.test(text) && /[a-z]/.test(text);
}

/** What Go's `time.Parse(time.RFC3339, …)` reads; it is lenient about the hour's digits and the fraction's comma. */
function isTime(text: string): boolean {
  const parts = /^(\d{4})-(\d\d)-(\d\d)T(\d\d?):(\d\d):(\d\d)(?:[.,]\d+)?(?:Z|[+-](\d\d):(\d\d))$/.exec(text);
  if (!parts) return false;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, zoneHour = 0, zoneMinute = 0] = parts
    .slice(1)
    .map((part) => Number(part ?? 0));
  const days = new Date(Date.UTC(2000, month, 0)).getUTCDate();
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const longest = month === 2 && !leap ? 28 : days;
  return (
    month >= 1 && month <= 12 && day >= 1 && day <= longest && hour < 24 && minute < 60 && second < 60 && zoneHour <= 24 && zoneMinute <= 60
  );
}
