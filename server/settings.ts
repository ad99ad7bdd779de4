/** How much is reported: from the fewest findings to all of them. */
export const PROFILES = ['relaxed', 'recommended', 'strict', 'audit'] as const;

/** Whether address blocks of policies match nodes where Cilium enforces them. */
export const CIDR_MATCH_MODES = ['none', 'nodes'] as const;

/** What may enforce the policies of a cluster; `auto` leaves it to the kinds of policies that are there. */
export const CNIS = ['auto', 'kubernetes', 'cilium', 'calico', 'antrea'] as const;

/** Every setting, once. package.json's part and docs/settings.md are generated from this table; see `settingsFrom` for reading them. */
export interface Settings {
  readonly kubernetesVersion: string;
  readonly policyApiChannel: 'experimental' | 'standard';
  readonly profile: (typeof PROFILES)[number];
  /** Severity per finding code; `off` silences it. */
  readonly rules: Readonly<Record<string, RuleLevel>>;
  /** Finding codes to leave out, per file glob. */
  readonly ignore: Readonly<Record<string, readonly string[]>>;
  readonly clusters: Readonly<Record<string, readonly string[]>>;
  readonly cni: (typeof CNIS)[number];
  readonly yamlCoexist: 'auto' | 'always' | 'never';
  readonly diagnosticsScope: 'openFiles' | 'folder' | 'workspace';
  readonly inlayHints: boolean;
  readonly inlayHintsAndOr: boolean;
  readonly inlayHintsNamespaces: boolean;
  readonly inlayHintsDenyAll: boolean;
  readonly inlayHintsDefaults: boolean;
  readonly codeLens: boolean;
  readonly calicoValidation: 'apiserver' | 'crd';
  readonly ciliumVersion: string;
  readonly ciliumCidrMatchMode: (typeof CIDR_MATCH_MODES)[number];
}

export type RuleLevel = 'off' | 'hint' | 'information' | 'warning' | 'error';

/** One setting as an editor shows it. */
export interface SettingDefinition {
  /** Without the `netpol.` in front. */
  readonly name: string;
  readonly field: keyof Settings;
  readonly schema: SettingSchema;
  readonly scope: 'resource' | 'window';
  readonly text: string;
  /** It could hide findings or change verdicts: in a workspace that is not trusted, it is taken from the user's own settings only. */
  readonly restricted?: true;
}

export interface SettingSchema {
  readonly type: 'string' | 'boolean' | 'object';
  readonly enum?: readonly string[];
  readonly enumDescriptions?: readonly string[];
  readonly pattern?: string;
  readonly patternErrorMessage?: string;
  readonly additionalProperties?: SettingSchema | { readonly type: 'array'; readonly items: { readonly type: 'string' } };
  readonly default: string | boolean | Readonly<Record<string, never>>;
}

/** The newest Kubernetes whose verdicts the rules were measured against. */
const NEWEST_KUBERNETES = '1.36';

/** The version of Cilium whose checks and verdicts were measured. */
const CILIUM_VERSION = '1.19';

const LEVELS = ['off', 'hint', 'information', 'warning', 'error'] as const;

