import { quote } from '../../base/english.ts';
import { get, itemsOf, stringOf } from '../../syntax/tree.ts';
import { fits } from '../schema/formats.ts';
import { keyFault } from '../text/label-words.ts';
import type { ManifestRule } from '../rule.ts';
import { spotOf } from '../../syntax/spot.ts';
import { everyKind } from '../about.ts';

const rule: ManifestRule = {
  name: 'invalid-finalizer',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'A finalizer with an invalid name, or without a domain.',
  why: 'A finalizer has the same form as a label key. The API server rejects one without a domain in a NetworkPolicy; in the other kinds it accepts it with a warning.',
  about: everyKind,
  *check({ issues, root, kind }) {
    for (const { params, span } of issues) {
      if (params.format === 'finalizer')
        yield {
          span,
          path: ['metadata', 'finalizers'],
          message: `${keyFault(String(params.value ?? ''), 'finalizer')}, so the API server rejects the manifest.`,
        };
    }
    const names = itemsOf(get(get(root, 'metadata'), 'finalizers')).map(stringOf);
    for (const [i, name] of root ? names.entries() : []) {
      if (!root || name === undefined || name.includes('/') || STANDARD.includes(name)) continue;
      const path = ['metadata', 'finalizers', i];
      const builtIn = kind?.traits?.builtIn === true;
      // An error about the name is enough for the other kinds; NetworkPolicy reports both.
      if (!builtIn && !fits('finalizer', name)) continue;
      const effect = builtIn ? 'so the API server rejects the manifest' : 'so two controllers may use the same name';
      yield {
        span: spotOf(root, path).span,
        path,
        severity: builtIn ? 'error' : 'warning',
        message: `The finalizer ${quote(name)} has no domain, ${effect}. Write it as example.com/${quote(name).slice(1, -1)}.`,
      };
    }
    if (root && names.includes('orphan') && names.includes('foregroundDeletion')) {
      const path = ['metadata', 'finalizers'];
      yield {
        span: spotOf(root, path).span,
        path,
        message: "The API server rejects the finalizers 'orphan' and 'foregroundDeletion' together. Keep one.",
      };
    }
  },
};

export default rule;

/** Finalizers of Kubernetes itself (pkg/apis/core/helper). */
const STANDARD = ['kubernetes', 'orphan', 'foregroundDeletion'];
