import { evaluationOf } from '../eval/evaluate.ts';
import { rejectedName } from '../rules/rejected.ts';
import { findingsOf } from '../rules/manifest-findings.ts';
import { DEFAULTS } from '../settings.ts';
import { formatPath, type Path } from '../syntax/path.ts';
import { manifestsIn, type Manifest } from '../syntax/manifest.ts';
import { placesOf, sourceFile } from '../syntax/source-file.ts';
import type { ManifestKey } from '../workspace/cluster.ts';
import { uriOf } from '../workspace/record.ts';
import { fileAt, problemsIn, type Snapshot } from '../workspace/snapshot.ts';
import type { DiffedCluster, DiffProblem } from './diffed.ts';
import { shortName, type InputFile } from './files.ts';
import type { JudgedCluster } from './judged.ts';

/** One of the states: its files, and all that they make. */
export interface DiffState {
  readonly files: readonly InputFile[];
  readonly snapshot: Snapshot;
}

/**
 * What the two states leave out: manifests that cannot be parsed, kustomizations that cannot be built, policies that the API server
 * rejects, parts that are not evaluated.
 */
export function diffProblems(clusters: readonly DiffedCluster[], old: DiffState, now: DiffState): readonly DiffProblem[] {
  const all = [
    ...fileProblems('old', old),
    ...fileProblems('new', now),
    ...clusters.flatMap(({ before, after }) => [
      ...(before ? clusterProblems('old', before) : []),
      ...(after ? clusterProblems('new', after) : []),
    ]),
  ];
  const unique = [...new Map(all.map((problem) => [JSON.stringify(problem), problem])).values()];
  // A policy that is rejected for its YAML is one problem.
  return unique.filter(
    ({ state, file, message }) =>
      !unique.some((other) => other.state === state && other.file === file && other.message.endsWith(`: ${message}`)),
  );
}

/** YAML errors of the manifests that are ours, and what keeps kustomizations from being built. */
function fileProblems(state: DiffProblem['state'], { files, snapshot }: DiffState): readonly DiffProblem[] {
  return files.flatMap(({ uri, name, text }) => {
    const built = problemsIn(snapshot, uri).flatMap(({ problem: { severity, message } }): DiffProblem[] =>
      severity === 'warning' ? [] : [{ state, file: name, path: '', message }],
    );
    const parsed = placesOf(fileAt(snapshot, uri) ?? sourceFile(text)).flatMap(({ piece }) =>
      manifestsIn(piece).flatMap(yamlError(state, uri, name)),
    );
    return [...built, ...parsed];
  });
}

function yamlError(state: DiffProblem['state'], uri: string, file: string): (manifest: Manifest) => readonly DiffProblem[] {
  return (manifest) => {
    if (manifest.problems.length === 0) return [];
    const found = findingsOf(manifest, { uri, settings: DEFAULTS, partial: false }).find(({ code }) => code.startsWith('yaml-'));
    return found ? [{ state, file, path: formatPath(found.path), message: found.message }] : [];
  };
}

function clusterProblems(state: DiffProblem['state'], { cluster, rejected }: JudgedCluster): readonly DiffProblem[] {
  const problem = (key: ManifestKey, path: Path, message: string): DiffProblem => ({
    state,
    file: shortName(uriOf(key)),
    path: formatPath(path),
    message,
  });
  const keys = new Set(rejected.map(({ key }) => key));
  return [
    ...rejected.map((one) => problem(one.key, one.finding.path, `The API server rejects ${rejectedName(one)}: ${one.finding.message}`)),
    ...evaluationOf(cluster).problems.flatMap(({ key, path, message }) => (keys.has(key) ? [] : [problem(key, path, message)])),
  ];
}
