import { list, quote } from '../../base/english.ts';
import { near } from '../../base/near.ts';
import { BUILT_IN_TIERS, isBaselineTier, isTierName } from '../../model/antrea/tiers.ts';
import { isSet, listIn, setFields, type Objection, type WebhookView } from './view.ts';

/** A tier that no Tier object can have the name of (`validateTierForPolicy` in antrea `validate.go`). */
export function* tierNameObjections({ spec }: WebhookView): Iterable<Objection> {
  const tier = spec['tier'];
  if (typeof tier !== 'string' || tier === '' || isTierName(tier)) return;
  const names = BUILT_IN_TIERS.map(({ name }) => name);
  const word = tier.trim().toLowerCase();
  const meant = names.find((name) => name === word) ?? near(word, names)[0];
  const way = meant === undefined ? `Write ${list(names, 'or')}, or the name of a Tier object.` : `Write ${quote(meant)}.`;
  yield { path: ['spec', 'tier'], message: `There is no tier ${quote(tier)}, so Antrea's webhook rejects the policy. ${way}` };
}

/** Pass in the tier `baseline`, which nothing comes after (`validateTierForPassAction`). */
export function* baselinePassObjections({ spec, rules }: WebhookView): Iterable<Objection> {
  const tier = spec['tier'];
  if (typeof tier !== 'string' || !isBaselineTier(tier)) return;
  for (const { path, rule } of rules) {
    if (rule['action'] !== 'Pass') continue;
    yield {
      path: [...path, 'action'],
      message: "Antrea's webhook rejects Pass in tier baseline, because nothing is evaluated after it. Write Allow, or remove the rule.",
      related: [{ path: ['spec', 'tier'], message: 'The tier.' }],
    };
  }
}

const RESERVED = [251, 252, 254, 255];

/** A Tier object with a priority that is reserved or belongs to a built-in tier (`tierValidator.createValidate`). */
export function* tierPriorityObjections({ spec, name }: WebhookView): Iterable<Objection> {
  const priority = spec['priority'];
  if (typeof priority !== 'number') return;
  const path = ['spec', 'priority'];
  // A built-in tier as the cluster has it.
  const own = BUILT_IN_TIERS.find((tier) => tier.name === name);
  const taken = BUILT_IN_TIERS.find((tier) => tier.priority === priority);
  if (RESERVED.includes(priority))
    yield { path, message: `Priority ${priority} is reserved, so Antrea's webhook rejects the tier. Write another number from 0 to 250.` };
  else if (taken && !own)
    yield {
      path,
      message: `Priority ${priority} belongs to the built-in tier ${quote(taken.name)}, so Antrea's webhook rejects the tier. Write a number that no other tier has.`,
    };
}

const GROUP_FIELDS = ['podSelector', 'nodeSelector', 'externalEntitySelector', 'serviceReference', 'ipBlocks', 'childGroups'];

/** A group that says in more than one way who belongs to it, or that is its own child (`validateAntreaGroupSpec`). */
export function* groupObjections({ spec, name }: WebhookView): Iterable<Objection> {
  const fields = setFields(spec).filter((field) => field === 'namespaceSelector' || GROUP_FIELDS.includes(field));
  const joined = fields.includes('namespaceSelector') && (fields.includes('podSelector') || fields.includes('externalEntitySelector'));
  if (fields.length > 2 || (fields.length === 2 && !joined))
    yield {
      path: ['spec'],
      onKey: true,
      message: `The group sets ${list(fields.map((field) => quote(field)))}, but Antrea's webhook accepts only one of them; namespaceSelector may be set together with podSelector or externalEntitySelector. Write a group for each, and unite them with childGroups.`,
    };
  for (const [i, child] of (isSet(spec, 'childGroups') ? (listIn(spec, 'childGroups') ?? []) : []).entries()) {
    if (typeof child === 'string' && child === name)
      yield {
        path: ['spec', 'childGroups', i],
        message: "The group lists itself in 'childGroups', so Antrea's webhook rejects it. Remove the entry.",
      };
  }
}
