import { quote } from '../../base/english.ts';
import { get, itemsOf, stringOf } from '../../syntax/tree.ts';
import { fits } from '../schema/formats.ts';
import { keyFault } from '../text/label-words.ts';
import type { ManifestRule } from '../rule.ts';
import { spotOf } from '../../syntax/spot.ts';

const rule: ManifestRule = {
  name: 'invalid-finalizer',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'A finalizer with an invalid name, or without a domain.',
  why: 'A finalizer is made like a label key. NetworkPolicy rejects one without a domain; the other kinds accept it, and the server advises against it.',
  *check({ issues, root, kind }) {
    for (const { params, span } of issues) {
      if (params.format === 'finalizer')
        yield {
          span,
          path: ['metadata', 'finalizers'],
          message: `${keyFault(String(params.value ?? ''), 'finalizer')}; the API server rejects it.`,
        };
    }
    const names = itemsOf(get(get(root, 'metadata'), 'finalizers')).map(stringOf);
    for (const [i, name] of root ? names.entries() : []) {
      if (!root || name === undefined || name.includes('/') || STANDARD.includes(name)) continue;
      const path = ['metadata', 'finalizers', i];
      const builtIn = kind?.traits.builtIn === true;
      // An error about the name is enough for the other kinds; NetworkPolicy reports both.
      if (!builtIn && !fits('finalizer', name)) continue;
      const effect = builtIn ? 'the API server rejects it' : 'two controllers may use the same name';
      yield {
        span: spotOf(root, path).span,
        path,
        severity: builtIn ? 'error' : 'warning',
        message: `The finalizer ${quote(name)} has no domain before it: ${effect}. Write it as example.com/${quote(name).slice(1, -1)}.`,
      };
    }
    if (root && names.includes('orphan') && names.includes('foregroundDeletion')) {
      const path = ['metadata', 'finalizers'];
      yield {
        span: spotOf(root, path).span,
        path,
        message: "The finalizers 'orphan' and 'foregroundDeletion' cannot stand together; the API server rejects it. Keep one.",
      };
    }
  },
};

export default rule;

/** Finalizers of Kubernetes itself (pkg/apis/core/helper). */
const STANDARD = ['kubernetes', 'orphan', 'foregroundDeletion'];
