import { quote } from '../../base/english.ts';
import { likeScalar, replace } from '../../syntax/edit.ts';
import type { Node } from '../../syntax/tree.ts';
import { ofApi } from '../about.ts';
import type { Fix } from '../finding.ts';
import type { ManifestRule } from '../rule.ts';
import { spotOf } from '../../syntax/spot.ts';
import { fits } from '../schema/formats.ts';
import { fieldName } from '../text/words.ts';

const rule: ManifestRule = {
  name: 'cilium-field-format',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: "A string that Cilium's CRD does not accept: a DNS name or pattern, a port, an ICMP type, a log value.",
  why: 'The API server compares these fields with the patterns of the CRD and rejects the manifest. A matchName is a DNS name without wildcards, a matchPattern is one that may contain `*`, a port a number or a name in quotes.',
  about: ofApi('cilium'),
  *check({ issues, manifest }) {
    for (const { keyword, params, span, path, node, at } of issues) {
      const text = String(params.value ?? '');
      const fault = keyword === 'format' ? FAULTS[params.format ?? '']?.(text) : undefined;
      if (fault === undefined) continue;
      yield {
        span,
        path,
        message: `${fieldName(at)} cannot be ${quote(text)}, so the API server rejects the manifest. ${fault}`,
        fixes: fixes(params.format, text, node, manifest.root && spotOf(manifest.root, at).key),
      };
    }
  },
};

export default rule;

const FAULTS: Readonly<Record<string, ((text: string) => string) | undefined>> = {
  'cilium-match-name': (text) =>
    text.includes('*')
      ? "A name has no wildcards: write it as 'matchPattern'."
      : nameFault(text, 'A DNS name has letters, digits, dashes, underscores and single dots.'),
  'cilium-match-pattern': (text) => nameFault(text, "A pattern is a DNS name in which '*' matches any characters within a label."),
  'cilium-server-name': (text) => nameFault(text, "A server name is a DNS name, optionally with '*.' or '**.' in front of it."),
  'cilium-port': () => 'Write a number such as "80", or the name of a container port.',
  'cilium-icmp-type': () => 'Write a number from 0 to 255, or a name such as EchoRequest.',
  printable: () => 'Remove the control characters.',
};

function nameFault(text: string, otherwise: string): string {
  if (text.includes('://')) return 'Write the name of the host only, without the scheme and the path.';
  if (/:\d+$/.test(text)) return "Write the port under 'toPorts'.";
  if (text.includes('..')) return 'Remove the second dot.';
  return otherwise;
}

function fixes(format: string | undefined, text: string, node: Node | undefined, key: Node | undefined): readonly Fix[] {
  if (format === 'cilium-match-name' && text.includes('*') && key?.kind === 'scalar' && fits('cilium-match-pattern', text))
    return [{ title: "Change to 'matchPattern'", edits: [replace(key.span, 'matchPattern')], safe: false }];
  if (node?.kind !== 'scalar' || (format !== 'cilium-match-name' && format !== 'cilium-match-pattern')) return [];
  const host = text
    .trim()
    .replace(/^[a-z]+:\/\//i, '')
    .replace(/[:/].*$/, '')
    .replace(/\.{2,}/g, '.');
  if (host === text || !/^(?:[-\w*]+\.)*[-\w*]+\.?$/.test(host) || (host.includes('*') && format === 'cilium-match-name')) return [];
  return [{ title: `Change to '${host}'`, edits: [replace(node.span, likeScalar(host, node))], safe: false }];
}
