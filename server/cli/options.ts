import { complain } from './complain.ts';
import { readFileSync } from 'node:fs';
import { CNIS, DEFAULTS, PROFILES, settingsFrom, type Settings } from '../settings.ts';
import { choiceOf, UsageError, type Arguments } from './arguments.ts';

/** The settings of a run: defaults, then `--config`, then the options. Invalid settings are reported on standard error and ignored. */
export function settingsOf(args: Arguments): Settings {
  const { config } = args.values;
  const section = typeof config === 'string' ? readConfig(config) : {};
  const version = args.values['kubernetes-version'];
  const channel = args.values['policy-api-channel'];
  const { settings, problems } = settingsFrom(section);
  for (const problem of problems) complain(problem);
  if (typeof version === 'string' && !/^1\.\d{1,2}$/.test(version))
    throw new UsageError(`--kubernetes-version takes a version such as ${DEFAULTS.kubernetesVersion}, not '${version}'.`);
  if (typeof channel === 'string' && channel !== 'standard' && channel !== 'experimental')
    throw new UsageError(`--policy-api-channel takes standard or experimental, not '${channel}'.`);
  return {
    ...settings,
    ...(typeof version === 'string' ? { kubernetesVersion: version } : {}),
    ...(args.values['profile'] === undefined ? {} : { profile: choiceOf(args, 'profile', PROFILES) }),
    ...(args.values['cni'] === undefined ? {} : { cni: choiceOf(args, 'cni', CNIS) }),
    ...(channel === 'standard' || channel === 'experimental' ? { policyApiChannel: channel } : {}),
  };
}

function readConfig(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'is not JSON' : 'cannot be read';
    throw new UsageError(`the settings file ${path} ${reason}.`);
  }
}
