// Lane "ui": the packaged .vsix as a user meets it: typing, looking, pointing. Every step leaves a screenshot in out/.
// `npm run e2e -- ui --update-picture` also writes docs/screenshot.png, the README's picture.
import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withPage } from './browser.mjs';
import { ensureEditor, ensurePackage, out, root, startEditor } from './editor.mjs';
import { answered, at, command, hover, hoverHere, lens, line, open, quickFix, repeat } from './gestures.mjs';
import { messageOf, runLane } from './lane.mjs';

// Typed letter by letter, so that nothing but the typing decides what the file holds.
const settings = {
  '[yaml]': {
    'editor.autoIndent': 'none',
    'editor.quickSuggestions': { other: 'off', comments: 'off', strings: 'off' },
  },
  // An edit stays unsaved while it is looked at, however slow the machine, and no file that is closed asks whether to save it.
  'files.autoSave': 'onFocusChange',
  'editor.autoClosingBrackets': 'never',
  'editor.autoIndent': 'none', // also before the editor knows the language
  'editor.acceptSuggestionOnEnter': 'off',
  'editor.acceptSuggestionOnCommitCharacter': false,
  'editor.suggestOnTriggerCharacters': false,
  'editor.wordBasedSuggestions': 'off',
  'editor.minimap.enabled': false,
  'workbench.colorTheme': 'Default Light Modern',
};

const misspelt = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Ingress]
  ingres:
    - from:
        - podSelector:
            matchLabels:
              app: gateway
`;

const guard = `apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata:
  name: keep-guests-out
spec:
  tier: Admin
  priority: 10
  subject:
    namespaces: {}
  ingress:
    - name: guests
      action: Deny
      from:
        - namespaces:
            matchLabels:
              team: guests
