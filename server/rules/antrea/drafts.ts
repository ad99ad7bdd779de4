import { onKey, onValue } from '../draft.ts';
import type { Fix } from '../finding.ts';
import type { Draft, ManifestContext } from '../rule.ts';
import { webhookView, type Objection, type WebhookView } from './view.ts';

/** What the webhook of antrea-controller objects to in a manifest, as findings; `fix` may offer a repair. */
export function* webhookDrafts(
  context: ManifestContext,
  objections: (view: WebhookView) => Iterable<Objection>,
  fix: (objection: Objection) => readonly Fix[] = () => [],
): Iterable<Draft> {
  const { kind, manifest, partial } = context;
  const view = kind && webhookView(manifest, kind);
  if (!view || !kind) return;
  for (const objection of objections(view)) {
    if (partial && objection.absence === true) continue;
    const { path, message, related } = objection;
    const extras = { fixes: fix(objection), ...(related ? { related } : {}) };
    yield objection.onKey === true ? onKey(context, path, message, extras) : onValue(context, path, message, extras);
  }
}
