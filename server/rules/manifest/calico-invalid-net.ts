import { quote } from '../../base/english.ts';
import { likeScalar, replace } from '../../syntax/edit.ts';
import type { Path } from '../../syntax/path.ts';
import { asMap, type Node } from '../../syntax/tree.ts';
import { given } from '../../model/read.ts';
import { ofApi } from '../about.ts';
import { refused, setItems, writtenEnds, writtenRules } from '../findings/calico.ts';
import { ruleNet, setNet, type WrittenNet } from '../findings/calico-nets.ts';
import type { Fix } from '../finding.ts';
import type { ManifestContext, ManifestRule } from '../rule.ts';

const rule: ManifestRule = {
  name: 'calico-invalid-net',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  about: ofApi('calico'),
  summary: 'An address block that Calico does not accept.',
  why: 'In rules Calico accepts CIDRs with a prefix length and without host bits: 10.0.0.0/8, not 10.0.0.1/8 and not 10.0.0.1. notNets must not hold 0.0.0.0/0 or ::/0, outside of which nothing lies. Members of network sets may be plain addresses.',
  *check(context) {
    if (context.kind?.role === 'set') yield* inSet(context);
    for (const { node: end, path } of writtenRules(context.root).flatMap(writtenEnds)) {
      for (const field of ['nets', 'notNets'] as const) {
        for (const { node, path: at } of setItems(end, field, path)) {
          const net = ruleNet(node);
          if (net?.kind === 'invalid') yield draftOf(context, at, node, net);
          if (net?.kind === 'block' && field === 'notNets' && net.cidr.prefix === 0) {
            const message = `'notNets' must not contain ${net.cidr.text}: no address lies outside of it, so the rule could never match.`;
            yield refused(context, at, message);
          }
        }
      }
    }
  },
};

export default rule;

function* inSet(context: ManifestContext): Generator<ReturnType<typeof refused>> {
  const spec = asMap(given(context.root, 'spec'));
  if (!spec) return;
  for (const { node, path } of setItems(spec, 'nets', ['spec'])) {
    const net = setNet(node);
    if (net?.kind === 'invalid') yield draftOf(context, path, node, net);
  }
}

function draftOf(
  context: ManifestContext,
  path: Path,
  node: Node,
  { text, why, meant }: WrittenNet & { readonly kind: 'invalid' },
): ReturnType<typeof refused> {
  const message =
    text === ''
      ? 'An empty string is not an address block.'
      : meant.length > 0 && !why.includes('Write ')
        ? `${why} Write ${meant.join(' or ')}.`
        : why;
  return refused(context, path, message === '' ? `${quote(text)} is not an address block.` : message, { fixes: fixes(node, meant) });
}

function fixes(node: Node, meant: readonly string[]): readonly Fix[] {
  if (node.kind !== 'scalar' || node.style === 'literal' || node.style === 'folded') return [];
  return meant.map((text) => ({ title: `Change to ${text}`, edits: [replace(node.span, likeScalar(text, node))], safe: false }));
}
