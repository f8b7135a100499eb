// The page in a real browser, against the real board and API fed by feed.cpp: what a duty officer does
// by keyboard alone. Run: FEED=<path of the feed binary> npm test (Chromium: CHROMIUM, else /usr/bin).

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { chromium } from 'playwright-core';
import { feedPath, findings, kWait, launch, root, shots, unfilled, until } from './harness.js';

let feed;
let context;
let page;
let profile;
const outside = [];  // requests that left this machine

function startFeed(...options) {
  return new Promise((resolve, reject) => {
    const child = spawn(feedPath, ['--port', '0', '--screen', join(root, 'screen'), ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
    child.once('error', reject);
    child.stdout.once('data', (line) => resolve({ child, url: String(line).trim().replace('listening on ', '') }));
    child.once('exit', (code) => reject(new Error(`feed ended with ${code}`)));
  });
}
async function stopFeed() {
  const ended = new Promise((resolve) => { feed.child.once('exit', resolve); });
  feed.child.kill('SIGTERM');
  await ended;
}

async function open({ seat = '3', ...options } = {}) {
  profile = mkdtempSync(join(tmpdir(), 'watchfire-'));
  context = await chromium.launchPersistentContext(profile, {
    ...launch, viewport: { width: 1440, height: 900 }, ...options,
  });
  page = context.pages()[0] ?? await context.newPage();
  page.on('request', (request) => { if (!request.url().startsWith(feed.url) && !request.url().startsWith('data:')) outside.push(request.url()); });
  page.on('pageerror', (error) => { throw error; });
  await page.goto(feed.url);
  if (seat === null) return;
  await page.locator('dialog input[name=seat]').waitFor(kWait);
  await page.keyboard.type(seat);
  await page.keyboard.press('Enter');
  await page.locator('dialog').waitFor({ state: 'hidden', ...kWait });
  await page.locator('#rows tbody tr[data-id]').first().waitFor(kWait);
}

const row = (text) => page.locator('#rows tbody tr[data-id]', { hasText: text });
const shot = (name) => page.screenshot({ path: join(shots, `${name}.png`) });

/// Nothing that axe finds serious, and no text that a program forgot to fill in.
async function accessible(what) {
  await page.locator('#detail details').evaluateAll((all) => all.forEach((details) => { details.open = true; }));
  assert.doesNotMatch(await page.locator('body').innerText(), unfilled, what);
  assert.deepEqual(await findings(page, what), []);
}

before(() => mkdirSync(shots, { recursive: true }));
beforeEach(async () => { feed = await startFeed('--rows', '40'); });
afterEach(async () => {
  await context?.close();
  rmSync(profile, { recursive: true, force: true });
  await stopFeed();
});
after(() => assert.deepEqual(outside, [], 'the page loads nothing from outside'));

test('a P1 stands on top with its reasons, contacts and code, and is claimed by keyboard', async () => {
  await open();
  await page.keyboard.press('j');
  const first = page.locator('#rows tbody tr[data-id]').first();
  assert.match(await first.innerText(), /一级[\s\S]*电梯困人/);
  assert.equal(await first.getAttribute('aria-selected'), 'true');
  const detail = page.locator('#detail');
  await detail.getByText('轿厢内有人，停在 12 层门区外').waitFor(kWait);
  await detail.locator('.code').getByText('310105-2345').waitFor(kWait);
  assert.deepEqual(await detail.locator('.contacts strong').allInnerTexts(), ['申菱电梯维保三队', '仁和物业值班室', '长宁 3 号网格救援站']);
  await page.locator('#sound[data-state=alarm]').waitFor(kWait);
  await shot('queue-zh');
  await accessible('queue');

  await page.keyboard.press('c');
  await first.getByText('本席').waitFor(kWait);
  await page.locator('#sound[data-state=quiet]').waitFor(kWait);
  await page.keyboard.press('m');
  await page.locator('#sound[data-state=muted]').getByText(/静音 0[45]:/).waitFor(kWait);
  await page.locator('#toasts').getByText('认领 电梯困人：已记录').waitFor(kWait);
});

test('languages, night, and the other views are legible to all', async () => {
  await open();
  await page.keyboard.press('j');
  await page.locator('#language').click();
  await page.locator('#detail').getByText('Car occupied, standing still').waitFor(kWait);
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  await shot('queue-en');
  await accessible('queue, English');

  await page.emulateMedia({ colorScheme: 'dark' });
  await shot('queue-night');
  await accessible('night');
  await page.keyboard.press('2');
  await row('Rescue of trapped passengers').waitFor(kWait);
  await page.keyboard.press('j');
  await shot('orders-night');
  await accessible('orders');
  await page.emulateMedia({ colorScheme: 'light' });
  await page.keyboard.press('t');
  await row('应急困人救援').waitFor(kWait);
  await shot('orders-zh');
  await page.keyboard.press('3');
  await row('已备案外摆位').waitFor(kWait);
  await page.keyboard.press('j');
  await shot('quiet-zh');
  await accessible('quiet');
  await page.keyboard.press('1');
  await page.keyboard.press('j');
  await page.keyboard.press('e');
  await page.locator('.timeline').getByText('加派二级').waitFor(kWait);
  await shot('entity-zh');
  await accessible('entity');
  await page.keyboard.press('?');
  await page.locator('dialog .keys').waitFor(kWait);
  await accessible('help');
});

test('a complaint that nobody could place is placed by keyboard, and then stands below', async () => {
  await open();
  await page.keyboard.press('4');
  const first = page.locator('#rows tbody tr[data-id]').first();
  await first.getByText('2 个可能').waitFor(kWait);
  await page.keyboard.press('j');
  await page.locator('#detail').getByText('指的是哪一个').waitFor(kWait);
  await shot('complaints-zh');
  await accessible('complaints');
  await page.keyboard.press('i');
  await page.locator('dialog input[name=entity]').waitFor(kWait);
  await page.keyboard.type('elevator/31010500031177');
  await page.keyboard.press('Enter');
  await page.locator('.toasts').getByText('已记录').waitFor(kWait);
  await page.locator('#detail .steps').getByText('认定对象为').waitFor(kWait);
  assert.equal(await page.locator('#detail').getByText('指的是哪一个').count(), 0);
  await page.keyboard.press('t');
  await shot('complaints-en');
  await accessible('complaints, English');
});

test('a violation shows what is proposed and why, the evidence and the statement of the party', async () => {
  await open();
  await page.keyboard.press('5');
  const first = page.locator('#rows tbody tr[data-id]').first();
  await first.getByText('首违免罚').waitFor(kWait);
  await page.keyboard.press('j');
  await page.locator('#detail').getByText('货是送货车刚卸下的').waitFor(kWait);
  await page.locator('#detail').getByText('不可作处罚依据').waitFor(kWait);
  await shot('matters-zh');
  await accessible('matters');
  await row('第 2 次').click();
  await page.locator('#detail').getByText('不能免罚').first().waitFor(kWait);
  await page.keyboard.press('t');
  await shot('matters-en');
  await accessible('matters, English');
});

test('dismissing asks for a reason and can be undone before it is sent', async () => {
  await open();
  await row('电瓶车进轿厢').click();
  await page.keyboard.press('d');
  await page.locator('dialog textarea').waitFor(kWait);
  await page.keyboard.press('Enter');
  await page.locator('dialog .problem').getByText('请写明原因').waitFor(kWait);
  await accessible('dismiss');
  await page.keyboard.type('画面是婴儿车');
  await page.keyboard.press('Enter');
  const offer = page.locator('.toast', { hasText: '秒后发送' });
  await offer.waitFor(kWait);
  await page.keyboard.press('u');
  await offer.waitFor({ state: 'detached', ...kWait });
  await page.locator('#toasts').getByText('已撤销').waitFor(kWait);

  await page.keyboard.press('d');
  await page.locator('dialog textarea').fill('画面是婴儿车');
  await page.keyboard.press('Enter');
  await page.locator('#toasts').getByText('排除 电瓶车进轿厢：已记录').waitFor(kWait);
  await page.keyboard.press('3');
  await row('误报：席位排除：画面是婴儿车').waitFor(kWait);
});

test('a call is logged with one key, shelving shows who, why and until when', async () => {
  await open();
  await page.keyboard.press('j');
  await page.keyboard.press('l');
  assert.equal(await page.locator('dialog select[name=who]').inputValue(), 'unit/申菱电梯维保三队');
  await page.keyboard.press('Enter');
  await page.locator('#detail').getByText('已通话 1 次').waitFor(kWait);

  await row('叉车未悬挂牌照').click();
  await page.keyboard.press('s');
  await page.locator('dialog textarea').fill('等业主回电');
  await page.keyboard.press('Enter');
  await page.locator('#toasts').getByText('搁置 叉车未悬挂牌照：已记录').waitFor(kWait);
  await page.keyboard.press('3');
  await row('等业主回电').waitFor(kWait);
  assert.match(await row('等业主回电').innerText(), /3 席 · 等业主回电 · 到何时/);
});

test('what comes from elsewhere waits while someone reads; a step that is not legal says so', async () => {
  await open();
  await page.keyboard.press('j');
  const count = await page.locator('#row-count').innerText();
  const event = (id, data, subject) => fetch(`${feed.url}/api/actions`, {
    method: 'POST', headers: { 'Content-Type': 'application/json', 'X-Seat': id }, body: JSON.stringify({ subject, ...data }),
  });
  assert.equal((await event('seat/9', { step: 'claim', warning: 'w-1002' }, 'elevator/31010500020881')).status, 202);
  const elsewhere = row('电瓶车进轿厢');
  await elsewhere.getByText('9 席').waitFor(kWait);
  assert.match(await elsewhere.getAttribute('class'), /away/);
  await elsewhere.click();
  await page.keyboard.press('c');
  await page.locator('#toasts .bad').getByText('已由其他席位认领').waitFor(kWait);
  assert.equal(await page.locator('#row-count').innerText(), count);
});

test('new rows wait behind a bar; a lost connection is shown', async () => {
  await stopFeed();
  feed = await startFeed('--rows', '40', '--every', '1');
  await open();
  await page.keyboard.press('j');
  const ids = () => page.locator('#rows tbody tr[data-id]:not(.P1)').evaluateAll((rows) => rows.slice(0, 8).map((r) => r.dataset.id));
  const before = await ids();
  await page.locator('#newbar').waitFor(kWait);
  assert.deepEqual(await ids(), before, 'the list does not move under a reader');
  await page.keyboard.press('n');
  await page.locator('#newbar').waitFor({ state: 'hidden', ...kWait });
  await stopFeed();
  await page.locator('.banner.bad').getByText('与服务器的连接已断开').waitFor(kWait);
  await shot('lost');
  feed = await startFeed();  // for afterEach
});

test('ten thousand open warnings stay usable', async () => {
  await stopFeed();
  feed = await startFeed('--rows', '10000', '--every', '1');
  const began = performance.now();
  await open();
  const loaded = performance.now() - began;
  await page.locator('.banner.warn').getByText('预警洪峰').waitFor(kWait);
  await page.locator('#rows .group').first().waitFor(kWait);
  await shot('flood-zh');
  // With the most that can stand in the strip: four figures, an alarm, a long seat, the longer language.
  await page.locator('#sound[data-state=alarm]').waitFor(kWait);
  await page.evaluate(() => new MutationObserver(() => {
    const seat = document.querySelector('#seat');
    if (seat && !seat.textContent.endsWith('supervisor')) seat.textContent = 'night-shift-supervisor';
  }).observe(document.body, { childList: true, subtree: true }));
  await page.locator('#seat').evaluate((seat) => { seat.textContent = 'night-shift-supervisor'; });
  for (const [language, width] of [['zh', 1280], ['en', 1280], ['en', 1366], ['zh', 1440]]) {
    await page.setViewportSize({ width, height: 900 });
    if (await page.locator('html').getAttribute('lang') !== { zh: 'zh-CN', en: 'en' }[language]) await page.keyboard.press('t');
    const cut = await page.locator('#strip').evaluate((strip) => [strip, ...strip.children].filter((part) => part.scrollWidth > part.clientWidth + 1 || part.offsetHeight > 50).map((part) => part.className));
    assert.deepEqual(cut, [], `the strip at ${width}, ${language}`);
    await shot(`strip-${language}-${width}`);
  }
  await page.keyboard.press('g');
  const total = async () => Number((await page.locator('#row-count').innerText()).match(/\d+/)[0]);
  assert.ok(await total() > 10_000);
  const elements = () => page.evaluate(() => document.querySelectorAll('*').length);
  assert.ok(await elements() < 3_000, `${await elements()} elements`);

  // By keyboard, far beyond the rows that were elements at first; the one selected is always seen.
  const selected = page.locator('#rows tr[aria-selected=true]');
  const drawn = page.locator('#rows tr[data-id]');
  const paints = await page.evaluate(async () => {
    const times = [];
    for (let i = 0; i < 120; ++i) {
      const from = performance.now();
      document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'j', bubbles: true }));
      await new Promise((done) => { requestAnimationFrame(() => setTimeout(done)); });
      times.push(performance.now() - from);
    }
    return times.sort((a, b) => a - b);
  });
  assert.equal(await selected.count(), 1);
  const seen = await selected.evaluate((tr) => {
    const box = tr.getBoundingClientRect();
    const window_ = tr.closest('.scroller').getBoundingClientRect();
    return box.top >= window_.top - 1 && box.bottom <= window_.bottom + 1 && document.activeElement === tr;
  });
  assert.ok(seen, 'the selected row is in the window and has the focus');
  assert.ok(Number(await selected.getAttribute('aria-rowindex')) > 100);
  await page.keyboard.press('c');
  await selected.getByText('本席').waitFor(kWait);
  await shot('ten-thousand-rows');
  await page.keyboard.press('End');
  await until(async () => Number(await selected.getAttribute('aria-rowindex')) > 10_000, 'the last row is selected');
  await page.keyboard.press('PageUp');
  assert.ok(await elements() < 3_000);
  await page.keyboard.press('Home');
  assert.equal(await selected.getAttribute('aria-rowindex'), '2');

  // Everywhere, not in this view alone.
  await page.keyboard.press('/');
  await page.keyboard.type('w-9876');
  const asked = performance.now();
  await page.keyboard.press('Enter');
  await page.locator('.found li[data-kind=warning]').first().waitFor(kWait);
  const foundIn = performance.now() - asked;
  await page.keyboard.press('Escape');
  await drawn.first().waitFor(kWait);

  // To the end and back, by wheel; a new P1 still comes in on top, at once.
  const scroller = page.locator('.scroller');
  await scroller.evaluate((box) => { box.scrollTop = box.scrollHeight; });
  await until(async () => Number(await drawn.last().getAttribute('aria-rowindex')) > 10_000, 'the last row');
  assert.ok(await elements() < 3_000);
  const urgent = () => page.locator('#rows tr[data-id].P1').count();
  await scroller.evaluate((box) => { box.scrollTop = 0; });
  const known = await urgent();
  await until(async () => await urgent() > known, 'another P1');
  assert.match(await drawn.first().getAttribute('class'), /P1/);

  await page.keyboard.press('/');
  await page.keyboard.type('w-7777');
  await until(async () => await drawn.count() === 1, 'the one row');
  await page.keyboard.press('ArrowDown');
  await page.locator('#detail').getByText('摄像头识别').first().waitFor(kWait);
  await page.keyboard.press('Escape');
  await until(async () => await drawn.count() > 10, 'all rows again');
  await page.keyboard.press('2');
  await row('应急困人救援').waitFor(kWait);
  await page.keyboard.press('1');
  await page.locator('#rows tr[data-id]').first().waitFor(kWait);
  assert.ok(await total() > 10_000);

  const cdp = await context.newCDPSession(page);
  await cdp.send('Performance.enable');
  await cdp.send('HeapProfiler.collectGarbage');
  const { metrics } = await cdp.send('Performance.getMetrics');
  const heap = metrics.find((metric) => metric.name === 'JSHeapUsedSize').value / 2 ** 20;
  const board = await (await fetch(`${feed.url}/api/board`)).text();
  console.log(`${await total()} rows: ${(board.length / 2 ** 20).toFixed(1)} MiB from the board, first row after ${loaded.toFixed(0)} ms, ` +
    `a key to the paint ${paints[60].toFixed(0)} ms in the middle, ${paints[117].toFixed(0)} ms the slowest but two; found everywhere in ${foundIn.toFixed(0)} ms; ${heap.toFixed(0)} MiB of heap, ${await elements()} elements`);
});

