import { quote } from '../../base/english.ts';
import type { Span } from '../../base/span.ts';
import { NAME_LABEL } from '../../model/namespace.ts';
import type { Path } from '../../syntax/path.ts';
import { likeScalar, replace, scalarText } from '../../syntax/edit.ts';
import { integerOf, resolvePlain } from '../../syntax/scalar.ts';
import { asMap, asScalar, content, isNull, type Node } from '../../syntax/tree.ts';
import type { Fix } from '../finding.ts';
import type { Issue } from '../schema/issue.ts';
import { innerLabels } from '../schema/misplaced-items.ts';
import type { ManifestRule } from '../rule.ts';
import { fieldsOf, type Schema } from '../schema/schemas.ts';
import { otherSelectorForm } from '../repair/selector-forms.ts';
import { fieldName, placeName, valueName } from '../text/words.ts';
import { everyKind } from '../about.ts';
import { STORED } from '../cilium-rejection.ts';

const rule: ManifestRule = {
  name: 'wrong-type',
  scope: 'manifest',
  severity: 'error',
  confidence: 'high',
  summary: 'A value of the wrong type, such as a string where an integer is required.',
  why: 'The API server cannot decode the manifest and rejects it, with a message that has no line number.',
  about: everyKind,
  *check({ issues, kind, at, text }) {
    const isPolicyOfCilium = kind?.api === 'cilium' && kind.role === 'policy';
    for (const issue of issues) {
      if (
        issue.keyword !== 'type' ||
        issue.at.length === 0 ||
        (issue.at.length === 1 && (issue.at[0] === 'apiVersion' || issue.at[0] === 'kind'))
      )
        continue;
      const name = typeof issue.at.at(-1) === 'number' ? placeName(issue.at, kind) : fieldName(issue.at);
      const expected = typeName(issue.place.schema);
      const message = isNull(issue.node)
        ? `${name} must be ${expected}, not null, so the API server rejects the manifest. Add a value, or remove it.`
        : isPolicyOfCilium && isLeftToCilium(issue)
          ? `${STORED} ${name} must be ${expected}, not ${valueName(issue.node)}.${way(issue)}`
          : `${name.replace(/^a/, 'A')} must be ${expected}, not ${valueName(issue.node)}, so the API server rejects the manifest.${way(issue)}`;
      const [first, ...others] = kind?.traits?.builtIn === true || issue.at[0] === 'metadata' ? [] : keysBelow(issue.node, issue.at);
      yield {
        span: issue.span,
        path: first?.path ?? issue.path,
        message,
        fixes: [...innerLabels(issue.at, asMap(at(issue.at.slice(0, -1))), text), ...selectorForm(issue, at, text), ...fixes(issue)],
      };
      for (const other of others)
        yield {
          span: other.span,
          path: other.path,
          message: `${quote(other.name)} is not decoded, because ${name} must be ${expected}, not ${valueName(issue.node)}.`,
        };
    }
  },
};

export default rule;

/** A selector in the form of another API, in a field that is a selector. */
function selectorForm({ at, place }: Issue, nodeAt: (path: Path) => Node | undefined, text: string): readonly Fix[] {
  const field = at.at(-1);
  const isText = place.schema['x-format'] === 'calico-selector';
  if (typeof field !== 'string' || (!isText && !fieldsOf(place).includes('matchExpressions'))) return [];
  return otherSelectorForm(text, nodeAt(at.slice(0, -1)), field, isText ? 'text' : 'object');
}

/** The API server stores a list where the CRD of Cilium has a string in the format `cidr`; the agent cannot decode it (measured with 1.19). */
function isLeftToCilium({ place, node }: Issue): boolean {
  return place.schema['x-format'] === 'cidr-lenient' && node?.kind === 'seq';
}

interface KeyBelow {
  readonly name: string;
  readonly path: Path;
  readonly span: Span;
}

/**
 * The keys in a list that stands for a map, or the other way round. For custom resources the API server looks for unknown fields before
 * it looks at types, so these keys are what it names (schemas/README.md, "Where the server puts its errors").
 */
function keysBelow(node: Node | undefined, path: Path): readonly KeyBelow[] {
  if (node?.kind === 'seq') return node.items.flatMap((item, i) => keysBelow(item.value, [...path, i]));
  if (node?.kind !== 'map') return [];
  return node.pairs.flatMap(({ name, key }) => (name === undefined ? [] : [{ name, path: [...path, name], span: key.span }]));
}

function typeName(schema: Schema): string {
  if (schema['x-int-or-string'] === true) return 'a port number or the name of a port';
  switch (schema.type) {
    case 'string':
      return 'a string';
    case 'integer':
      return 'an integer';
    case 'number':
      return 'a number';
    case 'boolean':
      return 'a boolean';
    case 'array':
      return 'a list';
    default:
      return schema['x-map-keys'] === undefined ? 'an object' : "an object of 'key: value' pairs";
  }
}

