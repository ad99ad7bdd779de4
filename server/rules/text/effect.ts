/**
 * A message with its effect in its place: what is wrong, what happens in the cluster, what to do. `effect` is a sentence; it is put after
 * the first sentence of the message. A full stop inside single quotes ends no sentence.
 */
export function withEffect(message: string, effect: string): string {
  const first = /^(?:'[^']*'|[^'])*?\.(?= [A-Z'])/.exec(message)?.[0] ?? message;
  return `${first} ${effect}${message.slice(first.length)}`;
}