test('sentences of records are for people; a notice is marked, confirmed or gone', async () => {
  await open();
  const found = await page.evaluate(async () => {
    const { said } = await import('/catalogue.js');
    const { apply, model } = await import('/model.js');
    const notice = { ...[...model.warnings.values()][0], id: 'w-told', story: 's-told', revision: 0 };
    apply('warning', { data: notice, time: notice.at });
    const told = model.warnings.has('w-told');
    apply('void', { data: { id: 'w-told' } });
    const gone = !model.warnings.has('w-told');
    apply('warning', { data: notice, time: notice.at });
    apply('warning', { data: { ...notice, story: 's-other', revision: 1 }, time: notice.at });
    apply('void', { data: { id: 'w-told' } });
    return { sentence: said({ zh: '已由seat/1认领至2026-11-26T00:59:44.826Z' }), told, gone, kept: model.warnings.get('w-told')?.story };
  });
  assert.match(found.sentence, /^已由1 席认领至(\d\d-\d\d )?08:59$/);
  assert.deepEqual([found.told, found.gone, found.kept], [true, true, 's-other']);
});

test('a seat is chosen from the duty list; what one that it lacks will miss is said', async () => {
  await open({ seat: null });
  const seat = page.locator('dialog input[name=seat]');
  await seat.waitFor(kWait);
  assert.deepEqual(await page.locator('dialog datalist option').evaluateAll((all) => all.map((one) => one.value)), ['1', '2', '3']);
  const hint = page.locator('dialog .caution');
  await page.keyboard.type('7');
  await hint.getByText('值班表中没有这个席位（有 1、2、3）').waitFor(kWait);
  await accessible('an unknown seat');
  await shot('seat-zh');
  await page.keyboard.press('Backspace');
  await page.keyboard.type('2');
  assert.equal(await hint.isVisible(), false);
  await page.keyboard.press('Enter');
  await page.locator('#seat').getByText('2 席').waitFor(kWait);
});