export const SETTINGS: readonly SettingDefinition[] = [
  {
    name: 'kubernetesVersion',
    field: 'kubernetesVersion',
    schema: { type: 'string', pattern: '^1\\.\\d{1,2}$', patternErrorMessage: 'Write it as 1.36.', default: NEWEST_KUBERNETES },
    scope: 'resource',
    text: 'The Kubernetes version of the cluster. Decides, for example, whether a CIDR with host bits set is rejected (from 1.36) or only warned about.',
  },
  {
    name: 'policyApiChannel',
    field: 'policyApiChannel',
    schema: {
      type: 'string',
      enum: ['experimental', 'standard'],
      enumDescriptions: [
        'Every field is accepted; experimental ones are marked.',
        'Fields of the experimental channel are rejected, as a cluster with the standard CRDs does.',
      ],
      default: 'experimental',
    },
    scope: 'resource',
    text: 'The channel of the ClusterNetworkPolicy and AdminNetworkPolicy CRDs that the cluster has installed.',
  },
  {
    name: 'profile',
    field: 'profile',
    restricted: true,
    schema: {
      type: 'string',
      enum: PROFILES,
      enumDescriptions: [
        'Errors and sure warnings only.',
        'What the author of a file can act on.',
        'Also hygiene and less sure findings.',
        'Everything, for reviews.',
      ],
      default: 'recommended',
    },
    scope: 'resource',
    text: 'How much is reported.',
  },
  {
    name: 'rules',
    field: 'rules',
    restricted: true,
    schema: { type: 'object', additionalProperties: { type: 'string', enum: LEVELS, default: 'warning' }, default: {} },
    scope: 'resource',
    text: 'Severity per finding code, for example `{"allow-all-ingress": "off"}`.',
  },
  {
    name: 'ignore',
    field: 'ignore',
    restricted: true,
    schema: { type: 'object', additionalProperties: { type: 'array', items: { type: 'string' } }, default: {} },
    scope: 'resource',
    text: 'Finding codes to leave out, per file glob, for example `{"test/**": ["*"]}`.',
  },
  {
    name: 'clusters',
    field: 'clusters',
    restricted: true,
    schema: { type: 'object', additionalProperties: { type: 'array', items: { type: 'string' } }, default: {} },
    scope: 'window',
    text: 'What forms one cluster: a name for each, and the globs of its files. Empty: each kustomization that no other one references, else each workspace folder.',
  },
  {
    name: 'calico.validation',
    field: 'calicoValidation',
    schema: {
      type: 'string',
      enum: ['apiserver', 'crd'],
      enumDescriptions: [
        "Calico's API server or calicoctl checks what is applied: what its validator does not accept is an error.",
        'Policies are applied as plain custom resources, which nothing checks: what the validator does not accept is stored, and a warning.',
      ],
      default: 'apiserver',
    },
    scope: 'resource',
    text: "Who checks Calico's policies when they are applied.",
  },
  {
    name: 'cilium.version',
    field: 'ciliumVersion',
    schema: { type: 'string', pattern: '^1\\.\\d{1,2}$', patternErrorMessage: 'Write it as 1.19.', default: CILIUM_VERSION },
    scope: 'resource',
    text: 'The Cilium version of the cluster. From 1.20 on Cilium enforces ClusterNetworkPolicies and rejects Kafka and custom L7 rules; answers that depend on ClusterNetworkPolicies in an older version say so.',
  },
  {
    name: 'cilium.policyCidrMatchMode',
    field: 'ciliumCidrMatchMode',
    restricted: true,
    schema: {
      type: 'string',
      enum: CIDR_MATCH_MODES,
      enumDescriptions: [
        "Address blocks match only what is outside the cluster: neither pods nor nodes. This is Cilium's default.",
        'Address blocks match nodes, too (`policyCIDRMatchMode: nodes` of the Helm chart).',
      ],
      default: 'none',
    },
    scope: 'window',
    text: 'What address blocks of policies match where Cilium enforces them: `toCIDR`, `fromCIDR` and the like, and `ipBlock` of a NetworkPolicy.',
  },
  {
    name: 'cni',
    field: 'cni',
    restricted: true,
    schema: {
      type: 'string',
      enum: CNIS,
      enumDescriptions: [
        'The network plugin whose policies the workspace has; where it has those of several, or of none, as Kubernetes defines.',
        'As Kubernetes defines; policies of network plugins are not evaluated.',
        'As Cilium does: one stage of all policies, in which a deny takes precedence.',
        'As Calico does: tiers by their order, with NetworkPolicies in the tier default.',
        'As Antrea does: tiers by their priority, before and after NetworkPolicies.',
      ],
      default: 'auto',
    },
    scope: 'window',
    text: 'The network plugin that enforces the policies of the cluster. It decides in which order policies of several APIs are evaluated, and what an `ipBlock` matches. Policies of other plugins than the one set here are named and left out of verdicts.',
  },
  {
    name: 'yaml.coexist',
    field: 'yamlCoexist',
    schema: {
      type: 'string',
      enum: ['auto', 'always', 'never'],
      enumDescriptions: [
        'Leave plain YAML syntax errors to the YAML extension where it is installed.',
        'Always leave them to another extension.',
        'Always report them.',
      ],
      default: 'auto',
    },
    scope: 'window',
    text: 'Who reports plain YAML syntax errors when another YAML extension is active.',
  },
  {
    name: 'diagnostics.scope',
    field: 'diagnosticsScope',
    schema: {
      type: 'string',
      enum: ['openFiles', 'folder', 'workspace'],
      enumDescriptions: ['Open files only.', 'All files of the workspace folders that have an open file.', 'All files of the workspace.'],
      default: 'workspace',
    },
    scope: 'window',
    text: 'The files whose problems are shown, at most 1,000. "Check Workspace" shows all.',
  },
  {
    name: 'inlayHints.enabled',
    field: 'inlayHints',
    schema: { type: 'boolean', default: true },
    scope: 'resource',
    text: 'Show inline what a policy says without writing it. Each kind of hint has a setting of its own.',
  },
  {
    name: 'inlayHints.andOr',
    field: 'inlayHintsAndOr',
    schema: { type: 'boolean', default: true },
    scope: 'resource',
    text: 'Show `AND` between the selectors of one peer, and `or` at the second and every further peer.',
  },
  {
    name: 'inlayHints.namespaces',
    field: 'inlayHintsNamespaces',
    schema: { type: 'boolean', default: true },
    scope: 'resource',
    text: 'Show `own namespace` or `all namespaces` at selectors that do not say it.',
  },
  {
    name: 'inlayHints.denyAll',
    field: 'inlayHintsDenyAll',
    schema: { type: 'boolean', default: true },
    scope: 'resource',
    text: 'Show `deny all` where a direction has no rules, and `allow all` at an empty rule.',
  },
  {
    name: 'inlayHints.defaults',
    field: 'inlayHintsDefaults',
    schema: { type: 'boolean', default: true },
    scope: 'resource',
    text: 'Show the defaults that apply: `policyTypes`, and `TCP` at ports without a protocol.',
  },
  {
    name: 'codeLens.enabled',
    field: 'codeLens',
    schema: { type: 'boolean', default: true },
    scope: 'resource',
    text: 'Show above each policy which workloads it selects, and above each workload what can connect to it and where it can connect.',
  },
];

