import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { PROTOCOLS } from '../../server/base/ports.ts';
import { explain } from '../../server/eval/explain.ts';
import { clusterOf } from './cluster.ts';
import { endOf } from './question.ts';

/** One world of pods and namespaces, and what some policies of Antrea do in it: `b/cl a/web TCP 80 allow`. */
interface Semantics {
  readonly world: string;
  readonly cases: readonly { readonly about: string; readonly policies: string; readonly probes: readonly string[] }[];
}

const { world, cases }: Semantics = JSON.parse(readFileSync(new URL('antrea-semantics.json', import.meta.url), 'utf8'));

function answer(policies: string, probe: string): ReturnType<typeof explain> {
  const [from = '', to = '', name, port] = probe.split(' ');
  const cluster = clusterOf({ 'a.yaml': world + policies }, 'antrea');
  const protocol = PROTOCOLS.find((one) => one === name) ?? 'TCP';
  return explain(cluster, { from: endOf(cluster, from), to: endOf(cluster, to), protocol, port: Number(port) });
}

describe('what Antrea does, sentence by sentence', () => {
  test.each(cases)('$about', ({ policies, probes }) => {
    for (const probe of probes) expect(answer(policies, probe).verdict, probe).toBe(probe.split(' ')[4]);
  });
});

test('what is not known is named where the answer is given', () => {
  const notes = (about: string): readonly string[] => {
    const { policies = '', probes = [] } = cases.find((one) => one.about.startsWith(about)) ?? {};
    return answer(policies, probes[0] ?? '').notes;
  };
  const { policies = '', probes = [] } = cases.find((one) => one.about.startsWith('a tier that the workspace lacks')) ?? {};
  expect(answer(policies, probes[0] ?? '').steps.map(({ why }) => why)).toMatchInlineSnapshot(`
    [
      "No policy decides about egress of b/cl[Pod], so the default applies: allowed.",
      "Antrea ClusterNetworkPolicy 'p' may select a/web[Pod]. The workspace has no Tier 'ghost', so it is not known when the policy is evaluated: it may allow this or deny it.",
      "No other policy decides about ingress of a/web[Pod], so the default applies: allowed.",
    ]
  `);
  expect(notes('a group that the workspace lacks')).toMatchInlineSnapshot(`
    [
      "Antrea ClusterNetworkPolicy p refers to ClusterGroup 'ghost', which is not in the workspace: its members are unknown.",
    ]
  `);
  expect(notes('a child group that does not exist')).toMatchInlineSnapshot(`
    [
      "Antrea ClusterNetworkPolicy p refers to ClusterGroup 'ghost', which is not in the workspace: it counts as empty.",
    ]
  `);
  expect(notes('a Drop by name')).toMatchInlineSnapshot(`
    [
      "Antrea ClusterNetworkPolicy p also matches *.example.com; the addresses of these names are unknown.",
    ]
  `);
  expect(notes('ICMP never matches')).toMatchInlineSnapshot(`
    [
      "Antrea ClusterNetworkPolicy p also has rules for ICMP; verdicts cover TCP, UDP and SCTP only, and do not include them.",
    ]
  `);
});
