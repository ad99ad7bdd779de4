// What a user is promised about the workspace as a whole, asked of the real editor with examples/ open.
const assert = require('node:assert/strict');
const fs = require('node:fs/promises');
const path = require('node:path');
const vscode = require('vscode');
const { findingsOnce, hoverAt, open, place, replace, roots, show, until } = require('./editing.js');

const policies = 'shop/data/policies.yaml';
const workloads = 'shop/data/workloads.yaml';

exports.checks = {
  'a selector lists the workloads it matches': async () => {
    const { document } = await open(policies);
    const position = place(document, 'name: cache', 'podSelector');
    const text = await until(async () => matching(await hoverAt(document, position), /shop-data\/cache/), 'the matched workload');
    assert.match(text, /cache/);
  },

  'a code lens says whom a policy concerns, and how isolated a workload is': async () => {
    const about = async (file, wanted) => {
      const { document } = await open(file);
      await until(
        async () => (await lensTitles(document)).some((title) => wanted.test(title)),
        () => `a lens ${wanted} in ${file}`,
      );
    };
    await about(policies, /^selects 1 workload, \d+ sources may reach it, it may reach \d+ destinations?$/);
    await about(workloads, /^isolated both ways, \d+ in/);
  },

  'the code lens of a policy opens its report, whose links lead to the manifests': async () => {
    const { document } = await open(policies);
    const lens = (await lenses(document)).find(({ command }) => /^selects 1 workload/.test(command?.title));
    await vscode.commands.executeCommand(lens.command.command, ...lens.command.arguments);
    const report = await until(() => shownReport(/NetworkPolicy/), 'the report');
    assert.match(report.getText(), /Who may reach them/);
    await linkLeadsTo(report, /db/, /matchLabels:/);
  },

  'the effective policy of a workload lists every tier': async () => {
    const { document } = await open(workloads);
    const lens = (await lenses(document)).find(({ command }) => /^isolated both ways/.test(command?.title));
    await vscode.commands.executeCommand(lens.command.command, ...lens.command.arguments);
    const report = await until(() => shownReport(/Effective policy of shop-data\/db/), 'the report');
    for (const word of ['Admin tier', 'NetworkPolicy', 'Baseline tier', 'Default'])
      assert.ok(report.getText().includes(word), `no "${word}"`);
    const admin = report.getText().split('## Egress')[0].split('**NetworkPolicy**')[0];
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
      await vscode.commands.executeCommand('netpol.showReport', { uri: document.uri.toString(), what });
      return until(() => shownReport(new RegExp(`${from}.*${verdict}`)), `an explanation that says ${verdict}`);
    };
    await explain('shop-data/cache', 'denied');
    const report = await explain('shop-data/backup', 'allowed');
    assert.match(report.getText(), /Leaving[\s\S]*Entering/);
    await linkLeadsTo(report, /shop-data\/db/, /from:|db/);
  },

  'call hierarchy: who may reach the database, and where it may go': async () => {
    const { document } = await open(workloads);
    const [item] = await until(async () => {
      const items = await vscode.commands.executeCommand(
        'vscode.prepareCallHierarchy',
        document.uri,
        place(document, 'kind: StatefulSet', 'db'),
      );
      return items?.length > 0 && items;
    }, 'the root of the hierarchy');
    const incoming = (await vscode.commands.executeCommand('vscode.provideIncomingCalls', item)).map(({ from }) => from.name);
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
    const selecting = async () => (await lensTitles(policy)).filter((title) => title.startsWith('selects no workload')).length;
    const before = await selecting();
    const { document } = await open(workloads);
    await replace(document, 'labels:\n        app: cache', 'labels:\n        app: till');
    assert.ok(document.isDirty);
    await until(async () => (await selecting()) === before + 1, 'the policy "cache" to select nothing');
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await until(async () => (await selecting()) === before, 'the policy "cache" to select the cache again');
  },

  'a new file on disk is part of the cluster, and a deleted one is not': async () => {
    const { document } = await show(named('counts', 'podSelector: {matchLabels: {app: newcomer}}\npolicyTypes: [Ingress]'));
    const says = (wanted) => until(async () => (await lensTitles(document)).some((title) => wanted.test(title)), `a lens ${wanted}`);
    await says(/^selects no workload|^no workloads/);
    const file = path.join(roots().scratch, 'newcomer.yaml');
    await fs.writeFile(
      file,
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: newcomer\n  namespace: shop\n  labels: {app: newcomer}\nspec: {containers: [{name: a, image: a}]}\n',
    );
    await says(/^selects 1 workload/);
    await fs.rm(file);
    await says(/^selects no workload|^no workloads/);
  },

  'the workspace is asked too: what matches nothing, and what is expected in vain': async () => {
    const { document } = await open('broken/near-miss.yaml');
    const found = await findingsOnce(document.uri, 'a failed expectation', (all) =>
      all.some((one) => codeOf(one) === 'expectation-failed'),
    );
    const failed = found.find((one) => codeOf(one) === 'expectation-failed');
    assert.equal(failed.severity, vscode.DiagnosticSeverity.Warning);
    assert.ok(failed.relatedInformation?.length > 0, 'the deciding rule is a related place');
    assert.ok(
      found.some(({ message }) => message.includes('wbe')),
      'nobody says that app=wbe matches nothing',
    );
  },

  'a misspelt key is repaired by its quick fix, and by "fix all"': async () => {
    for (const kind of ['quickfix', 'source.fixAll']) {
      const { document } = await show(named('slip', 'podselector: {}\npolicyTypes: [Ingress]'));
      const [finding] = await findingsOnce(document.uri, 'an unknown field', (all) =>
        all.some(({ message }) => message.includes('podselector')),
      );
      const actions = await vscode.commands.executeCommand('vscode.executeCodeActionProvider', document.uri, finding.range, kind, 20);
      const action = actions.find(({ edit }) => edit);
      assert.ok(action, `no ${kind} among ${actions.map(({ title }) => title)}`);
      await vscode.workspace.applyEdit(action.edit);
      assert.match(document.getText(), /^ {2}podSelector: \{\}$/m);
      await findingsOnce(document.uri, 'no error', (all) => all.every(({ severity }) => severity !== vscode.DiagnosticSeverity.Error));
    }
  },

  'from a selector to the labels it matches, and back': async () => {
    const { document } = await open(policies);
    const selector = place(document, 'name: db', 'app');
    const definitions = await until(async () => {
      const all = await vscode.commands.executeCommand('vscode.executeDefinitionProvider', document.uri, selector);
      return all.length > 0 && all;
    }, 'a definition');
    assert.ok(
      definitions.some((one) => (one.targetUri ?? one.uri).path.endsWith(workloads)),
      'the definition is not in the workloads',
    );
    const { document: target } = await open(workloads);
    const label = place(target, 'template:', 'app');
    const uses = await vscode.commands.executeCommand('vscode.executeReferenceProvider', target.uri, label);
    assert.ok(
      uses.some(({ uri }) => uri.path.endsWith(policies)),
      `the policy is not among ${uses.map(({ uri }) => uri.path)}`,
    );
  },

  'a label is renamed wherever it is used': async () => {
    const { document } = await open(workloads);
    const value = place(document, 'template:', 'db');
    const edit = await vscode.commands.executeCommand('vscode.executeDocumentRenameProvider', document.uri, value, 'database');
    const files = edit.entries().map(([uri]) => uri.path);
    for (const file of [policies, workloads])
      assert.ok(
        files.some((one) => one.endsWith(file)),
        `${file} is not among ${files}`,
      );
  },

  'AND and or are shown inline': async () => {
    const { document } = await open('broken/and-or-dash.yaml');
    const all = new vscode.Range(0, 0, document.lineCount, 0);
    const labels = await until(async () => {
      const hints = await vscode.commands.executeCommand('vscode.executeInlayHintProvider', document.uri, all);
      return hints.length > 0 && hints.map(({ label }) => (typeof label === 'string' ? label : label.map(({ value }) => value).join('')));
    }, 'inlay hints');
    assert.ok(
      labels.some((label) => /\bor\b/.test(label)),
      `no "or" among ${labels}`,
    );
  },

  'what policies speak of is coloured, and linked to its documentation': async () => {
    const { document } = await open(policies);
    const tokens = await until(
      () => vscode.commands.executeCommand('vscode.provideDocumentSemanticTokens', document.uri),
      'semantic tokens',
    );
    assert.ok(tokens.data.length > 0);
    const links = await vscode.commands.executeCommand('vscode.executeLinkProvider', document.uri);
    assert.ok(
      links.some(({ target }) => target?.scheme === 'https'),
      'no link to documentation',
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

async function lensTitles(document) {
  return (await lenses(document)).map(({ command }) => command?.title ?? '');
}

function shownReport(title) {
  const document = vscode.window.activeTextEditor?.document;
  return document?.uri.scheme === 'netpol-report' && document.languageId === 'markdown' && title.test(document.lineAt(0).text) && document;
}

/** The first link of a report whose text is as wanted leads to a line of a manifest that says what is wanted. */
async function linkLeadsTo(report, text, line) {
  const links = await vscode.commands.executeCommand('vscode.executeLinkProvider', report.uri);
  const link = links.find(({ range }) => text.test(report.getText(range)));
  assert.ok(link, `no link ${text} among ${links.map(({ range }) => report.getText(range))}`);
  const manifest = await vscode.workspace.openTextDocument(link.target.with({ fragment: '' }));
  assert.match(manifest.lineAt(Number(link.target.fragment.slice(1)) - 1).text, line);
}