/** The defaults, all of them. */
export const DEFAULTS: Settings = {
  kubernetesVersion: NEWEST_KUBERNETES,
  policyApiChannel: 'experimental',
  profile: 'recommended',
  rules: {},
  ignore: {},
  clusters: {},
  cni: 'auto',
  yamlCoexist: 'auto',
  diagnosticsScope: 'workspace',
  inlayHints: true,
  inlayHintsAndOr: true,
  inlayHintsNamespaces: true,
  inlayHintsDenyAll: true,
  inlayHintsDefaults: true,
  codeLens: true,
  calicoValidation: 'apiserver',
  ciliumVersion: CILIUM_VERSION,
  ciliumCidrMatchMode: 'none',
};

/** What the settings say of clusters: which there are, and what enforces their policies. */
export interface ClusterSettings extends Pick<Settings, 'clusters' | 'cni'> {
  readonly cilium: { readonly version: string; readonly cidrMatchMode: Settings['ciliumCidrMatchMode'] };
}

/** Those settings as the workspace takes them. */
export function clusterSettings({ clusters, cni, ciliumVersion, ciliumCidrMatchMode }: Settings): ClusterSettings {
  return { clusters, cni, cilium: { version: ciliumVersion, cidrMatchMode: ciliumCidrMatchMode } };
}

