/**
 * What the client can do, as far as answers depend on it. A client supports only what it announces: so the protocol
 * remains compatible with older and smaller clients.
 */
export interface Abilities {
  /** It answers `workspace/configuration`. */
  readonly answersConfiguration: boolean;
  /** It can be asked to send `workspace/didChangeConfiguration`. */
  readonly registersConfiguration: boolean;
  /** It can be asked to watch files. */
  readonly registersWatchers: boolean;
  readonly showsProgress: boolean;
  readonly appliesEdits: boolean;
  /** It takes edits that name the version of each document. */
  readonly documentChanges: boolean;
  readonly refreshes: {
    readonly codeLens: boolean;
    readonly inlayHint: boolean;
    readonly semanticTokens: boolean;
    readonly diagnostics: boolean;
  };
  /** Hovers may be Markdown. */
  readonly markdownHover: boolean;
  /** The documentation of completions may be Markdown. */
  readonly markdownDocumentation: boolean;
  readonly snippets: boolean;
  /** It supports `insertTextMode: asIs`, which leaves the indentation of inserted lines alone. */
  readonly insertsAsIs: boolean;
  /** Symbols of a document may be nested. */
  readonly nestedSymbols: boolean;
  /** Code actions may be more than commands. */
  readonly codeActionLiterals: boolean;
  /** It asks for the edit of a code action when one is chosen, and hands back what was sent with the action. */
  readonly resolvesEdits: boolean;
  /** It shows an edit before it is applied, where the edit asks for it. */
  readonly annotatesChanges: boolean;
  readonly definitionLinks: boolean;
  readonly diagnostics: { readonly related: boolean; readonly pages: boolean; readonly tags: boolean };
}

/** `InsertTextMode.asIs` of the protocol. */
const AS_IS = 1;

/** Reads the `capabilities` of `initialize`, whatever was sent for them. */
export function abilitiesOf(capabilities: unknown): Abilities {
  const at = (path: string): unknown => path.split('.').reduce<unknown>(fieldOf, capabilities);
  const has = (path: string): boolean => at(path) === true;
  const either = (one: string): boolean => has(`textDocument.publishDiagnostics.${one}`) || has(`textDocument.diagnostic.${one}`);
  const item = 'textDocument.completion.completionItem';
  return {
    answersConfiguration: has('workspace.configuration'),
    registersConfiguration: has('workspace.didChangeConfiguration.dynamicRegistration'),
    registersWatchers: has('workspace.didChangeWatchedFiles.dynamicRegistration'),
    showsProgress: has('window.workDoneProgress'),
    appliesEdits: has('workspace.applyEdit'),
    documentChanges: has('workspace.workspaceEdit.documentChanges'),
    refreshes: {
      codeLens: has('workspace.codeLens.refreshSupport'),
      inlayHint: has('workspace.inlayHint.refreshSupport'),
      semanticTokens: has('workspace.semanticTokens.refreshSupport'),
      diagnostics: has('workspace.diagnostics.refreshSupport'),
    },
    markdownHover: prefersMarkdown(at('textDocument.hover.contentFormat')),
    markdownDocumentation: prefersMarkdown(at(`${item}.documentationFormat`)),
    snippets: has(`${item}.snippetSupport`),
    insertsAsIs: listAt(at(`${item}.insertTextModeSupport.valueSet`)).includes(AS_IS),
    nestedSymbols: has('textDocument.documentSymbol.hierarchicalDocumentSymbolSupport'),
    codeActionLiterals: typeof at('textDocument.codeAction.codeActionLiteralSupport') === 'object',
    resolvesEdits:
      has('textDocument.codeAction.dataSupport') && listAt(at('textDocument.codeAction.resolveSupport.properties')).includes('edit'),
    annotatesChanges: typeof at('workspace.workspaceEdit.changeAnnotationSupport') === 'object',
    definitionLinks: has('textDocument.definition.linkSupport'),
    diagnostics: {
      related: either('relatedInformation'),
      pages: either('codeDescriptionSupport'),
      tags: [at('textDocument.publishDiagnostics.tagSupport'), at('textDocument.diagnostic.tagSupport')].some(
        (sent) => sent === true || listAt(fieldOf(sent, 'valueSet')).length > 0,
      ),
    },
  };
}

/** The formats stand in the order in which the client likes them. */
function prefersMarkdown(formats: unknown): boolean {
  return listAt(formats).find((format) => format === 'markdown' || format === 'plaintext') === 'markdown';
}

function listAt(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Object.entries(value).find(([key]) => key === name)?.[1] : undefined;
}
