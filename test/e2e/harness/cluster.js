// What a user is promised about the workspace as a whole, asked of the real editor with examples/ open.
const assert = require('node:assert/strict');
const fs = require('node:fs/promises');
const path = require('node:path');
const vscode = require('vscode');
const { answer, findingsOnce, hoverAt, open, place, replace, roots, show, until } = require('./editing.js');

const policies = 'shop/data/policies.yaml';
const workloads = 'shop/data/workloads.yaml';

exports.checks = {
  'a selector lists the workloads it matches': async () => {
    const { document } = await open(policies);
    const position = place(document, 'name: cache', 'podSelector');
    const text = await until(async () => matching(await hoverAt(document, position), /shop-data\/cache/), 'the matched workload');
    assert.match(text, /cache/);
  },

  'a code lens says whom a policy selects, and who can connect to a workload': async () => {
    const about = async (file, wanted) => lensOnce((await open(file)).document, wanted);
    await about(policies, /^Selects 1 workload\. Allows (?:no ingress|ingress from .+); allows (?:no egress|egress to .+)$/);
    await about(workloads, / can connect; it can connect to /);
  },

  'the code lens of a policy opens its report, whose links lead to the manifests': async () => {
    const { document } = await open(policies);
    const lens = await lensOnce(document, /^Selects 1 workload/);
    const report = await vscode.commands.executeCommand(lens.command.command, ...lens.command.arguments);
    assert.match(report.text, /Who can connect to them/);
    await shownAs(report);
    await linkLeadsTo(report, /db/, /matchLabels:/);
  },

  'the effective policy of a workload lists every tier': async () => {
    const { document } = await open(workloads);
    const lens = await lensOnce(document, / can connect; it can connect to /);
    const report = await vscode.commands.executeCommand(lens.command.command, ...lens.command.arguments);
    assert.match(report.title, /Effective policy of shop-data\/db/);
    await shownAs(report);
    for (const word of ['Admin tier', 'NetworkPolicy', 'Baseline tier', 'Default']) assert.ok(report.text.includes(word), `no "${word}"`);
    const admin = report.text.split('## Egress')[0].split('**NetworkPolicy**')[0];
    const ranks = [...admin.matchAll(/priority (\d+)/g)].map(([, rank]) => Number(rank));
    assert.ok(ranks.length > 1, 'several Admin policies bind it');
    assert.deepEqual(
      ranks,
      ranks.toSorted((a, b) => a - b),
      'the lower number is asked first',
    );
  },

  'an explanation says which rule decides, on both sides': async () => {
    const { document } = await open(policies);
    const explain = async (from, verdict) => {
      const what = { kind: 'explain', from, to: 'shop-data/db', protocol: 'TCP', port: 5432 };
      const report = await vscode.commands.executeCommand('netpol.showReport', { uri: document.uri.toString(), what });
      assert.match(report.title, new RegExp(`${from}.*${verdict}`));
      return report;
    };
    await explain('shop-data/cache', 'denied');
    const report = await explain('shop-data/backup', 'allowed');
    assert.match(report.text, /Leaving[\s\S]*Entering/);
    await linkLeadsTo(report, /shop-data\/db/, /from:|db/);
  },

  'an edit that is not saved says above its policy what it allows and denies': async () => {
    const { document } = await open(policies);
    try {
      await replace(document, 'name: backup', 'name: nobody');
      await lensOnce(document, /^This edit (?:allows|denies|changes) /);
    } finally {
      await vscode.commands.executeCommand('workbench.action.files.revert');
    }
    await until(async () => (await lensTitles(document)).every((title) => !title.startsWith('This edit')), 'no word of an edit');
  },

  'a graph shows a namespace, and lists what it shows': async () => {
    const { document } = await open(policies);
    const what = { kind: 'graph', of: 'namespace', key: 'shop-data' };
    const report = await vscode.commands.executeCommand('netpol.showReport', { uri: document.uri.toString(), what });
    await shownAs(report);
    assert.match(report.html, /<svg [^]*<g class="edge">/);
    assert.match(report.html, /<tr data-from="shop-backend/);
  },

  'call hierarchy: who may reach the database, and where it may go': async () => {
    const { document } = await open(workloads);
    const root = place(document, 'kind: StatefulSet', 'db');
    const [item] = await answer('the root of the hierarchy', () =>
      vscode.commands.executeCommand('vscode.prepareCallHierarchy', document.uri, root),
    );
    const calls = await answer('callers', () => vscode.commands.executeCommand('vscode.provideIncomingCalls', item));
    const incoming = calls.map(({ from }) => from.name);
    assert.ok(
      incoming.some((name) => name.includes('shop-backend/')),
      `no caller from shop-backend in ${incoming}`,
    );
    assert.ok(
      incoming.some((name) => name.includes('shop-data/backup')),
      `no backup in ${incoming}`,
    );
    assert.ok(!incoming.some((name) => name.includes('cache')), `the cache is denied, but listed: ${incoming}`);
    assert.ok(Array.isArray(await vscode.commands.executeCommand('vscode.provideOutgoingCalls', item)));
  },

  'an unsaved edit in one file changes the lens of another': async () => {
    const { document: policy } = await open(policies);
    const selecting = async () => (await lensTitles(policy)).filter((title) => title.startsWith('Selects no workload')).length;
    await lensOnce(policy, /^Selects 1 workload/); // the workloads have been read
    const before = await selecting();
    const { document } = await open(workloads);
    try {
      await replace(document, 'labels:\n        app: cache', 'labels:\n        app: till');
      assert.ok(document.isDirty);
      await until(async () => (await selecting()) === before + 1, 'the policy "cache" to select nothing');
    } finally {
      await vscode.commands.executeCommand('workbench.action.files.revert');
    }
    await until(async () => (await selecting()) === before, 'the policy "cache" to select the cache again');
  },

  'a new file on disk is part of the cluster, and a deleted one is not': async () => {
    const { document } = await show(named('counts', 'podSelector: {matchLabels: {app: newcomer}}\npolicyTypes: [Ingress]'));
    await lensOnce(document, /^Selects no workload|^No workloads/);
    const file = path.join(roots().scratch, 'newcomer.yaml');
    try {
      await fs.writeFile(
        file,
        'apiVersion: v1\nkind: Pod\nmetadata:\n  name: newcomer\n  namespace: shop\n  labels: {app: newcomer}\nspec: {containers: [{name: a, image: a}]}\n',
      );
      await lensOnce(document, /^Selects 1 workload/);
    } finally {
      await fs.rm(file, { force: true });
    }
    await lensOnce(document, /^Selects no workload|^No workloads/);
  },

  'a finding of the whole workspace has its repair, to ignore it, and its page': async () => {
    const { document } = await open('broken/dns-blocked.yaml');
    const found = await findingsOnce(document.uri, 'blocked DNS', (all) => all.some((one) => codeOf(one) === 'dns-blocked'));
    const finding = found.find((one) => codeOf(one) === 'dns-blocked');
    const offered = await answer('the repair', () =>
      vscode.commands.executeCommand(
        'vscode.executeCodeActionProvider',
        document.uri,
        finding.range,
        vscode.CodeActionKind.QuickFix.value,
        20,
      ),
    );
    const titles = offered.map(({ title }) => title);
    assert.ok(!titles[0].startsWith('Ignore'), `a repair comes first, not ${titles[0]}`);
    assert.ok(
      titles.some((title) => title.startsWith('Ignore dns-blocked')),
      `nothing to ignore it with in ${titles}`,
    );
    assert.ok(finding.code.target.path.endsWith('/docs/rules/dns-blocked.md'), `no page: ${finding.code.target}`);
  },

  'the workspace is asked too: what matches nothing, and what is expected in vain': async () => {
    const { document } = await open('broken/near-miss.yaml');
    const found = await findingsOnce(
      document.uri,
      'a failed expectation, and app=wbe that matches nothing',
      (all) => all.some((one) => codeOf(one) === 'expectation-failed') && all.some(({ message }) => message.includes('wbe')),
    );
    const failed = found.find((one) => codeOf(one) === 'expectation-failed');
    assert.equal(failed.severity, vscode.DiagnosticSeverity.Warning);
    assert.ok(failed.relatedInformation?.length > 0, 'the deciding rule is a related place');
  },

  'a misspelt key is repaired by its quick fix, and by "fix all"': async () => {
    for (const kind of ['quickfix', 'source.fixAll']) {
      const { document } = await show(named('slip', 'podselector: {}\npolicyTypes: [Ingress]'));
      const [finding] = await findingsOnce(document.uri, 'an unknown field', (all) =>
        all.some(({ message }) => message.includes('podselector')),
      );
      const actions = await answer(
        kind,
        () => vscode.commands.executeCommand('vscode.executeCodeActionProvider', document.uri, finding.range, kind, 20),
        (all) => all.some(({ edit }) => edit),
      );
      const action = actions.find(({ edit }) => edit);
      await vscode.workspace.applyEdit(action.edit);
      assert.match(document.getText(), /^ {2}podSelector: \{\}$/m);
      await findingsOnce(document.uri, 'no error', (all) => all.every(({ severity }) => severity !== vscode.DiagnosticSeverity.Error));
    }
  },

  'from a selector to the labels it matches, and back': async () => {
    const { document } = await open(policies);
    const selector = place(document, 'name: db', 'app');
    await answer(
      'a definition in the workloads',
      () => vscode.commands.executeCommand('vscode.executeDefinitionProvider', document.uri, selector),
      (all) => all.some((one) => (one.targetUri ?? one.uri).path.endsWith(workloads)),
    );
    const { document: target } = await open(workloads);
    const label = place(target, 'template:', 'app');
    await answer(
      'a use in the policy',
      () => vscode.commands.executeCommand('vscode.executeReferenceProvider', target.uri, label),
      (all) => all.some(({ uri }) => uri.path.endsWith(policies)),
    );
  },

  'a label is renamed wherever it is used': async () => {
    const { document } = await open(workloads);
    const value = place(document, 'template:', 'db');
    await answer(
      'an edit of both files',
      async () => {
        const edit = await vscode.commands.executeCommand('vscode.executeDocumentRenameProvider', document.uri, value, 'database');
        return edit.entries().map(([uri]) => uri.path);
      },
      (files) => [policies, workloads].every((file) => files.some((one) => one.endsWith(file))),
    );
  },

  'AND and or are shown inline': async () => {
    const { document } = await open('broken/and-or-dash.yaml');
    const all = new vscode.Range(0, 0, document.lineCount, 0);
    await answer(
      'an inlay hint "or"',
      async () => {
        const hints = await vscode.commands.executeCommand('vscode.executeInlayHintProvider', document.uri, all);
        return hints.map(({ label }) => (typeof label === 'string' ? label : label.map(({ value }) => value).join('')));
      },
      (labels) => labels.some((label) => /\bor\b/.test(label)),
    );
  },

  'what policies speak of is coloured; its hover leads to the documentation, and nothing is underlined for it': async () => {
    const { document } = await open(policies);
    const tokens = await until(
      () => vscode.commands.executeCommand('vscode.provideDocumentSemanticTokens', document.uri),
      'semantic tokens',
    );
    assert.ok(tokens.data.length > 0);
    const text = await until(
      async () => matching(await hoverAt(document, place(document, 'apiVersion', 'kind')), /documentation/),
      'a hover',
    );
    assert.match(text, /https:/);
    const links = await vscode.commands.executeCommand('vscode.executeLinkProvider', document.uri);
    assert.deepEqual(
      links.map(({ target }) => String(target)),
      [],
    );
  },

  'a finding names its rule, whose page lies in the extension': async () => {
    const { document } = await open('broken/unknown-fields.yaml');
    const [{ code }] = await findingsOnce(document.uri, 'findings', (all) => all.length > 0);
    const text = await vscode.workspace.fs.readFile(code.target);
    assert.ok(Buffer.from(text).toString('utf8').includes(code.value));
    // A finding's link opens its target like this: as a page, not as the Markdown it is written in.
    await vscode.commands.executeCommand('vscode.open', code.target);
    await until(
      () => vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputCustom,
      'the page of the rule, rendered',
    );
  },
};

const codeOf = ({ code }) => code?.value ?? code;
const matching = (text, wanted) => wanted.test(text) && text;

function named(name, spec) {
  return `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: ${name}\n  namespace: shop\nspec:\n${spec.replace(/^/gm, '  ')}\n`;
}

const lenses = (document) => vscode.commands.executeCommand('vscode.executeCodeLensProvider', document.uri, 50);

/** The first lens of a document whose title is as wanted, once it is there. */
async function lensOnce(document, wanted) {
  const all = await answer(
    `a lens ${wanted}`,
    () => lenses(document),
    (some) => some.some(({ command }) => wanted.test(command?.title)),
  );
  return all.find(({ command }) => wanted.test(command?.title));
}

async function lensTitles(document) {
  return (await lenses(document)).map(({ command }) => command?.title ?? '');
}

/** The report is rendered in front, under its title. */
async function shownAs({ title }) {
  await until(() => {
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
    return tab?.input instanceof vscode.TabInputWebview && tab.input.viewType.endsWith('netpol.report') && tab.label === title;
  }, `the page ${title}`);
}

/** The first link of a report whose text is as wanted leads to a line of a manifest that says what is wanted. */
async function linkLeadsTo({ html }, text, line) {
  const links = [...html.matchAll(/<a [^>]*data-uri="([^"]*)" data-line="(\d+)"[^>]*>([^<]*)<\/a>/g)];
  const link = links.find(([, , , words]) => text.test(words));
  assert.ok(link, `no link ${text} in ${links.map(([, , , words]) => words)}`);
  const manifest = await vscode.workspace.openTextDocument(vscode.Uri.parse(link[1]));
  assert.match(manifest.lineAt(Number(link[2])).text, line);
}