test('a server with a token asks for it once', async () => {
  await stopFeed();
  const file = join(mkdtempSync(join(tmpdir(), 'watchfire-token-')), 'token');
  writeFileSync(file, 'a-secret-of-26-characters', { mode: 0o600 });
  feed = await startFeed('--token', file);
  await open({ seat: null });
  const asked = page.locator('dialog input[name=token]');
  const seat = page.locator('dialog input[name=seat]');
  for (let i = 0; i < 2; ++i) {  // in either order
    await asked.or(seat).waitFor(kWait);
    const isToken = await asked.isVisible();
    await page.keyboard.type(isToken ? 'a-secret-of-26-characters' : '3');
    await page.keyboard.press('Enter');
    await (isToken ? asked : seat).waitFor({ state: 'detached', ...kWait });
  }
  await row('电梯困人').waitFor(kWait);  // the board has come: now there is something to step to
  await page.keyboard.press('j');
  await page.keyboard.press('c');
  await row('电梯困人').getByText('本席').waitFor(kWait);
});

test('a silent source is a red banner', async () => {
  await stopFeed();
  feed = await startFeed('--silent');
  await open();
  await page.locator('.banner.bad').getByText('来源静默：camera.alerts').waitFor(kWait);
  await accessible('banner');
  await shot('silent-zh');
});
