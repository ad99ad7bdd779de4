import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { PROTOCOLS } from '../../server/base/ports.ts';
import { explain } from '../../server/eval/explain.ts';
import { evaluationOf } from '../../server/eval/evaluate.ts';
import { unknownConnections } from '../../server/eval/unknown-connections.ts';
import { clusterOf } from './cluster.ts';
import { endOf } from './question.ts';

/** One world of pods and namespaces, and what some policies of Calico do in it: `b/cl a/web TCP 80 allow`. */
interface Semantics {
  readonly world: string;
  readonly cases: readonly { readonly about: string; readonly policies: string; readonly probes: readonly string[] }[];
}

const { world, cases }: Semantics = JSON.parse(readFileSync(new URL('calico-semantics.json', import.meta.url), 'utf8'));

function answer(policies: string, probe: string): ReturnType<typeof explain> {
  const [from = '', to = '', name, port] = probe.split(' ');
  const cluster = clusterOf({ 'a.yaml': world + policies }, 'calico');
  const protocol = PROTOCOLS.find((one) => one === name) ?? 'TCP';
  return explain(cluster, { from: endOf(cluster, from), to: endOf(cluster, to), protocol, port: Number(port) });
}

describe('what Calico does, sentence by sentence', () => {
  test.each(cases)('$about', ({ policies, probes }) => {
    for (const probe of probes) expect(answer(policies, probe).verdict, probe).toBe(probe.split(' ')[4]);
  });
});

const policy = (spec: string, kind: string = 'GlobalNetworkPolicy'): string =>
  `apiVersion: projectcalico.org/v3\nkind: ${kind}\nmetadata: {name: p${kind === 'NetworkPolicy' ? ', namespace: a' : ''}}\nspec:\n${spec}`;

describe('what verdicts leave open is named', () => {
  const notes = (text: string): readonly string[] => answer(text, 'b/cl a/web TCP 80').notes;

  test('a selector that cannot be parsed, with its column', () => {
    expect(
      notes(
        policy(
          "  selector: app == 'web'\n  types: [Ingress]\n  ingress:\n  - {action: Allow, source: {selector: app = 'db'}}\n",
          'NetworkPolicy',
        ),
      ),
    ).toMatchInlineSnapshot(`
      [
        "Calico NetworkPolicy a/p cannot be read in full, so this answer may be wrong.",
        "A rule of 'a/p' cannot be read in full: spec.ingress[0].source.selector is not a selector that Calico can parse (column 5). It fails closed and accepts nothing.",
      ]
    `);
    expect(notes(policy("  selector: app = 'web'\n  types: [Ingress]\n", 'NetworkPolicy'))).toMatchInlineSnapshot(`
      [
        "'a/p' is left out of all verdicts: spec.selector is not a selector that Calico can parse (column 5).",
      ]
    `);
  });

  test('a network set and a tier that are not there', () => {
    expect(
      notes(
        policy(
          "  tier: ghost\n  selector: app == 'web'\n  types: [Ingress]\n  ingress:\n  - {action: Allow, source: {selector: zone == 'out'}}\n",
        ),
      ),
    ).toMatchInlineSnapshot(`
      [
        "Calico GlobalNetworkPolicy p is in tier 'ghost', of which the workspace has no Tier object: it is evaluated after all tiers that are there.",
        "spec.ingress[0].source of Calico GlobalNetworkPolicy p refers to network sets with zone=out, and the workspace has neither such a set nor such a pod, so it matches nothing: if the cluster has the set, the answer may differ.",
      ]
    `);
  });

  test('each alternative that means a network set which is not there, also where pods match another one', () => {
    const set =
      '---\napiVersion: projectcalico.org/v3\nkind: GlobalNetworkSet\nmetadata: {name: s, labels: {zone: office}}\nspec: {nets: [192.0.2.0/24]}\n';
    const rules = [
      `{selector: "role == 'admin' || zone in {'office', 'vpn'}"}`,
      "{notSelector: zone == 'blocked'}",
      "{selector: zone == 'office' && has(floor)}",
      "{selector: zone == 'office' && site != 'x'}",
      '{selector: all()}',
    ].map((source) => `  - {action: Allow, source: ${source}}\n`);
    expect(notes(policy(`  selector: app == 'web'\n  types: [Ingress]\n  ingress:\n${rules.join('')}`) + set)).toMatchInlineSnapshot(`
      [
        "spec.ingress[0].source of Calico GlobalNetworkPolicy p refers to network sets with zone=vpn, and the workspace has neither such a set nor such a pod: if the cluster has the set, the answer may differ.",
        "spec.ingress[1].source of Calico GlobalNetworkPolicy p refers to network sets with zone=blocked, and the workspace has neither such a set nor such a pod: if the cluster has the set, the answer may differ.",
        "spec.ingress[2].source of Calico GlobalNetworkPolicy p refers to network sets with zone=office and any floor, and the workspace has neither such a set nor such a pod, so it matches nothing: if the cluster has the set, the answer may differ.",
      ]
    `);
  });

  test('a policy for host endpoints', () => {
    expect(
      notes(policy('  selector: all()\n  types: [Ingress]\n  preDNAT: true\n  applyOnForward: true\n  ingress:\n  - {action: Deny}\n')),
    ).toMatchInlineSnapshot(`
      [
        "'p' takes no part in verdicts, because it applies to host endpoints only, before all other policies (preDNAT).",
      ]
    `);
  });

  test('source ports', () => {
    const rules = '  - {action: Deny, protocol: TCP, source: {ports: [53]}}\n  - {action: Allow}\n';
    const text = policy(`  selector: app == 'web'\n  types: [Ingress]\n  ingress:\n${rules}`);
    const unknown = [...unknownConnections(evaluationOf(clusterOf({ 'a.yaml': world + text }, 'calico')))];
    expect(unknown.map(({ src, dst, protocol, policies }) => `${src} ${dst} ${protocol} ${policies.join()}`)).toMatchInlineSnapshot(`
      [
        "a/db[Pod] a/web[Pod] TCP GlobalNetworkPolicy 'p'",
        "b/cl2[Pod] a/web[Pod] TCP GlobalNetworkPolicy 'p'",
        "b/cl[Pod] a/web[Pod] TCP GlobalNetworkPolicy 'p'",
        "c/x[Pod] a/web[Pod] TCP GlobalNetworkPolicy 'p'",
        "0.0.0.0-255.255.255.255[External] a/web[Pod] TCP GlobalNetworkPolicy 'p'",
      ]
    `);
  });
});
