/*
 * Manifests for the examples of workspace rules: as short as can be, since every example needs some to be about.
 */

/** Documents of one file. */
export function documents(...texts: readonly string[]): string {
  return texts.map((text) => text.trimEnd()).join('\n---\n') + '\n';
}

/** A Pod. Ports are written `http:8080`, `8080` or `dns:53/UDP`. */
export function pod(namespace: string, name: string, labels: string, ...ports: readonly string[]): string {
  const listed = ports.length === 0 ? '' : `\n    ports:${ports.map((port) => `\n    - ${portText(port)}`).join('')}`;
  return `apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  namespace: ${namespace}
  labels: {${labels}}
spec:
  containers:
  - name: main
    image: registry.example/${name}:1${listed}`;
}

/** The same manifest with annotations. */
export function annotated(manifest: string, annotations: Readonly<Record<string, string>>): string {
  const lines = Object.entries(annotations).map(([key, value]) => `    ${key}: ${JSON.stringify(value)}`);
  return manifest.replace('metadata:\n', ['metadata:', '  annotations:', ...lines, ''].join('\n'));
}

function portText(text: string): string {
  const [, name, number, protocol] = /^(?:([a-z-]+):)?(\d+)(?:\/(\w+))?$/.exec(text) ?? [];
  const fields = [
    ...(name === undefined ? [] : [`name: ${name}`]),
    `containerPort: ${number ?? text}`,
    ...(protocol === undefined ? [] : [`protocol: ${protocol}`]),
  ];
  return `{${fields.join(', ')}}`;
}

/** A Service in front of pods with these labels; ports are written `80:8080` or `80:http`. */
export function service(namespace: string, name: string, selector: string, ports: string, type: string = 'ClusterIP'): string {
  const [port, target] = ports.split(':');
  return `apiVersion: v1
kind: Service
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  type: ${type}
  selector: {${selector}}
  ports:
  - port: ${port ?? '80'}
    targetPort: ${target ?? port ?? '80'}`;
}

/** A Namespace. */
export function namespace(name: string, labels: string = ''): string {
  return `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}${labels === '' ? '' : `\n  labels: {${labels}}`}`;
}

/** The DNS of the cluster, as kubeadm installs it. */
export const DNS: string = pod('kube-system', 'coredns', 'k8s-app: kube-dns', 'dns:53/UDP', 'dns-tcp:53/TCP');
