import { formatPath } from '../../server/syntax/path.ts';
import { workspaceFindingsIn } from './workspace-findings.ts';

/** What says that something is dead, whatever workloads there are. */
export const DEAD: readonly string[] = [
  'shadowed-rule',
  'shadowed-by-policy',
  'unreachable-baseline-rule',
  'redundant-rule',
  'redundant-policy',
  'rule-covered-by-policy',
  'pass-skips-nothing',
];

const policy = (apiVersion: string, kind: string, name: string, spec: string): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: ${name}${kind === 'NetworkPolicy' ? ', namespace: shop' : ''} }\nspec: { ${spec} }\n`;
/** A NetworkPolicy of namespace shop. */
export const v1 = (name: string, spec: string): string => policy('networking.k8s.io/v1', 'NetworkPolicy', name, spec);
/** A ClusterNetworkPolicy. */
export const cnp = (name: string, tier: string, priority: number | string, spec: string): string =>
  policy('policy.networking.k8s.io/v1alpha2', 'ClusterNetworkPolicy', name, `tier: ${tier}, priority: ${priority}, ${spec}`);
/** An AdminNetworkPolicy. */
export const anp = (name: string, priority: number, spec: string): string =>
  policy('policy.networking.k8s.io/v1alpha1', 'AdminNetworkPolicy', name, `priority: ${priority}, ${spec}`);
/** The BaselineAdminNetworkPolicy. */
export const banp = (spec: string): string => policy('policy.networking.k8s.io/v1alpha1', 'BaselineAdminNetworkPolicy', 'default', spec);

/** The pods of namespace shop, as a subject. */
export const SHOP = 'subject: { namespaces: { matchLabels: { kubernetes.io/metadata.name: shop } } }';
/** Every pod. */
export const ALL = '{ namespaces: {} }';
/** The pods with app=web of any namespace. */
export const WEB = '{ pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: web } } } }';
/** All other pods. */
export const OTHERS =
  '{ pods: { namespaceSelector: {}, podSelector: { matchExpressions: [ { key: app, operator: NotIn, values: [web] } ] } } }';
/** An ingress rule of the tiers. */
export const rule = (action: string, peer: string, more = ''): string => `{ action: ${action}, from: [ ${peer} ]${more} }`;
/** A port of a rule. */
export const tcp = (number: number): string => `, protocols: [ { tcp: { destinationPort: { number: ${number} } } } ]`;
/** Some ports of a rule. */
export const range = (start: number, end: number): string =>
  `, protocols: [ { tcp: { destinationPort: { range: { start: ${start}, end: ${end} } } } } ]`;
/** A port by name. */
export const named = ', protocols: [ { destinationNamedPort: http } ]';
/** A spec with ingress rules for the pods of shop. */
export const ingress = (...rules: readonly string[]): string => `${SHOP}, ingress: [ ${rules.join(', ')} ]`;
/** An egress rule to blocks of addresses, or to every pod. */
export const to = (action: string, ...networks: readonly string[]): string =>
  `{ action: ${action}, to: [ ${networks.map((cidr) => (cidr === 'pods' ? ALL : `{ networks: ['${cidr}'] }`)).join(', ')} ] }`;
/** A spec with egress rules for the pods of shop. */
export const egress = (...rules: readonly string[]): string => `${SHOP}, egress: [ ${rules.join(', ')} ]`;
/** The spec of a NetworkPolicy with ingress rules. */
export const allow = (selector: string, ...rules: readonly string[]): string =>
  `podSelector: ${selector}, policyTypes: [Ingress], ingress: [ ${rules.join(', ')} ]`;
/** The pods with app=db. */
export const DB = '{ matchLabels: { app: db } }';
/** A rule for the pods with app=web. */
export const FROM_WEB = '{ from: [ { podSelector: { matchLabels: { app: web } } } ] }';
/** A rule for the pods of the namespace. */
export const FROM_SHOP = '{ from: [ { podSelector: {} } ] }';

/** `name path: code` of everything that is called dead. */
export function dead(...documents: readonly string[]): readonly string[] {
  const files = documents.map((text, at) => `# file: policy-${at}.yaml\n${text}`).join('');
  const found = workspaceFindingsIn(files).filter(({ code }) => DEAD.includes(code));
  return found.map(({ uri, path, code }) => {
    const at = Number(/(\d+)\.yaml$/.exec(uri)?.[1]);
    return `${/name: ([\w-]+)/.exec(documents[at] ?? '')?.[1] ?? ''} ${formatPath(path)}: ${code}`;
  });
}
