import { get, itemsOf, stringOf } from '../../syntax/tree.ts';
import { quote } from '../../base/english.ts';
import type { ManifestRule } from '../rule.ts';
import { spotOf } from '../../syntax/spot.ts';
import { everyKind } from '../about.ts';

const rule: ManifestRule = {
  name: 'invalid-owner',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'An owner reference that the API server rejects.',
  why: 'An owner reference needs an apiVersion with a version, only one owner can be the controller, and an Event cannot own objects.',
  about: everyKind,
  *check({ issues, root }) {
    const path = ['metadata', 'ownerReferences'];
    for (const { keyword, span } of issues) {
      if (keyword === 'at-most-one-true')
        yield {
          span,
          path,
          message: "Two owner references set 'controller: true', but the API server accepts only one. Remove 'controller' from the other.",
        };
    }
    for (const [i, owner] of root ? itemsOf(get(get(root, 'metadata'), 'ownerReferences')).entries() : []) {
      const apiVersion = stringOf(get(owner, 'apiVersion')) ?? '';
      const at = [...path, i, 'apiVersion'];
      // apimachinery ParseGroupVersion: nothing but a slash, or two of them, give no version.
      if (root && apiVersion !== '' && !/^[^/]+$|^[^/]*\/[^/]+$/.test(apiVersion))
        yield {
          span: spotOf(root, at).span,
          path: at,
          message: `${quote(apiVersion)} has no version, so the API server rejects the manifest. Write it like 'apps/v1'.`,
        };
      if (root && (apiVersion === 'v1' || apiVersion === '/v1') && stringOf(get(owner, 'kind')) === 'Event')
        yield {
          span: spotOf(root, [...path, i]).span,
          path,
          message: 'The API server rejects an Event as an owner. Remove this owner reference.',
        };
    }
  },
};

export default rule;
