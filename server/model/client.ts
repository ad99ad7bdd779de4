import type { Path } from '../syntax/path.ts';
import { itemsOf, type Node } from '../syntax/tree.ts';
import { hostOf, hostsIn, hostsInCommand, type HostText } from './named-hosts.ts';
import { given, textIn } from './read.ts';

/** A host that the containers of a pod connect to, as far as its manifest tells. */
export interface NamedHost extends HostText {
  /** Where it is named. */
  readonly path: Path;
  /** The same in words: "environment variable DB_HOST", "the arguments of container app". */
  readonly where: string;
  /** It is named somewhere in a file. */
  readonly inFile?: true;
}

/** What a pod is configured to connect to. */
export interface ClientSettings {
  /** Absent where there is none. */
  readonly hosts?: readonly NamedHost[];
  /** The ConfigMaps (of its namespace) that the pod reads; absent where it reads none. */
  readonly configMaps?: readonly ReadConfigMap[];
}

/** A ConfigMap that a pod reads as a whole, or one key of it. */
export interface ReadConfigMap {
  readonly name: string;
  readonly key?: string;
}

/** Hosts that one pod names, at most. */
const MAX_HOSTS_PER_POD = 100;

/**
 * Reads what the containers and init containers of a pod connect to, from environment variables, commands, arguments and exec probes.
 * `path` is that of the pod's spec.
 */
export function readClient(spec: Node | undefined, path: Path): ClientSettings {
  const containers = ['initContainers', 'containers'].flatMap((field) =>
    itemsOf(given(spec, field)).map((node, i) => ({ node, at: [...path, field, i] })),
  );
  const hosts = containers.flatMap(({ node, at }) => hostsOf(node, at)).slice(0, MAX_HOSTS_PER_POD);
  const configMaps = [...containers.flatMap(({ node }) => configsOf(node)), ...mountedIn(spec).map((name) => ({ name }))];
  return { ...(hosts.length === 0 ? {} : { hosts }), ...(configMaps.length === 0 ? {} : { configMaps }) };
}

/** Does the name of a setting say that its value is something to connect to? Not where the program itself listens or who it is. */
function isTarget(name: string): boolean {
  return (
    /host|server|addr|url|uri|endpoint|broker|upstream|bootstrap|leader|peers|dsn|backend|connection|_service$|^service_/i.test(name) &&
    !/listen|bind|advertis|public|external|allowed|cors|origin|callback|redirect|whitelist|_name$|_id$|_user$|_type$|_count$|password/i.test(
      name,
    )
  );
}

/** The hosts in the value of a setting: those that stand out by themselves, and the whole value where the name of the setting says so. */
export function hostsInSetting(name: string, value: string, portOf: (name: string) => string | undefined): readonly HostText[] {
  const clear = hostsIn(value);
  if (clear.some(({ port }) => port !== undefined) || !isTarget(name))
    return clear.length > 0 && isTarget(name) ? withSibling(clear) : clear;
  const words = value.split(',').flatMap((word) => hostOf(word) ?? []);
  return withSibling(clear.length > 0 ? clear : words);

  function withSibling(hosts: readonly HostText[]): readonly HostText[] {
    const port = Number(portOf(name));
    return hosts.map((one) => (one.port === undefined && port > 0 && port <= 65_535 ? { ...one, port } : one));
  }
}

/** The name of the setting with the port that belongs to one with a host: `DB_HOST` and `DB_PORT`, `PGHOST` and `PGPORT`. */
export function portSetting(name: string): string {
  return name.replace(
    /_?(?:hostname|host|server|address|addr|service)$/i,
    (end) => `${end.startsWith('_') ? '_' : ''}${/[a-z]/.test(end) ? 'port' : 'PORT'}`,
  );
}

function hostsOf(container: Node, path: Path): readonly NamedHost[] {
  const env = itemsOf(given(container, 'env'));
  const value = (name: string): string | undefined => {
    const found = env.find((one) => textIn(given(one, 'name'))?.toLowerCase() === name.toLowerCase());
    return textIn(given(found, 'value'));
  };
  const inEnv = env.flatMap((one, i) => {
    const [name = '', text] = [textIn(given(one, 'name')), textIn(given(one, 'value'))];
    const found = text === undefined ? [] : hostsInSetting(name, text, (of) => value(portSetting(of)));
    return found.map((host): NamedHost => ({ ...host, path: [...path, 'env', i, 'value'], where: `environment variable ${name}` }));
  });
  const name = textIn(given(container, 'name')) ?? '';
  return [...inEnv, ...commandsOf(container, path).flatMap(({ words, at, what }) => inCommand(words, at, `${what} of container ${name}`))];
}

interface Command {
  readonly words: readonly string[];
  readonly at: Path;
  readonly what: string;
}

/** The command with its arguments, and what exec probes run. */
function commandsOf(container: Node, path: Path): readonly Command[] {
  const words = (node: Node | undefined): readonly string[] => itemsOf(node).flatMap((item) => textIn(item) ?? []);
  const [command, args] = [words(given(container, 'command')), words(given(container, 'args'))];
  const at = args.length > 0 ? 'args' : 'command';
  const probes = ['readinessProbe', 'livenessProbe', 'startupProbe'].map((field): Command => ({
    words: words(given(given(given(container, field), 'exec'), 'command')),
    at: [...path, field, 'exec', 'command'],
    what: `the ${field}`,
  }));
  const all: readonly Command[] = [
    { words: [...command, ...args], at: [...path, at], what: `the ${at === 'args' ? 'arguments' : 'command'}` },
    ...probes,
  ];
  return all.filter((one) => one.words.length > 0);
}

function inCommand(words: readonly string[], path: Path, where: string): readonly NamedHost[] {
  return hostsInCommand(words).map((host) => ({ ...host, path, where }));
}

function configsOf(container: Node): readonly ReadConfigMap[] {
  const whole = itemsOf(given(container, 'envFrom')).map((one) => given(one, 'configMapRef'));
  const single = itemsOf(given(container, 'env')).map((one) => given(given(one, 'valueFrom'), 'configMapKeyRef'));
  return [...whole, ...single].flatMap((reference): readonly ReadConfigMap[] => {
    const [name, key] = [textIn(given(reference, 'name')), textIn(given(reference, 'key'))];
    return name === undefined ? [] : [{ name, ...(key === undefined ? {} : { key }) }];
  });
}

function mountedIn(spec: Node | undefined): readonly string[] {
  return itemsOf(given(spec, 'volumes')).flatMap((volume) => {
    const own = textIn(given(given(volume, 'configMap'), 'name'));
    const projected = itemsOf(given(given(volume, 'projected'), 'sources')).map((one) => textIn(given(given(one, 'configMap'), 'name')));
    return [own, ...projected].filter((name) => name !== undefined);
  });
}
