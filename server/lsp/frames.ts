/**
 * Messages come in frames: a header that says how many bytes the body has, an empty line, the body. A header that does not say it, or says
 * nonsense, hides where the next message begins, and the library then waits for ever. This reader looks for the next header
 * that does say it, so that one bad frame costs one message.
 */
export interface FrameReader {
  /** Takes bytes as they come, in any portions; gives the frames that are whole: for each a header of its own making, then the body. */
  readonly take: (bytes: Uint8Array) => readonly Uint8Array[];
  /** How many bytes the message that has begun still lacks; 0 where none has. */
  readonly missing: () => number;
}

/** No editor sends more at once (VS Code shares documents of at most 50 MB): what asks for more is taken for nonsense. */
const MAX_BODY_BYTES = 256 * 1024 * 1024; // bytes

/** No client sends longer headers. What is longer without an empty line is not a header. */
const MAX_HEADER_BYTES = 64 * 1024; // bytes

const BLANK_LINE = [13, 10, 13, 10] as const; // CR LF CR LF

/** `skipped` is called with a sentence when bytes that are not a message are skipped. */
export function frameReader(skipped: (sentence: string) => void): FrameReader {
  let chunks: Uint8Array[] = [];
  let held = 0;
  /** The bytes of the body that is being waited for; `undefined` while a header is. */
  let length: number | undefined;

  function whole(): Uint8Array {
    const [first] = chunks;
    if (chunks.length === 1 && first) return first;
    const all = new Uint8Array(held);
    let at = 0;
    for (const chunk of chunks) {
      all.set(chunk, at);
      at += chunk.length;
    }
    chunks = [all];
    return all;
  }

  function drop(bytes: number): void {
    const rest = whole().subarray(bytes);
    chunks = rest.length > 0 ? [rest] : [];
    held = rest.length;
  }

  /** Reads a header where one is whole; `false` where more bytes are needed. */
  function readHeader(): boolean {
    const bytes = whole();
    const end = endOfHeader(bytes);
    if (end === undefined) {
      if (held <= MAX_HEADER_BYTES) return false;
      // The empty line may be under way.
      const lost = held - (BLANK_LINE.length - 1);
      drop(lost);
      skipped(`Skipped ${lost} bytes that are not a message: there is no header.`);
      return false;
    }
    const header = new TextDecoder().decode(bytes.subarray(Math.max(0, end - MAX_HEADER_BYTES), end));
    length = bodyLength(header);
    drop(end);
    if (length === undefined) skipped(`Skipped ${end} bytes that are not a message: the header has no valid Content-Length.`);
    return true;
  }

  return {
    missing: () => (length === undefined ? 0 : length - held),
    take(bytes) {
      if (bytes.length === 0) return [];
      chunks.push(bytes);
      held += bytes.length;
      const frames: Uint8Array[] = [];
      while (held > 0) {
        if (length === undefined) {
          if (!readHeader()) break;
          continue;
        }
        if (held < length) break;
        frames.push(new TextEncoder().encode(`Content-Length: ${length}\r\n\r\n`), whole().subarray(0, length));
        drop(length);
        length = undefined;
      }
      return frames;
    },
  };
}

/** Where the body begins; `undefined` where the header is not whole. */
function endOfHeader(bytes: Uint8Array): number | undefined {
  for (let at = bytes.indexOf(13); at !== -1; at = bytes.indexOf(13, at + 1))
    if (BLANK_LINE.every((byte, i) => bytes[at + i] === byte)) return at + BLANK_LINE.length;
  return undefined;
}

/** The last length that a header gives: what stands before it may be the rest of something that was no message. */
function bodyLength(header: string): number | undefined {
  const found = [...header.matchAll(/content-length:[ \t]*(\d+)[ \t]*\r\n/gi)].at(-1)?.[1];
  const length = Number(found);
  return found !== undefined && length > 0 && length <= MAX_BODY_BYTES ? length : undefined;
}