function isNumeric({ type }: Schema): boolean {
  return type === 'integer' || type === 'number';
}

function way({ place, node, at }: Issue): string {
  const value = node && content(node);
  const { schema } = place;
  if (schema.type === 'string' && value?.kind === 'scalar') return ' Quote it.';
  if (isNumeric(schema) && value?.kind === 'scalar' && numberIn(value.text) !== undefined) return ' Remove the quotes.';
  if (schema.type === 'array' && value?.kind === 'scalar') return ' Write it in brackets, or after a dash.';
  if (schema.type === 'array' && value?.kind === 'map') return ' Put a dash before its first field.';
  if (schema.type === 'object' && value?.kind === 'seq') return typeof at.at(-1) === 'number' ? ' Remove one dash.' : ' Remove the dash.';
  if (at.at(-1) === 'cidr' && value?.kind === 'seq') return ' Write a peer for each block.';
  if (schema['x-format'] === 'cidr-lenient' && value?.kind === 'seq') return ' Write an item for each block.';
  if (at.at(-1) === 'port' && value?.kind === 'seq') return ' Write an item for each port.';
  const map = mapFor(at, node);
  if (schema.type === 'object' && map !== undefined) return ` Write ${map}.`;
  if (schema.type === 'object' && value?.kind === 'scalar' && /^[\w./-]+:\S/.test(value.text))
    return ` Add a space after the colon in ${quote(value.text)}.`;
  return '';
}

function fixes({ place, node, at }: Issue): readonly Fix[] {
  const scalar = asScalar(node);
  if (!node || node.kind === 'alias' || isNull(node)) return [];
  const { schema } = place;
  if (schema.type === 'string' && scalar?.style === 'plain')
    return [{ title: 'Quote the value', edits: [replace(scalar.span, JSON.stringify(scalar.text))], safe: true }];
  const number = isNumeric(schema) && scalar ? numberIn(scalar.text) : undefined;
  if (number !== undefined && scalar) return [{ title: `Change to ${number}`, edits: [replace(scalar.span, String(number))], safe: true }];
  if (schema.type === 'array' && scalar && schema.items?.type === 'string' && scalar.style !== 'literal' && scalar.style !== 'folded') {
    return [{ title: 'Change to a list', edits: [replace(scalar.span, `[${items(scalar.text, node)}]`)], safe: true }];
  }
  const map = schema.type === 'object' ? mapFor(at, node) : undefined;
  if (map !== undefined && scalar && scalar.style !== 'literal' && scalar.style !== 'folded')
    return [{ title: `Change to ${map}`, edits: [replace(scalar.span, map)], safe: false }];
  return spaced(schema, node);
}

/** The map that is meant by a plain value: a namespace by its name, a block of addresses, a port. */
function mapFor(path: Path, node: Node | undefined): string | undefined {
  const scalar = asScalar(node);
  if (!scalar || scalar.hole || isNull(scalar)) return undefined;
  const { text } = scalar;
  switch (typeof path.at(-1) === 'number' ? path.at(-2) : path.at(-1)) {
    case 'namespaceSelector':
    case 'namespaces':
      return /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/.test(text) ? `{matchLabels: {${NAME_LABEL}: ${scalarText(text)}}}` : undefined;
    case 'ipBlock':
      return /^[0-9a-fA-F.:]+\/\d{1,3}$/.test(text) ? `{cidr: ${scalarText(text)}}` : undefined;
    case 'destinationPort':
      return /^[0-9]{1,5}$/.test(text) ? `{number: ${text}}` : undefined;
    case 'ports':
      return /^(?:[0-9]{1,5}|[a-z][-a-z0-9]{0,14})$/.test(text) ? `{port: ${/^[0-9]+$/.test(text) ? text : scalarText(text)}}` : undefined;
    default:
      return undefined;
  }
}

/** `app:web` for `app: web`. */
function spaced(schema: Schema, node: Node): readonly Fix[] {
  const scalar = asScalar(node);
  const glued = scalar?.style === 'plain' ? /^([A-Za-z0-9_./-]+):([A-Za-z0-9_.-]+)$/.exec(scalar.text) : undefined;
  if (schema.type !== 'object' || !scalar || !glued) return [];
  return [
    { title: 'Add a space after the colon', edits: [replace(scalar.span, `${glued[1]}: ${scalarText(glued[2] ?? '')}`)], safe: true },
  ];
}

/** `Ingress, Egress` as two items. */
function items(text: string, node: Node): string {
  const scalar = asScalar(node);
  return text
    .split(/\s*[,;]\s*/)
    .filter((word) => word !== '')
    .map((word) => (scalar ? likeScalar(word, { ...scalar, style: scalar.style }) : word))
    .join(', ');
}

/** The integer in a quoted string, at most nine digits. */
function numberIn(text: string): number | undefined {
  return /^\s*[0-9]{1,9}\s*$/.test(text) ? integerOf(resolvePlain(text.trim().replace(/^0+(?=.)/, ''))) : undefined;
}
