// A headless Chromium with one page, for the lanes that drive VS Code.
import { findChromium } from './editor.mjs';

/** Opens a page, gives it to `body`, and closes the browser whatever happens. */
export async function withPage(body) {
  const { chromium } = await import('playwright-core');
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('no Chromium found; install one or set CHROMIUM to its path');
  const browser = await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    // For a machine that does many other things; on a quiet one everything is there within a second or two.
    page.setDefaultTimeout(60_000);
    page.setDefaultNavigationTimeout(120_000);
    return await body(page);
  } finally {
    await browser.close();
  }
}
