import { asMap, asSeq, content, pairsOf, type Node } from '../../syntax/tree.ts';
import type { Path } from '../../syntax/path.ts';
import { isNothing } from './values.ts';

/** What a field of a kustomization may hold. */
export type FieldType =
  | { readonly kind: 'string' | 'boolean' | 'integer' | 'any' | 'strings' }
  | { readonly kind: 'list'; readonly of: FieldType }
  | { readonly kind: 'object'; readonly fields: Readonly<Record<string, Field>> };

/** A field, with what editors show of it. */
export interface Field {
  readonly type: FieldType;
  readonly text: string;
  /** What to write instead, for fields that kustomize has given up. */
  readonly instead?: string;
}

const STRING: FieldType = { kind: 'string' };
const BOOLEAN: FieldType = { kind: 'boolean' };
const INTEGER: FieldType = { kind: 'integer' };
const STRINGS: FieldType = { kind: 'strings' };
const ANY: FieldType = { kind: 'any' };
const list = (of: FieldType): FieldType => ({ kind: 'list', of });
const object = (fields: Readonly<Record<string, Field>>): FieldType => ({ kind: 'object', fields });
const field = (type: FieldType, text: string, instead?: string): Field => ({ type, text, ...(instead === undefined ? {} : { instead }) });

const GVK = {
  group: field(STRING, 'API group, a regular expression for the whole text.'),
  version: field(STRING, 'API version, a regular expression for the whole text.'),
  kind: field(STRING, 'Kind, a regular expression for the whole text.'),
};

const RESOURCE = {
  ...GVK,
  name: field(STRING, 'Name, a regular expression for the whole text; the original name matches, too.'),
  namespace: field(STRING, 'Namespace, a regular expression for the whole text.'),
};

const SELECTOR = object({
  ...RESOURCE,
  labelSelector: field(STRING, 'Label selector in text form: `app=web,tier!=db`.'),
  annotationSelector: field(STRING, 'Selector of annotations in text form.'),
});

const FIELD_SPEC = object({
  ...GVK,
  path: field(STRING, 'Path of the field, with `/` between the steps.'),
  create: field(BOOLEAN, 'Creates the field where it is missing.'),
});

const PATCH = object({
  path: field(STRING, 'File with the patch, in or below the folder of this kustomization.'),
  patch: field(STRING, 'The patch itself: a strategic merge patch or a list of JSON patch operations (RFC 6902).'),
  target: field(SELECTOR, 'The objects to patch. Without it a strategic merge patch names its object by kind, namespace and name.'),
  options: field(
    object({
      allowNameChange: field(BOOLEAN, 'The patch may change the name.'),
      allowKindChange: field(BOOLEAN, 'The patch may change the kind.'),
    }),
    'Whether the patch may change kind and name.',
  ),
});

const GENERATOR_OPTIONS = object({
  labels: field(STRINGS, 'Labels of generated objects.'),
  annotations: field(STRINGS, 'Annotations of generated objects.'),
  disableNameSuffixHash: field(BOOLEAN, 'Leaves out the content hash at the end of the name.'),
  immutable: field(BOOLEAN, 'Makes generated objects immutable.'),
});

const GENERATOR = {
  name: field(STRING, 'Name of the generated object; a content hash is added.'),
  namespace: field(STRING, 'Namespace of the generated object.'),
  behavior: field(STRING, '`create`, `merge` or `replace`.'),
  literals: field(list(STRING), '`key=value` pairs.'),
  files: field(list(STRING), 'Files, as `path` or `key=path`.'),
  envs: field(list(STRING), 'Files with `KEY=value` lines.'),
  env: field(STRING, 'One file with `KEY=value` lines.', 'envs'),
  options: field(GENERATOR_OPTIONS, 'Options of this generator.'),
};

const FIELD_OPTIONS = object({
  delimiter: field(STRING, 'Splits the value into parts.'),
  index: field(INTEGER, 'Which part.'),
  encoding: field(STRING, 'Has no effect yet.'),
  create: field(BOOLEAN, 'Creates the field where it is missing.'),
});

const REPLACEMENT = object({
  path: field(STRING, 'File with replacements.'),
  source: field(
    object({
      ...RESOURCE,
      fieldPath: field(STRING, 'Field with the value; `metadata.name` by default.'),
      options: field(FIELD_OPTIONS, 'Which part of the value.'),
    }),
    'The object and field with the value.',
  ),
  sourceValue: field(STRING, 'The value itself.'),
  targets: field(
    list(
      object({
        select: field(SELECTOR, 'Objects that get the value.'),
        reject: field(list(SELECTOR), 'Objects that do not.'),
        fieldPaths: field(list(STRING), 'Fields that get the value.'),
        options: field(FIELD_OPTIONS, 'How the value is written.'),
      }),
    ),
    'Where the value goes.',
  ),
});

