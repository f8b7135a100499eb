// Two people close one story on the real engine: a duty officer at the desk, by keyboard alone, and a
// responder in the field, by touch on a phone that loses its network. Run: npm test (see README.md).

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { chromium } from 'playwright-core';
import { kPhone, newPage, openDesk as openDeskOf, permit, startCity, stopCity, tabTo, telemetry } from './city.js';
import { findings, kWait, launch, shots, unfilled } from './harness.js';

const kStuck = { floor: 12, speedMps: 0, direction: 'none', door: 'closed', doorZone: false, loadKg: 75, occupied: true, mode: 'normal', faultCode: null, alarmButton: false, alarmEnd: false };
const kElevator = 'elevator/31010500012345';

let city;
let browser;
let radio;  // between the phone and the city
const outside = [];

/// A way to the city that can be cut: the browser's own "offline" does not hold what a service worker lets pass.
async function startRadio() {
  const target = Number(new URL(city.url).port);
  const sockets = new Set();
  let cut = false;
  const server = createServer((near) => {
    if (cut) { near.destroy(); return; }
    const far = connect(target, '127.0.0.1');
    for (const [one, other] of [[near, far], [far, near]]) {
      sockets.add(one);
      one.on('error', () => other.destroy()).on('close', () => { sockets.delete(one); other.destroy(); });
      one.pipe(other);
    }
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    async lose(phone) {
      cut = true;
      for (const socket of sockets) socket.destroy();
      await phone.context().setOffline(true);
    },
    async find(phone) {
      cut = false;
      await phone.context().setOffline(false);
    },
    stop() { for (const socket of sockets) socket.destroy(); server.close(); },
  };
}

const register = () => permit(city, kElevator, {
  record: 'registration', action: 'registered', name: '仁和公寓 2 号楼 1 号客梯', address: '长宁区仙霞路 700 弄 2 号', useUnit: '仁和物业值班室',
  maintenanceUnit: '申菱电梯维保三队', phone: '021-5555 0101', rescueCode: '310105-2345', exposure: 'housing', district: '310105', lon: 121.42, lat: 31.22,
}, { ago: 60_000 });
/// Somebody has been shut in for more than a minute.
const trap = () => telemetry(city, kElevator, kStuck, { ago: 70_000 });

const openPage = (options) => newPage(browser, [city.url, radio.url], outside, options);

async function openDesk() {
  const desk = await openDeskOf(browser, city, outside);
  await desk.locator('#rows tbody tr[data-id]', { hasText: '电梯困人' }).waitFor(kWait);
  await desk.keyboard.press('j');
  await desk.locator('#detail .contacts').getByText('申菱电梯维保三队').waitFor(kWait);
  return desk;
}

/// By keyboard: into the panel, on to the unit's own button, and the address of the link.
async function makeLink(desk, unit) {
  await desk.locator('#rows tbody tr[aria-selected=true]').focus();
  await desk.keyboard.press('Enter');
  await tabTo(desk, `手机链接 ${unit}`);
  await desk.keyboard.press('Enter');
  const address = desk.locator('#link-address');
  await address.waitFor(kWait);
  const link = await address.inputValue();
  await desk.screenshot({ path: join(shots, 'phone-link.png') });
  assert.deepEqual(await findings(desk, 'link'), []);
  await desk.keyboard.press('Escape');
  return link.replace(city.url, radio.url);
}

async function openPhone(link) {
  const phone = await openPage(kPhone);
  await phone.goto(link);
  await phone.locator('h1').getByText('电梯困人救援').waitFor(kWait);
  return phone;
}
async function shot(phone, name) {
  await phone.evaluate(() => scrollTo(0, 0));
  await phone.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
}

async function legible(phone, what) {
  assert.doesNotMatch(await phone.locator('body').innerText(), unfilled, what);
  assert.deepEqual(await findings(phone, what), []);
  const wide = await phone.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${what}: wider than the phone by ${wide} px`);
  const small = await phone.locator('button:visible, summary:visible, input:not(.unseen):visible, select:visible, label.file:visible').evaluateAll((all) =>
    all.filter((e) => e.getBoundingClientRect().height < 44).map((e) => e.outerHTML.slice(0, 80)));
  assert.deepEqual(small, [], `${what}: too small for a finger`);
}

before(() => mkdirSync(shots, { recursive: true }));
beforeEach(async () => {
  city = await startCity();
  radio = await startRadio();
  browser = await chromium.launch(launch);
  await register();
  await trap();
});
afterEach(async () => {
  await browser.close();
  radio.stop();
  await stopCity(city);
});
after(() => assert.deepEqual(outside, [], 'the pages load nothing from outside'));

test('a desk and a phone close one rescue together, through a lost network', async () => {
  const desk = await openDesk();
  const phone = await openPhone(await makeLink(desk, '申菱电梯维保三队'));
  await phone.getByText('长宁区仙霞路 700 弄 2 号').waitFor(kWait);
  await phone.locator('.code').getByText('310105-2345').waitFor(kWait);
  assert.match(await phone.locator('body').innerText(), /长宁区\n|危及|困/);
  await shot(phone, 'phone-zh');
  await legible(phone, 'phone');

  await phone.getByRole('button', { name: '20', exact: true }).tap();
  await phone.getByRole('button', { name: '签收，20 分钟后到场' }).tap();
  await phone.locator('.steps .done').getByText('已签收').waitFor(kWait);
  await desk.locator('#detail .contacts li', { hasText: '申菱电梯维保三队' }).getByText('已签收').waitFor(kWait);
  // The server has it, but its answer gets lost: it is sent again, and acts once.
  let tries = 0;
  await phone.route('**/actions', async (route) => {
    if (++tries > 1) return route.continue();
    await route.fetch();
    return route.abort();
  });
  await phone.getByRole('button', { name: '我已出发' }).tap();
  await phone.locator('.steps .done').getByText('已出发').waitFor(kWait);
  await desk.locator('#detail .contacts li', { hasText: '申菱电梯维保三队' }).getByText('在途').waitFor(kWait);

  while (tries < 2) await phone.waitForTimeout(50);
  await phone.locator('summary', { hasText: '经过' }).tap();
  await phone.locator('.history').getByText('申菱电梯维保三队出发').waitFor(kWait);
  assert.equal(await phone.locator('.history').getByText('申菱电梯维保三队出发').count(), 1);
  await phone.unroute('**/actions');

  await radio.lose(phone);
  await phone.locator('#notices').getByText('没有网络').waitFor(kWait);
  await phone.getByRole('button', { name: '我已到场' }).tap();
  await phone.locator('#notices').getByText('未发送 1 步：到场').waitFor(kWait);
  await phone.locator('.steps .unsent').getByText('已到场').waitFor(kWait);
  await shot(phone, 'phone-offline-zh');
  await legible(phone, 'phone offline');
  assert.match(await desk.locator('#detail .contacts li', { hasText: '申菱电梯维保三队' }).innerText(), /在途/);

  await radio.find(phone);
  await phone.locator('.steps .done').getByText('已到场').waitFor(kWait);
  await phone.locator('#notices').getByText('未发送').waitFor({ state: 'detached', ...kWait });
  await desk.locator('#detail .contacts li', { hasText: '申菱电梯维保三队' }).getByText('已到场').waitFor(kWait);

  await phone.getByRole('button', { name: '提交结果' }).tap();
  await phone.locator('.problem').getByText('救出人员须填写人数').waitFor(kWait);
  await phone.getByLabel('被困人数').fill('2');
  await phone.getByLabel('受伤人数').fill('0');
  await phone.getByLabel('原因').selectOption('door');
  await phone.locator('#photo-finding').setInputFiles({ name: 'scene.png', mimeType: 'image/png', buffer: await phone.screenshot() });
  await phone.getByText('已附 1 张照片').first().waitFor(kWait);
  assert.equal(await phone.getByLabel('受伤人数').inputValue(), '0');
  await shot(phone, 'phone-finding-zh');
  await legible(phone, 'finding');
  await phone.getByRole('button', { name: /English/ }).tap();
  await phone.getByRole('button', { name: 'Send the result' }).waitFor(kWait);
  assert.equal(await phone.getByLabel('People trapped').inputValue(), '2');
  await shot(phone, 'phone-finding-en');
  await legible(phone, 'finding, English');
  await phone.getByRole('button', { name: 'Send the result' }).tap();
  await phone.getByText('The order is closed: nothing more is asked.').waitFor(kWait);
  await phone.locator('details').evaluateAll((all) => all.forEach((details) => { details.open = true; }));
  await shot(phone, 'phone-closed-en');
  await legible(phone, 'closed, English');

  await desk.locator('#rows tbody tr[data-id].gone', { hasText: '电梯困人' }).waitFor(kWait);
  await desk.locator('#detail .order').getByText('已办结').first().waitFor(kWait);
  await desk.locator('#detail .order summary').first().focus();
  await desk.keyboard.press('Enter');
  await desk.locator('#detail .steps').getByText('已救出2人').waitFor(kWait);
  await desk.locator('#detail .order').getByText('情况属实 · 救出人员 · 2 人').waitFor(kWait);
  await desk.locator('#detail summary', { hasText: '现场照片' }).focus();
  await desk.keyboard.press('Enter');
  await desk.locator('#detail img[alt="现场照片 1"]').waitFor(kWait);
  assert.ok(await desk.locator('#detail img').evaluate((image) => image.complete && image.naturalWidth > 100));
  await desk.screenshot({ path: join(shots, 'phone-desk-closed.png') });
  assert.deepEqual(await findings(desk, 'closed'), []);
});

test('what was pressed outlives the page; what came too late is told so', async () => {
  const desk = await openDesk();
  const link = await makeLink(desk, '申菱电梯维保三队');
  const phone = await openPhone(link);
  await phone.emulateMedia({ colorScheme: 'dark' });
  await phone.locator('html[data-kept=yes]').waitFor(kWait);
  await radio.lose(phone);
  await phone.reload();
  await phone.locator('h1').getByText('电梯困人救援').waitFor(kWait);
  await phone.locator('#notices').getByText('没有网络').waitFor(kWait);
  await phone.getByRole('button', { name: '签收，10 分钟后到场' }).tap();
  await phone.getByRole('button', { name: '我已出发' }).tap();
  await phone.locator('#notices').getByText('未发送 2 步：签收、出发').waitFor(kWait);
  await phone.close();
  const again = await phone.context().newPage();
  await telemetry(city, kElevator, { ...kStuck, alarmEnd: true });
  await desk.locator('#rows tbody tr[data-id].gone', { hasText: '电梯困人' }).waitFor(kWait);
  await radio.find(phone);
  await again.emulateMedia({ colorScheme: 'dark' });
  await again.goto(link);
  await again.locator('.notice.bad').getByText('“签收”未成立').waitFor(kWait);
  await again.locator('.notice.bad').getByText('“出发”未成立').waitFor(kWait);
  assert.match(await again.locator('.notice.bad').first().innerText(), /工单当前“已办结”/);
  await shot(again, 'phone-refused-night');
  await legible(again, 'refused');
  await again.getByRole('button', { name: '知道了' }).first().tap();
  await again.getByRole('button', { name: '知道了' }).first().tap();
  assert.equal(await again.locator('.notice.bad').count(), 0);
  await again.reload();
  await again.getByText('工单已办结，无须再办理。').waitFor(kWait);
  assert.equal(await again.locator('.notice.bad').count(), 0);
});

test('a link that was not made here opens nothing', async () => {
  const phone = await openPage(kPhone);
  const answer = await phone.goto(`${city.url}m/bm90aGluZw.bm90aGluZw`);
  assert.equal(answer.status(), 403);
  await phone.getByText('此链接无效。').waitFor(kWait);
  await shot(phone, 'phone-forged');
  await legible(phone, 'forged');
});
