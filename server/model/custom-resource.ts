import type { Node } from '../syntax/tree.ts';
import type { CallerKindEntry, OtherKindEntry } from './kind.ts';
import { operatedPods } from './operated-pods.ts';
import { hasPodTemplate, kindByShape, mayHavePodTemplate, workloadsByShape } from './pod-template-shape.ts';
import { given, readMetadata, textIn } from './read.ts';

/**
 * What a custom resource is to this program: a workload where it holds one pod template; else something that may create pods which no
 * manifest shows, unless its kind is known for creating none. With several pod templates it is the latter, and has a workload for each. `undefined` for what is not a custom resource, or creates no pods.
 */
export function customKind(apiVersion: string, kind: string, root: Node | undefined): OtherKindEntry | undefined {
  const [group = '', version = ''] = apiVersion.split('/');
  if (kind === '' || !isCustomGroup(group)) return undefined;
  // A SandboxTemplate is what others are made from, and runs no pods itself.
  const isModel = /(?:Template|Class|Profile)$/.test(kind);
  const workload = isModel ? undefined : kindByShape(group, version, kind, root);
  if (workload) return workload;
  const entry = createsPods(group, kind) || hasPodTemplate(root) ? creator(group, version, kind) : undefined;
  return entry && !isModel ? { ...entry, workloads: (node) => workloadsByShape(kind, node) } : entry;
}

/** Can the text hold a custom resource that matters? A cheap look at the first apiVersion and kind in it. */
export function mayBeCustom(text: string): boolean {
  const group = /apiVersion["']?[ \t]*:[ \t]*["']?([a-z0-9-]+(?:\.[a-z0-9-]+)+)\//.exec(text)?.[1];
  if (group === undefined || !isCustomGroup(group)) return false;
  const kind = /(?:^|[\n\r{,])[ \t]*["']?kind["']?[ \t]*:[ \t]*["']?([A-Za-z0-9]+)/.exec(text)?.[1];
  return (kind !== undefined && createsPods(group, kind)) || mayHavePodTemplate(text);
}

/** Groups of built-in kinds have no domain, or are directly below `k8s.io` and reserved for Kubernetes. */
function isCustomGroup(group: string): boolean {
  if (!group.includes('.') || CONFIGURATION.test(group)) return false;
  return !group.endsWith('.k8s.io') || group.endsWith('.sigs.k8s.io') || group === 'gateway.networking.k8s.io';
}

/** Files for tools, which are not objects of a cluster. */
const CONFIGURATION =
  /^(?:kustomize\.config|config|kind\.x|audit|kubeadm|kubelet\.config|kubescheduler\.config)\.k8s\.io$|^kind\.x-k8s\.io$/;

/** Groups whose objects configure something and create no pods. */
const QUIET_GROUPS =
  /(?:^|\.)(?:cert-manager\.io|external-secrets\.io|kyverno\.io|gatekeeper\.sh|metallb\.io|toolkit\.fluxcd\.io|traefik\.(?:io|containo\.us)|istio\.io|cilium\.io|projectcalico\.org|antrea\.io|policy\.open-cluster-management\.io|secrets-store\.csi\.x-k8s\.io|k8s\.ovn\.org|k8s\.cni\.cncf\.io|wgpolicyk8s\.io|linkerd\.io|nvidia\.com|crossplane\.io|upbound\.io|openshift\.io|monitoring\.coreos\.com|coreos\.com|gateway\.networking\.k8s\.io|argoproj\.io|bitnami\.com|isindir\.github\.com|externaldns\.(?:k8s\.)?io|stakater\.com)$/;

/** Kinds of those groups that create pods, or anything else. */
const CREATORS =
  /^(?:HelmRelease|HelmChart|Application|ApplicationSet|Workflow|CronWorkflow|EventSource|Sensor|EventBus|ArgoCD|Gateway|Subscription|ClusterServiceVersion|CatalogSource|BuildConfig|Build|IngressController|ConsolePlugin|ClusterLogging|ScaledJob)$/;

/** Kinds named after what configures others. */
const QUIET_KINDS =
  /(?:Polic(?:y|ies)|Rule|RuleGroup|Dashboard|Folder|Secret|SecretStore|Certificate|Issuer|Monitor|Datasource|DataSource|Binding|Role|User|Config|Configuration|Template|Class|Repository|Route|RouteTCP|Profile|Pool|Peer|Topic|Bucket|Alert|AlertProvider|Provider|Receiver|Silence|Group|Project|Middleware|ScaledObject|Autoscaler|Plugin|Set?ting|Database|Schema|Quota|Report|Constraint|Definition|Object|Snapshot|SnapshotClass|Backup|ScheduledBackup|Advertisement|Trait|Parameters|Grant|CRD)s?$/;

function createsPods(group: string, kind: string): boolean {
  if (CREATORS.test(kind)) return group !== 'source.toolkit.fluxcd.io';
  return !QUIET_GROUPS.test(group) && !QUIET_KINDS.test(kind);
}

/** Something that creates pods, in the namespace that it names for them, else in its own. */
function creator(group: string, version: string, kind: string): CallerKindEntry {
  return {
    role: 'caller',
    group,
    version,
    kind,
    plural: `${kind.toLowerCase()}s`,
    scope: 'Namespaced',
    docs: 'https://kubernetes.io/docs/concepts/extend-kubernetes/operator/',
    formerly: [],
    needs: '',
    read: (root) => {
      const { name, namespace } = readMetadata(root, []);
      const spec = given(root, 'spec');
      const target = textIn(given(spec, 'targetNamespace')) ?? textIn(given(given(spec, 'destination'), 'namespace'));
      const isAnywhere = kind.endsWith('Set') || (target === undefined && given(spec, 'destination') !== undefined) || namespace === '';
      const className = textIn(given(spec, 'gatewayClassName'));
      const pods = operatedPods(group, kind, name);
      return {
        kind,
        name,
        namespace,
        calls: [],
        ...(className === undefined ? {} : { className }),
        creates: { group, ...(isAnywhere ? {} : { namespace: target ?? namespace }) },
        ...(pods ? { pods } : {}),
      };
    },
  };
}