/** Settings that a repository brings before it is trusted: what could hide findings or change verdicts is as in `own`. */
export function untrustedSettings(brought: Settings, own: Settings): Settings {
  const { profile, rules, ignore, clusters, cni, ciliumCidrMatchMode } = own;
  return { ...brought, profile, rules, ignore, clusters, cni, ciliumCidrMatchMode };
}

/** Settings as read, and what is wrong with them in words; a faulty setting falls back to its default. */
export interface ReadSettings {
  readonly settings: Settings;
  readonly problems: readonly string[];
}

/**
 * Reads the `netpol` section, as an object: nested (`{yaml: {coexist: …}}`), dotted (`{"yaml.coexist": …}`) or with the prefix
 * (`{"netpol.yaml.coexist": …}`). Unknown and invalid settings are named and ignored.
 */
export function settingsFrom(section: unknown, base: Settings = DEFAULTS): ReadSettings {
  const problems: string[] = [];
  const flat = flatten(section, problems);
  const settings: Record<string, unknown> = { ...base };
  for (const definition of SETTINGS) {
    const value = flat.get(definition.name);
    flat.delete(definition.name);
    if (value === undefined || value === null) continue;
    const problem = problemOf(value, definition.schema);
    if (problem === undefined) settings[definition.field] = value;
    else problems.push(`The setting netpol.${definition.name} ${problem}; its default applies.`);
  }
  for (const name of flat.keys()) {
    if (!FOREIGN.test(name)) problems.push(`There is no setting netpol.${name}; it is ignored.`);
  }
  return { settings: isSettings(settings) ? settings : base, problems };
}

/** Settings under our prefix that only the client reads. */
const FOREIGN = /^trace(?:\.|$)/;

function isSettings(value: Record<string, unknown>): value is Record<string, unknown> & Settings {
  return SETTINGS.every(({ field, schema }) => problemOf(value[field], schema) === undefined);
}

function flatten(section: unknown, problems: string[]): Map<string, unknown> {
  const flat = new Map<string, unknown>();
  if (section === undefined || section === null) return flat;
  if (!isObject(section)) {
    problems.push('The settings are not an object; the defaults apply.');
    return flat;
  }
  collect(section, '', flat);
  return flat;
}

function collect(section: Readonly<Record<string, unknown>>, prefix: string, flat: Map<string, unknown>): void {
  for (const [key, value] of Object.entries(section)) {
    const name = (prefix + key).replace(/^netpol\./, '');
    const isGroup = SETTINGS.some((definition) => definition.name.startsWith(`${name}.`));
    if ((isGroup || name === 'netpol') && isObject(value)) collect(value, name === 'netpol' ? '' : `${name}.`, flat);
    else flat.set(name, value);
  }
}

function problemOf(value: unknown, schema: SettingSchema): string | undefined {
  if (schema.type === 'boolean') return typeof value === 'boolean' ? undefined : 'must be true or false';
  if (schema.type === 'string') {
    if (typeof value !== 'string') return 'must be a string';
    if (schema.enum && !schema.enum.includes(value)) return `must be one of ${schema.enum.join(', ')}, not '${value.slice(0, 40)}'`;
    return schema.pattern !== undefined && !new RegExp(schema.pattern).test(value)
      ? `is '${value.slice(0, 40)}'. ${schema.patternErrorMessage ?? ''}`.trim().replace(/\.$/, '')
      : undefined;
  }
  if (!isObject(value)) return 'must be an object';
  const inner = schema.additionalProperties;
  for (const [key, item] of Object.entries(value)) {
    const wrong =
      inner?.type === 'array'
        ? !(Array.isArray(item) && item.every((code) => typeof code === 'string'))
        : inner !== undefined && problemOf(item, inner) !== undefined;
    if (wrong) return `has an invalid value for '${key.slice(0, 40)}'`;
  }
  return undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