`;

await runLane('ui', async ({ check, record }) => {
  ensurePackage();
  await ensureEditor();
  await mkdir(out, { recursive: true });
  const folder = await mkdtemp(join(tmpdir(), 'netpol-ui-'));
  await cp(join(root, 'examples'), join(folder, 'examples'), { recursive: true });
  for (const [file, text] of Object.entries({
    'typed.yaml': '',
    'guard.yaml': guard,
    'empty.yaml': '',
    'huge.yaml': misspelt.padEnd(51 << 20, '# filler\n'),
  }))
    await writeFile(join(folder, file), text);
  const editor = await startEditor({ settings });
  try {
    await withPage((page) => walkThrough(page, editor.url(`folder=${encodeURIComponent(folder)}`), { check, record }));
  } finally {
    await editor.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

async function walkThrough(page, url, { check, record }) {
  const shot = (name) => page.screenshot({ path: join(out, `${name}.png`) });
  // On a busy machine the editor may swallow a gesture: a step that fails is tried once more, and failing twice fails.
  const step = (name, picture, action) =>
    check(name, async () => {
      try {
        await action();
      } catch (error) {
        await shot(`${picture}-again`);
        record({ name, again: messageOf(error) });
        for (let i = 0; i < 2; i++) await page.keyboard.press('Escape');
        await action();
      } finally {
        await shot(picture);
      }
    });
  await page.goto(url);

  await step('a policy is typed, its misspelt key gets a squiggle', 'ui-1-squiggle', async () => {
    await open(page, 'typed.yaml');
    await page.locator('#status\\.editor\\.mode', { hasText: 'YAML' }).waitFor();
    await page.keyboard.type(misspelt, { delay: 5 });
    await page.locator('.monaco-editor .squiggly-error').first().waitFor();
  });
  await step('the Problems view lists the finding in words', 'ui-2-problems', async () => {
    await page.keyboard.press('Control+Shift+M');
    await filterProblems(page, 'typed.yaml');
    await page
      .locator('.markers-panel .monaco-list-row', { hasText: "'ingres'" })
      .filter({ hasText: /netpol/ })
      .first()
      .waitFor();
    await filterProblems(page, ''); // the log has the same filter
  });
  await step('the hover of a selector is a sentence', 'ui-3-selector', async () => {
    await hover(page, 'podSelector', /pods?/i);
  });
  await step('the finding goes when the key is repaired', 'ui-4-repaired', async () => {
    await page.keyboard.press('Control+Shift+M'); // to the panel, then back to the text
    await open(page, 'typed.yaml');
    await page.keyboard.press('Control+H');
    await page.keyboard.type('ingres:');
    await page.keyboard.press('Tab');
    await page.keyboard.type('ingress:');
    await page.keyboard.press('Control+Alt+Enter');
    await page.keyboard.press('Escape');
    await page.locator('.monaco-editor .squiggly-error').first().waitFor({ state: 'detached' });
  });
  await step('the hover of a priority shows the ladder', 'ui-5-priority', async () => {
    await open(page, 'guard.yaml');
    const text = await hover(page, 'priority', /Baseline/);
    for (const word of ['Admin', 'NetworkPolicy', 'Baseline']) assert.ok(text.includes(word), `no "${word}" in: ${text}`);
  });
  await step('an empty file offers templates', 'ui-6-templates', async () => {
    await open(page, 'empty.yaml');
    await repeat(
      () => page.keyboard.press('Control+Space'),
      () => page.locator('.suggest-widget.visible .monaco-list-row').first(),
    );
  });
  await step('a template is inserted with its places to fill in', 'ui-7-inserted', async () => {
    await page.keyboard.type('limit-to-app');
    await page.locator('.suggest-widget.visible .monaco-list-row.focused', { hasText: 'netpol-limit-to-app' }).waitFor();
    await page.keyboard.press('Tab');
    await line(page, 'podSelector:');
    await page.keyboard.type('from-the-keyboard');
    await line(page, 'from-the-keyboard');
    // What was found in the half-inserted text goes; an error of the template itself would stay.
    await page.locator('.monaco-editor .squiggly-error').first().waitFor({ state: 'detached' });
  });
  await step('the command offers the same templates, by kind', 'ui-8-command', async () => {
    await command(page, 'Netpol: New Policy from Template');
    await page.locator('.quick-input-widget .monaco-list-row').nth(5).waitFor();
  });
  await step('the status entry says it in words', 'ui-9-status', async () => {
    await page.keyboard.press('Escape');
    await open(page, 'guard.yaml');
    await repeat(
      () => page.locator('#status\\.languageStatus').first().click(),
      () => page.locator('.hover-language-status', { hasText: /Netpol: \w+/ }).first(),
    );
  });
  await step('the status bar says that a file above 50 MB is not checked', 'ui-10-too-large', async () => {
    await page.keyboard.press('Escape');
    await open(page, 'huge.yaml');
    await page.locator('.statusbar-item', { hasText: 'Netpol: file too large to check' }).first().waitFor();
  });
  await step('the log opens', 'ui-11-log', async () => {
    await page.keyboard.press('Escape');
    await command(page, 'Netpol: Show Log');
    await page.locator('.pane-body .view-line, .output-view .view-line', { hasText: /\S/ }).first().waitFor();
    await page.keyboard.press('Control+J');
  });
  await lookAround(page, step);
  await lookAtFindings(page, step);
}

/** What the editor knows of the workspace, looked at in examples/. */
async function lookAround(page, step) {
  const policies = 'examples/shop/data/policies.yaml';
  await step('a policy says above itself whom it concerns', 'ui-12-lens', async () => {
    await at(page, policies, 'name: db', 'name');
    await lens(page, /Selects 1 workload/).waitFor();
  });
  await step('the hover of a selector lists what it matches', 'ui-13-matches', async () => {
    await at(page, policies, 'kubernetes.io/metadata.name: shop-backend', 'podSelector');
    await hoverHere(page, /shop-backend\/\w+/);
  });
  await step('the lens opens the report of the policy', 'ui-14-report', async () => {
    await at(page, policies, 'name: db', 'name');
    // A lens that is resolved anew at that very moment swallows the click.
    await repeat(
      () => lens(page, /Selects 1 workload/).click({ timeout: 5_000 }),
      () => report(page).locator('h2', { hasText: 'Who can connect to them' }).first(),
    );
  });
  await step('a link of the report leads to the manifest', 'ui-15-link', async () => {
    await repeat(
      () => report(page).locator('a', { hasText: 'db' }).first().click(),
      () => page.locator('.tab.active[data-resource-name="policies.yaml"]'),
    );
  });
  await step('a connection is explained', 'ui-16-explanation', async () => {
    await answered(page, 'Netpol: Explain Connection', ['shop-backend/api', 'shop-data/db', 'TCP 5432'], () =>
      report(page).locator('h2', { hasText: 'Entering' }),
    );
  });
  await step('the effective policy of a workload', 'ui-17-effective', async () => {
    await answered(page, 'Netpol: Show Effective Policy', ['shop-data/db'], () =>
      report(page).locator('strong', { hasText: 'Baseline tier' }).first(),
    );
  });
  await step('who may talk to whom', 'ui-18-connections', async () => {
    await answered(page, 'Netpol: Show Connections', [], () => report(page).locator('h1', { hasText: 'Allowed connections' }));
  });
  await step('the filters leave what is denied from outside', 'ui-18-filtered', async () => {
    await report(page).getByLabel('Show').selectOption('deny');
    await report(page).getByLabel('To', { exact: true }).fill('shop-data/db');
    await report(page).getByLabel('Only from outside').check();
    await report(page)
      .locator('#shown', { hasText: /^1 of \d+ rows/ })
      .waitFor();
  });
  await step('a graph of a namespace, with the same in a list', 'ui-18-graph', async () => {
    await answered(page, 'Netpol: Show Graph', ['shop-data'], () => report(page).locator('svg .edge').first());
  });
  await step('an edit says above its policy what it changes, and opens the report', 'ui-18-edit', async () => {
    await command(page, 'View: Close All Editors');
    await at(page, policies, 'kubernetes.io/metadata.name: ', 'shop-backend');
    await page.keyboard.type('x');
    await lens(page, /This edit denies/).waitFor();
    await repeat(
      () => lens(page, /This edit denies/).click({ timeout: 5_000 }),
      () => report(page).locator('h1', { hasText: 'Changes of NetworkPolicy shop-data/db' }),
    );
  });
  await step('the report follows the next key', 'ui-18-undone', async () => {
    await page.locator('.tab[data-resource-name="policies.yaml"]').click();
    await page.keyboard.press('Control+Z');
    await page.keyboard.press('Control+S'); // the report took the focus, so that the edit was saved
    await report(page).locator('p', { hasText: 'no connection changes' }).waitFor();
  });
  await step('call hierarchy: who may reach the database', 'ui-19-calls', async () => {
    await at(page, 'examples/shop/data/workloads.yaml', 'kind: StatefulSet', 'db');
    await repeat(
      () => command(page, 'Peek Call Hierarchy'),
      () => page.locator('.call-hierarchy .monaco-list-row', { hasText: 'backup' }).first(),
    );
  });
}

/** Shows the problems of one file only: the view lists those of every file of the workspace, and draws no more than fit. */
async function filterProblems(page, file) {
  await page.locator('.panel .viewpane-filter input, .panel .viewpane-filter textarea').first().fill(file);
}

/** The page of a report, in its two frames. */
function report(page) {
  return page.frameLocator('iframe.webview.ready').last().frameLocator('iframe');
}

/** What is wrong in examples/broken, how it is shown and what is offered. */
async function lookAtFindings(page, step) {
  await step('a misspelt key offers its repair', 'ui-20-fix', async () => {
    await page.keyboard.press('Escape');
    await at(page, 'examples/broken/unknown-fields.yaml', 'spec:', 'podselector');
    await page.locator('.monaco-editor .squiggly-error').first().waitFor();
    await quickFix(page, 'podSelector');
  });
  await step('AND and or stand in the text', 'ui-21-inlay', async () => {
    await page.keyboard.press('Escape');
    await at(page, 'examples/broken/and-or-dash.yaml', 'ingress:', 'podSelector');
    await page
      .locator('.editor-instance .view-line', { hasText: /\bor\b.*podSelector|podSelector.*\bor\b/ })
      .first()
      .waitFor();
  });
  await step('two items become one peer, and the edit says who loses access', 'ui-21-merge', async () => {
    await quickFix(page, /one peer \(AND\): .*dashboard.*/i);
  });
  await step('a rule that is never reached is faded, with a connection that shows it', 'ui-21-faded', async () => {
    await page.keyboard.press('Escape');
    await at(page, 'examples/broken/admin-tiers.yaml', 'name: exception-too-late', 'accept-demo');
    await page.locator('.monaco-editor .squiggly-inline-unnecessary').first().waitFor();
    assert.match(await hoverHere(page, /never reached/), /TCP \d+/);
  });
  await step('a connection that an Ingress counts on is blocked', 'ui-21-required', async () => {
    await page.keyboard.press('Escape');
    await at(page, 'examples/broken/required-connections.yaml', 'policyTypes:', 'ingress');
    await page.locator('.monaco-editor .squiggly-warning').first().waitFor();
    await hoverHere(page, /cannot reach its backend.*->/);
  });
  await step('a finding of the whole workspace offers its repair, and to ignore it', 'ui-21-workspace-fix', async () => {
    await page.keyboard.press('Escape');
    await at(page, 'examples/broken/dns-blocked.yaml', 'policyTypes:', 'egress');
    await page.locator('.monaco-editor .squiggly-warning').first().waitFor();
    await quickFix(page, /DNS/);
  });
  await step('the code of a finding opens its page', 'ui-22-rule', async () => {
    await at(page, 'examples/broken/unknown-fields.yaml', 'spec:', 'podselector');
    const code = page
      .locator('.monaco-hover:visible a.code-link, .monaco-hover:visible .hover-row a', { hasText: /^\(?[a-z]+(-[a-z]+)+\)?$/ })
      .first();
    await repeat(
      async () => {
        await hoverHere(page);
        await code.click({ timeout: 5_000 }); // unless findings that arrive have closed the hover
      },
      () => page.frameLocator('iframe.webview').frameLocator('iframe').locator('h1').first(),
      { wait: 20_000 },
    );
  });
  await step('a finding, its entry, and what a selector means, in one picture', 'ui-23-picture', async () => {
    await page.keyboard.press('Escape');
    await command(page, 'View: Close All Editors');
    await at(page, 'examples/broken/near-miss.yaml', 'podSelector:', 'app');
    await page.keyboard.press('Control+B');
    await page.keyboard.press('Control+Shift+M');
    await page.locator('.markers-panel .monaco-list-row').first().waitFor();
    await filterProblems(page, 'near-miss.yaml');
    await page.locator('.markers-panel .monaco-list-row', { hasText: 'wbe' }).first().waitFor();
    await page.keyboard.press('Control+1');
    await at(page, 'examples/broken/near-miss.yaml', 'podSelector:', 'matchLabels');
    await hoverHere(page);
    const shown = page.locator('.monaco-hover:visible').first();
    await shown.evaluate((node) => Promise.all(node.getAnimations({ subtree: true }).map(({ finished }) => finished))); // it fades in
    if (process.env.NETPOL_PICTURE === '1') await page.screenshot({ path: join(root, 'docs/screenshot.png') });
  });
}
