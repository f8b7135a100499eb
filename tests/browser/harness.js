// What both browser tests need: the browser, the programs under test, and what must hold of every page.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const feedPath = process.env.FEED ?? join(root, 'build', 'feed');
export const watchfirePath = process.env.WATCHFIRE ?? join(dirname(feedPath), 'watchfire');
export const shots = process.env.SHOTS ?? join(root, 'build', 'screenshots');
export const kWait = { timeout: 20_000 };
export const launch = {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
};

/// Text that a program forgot to fill in.
export const unfilled = /\[object|undefined|NaN|\{\w+\}|\b(state|step|do|fact|role|word|done|cause|district|asked)\.\w|\dT\d\d:\d\d/;

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/// What axe finds serious, one sentence each.
export async function findings(page, what) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  const bad = found.violations.filter((violation) => ['serious', 'critical'].includes(violation.impact));
  return bad.map((v) => `${what}: ${v.id}: ${v.nodes.map((node) => `${node.target} ${node.failureSummary}`).slice(0, 3)}`);
}

/// Asks until it is so: the page's own policy forbids waiting inside it.
export async function until(isSo, what) {
  for (const end = Date.now() + kWait.timeout; Date.now() < end; await new Promise((done) => { setTimeout(done, 50); })) if (await isSo()) return;
  throw new Error(`not within ${kWait.timeout} ms: ${what}`);
}
