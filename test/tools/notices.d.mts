import type { Metafile } from 'esbuild';

export function packagesOf(inputs: readonly string[]): string[];
export function noticesFor(root: string, metafiles: readonly Metafile[]): string;
export const NOTICES: string;
