import { workloadName } from '../../eval/names.ts';
import type { Policy } from '../../model/policy.ts';
import { blockedPodsAt, type BlockedPods } from '../../analysis/required-connections/created-pods.ts';
import { policyIn } from '../../analysis/selection.ts';
import { onValue } from '../draft.ts';
import type { WorkspaceRule } from '../rule.ts';

const rule: WorkspaceRule = {
  name: 'created-pods-blocked',
  scope: 'workspace',
  severity: 'warning',
  confidence: 'medium',
  summary: 'A policy that blocks a connection to pods which a controller creates.',
  why: 'cert-manager creates a pod for each HTTP-01 challenge in the namespace of the Ingress, and operators create the pods of their custom resources. A policy that selects all pods of a namespace isolates these pods, too, although no manifest shows them: certificates are not issued or renewed, and the operator loses its pods.',
  noFix: 'The pods need a policy of their own, and which sources it should allow depends on the cluster.',
  *check(context) {
    const policy = policyIn(context);
    const blocked = policy ? blockedPodsAt(context.cluster, policy) : [];
    const [first] = blocked;
    if (!policy || !first) return;
    const more = blocked.length - 1;
    const rest = more === 0 ? '' : ` The same is true for ${more} more ${more === 1 ? 'object' : 'objects'}.`;
    yield onValue(context, policy.value.subject.path, `${messageOf(policy.value, first)}${rest}`, {
      ...(first.isSure ? {} : { severity: 'information' }),
      related: blocked.slice(0, 3).map(({ caller, pods }) => ({
        key: caller.key,
        path: pods.path,
        message: `A controller creates pods for ${caller.value.kind} ${caller.value.namespace}/${caller.value.name}.`,
      })),
    });
  },
};

function messageOf({ namespace = '' }: Policy, { caller, pods, source }: BlockedPods): string {
  const { kind, name } = caller.value;
  const who = source ? workloadName(source.value) : pods.from.kind === 'ingress' ? 'its ingress controller' : 'its operator';
  const [key = '', value = ''] = Object.entries(pods.labels)[0] ?? [];
  const way = `Add a policy for the pods with ${key}=${value} that allows TCP ${pods.port} from ${who}.`;
  if (pods.from.kind === 'operator')
    return `The operator of ${kind} ${namespace}/${name} cannot connect to the pods that it creates: no policy allows ${who} to connect to them on TCP ${pods.port}. ${way}`;
  return `Certificates for ${kind} ${namespace}/${name} are not issued or renewed by HTTP-01: no policy allows ${who} to connect to the solver pods of cert-manager on TCP ${pods.port}. ${way}`;
}

export default rule;
