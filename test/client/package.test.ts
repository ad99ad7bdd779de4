import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { MANIFEST_NAMES } from '../../client/manifest-names.ts';

const root = new URL('../../', import.meta.url);
const json = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));

describe('package.json declares what is true', () => {
  test('the extension is activated by YAML, by JSON (to look at it, not to start a server) and by folders with manifests', () => {
    const languages = ['yaml', 'helm', 'json', 'jsonc'].map((language) => `onLanguage:${language}`);
    expect(json.activationEvents).toEqual([
      ...languages,
      'onWebviewPanel:netpol.report',
      ...MANIFEST_NAMES.map((name) => `workspaceContains:**/${name}`),
    ]);
  });

  test('what is missing in virtual and in untrusted workspaces is said', () => {
    for (const kind of ['virtualWorkspaces', 'untrustedWorkspaces'])
      expect(json.capabilities[kind]).toMatchObject({ supported: 'limited', description: expect.stringMatching(/^[A-Z].*\.$/) });
  });

  test('one oldest version of Node is stated wherever one is', () => {
    const oldest = /^>=(\d+\.\d+)\.\d+$/.exec(json.engines.node)?.[1];
    expect(oldest).toBeDefined();
    for (const page of ['README.md', 'CONTRIBUTING.md', 'docs/ci.md', 'docs/editors.md']) {
      const stated = readFileSync(new URL(page, root), 'utf8').match(/\bNode(?:\.js)?\s*(?:≥|>=)?\s*\d+(?:\.\d+)*/g) ?? [];
      for (const words of stated) expect(`${page}: ${words}`).toBe(`${page}: Node ${oldest}`);
    }
  });
});
