/** A port as Cilium reads its text. */
export type PortText =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'none' };

/**
 * Reads `port` (cilium `PortProtocol.Validate`): an IANA service name of at most 15 characters, in any case, else a number as Go writes
 * it, so that a leading zero makes it octal.
 */
export function parsePort(text: string): PortText {
  if (isServiceName(text)) return { kind: 'name', name: text.toLowerCase() };
  const number = goUnsigned(text);
  return number === undefined || number > 65_535 ? { kind: 'none' } : { kind: 'number', number };
}

/** cilium `pkg/iana`, IsSvcName. */
function isServiceName(text: string): boolean {
  return text.length <= 15 && /[A-Za-z]/.test(text) && /^[A-Za-z0-9](?:-?[A-Za-z0-9])*$/.test(text);
}

/** Go's `strconv.ParseUint` with base 0, for texts that hold no letters but those of a prefix. */
function goUnsigned(text: string): number | undefined {
  const isForm = /^(?:0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|0(?:_?[0-7])*|[1-9](?:_?[0-9])*)$/.test(text);
  if (!isForm) return undefined;
  const digits = text.replaceAll('_', '');
  return /^0[0-9]/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
}
