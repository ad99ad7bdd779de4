// kubernetes/website `content/en/docs/concepts/services-networking/network-policies.md`: "For all the other protocols, the behaviour may
// vary across network plugins."
const OTHERWISE = 'Policies match TCP, UDP and SCTP only; network plugins differ in how they treat';
const EVERY = 'To match every protocol, omit the ports, or write an item for each protocol.';

const NO_PROTOCOL: ReadonlyMap<string, string> = new Map([
  ['icmp', `${OTHERWISE} ICMP.`],
  ['icmpv4', `${OTHERWISE} ICMP.`],
  ['icmpv6', `${OTHERWISE} ICMP.`],
  ['any', EVERY],
  ['all', EVERY],
  ['*', EVERY],
]);

const OVER_TCP: ReadonlySet<string> = new Set(['http', 'https', 'http2', 'grpc', 'tls', 'ssl']);

/** What to do about a value that stands for no protocol with ports, or for all of them. */
export function insteadOfProtocol(word: string): string | undefined {
  return NO_PROTOCOL.get(word.toLowerCase());
}

/** Is it the name of something that runs over TCP? */
export function isOverTcp(word: string): boolean {
  return OVER_TCP.has(word.toLowerCase());
}
