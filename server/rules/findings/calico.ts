import type { ManifestView } from '../../analysis/context.ts';
import type { Direction } from '../../model/policy.ts';
import { given } from '../../model/read.ts';
import type { Settings } from '../../settings.ts';
import type { Path } from '../../syntax/path.ts';
import { spotOf } from '../../syntax/spot.ts';
import { asMap, asSeq, hasHole, isNull, type MapNode, type Node } from '../../syntax/tree.ts';
import type { Severity } from '../finding.ts';
import type { Draft } from '../rule.ts';
import { withEffect } from '../text/effect.ts';

/** One rule of a Calico policy as it is written. */
export interface WrittenRule {
  readonly node: MapNode;
  readonly path: Path;
  readonly direction: Direction;
}

/** One end of a rule as it is written: `source` or `destination`. */
export interface WrittenEnd {
  readonly end: 'source' | 'destination';
  readonly node: MapNode;
  readonly path: Path;
  readonly rule: WrittenRule;
}

/** The rules of a Calico policy, ingress first. */
export function writtenRules(root: Node | undefined): readonly WrittenRule[] {
  const spec = given(root, 'spec');
  return (['ingress', 'egress'] as const).flatMap((direction) =>
    (asSeq(given(spec, direction))?.items ?? []).flatMap(({ value }, i) => {
      const node = asMap(value);
      return node ? [{ node, path: ['spec', direction, i], direction }] : [];
    }),
  );
}

/** Both ends of a rule, as far as they are written. */
export function writtenEnds(rule: WrittenRule): readonly WrittenEnd[] {
  return (['source', 'destination'] as const).flatMap((end) => {
    const node = asMap(given(rule.node, end));
    return node ? [{ end, node, path: [...rule.path, end], rule }] : [];
  });
}

/** A field that is set: neither missing nor null, and nothing that something else fills in. */
export function setField(node: Node | undefined, name: string): Node | undefined {
  const value = given(node, name);
  return value === undefined || hasHole(value) ? undefined : value;
}

/** The items of a list field, with their places; none of those that something else fills in. */
export function setItems(node: MapNode, name: string, path: Path): readonly { readonly node: Node; readonly path: Path }[] {
  const items = asSeq(given(node, name))?.items ?? [];
  return items.flatMap(({ value }, i) => (isNull(value) || hasHole(value) ? [] : [{ node: value, path: [...path, name, i] }]));
}

/** What becomes of a manifest that Calico's validator refuses: depends on how Calico is installed (`netpol.calico.validation`). */
export interface ValidatorRefusal {
  readonly severity: Severity;
  /** A sentence. */
  readonly effect: string;
}

/** With the Calico API server (or calicoctl) it is rejected; as a plain custom resource it is stored, and what Calico does with it is uncertain. */
export function refusal({ calicoValidation }: Settings): ValidatorRefusal {
  if (calicoValidation === 'crd')
    return {
      severity: 'warning',
      effect: 'Calico does not accept this, but nothing checks it at apply: what Calico does with the policy is uncertain.',
    };
  return { severity: 'error', effect: 'Calico rejects the manifest.' };
}

/** A finding about something that Calico's validator refuses. */
export function refused(context: ManifestView, path: Path, message: string, more: Partial<Draft> = {}): Draft {
  const { severity, effect } = refusal(context.settings);
  return { span: spanAt(context, path), path, message: withEffect(message, effect), severity, ...more };
}

/** A finding about something that the API server refuses by the CRD, however Calico is installed. */
export function rejected(context: ManifestView, path: Path, message: string, more: Partial<Draft> = {}): Draft {
  return {
    span: spanAt(context, path),
    path,
    message: withEffect(message, 'The API server rejects the manifest.'),
    severity: 'error',
    ...more,
  };
}

function spanAt({ manifest, root }: ManifestView, path: Path): Draft['span'] {
  const node = manifest.root ?? root;
  return node ? spotOf(node, path).span : { start: 0, end: 0 };
}
