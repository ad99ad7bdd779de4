import { SemanticTokensBuilder, type InlayHint, type Range, type SemanticTokens, type ServerCapabilities } from 'vscode-languageserver';
import type { FeatureContext } from '../features/context.ts';
import { inlayHints } from '../features/inlay-hints.ts';
import { semanticTokens, TOKEN_TYPES } from '../features/semantic-tokens.ts';
import type { Span } from '../base/span.ts';
import type { Work } from '../base/work.ts';
import { offsetIn, positionIn } from '../syntax/positions.ts';
import { workAbout } from './requests.ts';
import type { Session } from './session.ts';

/** What is announced for what is drawn into and around the text. */
export const adornmentCapabilities: Pick<ServerCapabilities, 'inlayHintProvider' | 'semanticTokensProvider'> = {
  inlayHintProvider: true,
  semanticTokensProvider: { legend: { tokenTypes: [...TOKEN_TYPES], tokenModifiers: [] }, full: true, range: true },
};

/** Answers requests for inlay hints and semantic tokens. */
export function answerAdornments(session: Session): void {
  const { connection } = session;
  connection.languages.inlayHint.on(({ textDocument, range }, token) =>
    workAbout(session, textDocument.uri, token, [], (feature) => hintsIn(feature, range), {}),
  );
  connection.languages.semanticTokens.on(({ textDocument }, token) =>
    workAbout(session, textDocument.uri, token, NO_TOKENS, (feature) => tokensIn(feature, EVERYTHING), { isAlone: true }),
  );
  connection.languages.semanticTokens.onRange(({ textDocument, range }, token) =>
    workAbout(session, textDocument.uri, token, NO_TOKENS, (feature) => tokensIn(feature, spanOf(feature, range)), { isAlone: true }),
  );
}

const NO_TOKENS: SemanticTokens = { data: [] };
const EVERYTHING: Span = { start: 0, end: Infinity };

function spanOf({ file }: FeatureContext, { start, end }: Range): Span {
  return { start: offsetIn(file, start), end: offsetIn(file, end) };
}

function* hintsIn(context: FeatureContext, range: Range): Work<InlayHint[]> {
  return (yield* inlayHints(context, spanOf(context, range))).map(({ offset, label, tooltip, before }) => ({
    position: positionIn(context.file, offset),
    label,
    tooltip,
    ...(before ? { paddingRight: true } : { paddingLeft: true }),
  }));
}

function* tokensIn(context: FeatureContext, range: Span): Work<SemanticTokens> {
  const builder = new SemanticTokensBuilder();
  for (const { start, end, type } of yield* semanticTokens(context, range)) {
    const { line, character } = positionIn(context.file, start);
    builder.push(line, character, end - start, TOKEN_TYPES.indexOf(type), 0);
    yield;
  }
  // Without the result id, which counts on the clock and serves only answers by difference.
  return { data: builder.build().data };
}
