import { list, quote } from '../../base/english.ts';
import type { Path } from '../../syntax/path.ts';
import type { JsonMap } from '../schema/server-view.ts';
import { isSet, listIn, mapsIn, peersField, setFields, type Objection, type RuleView, type WebhookView } from './view.ts';

/** Where `appliedTo` stands: in the policy or in every rule, never in both (`validateAppliedTo` in antrea `validate.go`). */
export function* appliedToObjections({ spec, rules, isIncomplete }: WebhookView): Iterable<Objection> {
  const inSpec = hasAppliedTo(spec);
  const unknown = isUnknown(spec) || isIncomplete(spec);
  const having = rules.filter(({ rule }) => hasAppliedTo(rule));
  const lacking = rules.filter(({ rule }) => !hasAppliedTo(rule) && !isUnknown(rule) && !isIncomplete(rule));
  for (const { path } of inSpec ? having : []) {
    yield {
      path: [...path, 'appliedTo'],
      onKey: true,
      message: `${quote('appliedTo')} is set in the policy and in this rule, so Antrea's webhook rejects the policy. Set it in the policy, or in every rule.`,
      related: [{ path: ['spec', 'appliedTo'], message: 'The appliedTo of the policy.' }],
    };
  }
  if (inSpec || unknown) return;
  if (having.length > 0) {
    for (const { path } of lacking)
      yield {
        path,
        absence: true,
        message: `This rule has no ${quote('appliedTo')}, but others have one, so Antrea's webhook rejects the policy. Add one to every rule, or move it to spec.appliedTo.`,
      };
    return;
  }
  if (lacking.length < rules.length) return;
  yield {
    path: isSet(spec, 'appliedTo') ? ['spec', 'appliedTo'] : ['spec'],
    onKey: true,
    absence: true,
    message: `The policy has no ${quote('appliedTo')} and neither do its rules, so Antrea's webhook rejects it. Write spec.appliedTo; a podSelector of {} selects every pod.`,
  };
}

/** Items of `appliedTo` with fields that exclude each other (`checkAppliedTo`). */
export function* appliedToItemObjections(view: WebhookView): Iterable<Objection> {
  for (const { map, path } of appliedToLists(view).flatMap((one) => one.items)) {
    const fields = setFields(map);
    const alone = ['group', 'nodeSelector', 'serviceAccount', 'service'].find((field) => fields.includes(field));
    if (alone === undefined || fields.length < 2) continue;
    const others = fields.filter((field) => field !== alone);
    yield {
      path,
      message: `${quote(alone)} is set together with ${list(others.map((field) => quote(field)))} in one item of 'appliedTo', so Antrea's webhook rejects the policy. Write an item for each.`,
    };
  }
}

/** What applies to Services: ingress only, no other subjects, and only `ipBlock` peers (`validateAppliedToServiceIngressPeer`). */
export function* appliedToServiceObjections(view: WebhookView): Iterable<Objection> {
  const { spec, rules } = view;
  for (const { items, path, direction } of appliedToLists(view)) {
    const services = items.filter(({ map }) => isSet(map, 'service'));
    const [first] = services;
    if (!first) continue;
    const other = items.find(({ map }) => !isSet(map, 'service'));
    if (other)
      yield {
        path: other.path,
        message:
          "'appliedTo' lists a Service together with other subjects, so Antrea's webhook rejects the policy. Write a policy for each.",
        related: [{ path: first.path, message: 'The Service.' }],
      };
    const egress = direction === undefined ? (listIn(spec, 'egress')?.length ?? 0) > 0 : direction === 'egress';
    if (egress)
      yield {
        path: direction === undefined ? ['spec', 'egress'] : path,
        onKey: true,
        message:
          "A policy that applies to a Service cannot have egress rules, so Antrea's webhook rejects it. Move them to a policy for pods.",
        related: [{ path: first.path, message: 'The Service.' }],
      };
  }
  const onService = startsWithService(spec);
  for (const one of rules) {
    if (one.direction !== 'ingress' || !(onService || startsWithService(one.rule))) continue;
    yield* peersOfServiceRule(one);
  }
}

function* peersOfServiceRule({ direction, path, rule }: RuleView): Iterable<Objection> {
  for (const { map, path: at } of mapsIn(rule, peersField(direction), path)) {
    const fields = setFields(map);
    if (fields.length === 1 && fields[0] === 'ipBlock') continue;
    yield {
      path: at,
      message:
        "A rule that applies to a Service accepts only peers with an ipBlock, because it filters traffic from outside the cluster; Antrea's webhook rejects the policy. Write an ipBlock.",
    };
  }
}

interface AppliedToList {
  readonly path: Path;
  /** The direction of the rule that it stands in; `undefined` for that of the policy. */
  readonly direction: 'ingress' | 'egress' | undefined;
  readonly items: readonly { readonly map: JsonMap; readonly path: Path }[];
}

function appliedToLists({ spec, rules }: WebhookView): readonly AppliedToList[] {
  return [
    { path: ['spec', 'appliedTo'], direction: undefined, items: mapsIn(spec, 'appliedTo', ['spec']) },
    ...rules.map(({ direction, path, rule }) => ({
      path: [...path, 'appliedTo'],
      direction,
      items: mapsIn(rule, 'appliedTo', path),
    })),
  ];
}

function hasAppliedTo(map: JsonMap): boolean {
  return (listIn(map, 'appliedTo')?.length ?? 0) > 0;
}

/** Filled in by a template, or of a wrong type. */
function isUnknown(map: JsonMap): boolean {
  return isSet(map, 'appliedTo') && listIn(map, 'appliedTo') === undefined;
}

function startsWithService(map: JsonMap): boolean {
  const [first] = mapsIn(map, 'appliedTo', []);
  return first !== undefined && isSet(first.map, 'service');
}
