import {
  Range,
  TestMessage,
  TestRunProfileKind,
  tests,
  Uri,
  type CancellationToken,
  type TestController,
  type TestItem,
  type TestRunRequest,
} from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { expectationsRequest, type FileExpectations } from '../server/lsp/protocol.ts';

/** Shows the `# expect:` comments of the workspace in the Test Explorer, and runs them there. */
export function expectationTests(client: BaseLanguageClient): TestController {
  const controller = tests.createTestController('netpol', 'Network policy expectations');
  const read = async (): Promise<readonly FileExpectations[]> => {
    await client.start();
    return client.sendRequest<readonly FileExpectations[]>(expectationsRequest, {});
  };
  const discover = async (): Promise<void> => controller.items.replace((await read()).map((file) => itemOf(controller, file)));
  controller.resolveHandler = async (item) => (item ? undefined : discover());
  controller.refreshHandler = discover;
  controller.createRunProfile('Check', TestRunProfileKind.Run, (request, token) => run(request, token), true);

  async function run(request: TestRunRequest, token: CancellationToken): Promise<void> {
    const files = await read();
    controller.items.replace(files.map((file) => itemOf(controller, file)));
    const result = controller.createTestRun(request);
    const included = new Set(request.include?.map(({ id }) => id));
    const excluded = new Set(request.exclude?.map(({ id }) => id));
    for (const file of files) {
      for (const { id, outcome, message } of file.expectations) {
        const item = controller.items.get(file.uri)?.children.get(id);
        const isMeant = included.size === 0 || included.has(file.uri) || included.has(id);
        if (!item || !isMeant || excluded.has(file.uri) || excluded.has(id) || token.isCancellationRequested) continue;
        if (outcome === 'passed') result.passed(item);
        else if (outcome === 'failed') result.failed(item, at(item, message));
        else result.errored(item, at(item, message));
      }
    }
    result.end();
  }
  return controller;
}

function at({ uri, range }: TestItem, message: string): TestMessage {
  const found = new TestMessage(message);
  if (uri && range) found.location = { uri, range };
  return found;
}

function itemOf(controller: TestController, { uri, name, expectations }: FileExpectations): TestItem {
  const address = Uri.parse(uri);
  const item = controller.createTestItem(uri, name, address);
  item.children.replace(
    expectations.map(({ id, text, range: { start, end } }) => {
      const child = controller.createTestItem(id, text, address);
      child.range = new Range(start.line, start.character, end.line, end.character);
      return child;
    }),
  );
  return item;
}
