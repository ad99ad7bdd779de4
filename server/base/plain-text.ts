/**
 * The words of a Markdown text that the builders of markdown.ts made, for clients that show plain text only: emphasis, code marks and
 * escapes go, a link leaves its words and its address, list, table and block keep their lines.
 */
export function plainText(markdown: string): string {
  const lines: string[] = [];
  let fence: string | undefined;
  for (const line of markdown.split('\n')) {
    const mark = /^\s*(`{3,})[\w-]*$/.exec(line)?.[1];
    if (fence === undefined && mark !== undefined) fence = mark;
    else if (fence !== undefined && line.trim() === fence) fence = undefined;
    else if (fence !== undefined) lines.push(line);
    else if (!/^\|(?: --- \|)+$/.test(line)) lines.push(words(line.replace(/^#{1,6} /, '')));
  }
  return lines.join('\n');
}

/** One line without its marks. Code spans come first, since nothing in them is a mark. */
function words(line: string): string {
  const parts = line.split(/(?<!\\)(`+)(.+?)(?<!`)\1(?!`)/);
  return parts.map((part, i) => (i % 3 === 2 ? part.replace(/^ (.*[^ ].*) $/, '$1') : i % 3 === 1 ? '' : unmarked(part))).join('');
}

function unmarked(text: string): string {
  return text
    .replace(/(?<!\\)\[((?:\\.|[^\]\\])*)\]\(([^)\s]*)\)/g, (_, label: string, address: string) => `${label} (${address})`)
    .replace(/(?<!\\)(\*\*|__|(?<![\w\\])_|_(?!\w)|\*)/g, '')
    .replace(/\\([!-/:-@[-`{-~])/g, '$1');
}
