import { memo2 } from '../base/memo.ts';
import { finished, type Work } from '../base/work.ts';
import { apiVersionOf, type JudgedKindEntry } from '../model/kind.ts';
import { nodeAt } from '../syntax/locate-path.ts';
import type { Manifest } from '../syntax/manifest.ts';
import type { Path } from '../syntax/path.ts';
import { get, type Node } from '../syntax/tree.ts';
import type { Issue, IssueKeyword, IssueParams } from './schema/issue.ts';
import { keywordIssues, type Found } from './schema/keywords.ts';
import { isMap, isList, serverViewWork, type ServerView, type JsonValue } from './schema/server-view.ts';
import { fieldOf, itemOf, schemaOf, type SchemaPlace } from './schema/schemas.ts';
import { spotOf } from '../syntax/spot.ts';
import { validators, type ValidatorError } from './validators.generated.js';

/** What the schema of a kind objects to in a manifest. */
export interface Issues {
  readonly issues: readonly Issue[];
  /** Is that all? Of one keyword there are no more than `MAX_ISSUES`. */
  readonly isAll: boolean;
}

/** Of a mistake that is made more often than this in one manifest, the others are not looked at: four times what is ever shown. */
const MAX_ISSUES = 4000;

/** Everything that the schema of a kind objects to in a manifest: ajv's part and that of our own keywords. Computed once. */
export function issuesOf(manifest: Manifest, kind: JudgedKindEntry): Issues {
  return finished(issuesWork(manifest, kind));
}

/** The same for those who must not wait long. */
export function* issuesWork(manifest: Manifest, kind: JudgedKindEntry): Work<Issues> {
  const place = issueCache(manifest, kind);
  const issues = place.get(ALL) ?? (yield* findIssues(manifest, kind));
  place.set(ALL, issues);
  return issues;
}

const ALL = 'issues';
const issueCache = memo2((_manifest: Manifest, _kind: JudgedKindEntry) => new Map<typeof ALL, Issues>());

function* findIssues({ root, holes }: Manifest, kind: JudgedKindEntry): Work<Issues> {
  const place = schemaOf(kind);
  if (!root || !place) return { issues: [], isAll: true };
  const plain = yield* serverViewWork(root, place);
  yield;
  const typed = ajvFound(plain, place, `${apiVersionOf(kind)} ${kind.kind}`);
  yield;
  const broken = new Set(typed.filter((found) => found.keyword === 'type').map((found) => JSON.stringify(found.at)));
  // Of a value of the wrong type nothing more is said.
  const first = typed.filter((found) => found.keyword === 'type' || !broken.has(JSON.stringify(found.at)));
  const branches = holes.filter(({ wholeLine }) => wholeLine).map(({ start }) => start);
  yield;
  const ours = yield* keywordIssues(plain, place);
  yield;
  const issues: Issue[] = [];
  let isAll = true;
  const counts = new Map<IssueKeyword, number>();
  for (const [i, found] of [...first, ...ours].entries()) {
    if (i % ISSUES_OF_A_STEP === 0) yield;
    const count = counts.get(found.keyword) ?? 0;
    if (count === MAX_ISSUES) isAll = false;
    if (count === MAX_ISSUES || isDropped(found, root, place) || isInBranch(found, root, branches)) continue;
    counts.set(found.keyword, count + 1);
    issues.push(issueOf(found, root));
  }
  return { issues, isAll };
}

/** So many are looked up in the text at once. */
const ISSUES_OF_A_STEP = 100;

/**
 * Does it depend on a branch of a template whether the value stands where it seems to? Behind an `else` an item may belong to another
 * list than the one above it, and an unknown key may never be written.
 */
function isInBranch({ at, keyword }: Found, root: Node, branches: readonly number[]): boolean {
  if (branches.length === 0) return false;
  return at.some((step, i) => {
    if (typeof step === 'string' && !(keyword === 'additionalProperties' && i === at.length - 1)) return false;
    const owner = nodeAt(root, at.slice(0, i));
    const entry = spotOf(root, at.slice(0, i + 1)).keySpan;
    return owner !== undefined && branches.some((start) => owner.span.start <= start && start < entry.start);
  });
}

/** Runs ajv and reads its errors; what concerns a template hole is left out. */
function ajvFound(plain: ServerView, place: SchemaPlace, name: string): readonly Found[] {
  const validate = validators[name];
  if (!validate || validate(plain.value)) return [];
  const counts = new Map<string, number>();
  const found: Found[] = [];
  for (const error of validate.errors ?? []) {
    const count = counts.get(error.keyword) ?? 0;
    // One more than are looked at, so that it is known that there are more.
    if (count > MAX_ISSUES) continue;
    counts.set(error.keyword, count + 1);
    found.push(...readError(error, plain, place));
  }
  return found;
}

