/** Names of files that say what a folder is for. package.json starts the extension where there is one (`workspaceContains`); a test holds the two equal. */
export const MANIFEST_NAMES: readonly string[] = [
  'kustomization.yaml',
  'kustomization.yml',
  'Kustomization',
  '*netpol*.yaml',
  '*netpol*.yml',
  '*network*polic*.yaml',
  '*network*polic*.yml',
];
