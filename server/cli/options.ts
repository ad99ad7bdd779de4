import { complain } from './complain.ts';
import { CNIS, DEFAULTS, PROFILES, settingsFrom, type Settings } from '../settings.ts';
import { choiceOf, UsageError, type Arguments } from './arguments.ts';
import { nearestConfig, readConfig } from './config.ts';

/** The settings of a run: defaults, then `--config` or the nearest `.netpol.json`, then the options. Invalid settings are reported on standard error and ignored. */
export function settingsOf(args: Arguments): Settings {
  const config = args.values['config'] ?? nearestConfig(args.paths);
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
