import { list } from '../../base/english.ts';
import { given } from '../../model/read.ts';
import { asMap, asSeq, hasHole, stringOf } from '../../syntax/tree.ts';
import { ofApi } from '../about.ts';
import { refused, rejected, setItems, writtenEnds, writtenRules, type WrittenEnd } from '../findings/calico.ts';
import { fits } from '../schema/formats.ts';
import type { Draft, ManifestContext, ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'calico-service-rule',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  about: ofApi('calico', 'policy'),
  summary: 'A Service in a Calico rule that is in the wrong place, has no name, or is combined with other conditions.',
  why: 'services means the endpoints of a Service: as the destination of an egress rule (addresses and ports), or as the source of an ingress rule (addresses). Calico does not combine it with selectors, service accounts, nets or ports, and a GlobalNetworkPolicy has to name the namespace.',
  *check(context) {
    for (const end of writtenRules(context.root).flatMap(writtenEnds)) {
      const services = asMap(given(end.node, 'services'));
      if (!services || hasHole(services)) continue;
      yield* serviceIssues(context, end, services);
    }
  },
};

export default rule;

function* serviceIssues(
  context: ManifestContext,
  { end, node, path, rule: written }: WrittenEnd,
  services: Parameters<typeof given>[0],
): Generator<Draft> {
  const at = [...path, 'services'];
  const right = written.direction === 'ingress' ? 'source' : 'destination';
  if (end !== right) {
    yield refused(context, at, `In an ${written.direction} rule a Service can only be the ${right}. Move it there, or remove it.`);
    return;
  }
  const name = stringOf(given(services, 'name')) ?? '';
  const namespace = stringOf(given(services, 'namespace')) ?? '';
  if (name === '') yield refused(context, at, 'The Service has no name. Set services.name.');
  else if (!fits('dns-subdomain-name', name)) yield refused(context, [...at, 'name'], `'${name}' is not the name of a Service.`);
  if (namespace === '' && context.kind?.scope === 'Cluster') {
    yield refused(context, at, 'A global policy must say in which namespace the Service is. Set services.namespace.');
  } else if (namespace !== '' && !fits('dns-subdomain-name', namespace)) {
    yield refused(context, [...at, 'namespace'], `'${namespace}' is not the name of a namespace.`);
  }
  const texts = (['selector', 'notSelector', 'namespaceSelector'] as const).filter((field) => (stringOf(given(node, field)) ?? '') !== '');
  const lists = (['nets', 'notNets'] as const).filter((field) => (asSeq(given(node, field))?.items.length ?? 0) > 0);
  const accounts = given(node, 'serviceAccounts') === undefined ? [] : ['serviceAccounts'];
  const others = [...texts, ...accounts, ...lists];
  if (others.length > 0) yield refused(context, at, `'services' cannot be combined with ${list(others)}. Write two rules.`);
  const ports = end === 'destination' ? (['ports', 'notPorts'] as const).filter((field) => setItems(node, field, path).length > 0) : [];
  const [first] = ports;
  if (first) yield rejected(context, [...path, first], `'services' cannot be combined with ${list(ports)}: a Service has its own ports.`);
}
