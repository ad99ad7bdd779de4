import type { Path } from '../../syntax/path.ts';
import { manifestsOf } from '../../syntax/source-file.ts';
import { asMap, asSeq, type MapNode, type Node, type Origin, pairsOf } from '../../syntax/tree.ts';
import { resolveFrom } from '../uri.ts';
import type { TransformerConfig } from './default-specs.ts';
import { fieldFaults, fieldIn, KUSTOMIZATION } from './fields.ts';
import type { Shape } from './merge-keys.ts';
import type { BuildCode, BuildObject, BuildProblem } from './objects.ts';
import { readOpenApi } from './openapi.ts';
import { type Accumulated, type Context, type State } from './state.ts';
import { KUSTOMIZATION_NAMES } from '../kustomization.ts';
import { isNothing, textOfScalar } from './values.ts';
import type { Var } from './vars.ts';
import { writtenTree } from './written.ts';

/** Reads the kustomization of a folder; gives a finished result where there is none to be read. */
export function stateOf(
  folder: string,
  context: Context,
  objects: readonly BuildObject[],
  config: TransformerConfig,
  vars: readonly Var[],
): State | { readonly accumulated: Accumulated } {
  const reads = new Set(KUSTOMIZATION_NAMES.map((name) => `${folder}/${name}`));
  const problems: BuildProblem[] = [];
  const matched = new Set<string>();
  const nothing = { accumulated: { objects, config, vars, problems, reads, matched, root: undefined } };
  const [uri, second] = [...reads].filter((one) => context.files.what(one) === 'file');
  const file = uri === undefined ? undefined : context.files.file(uri);
  const { outermost } = context;
  if (uri === undefined && outermost?.folder === folder && outermost.generated) {
    const { root, place } = outermost.generated;
    return {
      context,
      folder,
      root: outermost.adapt(root),
      place,
      schemas: new Map(),
      problems,
      adopted: new Set(),
      reads,
      matched,
      objects,
      config,
      vars,
    };
  }
  if (uri === undefined || !file) return nothing;
  const [first] = manifestsOf(file);
  const piece = first?.manifest.piece ?? file.pieces[0];
  if (!piece) return nothing;
  const place: Origin = { written: { uri, piece, index: 0 }, path: [] };
  const report = (
    message: string,
    path: Path = [],
    code: BuildCode = 'kustomization-build',
    severity: BuildProblem['severity'] = 'error',
  ): void => void problems.push({ code, severity, place: { ...place, path: [...path] }, message });
  if (second !== undefined) report(`The folder has more than one kustomization file. kustomize refuses to choose; remove one.`);
  const problem = first?.manifest.problems[0];
  const written = asMap(first && writtenTree(first.manifest));
  const root = written && context.outermost?.folder === folder ? context.outermost.adapt(written) : written;
  if (first && first.manifest.holes.some(({ inValue }) => !inValue)) {
    report(
      'A template fills in parts of this kustomization, so the result of the build is unknown.',
      [],
      'kustomization-unknown',
      'unknown',
    );
    return nothing;
  }
  if (problem) {
    report(`This kustomization is not valid YAML, so kustomize cannot read it: ${problem.message}`);
    if (!root) return nothing;
  }
  if (
    !root ||
    pairsOf(root).every(({ name, value }) => ['apiVersion', 'kind'].includes(name ?? '') || isNothing(value) || isEmptyValue(value))
  ) {
    report(
      first?.manifest.root && !root
        ? 'A kustomization is an object with fields such as resources.'
        : 'This kustomization is empty. kustomize refuses to build it; add resources.',
    );
    if (!root) return nothing;
  }
  for (const { path, message, unknown } of fieldFaults(root, KUSTOMIZATION))
    report(
      `${message} kustomize refuses to build this kustomization.`,
      path,
      unknown === true ? 'kustomization-field' : 'kustomization-build',
    );
  checkHeader(root, report);
  const schemas = schemasOf(root, folder, context, reads);
  return { context, folder, root, place, schemas, problems, adopted: new Set(), reads, matched, objects, config, vars };
}

/** Does a field hold nothing, so that kustomize takes it for missing? */
function isEmptyValue(node: Node): boolean {
  const list = asSeq(node);
  if (list) return false;
  const map = asMap(node);
  return map ? false : textOfScalar(node) === '';
}

function checkHeader(root: MapNode, report: (message: string, path?: Path) => void): void {
  const [kind, apiVersion] = [textOfScalar(fieldIn(root, 'kind')), textOfScalar(fieldIn(root, 'apiVersion'))];
  const isComponent = kind === 'Component';
  if (kind !== undefined && kind !== '' && kind !== 'Kustomization' && !isComponent)
    report(`The kind is 'Kustomization' or 'Component', not '${kind}'.`, ['kind']);
  const expected = `kustomize.config.k8s.io/${isComponent ? 'v1alpha1' : 'v1beta1'}`;
  if (apiVersion !== undefined && apiVersion !== '' && apiVersion !== expected)
    report(`The apiVersion of a ${isComponent ? 'Component' : 'Kustomization'} is '${expected}'.`, ['apiVersion']);
  const sort = fieldIn(root, 'sortOptions');
  const order = textOfScalar(fieldIn(sort, 'order')) ?? '';
  if (sort && order !== 'fifo' && order !== 'legacy') report(`'sortOptions.order' is 'fifo' or 'legacy'.`, ['sortOptions']);
  else if (order === 'fifo' && fieldIn(sort, 'legacySortOptions'))
    report(`'legacySortOptions' needs 'order: legacy'.`, ['sortOptions', 'legacySortOptions']);
}

function schemasOf(root: MapNode, folder: string, context: Context, reads: Set<string>): ReadonlyMap<string, Shape> {
  const path = textOfScalar(fieldIn(fieldIn(root, 'openapi'), 'path'));
  const uri = path === undefined ? undefined : resolveFrom(folder, path);
  if (uri === undefined) return new Map();
  reads.add(uri);
  const file = context.files.file(uri);
  return file ? readOpenApi(manifestsOf(file)[0]?.manifest.root) : new Map();
}