function readError(error: ValidatorError, plain: ServerView, root: SchemaPlace): readonly Found[] {
  const { value, place, path } = follow(error.instancePath, plain.value, root);
  const keyword = KEYWORDS[error.keyword];
  if (keyword === undefined || value === undefined || !place) return [];
  const found = { keyword, path, at: path, place, params: paramsOf(value, error), enforced: true, absence: false };
  switch (keyword) {
    case 'required':
      return missing(found, plain, value, String(error.params['missingProperty']));
    case 'additionalProperties': {
      const at = [...path, String(error.params['additionalProperty'])];
      return [{ ...found, path: at, at, params: { key: String(error.params['additionalProperty']) } }];
    }
    case 'minItems':
      return isIncomplete(plain, value) ? [] : [found];
    default:
      return [found];
  }
}

function missing(found: Found, plain: ServerView, value: JsonValue, key: string): readonly Found[] {
  if (!isMap(value) || Object.hasOwn(value, key) || isIncomplete(plain, value)) return [];
  const elsewhere = found.place.schema['x-missing-at']?.[key];
  const path = elsewhere === undefined ? [...found.path, key] : [...found.path, ...elsewhere.split('.')];
  return [{ ...found, path, params: { key }, absence: true }];
}

const KEYWORDS: Readonly<Record<string, IssueKeyword | undefined>> = {
  type: 'type',
  enum: 'enum',
  required: 'required',
  additionalProperties: 'additionalProperties',
  minimum: 'minimum',
  maximum: 'maximum',
  minItems: 'minItems',
  maxItems: 'maxItems',
  minLength: 'minLength',
  maxLength: 'maxLength',
};

function paramsOf(value: JsonValue, error: ValidatorError): IssueParams {
  const limit = error.params['limit'];
  return { ...(typeof value === 'string' || typeof value === 'number' ? { value } : {}), ...(typeof limit === 'number' ? { limit } : {}) };
}

function isIncomplete(plain: ServerView, value: JsonValue): boolean {
  return typeof value === 'object' && plain.incomplete.has(value);
}

/** Follows a JSON pointer through a value and its schema. */
function follow(
  pointer: string,
  root: JsonValue,
  rootPlace: SchemaPlace,
): { readonly value: JsonValue; readonly place: SchemaPlace | undefined; readonly path: Path } {
  let value = root;
  let place: SchemaPlace | undefined = rootPlace;
  const path: (string | number)[] = [];
  for (const step of pointer.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    const list: boolean = isList(value);
    path.push(list ? Number(key) : key);
    place = place && (list ? itemOf(place) : fieldOf(place, key));
    value = isList(value) ? value[Number(key)] : isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  }
  return { value, place, path };
}

/** The server drops `status` on create before it checks it: only unknown fields count there, and keys where no map belongs are such. */
function isDropped({ at, keyword }: Found, root: Node, place: SchemaPlace): boolean {
  const [top] = at;
  if (keyword === 'additionalProperties' || typeof top !== 'string' || fieldOf(place, top)?.schema['x-dropped-on-create'] !== true)
    return false;
  return keyword !== 'type' || !holdsKeys(nodeAt(root, at));
}

function holdsKeys(node: Node | undefined): boolean {
  if (node?.kind === 'seq') return node.items.some(({ value }) => holdsKeys(value));
  return node?.kind === 'map' && node.pairs.length > 0;
}

/** Finds the text of an issue. */
function issueOf(found: Found, root: Node): Issue {
  const spot = spotOf(root, found.at);
  const onKey = found.keyword === 'additionalProperties' || found.keyword === 'map-keys';
  const lacking = found.absence && found.at.length > 0 && typeof found.at.at(-1) === 'string';
  return {
    ...found,
    path: serverPath(found),
    span: onKey || lacking ? spot.keySpan : spot.span,
    node: spot.node ?? get(root, String(found.at[0])),
  };
}

/** Errors about the entries of a map of labels stand at the map, and those of owner references carry no index (schemas/README.md). */
function serverPath({ path, keyword, at, place }: Found): Path {
  const inMetadata = path[0] === 'metadata' && (path[1] === 'labels' || path[1] === 'annotations');
  if (keyword === 'additionalProperties' || place.schema === undefined) return path;
  return inMetadata && at.length > 2 ? path.slice(0, 2) : path;
}
