import { quote } from '../../base/english.ts';
import { parseIp } from '../../base/ip.ts';
import { given, integerIn, textIn } from '../../model/read.ts';
import { asMap, asSeq, hasHole, type MapNode } from '../../syntax/tree.ts';
import { ofApi } from '../about.ts';
import { refused, setItems } from '../findings/calico.ts';
import { writtenProtocol } from '../findings/calico-protocol.ts';
import type { Draft, ManifestContext, ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'calico-host-endpoint',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  about: ofApi('calico', 'set'),
  summary: 'A HostEndpoint without a node, without an interface, or with an invalid address or port.',
  why: 'A HostEndpoint stands for an interface of a node. It needs the node, and the name of the interface or the addresses by which it is found (libcalico-go `validateHostEndpointSpec`).',
  noFix: 'The node and the interface are not in the manifest.',
  *check(context) {
    const spec = asMap(given(context.root, 'spec'));
    if (!spec || spec.hole || context.kind?.kind !== 'HostEndpoint') return;
    const [pair] = spec.pairs;
    const first = pair ? { span: pair.key.span } : {};
    if (isEmpty(spec, 'node')) yield refused(context, ['spec'], "'node' is missing in 'spec'. Add the name of the node.", first);
    if (isEmpty(spec, 'interfaceName') && isEmpty(spec, 'expectedIPs'))
      yield refused(
        context,
        ['spec'],
        "'spec' has neither 'interfaceName' nor 'expectedIPs'. Add the name of the interface ('*' for all), or its addresses.",
        first,
      );
    yield* addressIssues(context, spec);
    yield* portIssues(context, spec);
  },
};

export default rule;

/** Is the field missing, null, an empty string or an empty list? */
function isEmpty(spec: MapNode, name: string): boolean {
  const node = given(spec, name);
  if (node === undefined) return true;
  return !hasHole(node) && (textIn(node) === '' || asSeq(node)?.items.length === 0);
}

function* addressIssues(context: ManifestContext, spec: MapNode): Generator<Draft> {
  for (const { node, path } of setItems(spec, 'expectedIPs', ['spec'])) {
    const text = textIn(node);
    if (text === undefined || parseIp(text).ok) continue;
    yield refused(context, path, `${quote(text)} is not an IP address. Write an address such as 192.0.2.10, without a prefix length.`);
  }
}

function* portIssues(context: ManifestContext, spec: MapNode): Generator<Draft> {
  for (const { node, path } of setItems(spec, 'ports', ['spec'])) {
    const port = integerIn(given(node, 'port'));
    if (port !== undefined && (port < 1 || port > 65_535))
      yield refused(context, [...path, 'port'], `'${port}' is not a port number. Write a number from 1 to 65535.`);
    const protocol = writtenProtocol(given(node, 'protocol'));
    if (protocol && !protocol.hasPorts)
      yield refused(
        context,
        [...path, 'protocol'],
        `${quote(protocol.text)} is not a protocol with ports that Calico accepts. Write TCP, UDP or SCTP.`,
      );
  }
}
