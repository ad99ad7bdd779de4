import type { Policy, PortMatch } from '../../model/policy.ts';
import type { Service, Workload } from '../../model/workload.ts';
import { rulesIn, type RulePart } from '../../analysis/policy-parts.ts';
import { samePath, type Path } from '../../syntax/path.ts';
import type { ManifestKey } from '../../workspace/cluster.ts';
import type { PortReference, PortDefinition, DestinationPods } from './occurrence.ts';

/** The names and numbers of container ports. */
export function portDefinitions(key: ManifestKey, workload: Workload): readonly PortDefinition[] {
  return workload.ports.flatMap((port) => {
    const definition = { kind: 'port', key, on: 'value', workload, port } as const;
    const number: PortDefinition = { ...definition, path: [...port.path, 'containerPort'], means: 'number', text: String(port.port) };
    return port.name === undefined ? [number] : [number, { ...definition, path: [...port.path, 'name'], means: 'name', text: port.name }];
  });
}

/** The ports that the rules of a policy name; with `at`, only those at that path. */
export function portReferencesIn(key: ManifestKey, policy: Policy, at?: Path): readonly PortReference[] {
  return rulesIn(policy).flatMap((part) => {
    if (part.rule.ports === 'any') return [];
    const pods = destinationOf(policy, part);
    return part.rule.ports.flatMap((match) => {
      const places = placesOf(match).filter(({ path }) => at === undefined || samePath(path, at));
      return places.map(({ path, text }): PortReference => ({
        kind: 'referenced port',
        key,
        path,
        on: 'value',
        text,
        means: match.kind === 'named' ? 'name' : 'number',
        match,
        pods,
      }));
    });
  });
}

/** A port is looked for where the connection ends: the subject for ingress, the peers for egress. */
function destinationOf({ subject }: Policy, { direction, rule }: Pick<RulePart, 'direction' | 'rule'>): DestinationPods {
  if (direction === 'ingress') return [subject];
  return rule.peers === 'any' ? 'any' : rule.peers.filter((peer) => peer.kind === 'pods');
}

interface PortPlace {
  readonly path: Path;
  readonly text: string;
}

/** Where the words of a port stand, the first one first. */
function placesOf(match: PortMatch): readonly PortPlace[] {
  if (match.kind === 'unreadable' || match.kind === 'packets' || match.kind === 'service') return [];
  if (match.kind === 'named') return [{ path: match.at, text: match.name }];
  const [low, high] = match.at;
  const start = { path: low ?? match.path, text: String(match.from) };
  return match.from === match.to ? [start] : [start, { path: high ?? match.path, text: String(match.to) }];
}

/** The ports of a Service: what it leads to, and the port it offers that for. */
export function servicePortReferences(key: ManifestKey, service: Service): readonly PortReference[] {
  return service.ports.flatMap((port) => {
    const target = targetPortReference(key, service, port);
    return port.targetPort === port.port ? [target] : [target, { ...target, path: [...port.path, 'port'], text: String(port.port) }];
  });
}

/** The container port that a port of a Service leads to. */
export function targetPortReference(key: ManifestKey, service: Service, port: Service['ports'][number]): PortReference {
  const { targetPort, protocol, path } = port;
  const match: PortMatch =
    typeof targetPort === 'string'
      ? { kind: 'named', protocol, name: targetPort, path, at: [...path, 'targetPort'] }
      : { kind: 'range', protocol, from: targetPort, to: targetPort, path, at: [] };
  return {
    kind: 'referenced port',
    key,
    path: [...path, targetPort === port.port ? 'port' : 'targetPort'],
    on: 'value',
    text: String(targetPort),
    means: match.kind === 'named' ? 'name' : 'number',
    match,
    pods: service.selector ? [{ namespaces: { kind: 'own', namespace: service.namespace }, pods: service.selector }] : [],
  };
}
