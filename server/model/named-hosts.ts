/** A host, and perhaps a port, that a text names as something to connect to. */
export interface HostText {
  readonly host: string;
  readonly port?: number;
}

/** Longer texts are data, not settings. */
const MAX_TEXT_CHARACTERS = 64_000;

/** Hosts that are taken from one text, at most. */
const MAX_HOSTS_PER_TEXT = 50;

/**
 * The hosts that a text clearly names: in URLs, as `host:port`, as `name.namespace.svc`. Whether they are Services is for the caller to find
 * out; words that look the same (`redis:7`) name none.
 */
export function hostsIn(text: string): readonly HostText[] {
  if (text.length > MAX_TEXT_CHARACTERS) return [];
  const found = [...urlsIn(text), ...pairsIn(text), ...servicesIn(text)];
  return unique(found).slice(0, MAX_HOSTS_PER_TEXT);
}

/** The host that a text is as a whole (`mariadb`, `db.shop`), where something else says that it is one. */
export function hostOf(text: string): HostText | undefined {
  const host = text.trim().replace(/\.$/, '');
  return host.length <= 253 && WHOLE.test(host) && !isAddress(host) ? { host } : undefined;
}

/** The hosts that a command or its arguments connect to: URLs and pairs in any word, `--host NAME`, `-h NAME`, `nc NAME PORT`. */
export function hostsInCommand(words: readonly string[]): readonly HostText[] {
  const text = words.join(' ');
  if (text.length > MAX_TEXT_CHARACTERS) return [];
  const tokens = words.flatMap((word) => word.split(/[\s;&|()"'`$]+/)).filter((token) => token !== '');
  const flagged = tokens.flatMap((token, i): readonly HostText[] => {
    const [flag = '', ...rest] = token.split('=');
    const value = rest.length > 0 ? rest.join('=') : FLAG.test(token) ? tokens[i + 1] : undefined;
    const host = value !== undefined && FLAG.test(flag) ? hostOf(value) : undefined;
    return host ? [host] : [];
  });
  const probed = tokens.flatMap((token, i) => (/(?:^|\/)(?:nc|ncat|netcat|telnet)$/.test(token) ? probedBy(tokens.slice(i + 1)) : []));
  const fetched = tokens.flatMap((token, i) => (/(?:^|\/)(?:curl|wget|http|https)$/.test(token) ? fetchedBy(tokens.slice(i + 1)) : []));
  const opened = [...text.matchAll(/\/dev\/tcp\/([a-z0-9.-]+)\/(\d{1,5})/gi)].flatMap(([, host = '', port]) => withPort(host, port));
  return unique([...flagged, ...probed, ...fetched, ...opened, ...hostsIn(text)]).slice(0, MAX_HOSTS_PER_TEXT);
}

/** Options of programs whose value is a host to connect to. `-h` is one of psql, mysql, redis-cli, pg_isready. */
const FLAG = /^(?:-h|--?(?:[a-z0-9-]*[-.])?(?:host|hostname|server|addr|address|endpoint|broker|brokers|upstream|join))$/i;

const WHOLE = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;

/** `nc -z -w 3 NAME PORT`. */
function probedBy(rest: readonly string[]): readonly HostText[] {
  const at = rest.findIndex((token, i) => hostOf(token) !== undefined && /^\d{1,5}$/.test(rest[i + 1] ?? '') && !/^\d+$/.test(token));
  const [host, port] = rest.slice(at, at + 2);
  return at === -1 || at > 6 ? [] : withPort(host ?? '', port);
}

/** `curl NAME/path`, without a scheme: HTTP. */
function fetchedBy(rest: readonly string[]): readonly HostText[] {
  const word = rest.slice(0, 12).find((token) => /^[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*(?:\/\S*)?$/.test(token) && /[a-z]/.test(token));
  const host = hostOf(word?.replace(/\/.*$/, '') ?? '');
  return host ? [{ ...host, port: 80 }] : [];
}

function* urlsIn(text: string): Generator<HostText> {
  const url = /\b([a-z][a-z0-9+.-]{1,20}):\/\/(?:[^\s/@"'<>]{1,200}@)?([a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?)(?::(\d{1,5}))?/gi;
  for (const [, scheme = '', host = '', port] of text.matchAll(url)) {
    const defaultPort = SCHEME_PORTS.get(scheme.toLowerCase().replace(/^.*[+.]/, ''));
    if (port !== undefined) yield* withPort(host, port);
    else if (hostOf(host.toLowerCase())) yield { host: host.toLowerCase(), ...(defaultPort === undefined ? {} : { port: defaultPort }) };
  }
}

/** `name:5432`, not in the middle of another word. The second and later hosts of a list (`a:9092,b:9092`) are found by this as well. */
function* pairsIn(text: string): Generator<HostText> {
  for (const [, host = '', port] of text.matchAll(/(?<![\w.:/-])([a-z0-9][a-z0-9-]{0,62}(?:\.[a-z0-9-]{1,63})*):(\d{2,5})(?![\w.:-])/gi))
    yield* withPort(host, port);
}

function* servicesIn(text: string): Generator<HostText> {
  const service = /(?<![\w.-])([a-z0-9][a-z0-9-]{0,62}(?:\.[a-z0-9-]{1,63}){1,2}\.svc(?:\.[a-z0-9-]{1,63}){0,3})(?::(\d{1,5}))?/gi;
  for (const [, host = '', port] of text.matchAll(service)) {
    if (port === undefined) yield { host: host.toLowerCase() };
    else yield* withPort(host, port);
  }
}

/** Ports that clients of a scheme use where the URL has none (IANA; the drivers of the databases). */
const SCHEME_PORTS: ReadonlyMap<string, number> = new Map([
  ['http', 80],
  ['ws', 80],
  ['https', 443],
  ['wss', 443],
  ['postgres', 5432],
  ['postgresql', 5432],
  ['mysql', 3306],
  ['mariadb', 3306],
  ['redis', 6379],
  ['rediss', 6379],
  ['amqp', 5672],
  ['amqps', 5671],
  ['mongodb', 27017],
  ['nats', 4222],
  ['mqtt', 1883],
  ['ldap', 389],
  ['ldaps', 636],
]);

function withPort(host: string, port: string | undefined): readonly HostText[] {
  const [number, named] = [Number(port), hostOf(host.toLowerCase())];
  return named && number > 0 && number <= 65_535 ? [{ ...named, port: number }] : [];
}

function isAddress(text: string): boolean {
  return /^[\d.]+$/.test(text);
}

/** Each host once for each port; one without a port only where no port is known for it. */
function unique(all: readonly HostText[]): readonly HostText[] {
  return all.filter(
    (one, i) =>
      all.findIndex(({ host, port }) => host === one.host && port === one.port) === i &&
      (one.port !== undefined || !all.some(({ host, port }) => host === one.host && port !== undefined)),
  );
}
