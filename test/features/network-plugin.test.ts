import { expect, test } from 'vitest';
import { explain } from '../../server/eval/explain.ts';
import { hover } from '../../server/features/hover.ts';
import { clusterSettings, DEFAULTS, type Settings } from '../../server/settings.ts';
import { sourceFile } from '../../server/syntax/source-file.ts';
import { clusterFor, emptySnapshot, withFiles } from '../../server/workspace/snapshot.ts';
import { contextOf } from '../checks.ts';
import { endOf } from '../eval/question.ts';
import { workspaceFindingsIn } from '../rules/workspace-findings.ts';

/*
 * What hovers, answers and findings of NetworkPolicies say follows the network plugin of the cluster: what an ipBlock matches, SCTP, port
 * ranges and port names.
 */

const pod = (namespace: string, name: string, port: number): string =>
  `---\napiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: ${namespace}, labels: {app: ${name}}}\nspec: {containers: [{name: c, image: i, ports: [{name: http, containerPort: ${port}}]}]}\nstatus: {podIP: 10.0.0.${port % 200}}\n`;

const POLICY = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: it, namespace: shop}
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
  ingress:
  - from:
    - ipBlock: {cidr: 10.0.0.0/8}
    ports:
    - {port: 8000, endPort: 8100}
  egress:
  - to:
    - podSelector: {}
    ports:
    - {port: http}
    - {port: 9, protocol: SCTP}
`;

const TEXT = `${POLICY}${pod('shop', 'a', 80)}${pod('data', 'b', 8080)}`;
const FILE = 'file:///work/all.yaml';

/** The hover at the first character of a text of the policy, in a cluster with a network plugin. */
function hoverAt(word: string, settings: Partial<Settings>): string {
  const all = { ...DEFAULTS, ...settings };
  const file = sourceFile(TEXT);
  const snapshot = withFiles(emptySnapshot({ folders: ['file:///work'], ...clusterSettings(all) }), [{ uri: FILE, file, keepTrees: true }]);
  const context = { ...contextOf(TEXT), snapshot, uri: FILE, file, settings: all };
  return hover(context, TEXT.indexOf(word) + 1)?.markdown ?? 'nothing';
}

const cilium = (version: string): Partial<Settings> => ({ cni: 'cilium', ciliumVersion: version });

test.each<readonly [string, string, Partial<Settings>, string | undefined]>([
  ['a block in Cilium', 'ipBlock', cilium('1.19'), 'addresses outside the cluster only, never of pods or nodes'],
  ['a block in Cilium that matches nodes', 'cidr', { cni: 'cilium', ciliumCidrMatchMode: 'nodes' }, 'and of nodes'],
  ['a block in Calico', 'ipBlock', { cni: 'calico' }, 'Calico matches blocks with the addresses of pods, too.'],
  ['a block in Antrea', 'ipBlock', { cni: 'antrea' }, 'Antrea matches blocks with the addresses of pods, too.'],
  ['a block where the plugin is not known', 'ipBlock', {}, undefined],
  [
    'a range in an old Cilium',
    'endPort',
    cilium('1.15'),
    'Cilium 1.15 ignores spec.ingress\\[0\\].ports\\[0\\].endPort and matches port 8000 only',
  ],
  ['a range in Cilium', 'endPort', cilium('1.16'), undefined],
  ['a range in Calico', 'endPort', { cni: 'calico' }, undefined],
  [
    'a name that pods use for several numbers, in Cilium',
    'http}',
    cilium('1.19'),
    'http is 80 at shop/a\\[Pod\\] and 8080 at data/b\\[Pod\\]',
  ],
  ['the same, in a Cilium that looks at the destinations only', 'http}', cilium('1.20'), undefined],
  ['SCTP in Cilium', 'SCTP', cilium('1.19'), 'Cilium handles SCTP only where it is enabled'],
  ['SCTP in Antrea', 'SCTP', { cni: 'antrea' }, undefined],
])('hover on %s', (_name, word, settings, expected) => {
  const shown = hoverAt(word, settings);
  if (expected === undefined) expect(shown).not.toMatch(/Cilium|Calico|Antrea/);
  else expect(shown).toContain(expected);
});

test('findings follow it', () => {
  const codes = (settings: Partial<Settings>): string =>
    workspaceFindingsIn(TEXT, { profile: 'strict', ...settings })
      .filter(({ code }) => code === 'cilium-port-support')
      .map(({ message }) => message.split(/[,;]/)[0])
      .join('\n');
  expect(codes({ cni: 'calico' })).toBe('');
  expect(codes(cilium('1.15'))).toMatchInlineSnapshot(`
    "Cilium 1.15 ignores spec.ingress[0].ports[0].endPort and matches port 8000 only
    Cilium 1.15 looks up a port name of an egress rule at all pods of the cluster
    Cilium handles SCTP only where it is enabled ('sctp.enabled' of its Helm chart"
  `);
  expect(codes(cilium('1.20'))).toMatchInlineSnapshot(`"Cilium handles SCTP only where it is enabled ('sctp.enabled' of its Helm chart"`);
});

test('answers name it, SCTP only where it is asked about', () => {
  const notes = (settings: Partial<Settings>, protocol: 'TCP' | 'SCTP'): string => {
    const all = { ...DEFAULTS, ...settings };
    const snapshot = withFiles(emptySnapshot({ folders: ['file:///work'], ...clusterSettings(all) }), [
      { uri: FILE, file: sourceFile(TEXT) },
    ]);
    const cluster = clusterFor(snapshot, FILE);
    return explain(cluster, { from: endOf(cluster, 'shop/a'), to: endOf(cluster, 'data/b'), protocol, port: 8080 }).notes.join('\n');
  };
  expect(notes(cilium('1.19'), 'TCP')).toContain('it skips spec.egress[0].ports[0], so that this port is not allowed.');
  expect(notes(cilium('1.19'), 'TCP')).not.toContain('SCTP');
  expect(notes(cilium('1.19'), 'SCTP')).toContain('Cilium handles SCTP only where it is enabled');
  expect(notes({ cni: 'calico' }, 'SCTP')).not.toContain('Cilium');
});
