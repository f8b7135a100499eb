// A city for a browser test: the real program with its real rules on a directory of its own, events through
// its door as other systems send them, and pages opened on it.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kWait, watchfirePath } from './harness.js';

export const kPhone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };

export async function startCity() {
  const data = mkdtempSync(join(tmpdir(), 'watchfire-city-'));
  const child = spawn(watchfirePath, ['run', '--data', data, '--http', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise((resolve, reject) => {
    let text = '';
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`watchfire ended with ${code}`)));
    child.stdout.on('data', (bytes) => {
      text += bytes;
      const found = text.match(/page: (http:\S+)/);
      if (found) resolve(found[1]);
    });
  });
  return { child, url, data };
}

export async function stopCity(city) {
  city.child.removeAllListeners('exit');
  const ended = new Promise((resolve) => { city.child.once('exit', resolve); });
  city.child.kill('SIGTERM');
  await ended;
  rmSync(city.data, { recursive: true, force: true });
}

let number = 0;

/// `ago`: ms before now. Gives the event's id. As every sender it waits where the city has more to
/// work off than it can: on a busy machine that may be so.
export async function post(city, type, subject, data, { ago = 0, id = `e-${++number}`, more = {} } = {}) {
  const body = JSON.stringify({ specversion: '1.0', id, source: '/test', type, subject, time: new Date(Date.now() - ago).toISOString(), data, ...more });
  let response;
  for (let attempt = 0; attempt < 10; ++attempt) {
    response = await fetch(`${city.url}v1/events`, {
      method: 'POST', headers: { 'Content-Type': 'application/cloudevents+json' }, body,
    });
    if (response.status !== 429) break;
    await new Promise((done) => { setTimeout(done, 1000 * Number(response.headers.get('Retry-After') ?? 1)); });
  }
  assert.equal(response.status, 202, await response.text());
  return id;
}
export const permit = (city, subject, data, options) => post(city, 'city.permit.changed.v1', subject, data, options);
export const telemetry = (city, subject, data, options) => post(city, 'city.elevator.telemetry.v1', subject, data, options);
export const camera = (city, subject, data, options) => post(city, 'city.camera.alert.v1', subject, data, options);
export const complaint = (city, subject, data, options) => post(city, 'city.complaint.filed.v1', subject, data, options);
export const say = (city, subject, data, options) => post(city, 'city.field.feedback.v1', subject, data, options);

/// The newest records of an output topic.
export async function topic(city, name) {
  const response = await fetch(`${city.url}v1/topics/${name}?from=start&wait=no`);
  assert.equal(response.status, 200);
  return (await response.text()).split('\n').filter(Boolean).map((line) => JSON.parse(line));
}

/// A page that throws on its own errors and notes in `outside` what it loads from elsewhere.
export async function newPage(browser, urls, outside, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.on('request', (request) => { if (![...urls, 'data:'].some((ours) => request.url().startsWith(ours))) outside.push(request.url()); });
  page.on('pageerror', (error) => { throw error; });
  return page;
}

/// The desk at seat 3, by keyboard.
export async function openDesk(browser, city, outside, options = {}) {
  const desk = await newPage(browser, [city.url], outside, { viewport: { width: 1440, height: 900 }, ...options });
  await desk.goto(city.url);
  await desk.locator('dialog input[name=seat]').waitFor(kWait);
  await desk.keyboard.type('3');
  await desk.keyboard.press('Enter');
  await desk.locator('dialog').waitFor({ state: 'hidden', ...kWait });
  return desk;
}

/// Moves with Tab until the focus is on a button of that name.
export async function tabTo(page, name) {
  const isThere = () => page.evaluate((wanted) => (document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.innerText ?? '').startsWith(wanted), name);
  for (let i = 0; i < 80 && !(await isThere()); ++i) await page.keyboard.press('Tab');
  assert.ok(await isThere(), `no way by Tab to “${name}”`);
}