const IMAGE = object({
  name: field(STRING, 'Image to change, without tag.'),
  newName: field(STRING, 'New name.'),
  newTag: field(STRING, 'New tag.'),
  tagSuffix: field(STRING, 'Text added to the tag.'),
  digest: field(STRING, 'New digest; replaces the tag.'),
});

const LABEL = object({
  pairs: field(STRINGS, 'Labels to add.'),
  includeSelectors: field(
    BOOLEAN,
    'Adds the labels to selectors and pod templates, too: `spec.selector` of workloads and Services, and every `podSelector.matchLabels` of a NetworkPolicy, its peers included.',
  ),
  includeTemplates: field(BOOLEAN, 'Adds the labels to pod templates, too, and not to selectors.'),
  includeVolumeClaimTemplates: field(BOOLEAN, 'Adds the labels to volume claim templates of StatefulSets, too.'),
  fields: field(list(FIELD_SPEC), 'Further fields that get the labels.'),
});

const VAR = object({
  name: field(STRING, 'Name, used as `$(NAME)`.'),
  objref: field(
    object({
      ...GVK,
      apiVersion: field(STRING, 'apiVersion of the object.'),
      name: field(STRING, 'Name of the object.'),
      namespace: field(STRING, 'Namespace of the object.'),
    }),
    'Object with the value.',
  ),
  fieldref: field(object({ fieldPath: field(STRING, 'Field with the value; `metadata.name` by default.') }), 'Field with the value.'),
});

/** The fields of a kustomization (kustomize `types.Kustomization`); it refuses all others. */
export const KUSTOMIZATION: FieldType = object({
  apiVersion: field(STRING, '`kustomize.config.k8s.io/v1beta1`; `v1alpha1` for a Component. May be left out.'),
  kind: field(STRING, '`Kustomization` or `Component`. May be left out.'),
  metadata: field(
    object({
      name: field(STRING, 'Name.'),
      namespace: field(STRING, 'Namespace.'),
      labels: field(STRINGS, 'Labels.'),
      annotations: field(STRINGS, 'Annotations.'),
    }),
    'Metadata of the kustomization itself.',
  ),
  openapi: field(STRINGS, 'A file with OpenAPI definitions (`path`), from which merge keys of custom resources are read.'),
  namePrefix: field(
    STRING,
    'Put in front of the name of every object; references follow. Namespaces and CustomResourceDefinitions keep theirs.',
  ),
  nameSuffix: field(STRING, 'Put behind the name of every object; references follow.'),
  namespace: field(STRING, 'Namespace of every object that is not known to be cluster-scoped; Namespace objects are renamed.'),
  commonLabels: field(
    STRINGS,
    'Labels for every object, its selectors and pod templates. In a NetworkPolicy they go into every `podSelector.matchLabels`, peers included.',
    'labels',
  ),
  labels: field(list(LABEL), 'Labels for every object, and on demand for pod templates and selectors.'),
  commonAnnotations: field(STRINGS, 'Annotations for every object and pod template.'),
  patchesStrategicMerge: field(list(STRING), 'Strategic merge patches, as files or text.', 'patches'),
  patchesJson6902: field(list(PATCH), 'JSON patches.', 'patches'),
  patches: field(list(PATCH), 'Patches: strategic merge patches or lists of JSON patch operations.'),
  images: field(list(IMAGE), 'New names, tags and digests of images.'),
  imageTags: field(list(IMAGE), 'New tags of images.', 'images'),
  replacements: field(list(REPLACEMENT), 'Values copied from one object into fields of others.'),
  replicas: field(
    list(object({ name: field(STRING, 'Name of the workload.'), count: field(INTEGER, 'Number of replicas.') })),
    'Numbers of replicas.',
  ),
  vars: field(list(VAR), 'Values that replace `$(NAME)`.', 'replacements'),
  sortOptions: field(
    object({
      order: field(STRING, '`fifo` or `legacy`.'),
      legacySortOptions: field(
        object({ orderFirst: field(list(STRING), 'Kinds that come first.'), orderLast: field(list(STRING), 'Kinds that come last.') }),
        'Order of kinds.',
      ),
    }),
    'Order of the output.',
  ),
  resources: field(list(STRING), 'Files with objects, and folders with kustomizations.'),
  components: field(list(STRING), 'Folders with Components, which change what has been gathered so far.'),
  crds: field(list(STRING), 'Files with OpenAPI definitions of custom resources.'),
  bases: field(list(STRING), 'Folders with kustomizations.', 'resources'),
  configMapGenerator: field(list(object(GENERATOR)), 'ConfigMaps made of files and literals.'),
  secretGenerator: field(list(object({ ...GENERATOR, type: field(STRING, 'Type of the Secret.') })), 'Secrets made of files and literals.'),
  helmGlobals: field(ANY, 'Settings of Helm charts.'),
  helmCharts: field(list(ANY), 'Helm charts to render. This program does not run Helm.'),
  helmChartInflationGenerator: field(list(ANY), 'Helm charts to render.', 'helmCharts'),
  generatorOptions: field(GENERATOR_OPTIONS, 'Options of all generators.'),
  configurations: field(list(STRING), 'Files that tell the transformers of further fields.'),
  generators: field(list(STRING), 'Files with configurations of generators.'),
  transformers: field(list(STRING), 'Files with configurations of transformers.'),
  validators: field(list(STRING), 'Files with configurations of validators.'),
  buildMetadata: field(list(STRING), '`originAnnotations`, `transformerAnnotations`, `managedByLabel`.'),
});

