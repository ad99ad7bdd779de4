import { asMap, asSeq } from '../../syntax/tree.ts';
import { replace } from '../../syntax/edit.ts';
import { rejectionRule } from '../cilium-rejection.ts';
import type { Draft, ManifestContext, ManifestRule } from '../rule.ts';
import { fieldsOf } from '../schema/schemas.ts';

const rejected: ManifestRule = rejectionRule({
  code: 'no-entries',
  summary: 'A Cilium policy without an entry, such as `ingress: []`.',
  why: 'The API server rejects a rule that has none of ingress, ingressDeny, egress and egressDeny. One whose lists are all empty, and a policy without spec and specs, it stores, and Cilium rejects them: they look like a default deny, but nothing is enforced. An empty entry, `- {}`, allows nothing and isolates the selected pods.',
  fixes: ({ path, mistake }, { at }) => {
    const list = at(path);
    const direction = String(path.at(-1)).startsWith('egress') ? 'egress' : 'ingress';
    const isEmpty = mistake === 'empty' && list?.kind === 'seq' && asSeq(list)?.items.length === 0;
    return isEmpty
      ? [{ title: `Write '[{}]', which denies all ${direction} that no policy allows`, edits: [replace(list.span, '[{}]')], safe: false }]
      : [];
  },
});

const rule: ManifestRule = {
  ...rejected,
  *check(context) {
    yield* rejected.check(context);
    yield* withoutLists(context);
  },
};

export default rule;

/** Rules without any list of entries. What a misspelt field explains, or a rule without a selector as well, is reported by others. */
function* withoutLists({ issues, at }: ManifestContext): Iterable<Draft> {
  for (const { keyword, path, span, at: place, place: schema } of issues) {
    if (keyword !== 'at-least-one' || schema.schema['x-at-least-one']?.includes('ingressDeny') !== true) continue;
    const names = asMap(at(place))?.pairs.flatMap(({ name }) => name ?? []) ?? [];
    const fields = fieldsOf(schema);
    if (!names.includes('endpointSelector') && !names.includes('nodeSelector')) continue;
    if (names.some((name) => !fields.includes(name))) continue;
    const message =
      "This rule has none of 'ingress', 'ingressDeny', 'egress' and 'egressDeny', so the API server rejects the manifest. To deny all ingress, add 'ingress' with '- {}' as the only item.";
    yield { span, path, message, fixes: [] };
  }
}
