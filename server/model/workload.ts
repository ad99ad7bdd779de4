import type { Path } from '../syntax/path.ts';
import type { ClientSettings } from './client.ts';
import type { Protocol } from '../base/ports.ts';
import type { LabelSelector, Labels } from './selector.ts';

/** Something that runs pods: a controller with a pod template, or a Pod by itself. */
export interface Workload {
  /** `Deployment`, …; also a custom resource with a pod template. */
  readonly kind: string;
  /** `''` where the API server makes up the name (`generateName`). */
  readonly name: string;
  /** `metadata.generateName` of an object without a name: its name begins with it. */
  readonly generateName?: string;
  readonly namespace: string;
  /** Labels that all of its pods have, as far as their values are known: those of the template (not of the controller), and `generatedLabels`. */
  readonly labels: Labels;
  /** The part of `labels` that no manifest writes: their controller adds them. They have no place in the text. */
  readonly generatedLabels?: Labels;
  /**
   * Keys of labels that the pods have besides `labels`, with values that only the cluster knows (`pod-template-hash`), or that something
   * fills in later (`${APP}`).
   */
  readonly unknownLabels?: readonly string[];
  /** Pods that their controller numbers (StatefulSet, indexed Job): each has labels of its own. */
  readonly replicas?: Replicas;
  /** Labels of the controller itself, which policies do not see; absent where it has none, and for a Pod. */
  readonly objectLabels?: Labels;
  /** Where the pod labels stand. */
  readonly labelsPath: Path;
  readonly ports: readonly ContainerPort[];
  readonly hostNetwork: boolean;
  /** Known pod addresses, from `status.podIP` and `status.podIPs`; empty when unknown. */
  readonly ips: readonly string[];
  /** For a Pod: its controller owner, into which it is folded. */
  readonly owner?: { readonly kind: string; readonly name: string };
  readonly nodeName?: string;
  /** The service account, if one is named and its token is mounted: the name by which the API server knows the pods. */
  readonly account?: string;
  /** The service account that the pods run as, whether or not its token is mounted; `default` where absent. */
  readonly runsAs?: string;
  /** What annotations tell Prometheus to collect metrics from. */
  readonly scrape?: ScrapeMark;
  /** TCP ports that the kubelet probes; absent where it probes none. */
  readonly probed?: readonly number[];
  /** Whether a host that it names is one of the Services of the cluster is for others to find out. */
  readonly client?: ClientSettings;
  /** What the annotation linkerd.io/inject of the pods says. */
  readonly linkerd?: string;
  /** Addresses of the node at which it answers DNS queries (NodeLocal DNSCache, option `-localip`). */
  readonly dnsCache?: readonly string[];
  readonly unreadable: readonly string[];
}

/** The pods of a controller that numbers them. */
export interface Replicas {
  readonly first: number;
  /** Absent where it is not known: an autoscaler sets it, or something fills it in later. */
  readonly count?: number;
  /** The labels that tell the pods apart: the value is `prefix` and the number. */
  readonly labels: readonly { readonly key: string; readonly prefix: string }[];
}

/** `prometheus.io/scrape: "true"` on the pods, with the port of `prometheus.io/port`. */
export interface ScrapeMark {
  readonly port?: number;
  readonly path: Path;
}

/** A port that a container declares. */
export interface ContainerPort {
  readonly name?: string;
  readonly port: number;
  readonly protocol: Protocol;
  readonly path: Path;
}

export interface Namespace {
  readonly name: string;
  /** With the implied `kubernetes.io/metadata.name`. */
  readonly labels: Labels;
  readonly labelsPath: Path;
  readonly linkerd?: string;
  /** What could not be read, in words; an object with such a part is left out of verdicts. */
  readonly unreadable?: readonly string[];
}

export interface Service {
  readonly name: string;
  readonly namespace: string;
  readonly type: string;
  /** `ambiguous`: a Service without a selector. */
  readonly selector?: LabelSelector;
  readonly ports: readonly ServicePort[];
  /** The addresses of the Service itself (`clusterIP`, `clusterIPs`), where they are given; absent where not. */
  readonly addresses?: readonly string[];
  /** `clusterIP: None`: its name stands for the addresses of the pods, and clients use the ports of the pods. */
  readonly headless?: true;
  /** What becomes of the address of a client outside; `Cluster` where the field is absent (core/v1 ServiceSpec). */
  readonly externalTrafficPolicy?: string;
  /** Its own labels, by which monitors select it; absent where it has none. */
  readonly labels?: Labels;
  /** What could not be read, in words; an object with such a part is left out of verdicts. */
  readonly unreadable?: readonly string[];
}

export interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly protocol: Protocol;
  /** A number or the name of a container port; the Service port itself where it is not given. */
  readonly targetPort: number | string;
  /** The port of the nodes that forwards to it, where the manifest names one. */
  readonly nodePort?: number;
  readonly path: Path;
}

export interface ClusterNode {
  readonly name: string;
  readonly labels: Labels;
  readonly ips: readonly string[];
  /** What could not be read, in words; an object with such a part is left out of verdicts. */
  readonly unreadable?: readonly string[];
}

/** Does it run to completion, so that its pods have no clients? */
export function runsOnce({ kind }: Workload): boolean {
  return kind === 'Job' || kind === 'CronJob';
}
