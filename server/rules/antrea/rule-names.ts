import { quote } from '../../base/english.ts';
import type { Path } from '../../syntax/path.ts';
import { isList, isMap, type JsonMap, type JsonValue } from '../schema/server-view.ts';
import type { Objection, WebhookView } from './view.ts';

/**
 * Rules whose names are not unique within the policy. A rule without a name gets one from its direction, its action and a hash of its
 * content (`generateRuleNames` in antrea `pkg/controller/networkpolicy/mutate.go`), so two identical ones collide.
 */
export function* ruleNameObjections({ rules }: WebhookView): Iterable<Objection> {
  const seen = new Map<string, Path>();
  for (const { direction, path, rule } of rules) {
    const name = rule['name'];
    if (Object.hasOwn(rule, 'name') && typeof name !== 'string') continue;
    const own = typeof name === 'string' && name !== '';
    const content = own ? undefined : contentOf(rule);
    if (!own && content === undefined) continue;
    const key = own ? `name ${name}` : `${direction} ${content ?? ''}`;
    const earlier = seen.get(key);
    if (!earlier) {
      seen.set(key, path);
      continue;
    }
    yield {
      path: own ? [...path, 'name'] : path,
      message: own
        ? `Another rule of this policy is named ${quote(name)}, and Antrea's webhook rejects policies whose rule names are not unique over ingress and egress. Rename one.`
        : "This rule repeats an earlier rule without a name. Antrea makes both names from the rule's content, so they are equal, and its webhook rejects the policy. Remove one of the rules.",
      related: [{ path: own ? [...earlier, 'name'] : earlier, message: 'The other rule.' }],
    };
  }
}

/** A rule as Go writes it to JSON: without what is empty. `undefined` where a template makes a part of it. */
function contentOf(rule: JsonMap): string | undefined {
  let unknown = false;
  const plain = (value: JsonValue): unknown => {
    if (value === undefined) unknown = true;
    if (isList(value)) return value.map(plain);
    if (!isMap(value)) return value;
    const entries = Object.entries(value).filter(([, one]) => one !== '' && one !== false && !(isList(one) && one.length === 0));
    return Object.fromEntries(entries.map(([key, one]): [string, unknown] => [key, plain(one)]).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  };
  const text = JSON.stringify(plain(rule));
  return unknown ? undefined : text;
}