/** A field that kustomize refuses. */
export interface FieldFault {
  readonly path: Path;
  readonly message: string;
  /** The fault is about the key, not about the value. */
  readonly unknown?: boolean;
}

/** What kustomize refuses in a value: unknown fields and wrong types. Nulls and values that a template fills in are accepted. */
export function fieldFaults(node: Node, type: FieldType, path: Path = []): readonly FieldFault[] {
  const at = content(node);
  if (!at || at.hole || isNothing(node)) return [];
  switch (type.kind) {
    case 'any':
      return [];
    case 'list':
      return asSeq(node)?.items.flatMap(({ value }, i) => fieldFaults(value, type.of, [...path, i])) ?? [wrong(path, 'a list')];
    case 'strings':
      return asMap(node) ? stringFaults(node, path) : [wrong(path, 'an object with strings')];
    case 'object':
      return asMap(node) ? objectFaults(node, type.fields, path) : [wrong(path, 'an object')];
    case 'string':
    case 'boolean':
    case 'integer':
      return at.kind === 'scalar' && typeOf(at.value.type) === type.kind
        ? []
        : [wrong(path, type.kind === 'integer' ? 'an integer' : `a ${type.kind}`)];
  }
}

function typeOf(type: string): string {
  if (type === 'bool') return 'boolean';
  return type === 'int' ? 'integer' : type;
}

function wrong(path: Path, expected: string): FieldFault {
  const field = path.findLast((step) => typeof step === 'string');
  const item = path.at(-1);
  const value = field === undefined ? 'A kustomization' : typeof item === 'number' ? `Item ${item + 1} of '${field}'` : `'${field}'`;
  return { path, message: `${value} must be ${expected}.` };
}

function stringFaults(node: Node, path: Path): readonly FieldFault[] {
  const map = asMap(node);
  return (map ? pairsOf(map) : []).flatMap(({ name, value }) => (name === undefined ? [] : fieldFaults(value, STRING, [...path, name])));
}

function objectFaults(node: Node, fields: Readonly<Record<string, Field>>, path: Path): readonly FieldFault[] {
  const map = asMap(node);
  return (map ? pairsOf(map) : []).flatMap(({ name, key, value }) => {
    if (name === undefined || key.hole) return [];
    const definition = fieldNamed(fields, name);
    if (!definition) return [{ path: [...path, name], message: `Unknown field '${name}'.`, unknown: true }];
    return fieldFaults(value, definition.type, [...path, name]);
  });
}

/** The field of a name; Go's JSON reader does not look at the case. */
export function fieldNamed(fields: Readonly<Record<string, Field>>, name: string): Field | undefined {
  if (Object.hasOwn(fields, name)) return fields[name];
  const found = Object.keys(fields).find((one) => one.toLowerCase() === name.toLowerCase());
  return found === undefined ? undefined : fields[found];
}

/** The value of a field, whatever the case of its key; `undefined` where it is missing or null. */
export function fieldIn(node: Node | undefined, name: string): Node | undefined {
  const map = asMap(node);
  if (!map) return undefined;
  const lower = name.toLowerCase();
  const found = pairsOf(map).findLast((pair) => pair.name === name) ?? pairsOf(map).findLast((pair) => pair.name?.toLowerCase() === lower);
  return found && !isNothing(found.value) ? found.value : undefined;
}

/** The name of a field as it is written. */
export function writtenName(node: Node | undefined, name: string): string {
  const map = asMap(node);
  return (map ? pairsOf(map) : []).findLast((pair) => pair.name?.toLowerCase() === name.toLowerCase())?.name ?? name;
}
