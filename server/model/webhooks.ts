import type { Path } from '../syntax/path.ts';
import { itemsOf, type Node } from '../syntax/tree.ts';
import type { ServiceCall } from './caller.ts';
import type { CallerKindEntry } from './kind.ts';
import { given, integerIn, readMetadata, textIn } from './read.ts';

/** What makes the API server call a Service: admission webhooks, conversion webhooks, and APIs that another server serves. */
export const webhooks: readonly CallerKindEntry[] = [
  callback('ValidatingWebhookConfiguration', 'admissionregistration.k8s.io', 'validatingwebhookconfigurations', 'clientConfig', admissions),
  callback('MutatingWebhookConfiguration', 'admissionregistration.k8s.io', 'mutatingwebhookconfigurations', 'clientConfig', admissions),
  callback('CustomResourceDefinition', 'apiextensions.k8s.io', 'customresourcedefinitions', 'lientConfig', conversions),
  callback('APIService', 'apiregistration.k8s.io', 'apiservices', 'service', (root) => [
    { node: given(given(root, 'spec'), 'service'), path: ['spec', 'service'] },
  ]),
];

/** A reference to a Service: `{namespace, name, port}`. */
interface Reference {
  readonly node: Node | undefined;
  readonly path: Path;
}

function callback(
  kind: string,
  group: string,
  plural: string,
  needs: string,
  references: (root: Node | undefined) => readonly Reference[],
): CallerKindEntry {
  return {
    role: 'caller',
    group,
    version: 'v1',
    kind,
    plural,
    scope: 'Cluster',
    docs: 'https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/',
    formerly: [`${group}/v1beta1`],
    needs,
    read: (root) => ({
      kind,
      name: readMetadata(root, []).name,
      namespace: '',
      calls: references(root).flatMap((reference) => callOf(reference) ?? []),
    }),
  };
}

function admissions(root: Node | undefined): readonly Reference[] {
  return itemsOf(given(root, 'webhooks')).map((webhook, i) => ({
    node: given(given(webhook, 'clientConfig'), 'service'),
    path: ['webhooks', i, 'clientConfig', 'service'],
  }));
}

/** `conversion.webhook.clientConfig` in v1, `conversion.webhookClientConfig` in v1beta1. */
function conversions(root: Node | undefined): readonly Reference[] {
  const conversion = given(given(root, 'spec'), 'conversion');
  if (textIn(given(conversion, 'strategy')) !== 'Webhook') return [];
  const at = ['spec', 'conversion'];
  return [
    { node: given(given(given(conversion, 'webhook'), 'clientConfig'), 'service'), path: [...at, 'webhook', 'clientConfig', 'service'] },
    { node: given(given(conversion, 'webhookClientConfig'), 'service'), path: [...at, 'webhookClientConfig', 'service'] },
  ];
}

/** The port is 443 where none is given (admissionregistration/v1 and apiregistration/v1, `ServiceReference.port`). */
function callOf({ node, path }: Reference): ServiceCall | undefined {
  const [service, namespace] = [textIn(given(node, 'name')), textIn(given(node, 'namespace'))];
  if (service === undefined || namespace === undefined) return undefined;
  return { kind: 'service', by: 'api-server', namespace, service, port: integerIn(given(node, 'port')) ?? 443, path };
}
