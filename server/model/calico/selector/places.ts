import type { Path } from '../../../syntax/path.ts';
import { asMap, asScalar, asSeq, type Node, type ScalarNode } from '../../../syntax/tree.ts';
import { given } from '../../read.ts';

/** What a selector of a policy selects by its labels. */
export type SelectorRole = 'endpoints' | 'namespaces' | 'accounts';

/** A selector as it stands in a Calico policy. */
export interface SelectorPlace {
  readonly node: ScalarNode;
  readonly path: Path;
  readonly role: SelectorRole;
  /** `subject`: whom the policy applies to; `peer`: one end of a rule. */
  readonly of: 'subject' | 'peer';
}

/** Every selector of a policy in the order of the text's fields; none of those that something fills in later, or that are no strings. */
export function selectorNodes(root: Node | undefined): readonly SelectorPlace[] {
  const spec = given(root, 'spec');
  return [
    ...selectorsOf(spec, ['spec'], 'subject', SUBJECT),
    ...(['ingress', 'egress'] as const).flatMap((direction) =>
      (asSeq(given(spec, direction))?.items ?? []).flatMap(({ value }, i) =>
        (['source', 'destination'] as const).flatMap((end) => endSelectors(given(value, end), ['spec', direction, i, end])),
      ),
    ),
  ];
}

const SUBJECT: readonly (readonly [string, SelectorRole])[] = [
  ['selector', 'endpoints'],
  ['namespaceSelector', 'namespaces'],
  ['serviceAccountSelector', 'accounts'],
];

const PEER: readonly (readonly [string, SelectorRole])[] = [
  ['selector', 'endpoints'],
  ['namespaceSelector', 'namespaces'],
  ['notSelector', 'endpoints'],
];

const ACCOUNT: readonly (readonly [string, SelectorRole])[] = [['selector', 'accounts']];

function endSelectors(end: Node | undefined, path: Path): readonly SelectorPlace[] {
  if (!asMap(end)) return [];
  return [
    ...selectorsOf(end, path, 'peer', PEER),
    ...selectorsOf(given(end, 'serviceAccounts'), [...path, 'serviceAccounts'], 'peer', ACCOUNT),
  ];
}

/** What a selector at a path of a policy selects; `undefined` where the path is no selector's. */
export function selectorRole(path: Path): Pick<SelectorPlace, 'role' | 'of'> | undefined {
  const [root, second] = path;
  const name = path.at(-1);
  if (root !== 'spec') return undefined;
  const of = path.length === 2 ? 'subject' : 'peer';
  const isPeer = (second === 'ingress' || second === 'egress') && (path[3] === 'source' || path[3] === 'destination');
  const isAccount = path.length === 6 && path[4] === 'serviceAccounts';
  const fields = of === 'subject' ? SUBJECT : !isPeer ? [] : path.length === 5 ? PEER : isAccount ? ACCOUNT : [];
  const role = fields.find(([field]) => field === name)?.[1];
  return role && { role, of };
}

function selectorsOf(
  owner: Node | undefined,
  path: Path,
  of: SelectorPlace['of'],
  fields: readonly (readonly [string, SelectorRole])[],
): readonly SelectorPlace[] {
  return fields.flatMap(([name, role]) => {
    const node = asScalar(given(owner, name));
    return node && !node.hole && node.value.type === 'string' ? [{ node, path: [...path, name], role, of }] : [];
  });
}
