/*
 * What the core may use beyond the language: the few globals that Node.js, browsers and web workers have alike. Only tsconfig.core.json
 * includes this file, so that `process`, timers, `node:*` and `vscode` are unknown in the core.
 */

declare class TextEncoder {
  encode(text?: string): Uint8Array;
}

declare class TextDecoder {
  constructor(label?: string, options?: { readonly fatal?: boolean; readonly ignoreBOM?: boolean });
  decode(bytes?: Uint8Array): string;
}

/** The bytes of a text in base64, a character each. Throws where it is not base64. */
declare function atob(base64: string): string;

/** Base64 of bytes, given as a character each. */
declare function btoa(bytes: string): string;

interface ErrorConstructor {
  /** How many frames V8 notes for an error; other engines ignore it. */
  stackTraceLimit: number;
}
