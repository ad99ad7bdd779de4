import type { Path } from '../syntax/path.ts';
import type { NamedHost } from './client.ts';
import type { LabelSelector } from './selector.ts';

/**
 * An object that takes no part in verdicts, but says who connects to what (an Ingress, a route, a webhook, a monitor, a role binding) or
 * may create pods that no manifest shows (a custom resource).
 */
export interface Caller {
  readonly kind: string;
  readonly name: string;
  /** `''` for what lives in no namespace. */
  readonly namespace: string;
  readonly calls: readonly Call[];
  readonly creates?: Creation;
  /** Of a Gateway: its class, which says whose controller serves it. */
  readonly className?: string;
  /** The workload whose number of replicas it sets. */
  readonly scales?: { readonly kind: string; readonly name: string };
}

/** What an operator may make of a custom resource. */
export interface Creation {
  /** The API group of the custom resource. */
  readonly group: string;
  /** Where the pods would be; absent where that is not known. */
  readonly namespace?: string;
}

/** A connection that a manifest depends on. */
export type Call = ServiceCall | ScrapeCall | ApiCall | HostsCall;

/** Whoever is behind the object calls a Service. */
export interface ServiceCall {
  readonly kind: 'service';
  /**
   * An ingress controller, the proxy of a Gateway, the router of OpenShift, the API server, or a load balancer outside the cluster that
   * sends to the pods themselves.
   */
  readonly by: 'ingress' | 'gateway' | 'router' | 'api-server' | 'load-balancer';
  readonly namespace: string;
  readonly service: string;
  /** Number or name of a port of the Service (for a router also its target port); `undefined` where it is not said and the Service has one only. */
  readonly port?: number | string;
  /** Of an Ingress: its class, which says whose controller serves it. */
  readonly className?: string;
  /** Of a route: the Gateways that it belongs to. */
  readonly gateways?: readonly GatewayName[];
  readonly path: Path;
}

export interface GatewayName {
  readonly namespace: string;
  readonly name: string;
}

/** Prometheus collects metrics from pods, or from the pods behind Services, which the selector picks. */
export interface ScrapeCall {
  readonly kind: 'scrape';
  readonly of: 'services' | 'pods';
  readonly namespaces: 'all' | readonly string[];
  readonly selector: LabelSelector;
  readonly port: ScrapePort;
  readonly path: Path;
}

/** A port of the Service by name, or one of the pod by name or number. */
export interface ScrapePort {
  readonly at: 'service' | 'pod';
  readonly port: number | string;
}

/** Pods that read this object connect to the hosts that it names. */
export interface HostsCall {
  readonly kind: 'hosts';
  readonly hosts: readonly NamedHost[];
}

/** Pods with this service account have rights at the API server, so they call it. */
export interface ApiCall {
  readonly kind: 'api';
  readonly namespace: string;
  readonly account: string;
  readonly path: Path;
}
