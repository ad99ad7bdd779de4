// What a user is promised, asked of the real editor. Each check opens its own file in the scratch root.
const assert = require('node:assert/strict');
const fs = require('node:fs/promises');
const path = require('node:path');
const vscode = require('vscode');
const {
  answer,
  completionsAt,
  findings,
  findingsOnce,
  hoverAt,
  labelOf,
  pause,
  replace,
  roots,
  serverProcess,
  settledFindings,
  show,
  until,
} = require('./editing.js');

const policy = (spec, kind = 'NetworkPolicy') => `apiVersion: networking.k8s.io/v1
kind: ${kind}
metadata:
  name: web
  namespace: shop
spec:
${spec.replace(/^/gm, '  ').trimEnd()}
`;

const misspelt = policy(`podSelectr:
  matchLabels:
    app: web
policyTypes: [Ingress]
`);

const admin = `apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata:
  name: guard
spec:
  tier: Admin
  priori$0ty: 10
  subject:
    namespaces: {}
  ingress:
    - action: Deny
      from:
        - namespaces:
            matchLabels:
              team: guests
`;

exports.checks = {
  'the extension starts with a YAML file': async () => {
    await show(policy('podSelector: {}'));
    const extension = vscode.extensions.getExtension('netpol.netpol');
    assert.ok(extension, 'the .vsix is not installed');
    await until(() => extension.isActive, 'the extension to be active');
  },

  'an unknown field is an error on its key, with the word that was meant': async () => {
    const { document } = await show(misspelt);
    const named = ({ message }) => message.includes('podSelectr');
    const finding = (await findingsOnce(document.uri, 'an unknown field', (all) => all.some(named))).find(named);
    assert.equal(finding.severity, vscode.DiagnosticSeverity.Error);
    assert.equal(document.getText(finding.range), 'podSelectr');
    assert.match(finding.message, /podSelector/);
    assert.match(String(finding.code?.value ?? finding.code), /^[a-z]+(-[a-z0-9]+)*$/);
  },

  'the findings are gone after the repair': async () => {
    const { document } = await show(misspelt);
    await findingsOnce(document.uri, 'an unknown field', (all) => all.length > 0);
    await replace(document, 'podSelectr', 'podSelector');
    await findingsOnce(document.uri, 'no error', (all) => all.every(({ severity }) => severity !== vscode.DiagnosticSeverity.Error));
  },

  'findings are gone when the file is closed and deleted': async () => {
    // Opened as a user does: openTextDocument would hold the document for minutes after its editor is closed.
    const uri = vscode.Uri.file(path.join(roots().scratch, 'passing.yaml'));
    await fs.writeFile(uri.fsPath, misspelt);
    await vscode.commands.executeCommand('vscode.open', uri);
    await findingsOnce(uri, 'an unknown field', (all) => all.length > 0);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await fs.rm(uri.fsPath);
    await findingsOnce(uri, 'no findings', (all) => all.length === 0);
  },

  'a selector is explained in a sentence': async () => {
    const { document, position } = await show(policy('podSel$0ector:\n  matchLabels:\n    app: web\npolicyTypes: [Ingress]\n'));
    const text = await until(() => hoverAt(document, position), 'a hover');
    assert.match(text, /pods?/i);
    assert.match(text, /app/);
    assert.match(text, /shop/);
  },

  'a priority is explained with the ladder': async () => {
    const { document, position } = await show(admin);
    const text = await until(() => hoverAt(document, position), 'a hover');
    for (const step of [/Admin/, /NetworkPolicy/, /Baseline/]) assert.match(text, step);
  },

  'completion offers the keys that are missing, and only those': async () => {
    const { document, position } = await show(policy('podSelector: {}\n$0\n'));
    const labels = (await completionsAt(document, position)).map(labelOf);
    for (const key of ['policyTypes', 'ingress', 'egress']) assert.ok(labels.includes(key), `${key} is missing in ${labels}`);
    assert.ok(!labels.includes('podSelector'), 'podSelector is there already');
  },

  'completion offers the values of a choice': async () => {
    const { document, position } = await show(policy('podSelector: {}\npolicyTypes:\n  - $0\n'));
    const labels = (await completionsAt(document, position)).map(labelOf);
    for (const value of ['Ingress', 'Egress']) assert.ok(labels.includes(value), `${value} is missing in ${labels}`);
  },

  'a template completes an empty file, and is free of findings': async () => {
    const { document, editor, position } = await show('$0');
    const items = (await completionsAt(document, position)).filter(
      (item) => /^netpol/.test(labelOf(item)) && textOf(item.insertText).includes('\nspec:'),
    );
    assert.ok(items.length >= 10, `only ${items.length} templates: ${items.map(labelOf)}`);
    const { insertText } = items[0];
    await editor.insertSnippet(insertText instanceof vscode.SnippetString ? insertText : new vscode.SnippetString(insertText));
    assert.match(document.getText(), /^apiVersion: /m);
    assert.deepEqual(
      (await settledFindings(document))
        .filter(({ severity }) => severity <= vscode.DiagnosticSeverity.Warning)
        .map(({ message }) => message),
      [],
    );
  },

  'a template is offered once, and only where it fits': async () => {
    const empty = await show('$0');
    const labels = (await completionsAt(empty.document, empty.position)).map(labelOf);
    assert.deepEqual(labels, [...new Set(labels)]);
    const inside = await show(policy('podSelector: {}\n$0\n'));
    const wrong = (await completionsAt(inside.document, inside.position)).filter(({ insertText }) =>
      textOf(insertText).includes('apiVersion:'),
    );
    assert.deepEqual(wrong.map(labelOf), []);
  },

  'VS Code has the templates for "Fill File with Snippet"': async () => {
    const { document } = await show('$0');
    await vscode.commands.executeCommand('editor.action.insertSnippet', { langId: 'yaml', name: 'Deny all traffic to an app' });
    await until(() => /^kind: NetworkPolicy$/m.test(document.getText()), 'the template');
  },

  'the command inserts a template into a new file': async () => {
    let done = false;
    const running = vscode.commands.executeCommand('netpol.newPolicyFromTemplate').then(() => (done = true));
    // No API says when the list is there: choosing from a list that is not there yet does nothing.
    await until(async () => {
      await pause(200);
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return done;
    }, 'the command to end');
    await running;
    const { document } = await until(() => vscode.window.activeTextEditor, 'an editor');
    assert.ok(document.isUntitled, 'the template is in a file of its own');
    assert.equal(document.languageId, 'yaml');
    assert.match(document.getText(), /^apiVersion: [\s\S]*^kind: /m);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  },

  'an untitled document is checked': async () => {
    const document = await vscode.workspace.openTextDocument({ language: 'yaml', content: misspelt });
    await vscode.window.showTextDocument(document);
    await findingsOnce(document.uri, 'an unknown field', (all) => all.some(({ message }) => message.includes('podSelectr')));
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  },

  'a JSON manifest is checked': async () => {
    const { document } = await show(
      JSON.stringify(
        { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'web' }, spec: { podSelectr: {} } },
        undefined,
        2,
      ),
      'json',
    );
    await findingsOnce(document.uri, 'an unknown field', (all) => all.some(({ message }) => message.includes('podSelectr')));
  },

  'other YAML is left alone': async () => {
    const { document } = await show('services:\n  web:\n    image: nginx\n    image: nginx\n  : [\n');
    assert.deepEqual(await settledFindings(document), []);
  },

  'symbols name the policy, folding and selection have ranges': async () => {
    const { document, position } = await show(
      policy('podSelector: {}\ningress:\n  - from:\n      - podSel$0ector:\n          matchLabels:\n            app: web\n'),
    );
    const symbols = await answer('symbols', () => vscode.commands.executeCommand('vscode.executeDocumentSymbolProvider', document.uri));
    assert.match(symbols[0].name, /web/);
    assert.ok(symbols[0].children.length > 0, 'a policy has its directions below it');
    await answer('folds', () => vscode.commands.executeCommand('vscode.executeFoldingRangeProvider', document.uri));
    await answer(
      'a selection that grows',
      () => vscode.commands.executeCommand('vscode.executeSelectionRangeProvider', document.uri, [position]),
      ([selection]) => selection?.parent,
    );
  },

  'netpol.yaml.coexist decides about plain YAML errors': async () => {
    const settings = vscode.workspace.getConfiguration('netpol');
    const { document } = await show(policy('podSelector: {}\npolicyTypes: [Ingress\n'));
    await findingsOnce(document.uri, 'a YAML error: no other YAML extension is here', (all) => all.length > 0);
    try {
      await settings.update('yaml.coexist', 'always', vscode.ConfigurationTarget.Workspace);
      await findingsOnce(document.uri, 'no YAML error with "always"', (all) => all.length === 0);
    } finally {
      await settings.update('yaml.coexist', undefined, vscode.ConfigurationTarget.Workspace);
    }
    await findingsOnce(document.uri, 'the YAML error again', (all) => all.length > 0);
  },

  'the server restarts': async () => {
    const { document } = await show(misspelt);
    await findingsOnce(document.uri, 'an unknown field', (all) => all.length > 0);
    const before = await until(serverProcess, 'the process of the server');
    await vscode.commands.executeCommand('netpol.restartServer');
    await until(async () => ![undefined, before].includes(await serverProcess()), 'another process of the server');
    await findingsOnce(document.uri, 'an unknown field', (all) => all.length > 0);
    await replace(document, 'podSelectr', 'podSelecter');
    await findingsOnce(document.uri, 'the finding of the new server', (all) => all.some(({ message }) => message.includes('podSelecter')));
  },

  'a file above 50 MB opens, and typing elsewhere stays quick': async () => {
    const file = path.join(roots().scratch, 'huge.yaml');
    await fs.writeFile(file, `${misspelt}---\n`.repeat(Math.ceil((51 << 20) / (misspelt.length + 4))));
    await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(file));
    await until(() => vscode.window.tabGroups.activeTabGroup.activeTab?.input?.uri?.fsPath === file, 'the tab of the huge file');
    const { document } = await show(misspelt);
    const start = Date.now();
    await findingsOnce(document.uri, 'an unknown field', (all) => all.length > 0);
    assert.ok(Date.now() - start < 5000, `findings took ${Date.now() - start} ms`);
    await fs.rm(file);
  },

  'the examples give the same findings as the command line': async () => {
    const { examples, workspace } = roots();
    const { diagnostics, failure } = JSON.parse(await fs.readFile(path.join(workspace, 'check.json'), 'utf8'));
    assert.ok(diagnostics?.length > 0, failure ?? 'netpol check found nothing in examples/, so there is nothing to compare');
    const files = (await fs.readdir(examples, { recursive: true })).filter((file) => /\.(ya?ml|json)$/.test(file));
    for (const file of files) {
      const expected = diagnostics
        .filter((diagnostic) => diagnostic.file === file.replaceAll('\\', '/'))
        .map(lineOfReport)
        .toSorted();
      const uri = vscode.Uri.file(path.join(examples, file));
      await vscode.workspace.openTextDocument(uri);
      const actual = () => findings(uri).map(lineOfFinding).toSorted();
      await until(() => JSON.stringify(actual()) === JSON.stringify(expected), `${file} to have`).catch(() =>
        assert.deepEqual(actual(), expected, file),
      );
    }
  },
};

const textOf = (insertText) => (insertText instanceof vscode.SnippetString ? insertText.value : (insertText ?? ''));

const severities = ['error', 'warning', 'information', 'hint'];

function lineOfReport({ range: { start, end }, severity, code, message }) {
  return `${start.line}:${start.character}-${end.line}:${end.character} ${severity} ${code} ${message}`;
}

function lineOfFinding({ range: { start, end }, severity, code, message }) {
  return `${start.line}:${start.character}-${end.line}:${end.character} ${severities[severity]} ${code?.value ?? code} ${message}`;
}
