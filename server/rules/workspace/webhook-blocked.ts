import { workloadName } from '../../eval/names.ts';
import { connectionName, blockedFindings, allowSource } from '../findings/blocked-connection.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'webhook-blocked',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'medium',
  summary: 'A webhook or an aggregated API server that the API server cannot reach.',
  why: 'The API server calls webhooks itself, and on most clusters from the address of a control-plane node: no selector of pods or namespaces matches it. Where the call is denied, objects that need the webhook cannot be created or changed.',
  *check(context) {
    yield* blockedFindings(context, 'webhook', (blocked) => {
      const { required, target } = blocked;
      const name = workloadName(target.workload.value);
      return {
        message: `The API server cannot call ${name} for ${required.name}: ${connectionName(blocked, 'addresses outside')} is denied here, and the API server is no pod. Allow that port from an ipBlock with its address, or from everywhere.`,
        fixes: allowSource(context, { ...blocked, source: undefined }, `Allow ${target.protocol} ${target.port} from everywhere`),
      };
    });
  },
};

export default rule;
