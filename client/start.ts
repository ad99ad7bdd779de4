import { commands, extensions, Uri, window, workspace, type ExtensionContext } from 'vscode';
import type { BaseLanguageClient, LanguageClientOptions } from 'vscode-languageclient';
import {
  clientNotification,
  showReportCommand,
  type ClientFacts,
  type InitializationOptions,
  type ReportParams,
} from '../server/lsp/protocol.ts';
import { onDemand } from './on-demand.ts';
import { explainConnection, showChanges, showConnections, showEffectivePolicy, showGraph } from './explain.ts';
import { followHead } from './head.ts';
import { reports } from './reports.ts';
import { showStatus } from './status.ts';
import { newPolicyFromTemplate } from './template.ts';
import { sayTooLarge } from './too-large.ts';
import { expectationTests } from './tests.ts';
import { checkWorkspace, fixWorkspace } from './workspace-problems.ts';

// No scheme: untitled, remote and virtual documents count too. Which of them are ours, the server decides by their content.
const documentSelector = [{ language: 'yaml' }, { language: 'helm' }, { language: 'json' }, { language: 'jsonc' }];

/** A client that can be stopped and started again; the node client and the browser client both can. */
interface RestartableClient extends BaseLanguageClient {
  restart(): Promise<void>;
}

/** Everything that does not depend on how the server is run: options, commands, status. The server itself is started when it is needed. */
export function start(context: ExtensionContext, create: (options: LanguageClientOptions) => RestartableClient): void {
  const log = window.createOutputChannel('Netpol', { log: true });
  const client = create({
    documentSelector,
    outputChannel: log,
    diagnosticCollectionName: 'netpol',
    synchronize: { configurationSection: 'netpol' }, // only says that something changed; the server then asks, per document
    initializationOptions: () => initializationOptions(context),
  });
  const shown = reports(client);
  context.subscriptions.push(
    log,
    client,
    shown,
    showStatus(client),
    sayTooLarge(),
    followHead(client),
    expectationTests(client),
    commands.registerCommand('netpol.newPolicyFromTemplate', () => newPolicyFromTemplate(client)),
    commands.registerCommand('netpol.restartServer', () => (client.isRunning() ? client.restart() : client.start())),
    commands.registerCommand('netpol.showLog', () => log.show()),
    commands.registerCommand('netpol.explainConnection', () => explainConnection(client, shown)),
    commands.registerCommand('netpol.showEffectivePolicy', () => showEffectivePolicy(client, shown)),
    commands.registerCommand('netpol.showConnections', () => showConnections(client, shown)),
    commands.registerCommand('netpol.showGraph', () => showGraph(client, shown)),
    commands.registerCommand('netpol.showChanges', () => showChanges(client, shown)),
    commands.registerCommand('netpol.checkWorkspace', () => checkWorkspace(client)),
    commands.registerCommand('netpol.fixWorkspace', () => fixWorkspace(client)),
    commands.registerCommand(showReportCommand, (params: ReportParams) => shown.show(params)),
    extensions.onDidChange(() => tellClientFacts(client)),
    workspace.onDidGrantWorkspaceTrust(() => tellClientFacts(client)),
    onDemand(() => void begin()),
  );
  async function begin(): Promise<void> {
    log.info('Netpol starts. It works on this machine only and sends no data.');
    try {
      await client.start();
    } catch (error) {
      // The client has shown it, and the status says that nothing is checked.
      log.error(error instanceof Error ? error : String(error));
    }
  }
}

function initializationOptions(context: ExtensionContext): InitializationOptions {
  return { client: 'vscode', docs: Uri.joinPath(context.extensionUri, 'docs').toString(), ...clientFacts() };
}

function clientFacts(): ClientFacts {
  // getExtension knows enabled extensions only.
  return { yamlExtension: extensions.getExtension('redhat.vscode-yaml') !== undefined, isTrusted: workspace.isTrusted };
}

async function tellClientFacts(client: BaseLanguageClient): Promise<void> {
  if (client.isRunning()) await client.sendNotification(clientNotification, clientFacts());
}
