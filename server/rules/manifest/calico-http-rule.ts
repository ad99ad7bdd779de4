import { quote } from '../../base/english.ts';
import { given } from '../../model/read.ts';
import { asMap, stringOf, type MapNode } from '../../syntax/tree.ts';
import type { Path } from '../../syntax/path.ts';
import { ofApi } from '../about.ts';
import { refused, rejected, setField, setItems, writtenRules, type WrittenRule } from '../findings/calico.ts';
import { writtenProtocol } from '../findings/calico-protocol.ts';
import type { Draft, ManifestContext, ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'calico-http-rule',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  about: ofApi('calico', 'policy'),
  summary: 'HTTP conditions where Calico cannot enforce them, or with an invalid method or path.',
  why: 'Application layer policy is enforced by the proxy next to the destination: it knows incoming requests only, works on TCP, and can only narrow what a rule allows. So http is accepted only in ingress rules with action Allow and protocol TCP or none. Each path is either exact or a prefix, and starts with a slash.',
  *check(context) {
    for (const written of writtenRules(context.root)) {
      const http = asMap(given(written.node, 'http'));
      if (!http) continue;
      const path = [...written.path, 'http'];
      yield* placeIssues(context, written, path);
      yield* methodIssues(context, http, path);
      yield* pathIssues(context, http, path);
    }
  },
};

export default rule;

function* placeIssues(context: ManifestContext, { node, direction }: WrittenRule, path: Path): Generator<Draft> {
  const action = stringOf(setField(node, 'action'));
  const protocol = writtenProtocol(setField(node, 'protocol'));
  if (action !== undefined && action !== 'Allow' && KNOWN_ACTIONS.includes(action)) {
    yield rejected(context, path, `HTTP conditions are allowed only in Allow rules, and this rule's action is ${action}.`);
  } else if (protocol && protocol.text !== 'TCP') {
    yield rejected(context, path, `HTTP conditions need protocol TCP or none, and this rule's protocol is ${quote(protocol.text)}.`);
  } else if (direction === 'egress') {
    yield refused(context, path, 'HTTP conditions are allowed only in ingress rules. Put them into the ingress rules of the destination.');
  }
}

const KNOWN_ACTIONS: readonly string[] = ['Allow', 'Deny', 'Log', 'Pass'];

function* methodIssues(context: ManifestContext, http: MapNode, path: Path): Generator<Draft> {
  const seen = new Set<string>();
  for (const item of setItems(http, 'methods', path)) {
    const method = stringOf(item.node);
    if (method === undefined) continue;
    if (seen.has(method)) yield refused(context, item.path, `The method ${quote(method)} is listed twice.`);
    seen.add(method);
  }
}

function* pathIssues(context: ManifestContext, http: MapNode, path: Path): Generator<Draft> {
  for (const item of setItems(http, 'paths', path)) {
    const node = asMap(item.node);
    if (!node) continue;
    const given = (['exact', 'prefix'] as const).flatMap((field) => {
      const text = stringOf(setField(node, field));
      return text === undefined || text === '' ? [] : [{ field, text }];
    });
    const [first] = given;
    if (given.length > 1) yield refused(context, item.path, "A path is either 'exact' or 'prefix', not both.");
    else if (!first) yield refused(context, item.path, "A path needs 'exact' or 'prefix'.");
    else if (!first.text.startsWith('/') || /[?# ]/.test(first.text)) {
      yield refused(
        context,
        [...item.path, first.field],
        `${quote(first.text)} is not a path: it starts with '/' and has no '?', '#' or blank.`,
      );
    }
  }
}
