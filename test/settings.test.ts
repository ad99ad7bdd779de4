import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { manifestRules, workspaceRules } from '../server/rules/index.ts';
import { DEFAULTS, SETTINGS, settingsFrom, untrustedSettings, type SettingDefinition } from '../server/settings.ts';

const PACKAGE = new URL('../package.json', import.meta.url);
const isUpdate = process.env['NETPOL_UPDATE'] === 'yes';

/** Of the codes the editor then offers those that there are, and marks the others. */
function propertyOf({ name, schema, scope, text }: SettingDefinition, order: number): object {
  const codes = [...manifestRules, ...workspaceRules].flatMap((rule) => [rule.name, ...(rule.aliases ?? [])]).sort();
  return { ...schema, ...(name === 'rules' ? { propertyNames: { enum: codes } } : {}), scope, order, markdownDescription: text };
}

describe('settings are defined once', () => {
  test('package.json says the same (npm test -- -u writes it)', () => {
    const wanted = Object.fromEntries(SETTINGS.map((setting, i) => [`netpol.${setting.name}`, propertyOf(setting, i)]));
    const restricted = SETTINGS.filter((setting) => setting.restricted).map(({ name }) => `netpol.${name}`);
    const found = JSON.parse(readFileSync(PACKAGE, 'utf8'));
    if (isUpdate) {
      found.contributes.configuration.properties = wanted;
      found.capabilities.untrustedWorkspaces.restrictedConfigurations = restricted;
      writeFileSync(PACKAGE, `${JSON.stringify(found, undefined, 2)}\n`);
    }
    expect(found.contributes.configuration.properties).toEqual(JSON.parse(JSON.stringify(wanted)));
    expect(found.capabilities.untrustedWorkspaces).toMatchObject({ supported: 'limited', restrictedConfigurations: restricted });
    expect(restricted).toEqual([
      'netpol.profile',
      'netpol.rules',
      'netpol.ignore',
      'netpol.clusters',
      'netpol.cilium.policyCidrMatchMode',
      'netpol.cni',
    ]);
  });

  test('of settings that nobody trusts yet, exactly the restricted ones are left out', () => {
    const brought = settingsFrom({
      kubernetesVersion: '1.30',
      profile: 'relaxed',
      rules: { 'allow-all-ingress': 'off' },
      ignore: { '**': ['*'] },
      clusters: { all: ['**'] },
      cni: 'calico',
      cilium: { version: '1.18', policyCidrMatchMode: 'nodes' },
    }).settings;
    const taken = untrustedSettings(brought, DEFAULTS);
    const left = SETTINGS.filter(({ restricted }) => restricted);
    for (const { field } of left) expect([field, brought[field]]).not.toEqual([field, DEFAULTS[field]]);
    for (const { field, restricted } of SETTINGS) expect([field, taken[field]]).toEqual([field, (restricted ? DEFAULTS : brought)[field]]);
  });

  test('docs/settings.md says the same (npm test -- -u writes it)', async () => {
    const rows = SETTINGS.map(({ name, schema, text, restricted }) => {
      const texts = schema.enumDescriptions;
      const listed = schema.enum?.map((value, i) => (texts ? `- \`${value}\`: ${texts[i]}` : `\`${value}\``)) ?? [];
      const values = listed.length === 0 ? '' : texts ? `\n\n${listed.join('\n')}\n\n` : `${listed.join(', ')}. `;
      const limit = restricted ? ' In a workspace that is not trusted, only the value of the user settings counts.' : '';
      return `## \`netpol.${name}\`\n\n${text}${limit} ${values}Default: \`${JSON.stringify(schema.default)}\`.\n`.replace(/ \n/g, '\n');
    });
    const page = `# Settings\n\nIn VS Code: Settings, "netpol". In other editors: the \`netpol\` section of the server's settings. On the command line: \`--config FILE\` with the same keys as JSON.\n\n${rows.join('\n')}`;
    await expect(page).toMatchFileSnapshot('../docs/settings.md');
  });

  test('the table and the defaults agree', () => {
    for (const { field, schema } of SETTINGS) expect(DEFAULTS[field]).toEqual(schema.default);
  });
});

describe('reading settings', () => {
  const cases: readonly [string, unknown, object, string[]][] = [
    ['nothing', undefined, {}, []],
    ['null, as VS Code answers for an unknown section', null, {}, []],
    ['nested', { yaml: { coexist: 'never' } }, { yamlCoexist: 'never' }, []],
    ['dotted', { 'yaml.coexist': 'never' }, { yamlCoexist: 'never' }, []],
    [
      'with the prefix',
      { 'netpol.profile': 'audit', netpol: { policyApiChannel: 'standard' } },
      { profile: 'audit', policyApiChannel: 'standard' },
      [],
    ],
    [
      'a bad value',
      { profile: 'loud' },
      {},
      ["The setting netpol.profile must be one of relaxed, recommended, strict, audit, not 'loud'; its default applies."],
    ],
    [
      'a bad type',
      { codeLens: { enabled: 'yes' } },
      {},
      ['The setting netpol.codeLens.enabled must be true or false; its default applies.'],
    ],
    [
      'a bad version',
      { kubernetesVersion: 'v1.30' },
      {},
      ["The setting netpol.kubernetesVersion is 'v1.30'. Write it as 1.36; its default applies."],
    ],
    [
      'a bad level',
      { rules: { 'empty-peer': 'loud' } },
      {},
      ["The setting netpol.rules has an invalid value for 'empty-peer'; its default applies."],
    ],
    ['an unknown setting', { colour: 'red' }, {}, ['There is no setting netpol.colour; it is ignored.']],
    ['no object', 'loud', {}, ['The settings are not an object; the defaults apply.']],
    ['what only the client reads', { trace: { server: 'verbose' } }, {}, []],
  ];
  test.each(cases)('%s', (_name, section, changes, problems) => {
    expect(settingsFrom(section)).toEqual({ settings: { ...DEFAULTS, ...changes }, problems });
  });
});
