// The story of tests/scenario/story.txt in two browsers on the real program: maintenance that lapsed, a door
// that reopens again and again, an e-bike, and a caller who gives only the address become one story with one
// rescue; the desk (keyboard alone) and the field (touch on a phone) close it together. Run: npm test.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { chromium } from 'playwright-core';
import { camera, complaint, kPhone, newPage, openDesk, permit, startCity, stopCity, tabTo, telemetry, topic } from './city.js';
import { findings, kWait, launch, shots, unfilled } from './harness.js';

const kLift = 'elevator/31010500088002';
const kUnit = '捷梯维保二队';
const kRegistration = { record: 'registration', action: 'registered', address: '长宁区仙霞路88弄', useUnit: '仙霞物业值班室', maintenanceUnit: `unit/${kUnit}`, district: '310105' };
const kDoor = { floor: 3, speedMps: 0, door: 'open', doorZone: true, occupied: false, mode: 'normal', faultCode: 'door_reopen', alarmButton: false, alarmEnd: false };

const outside = [];
let city;
let browser;

before(() => mkdirSync(shots, { recursive: true }));
beforeEach(async () => {
  city = await startCity();
  browser = await chromium.launch(launch);
});
afterEach(async () => {
  await browser.close();
  await stopCity(city);
});
after(() => assert.deepEqual(outside, [], 'the pages load nothing from outside'));

/// Four streams about one elevator, as four systems send them.
async function happen(desk) {
  await permit(city, kLift, { ...kRegistration, name: '仙霞路花园3号楼#2', rescueCode: '100201' });
  await permit(city, 'elevator/31010500088001', { ...kRegistration, name: '仙霞路花园3号楼#1', rescueCode: '100202' });
  await permit(city, kLift, { record: 'maintenance', action: 'completed', validUntil: new Date(Date.now() - 3_600_000).toISOString() }, { ago: 7_200_000 });
  for (const ago of [240_000, 180_000, 120_000]) await telemetry(city, kLift, kDoor, { ago });
  await camera(city, kLift, { device: 'cam-00017', label: 'e_bike', confidence: 0.93 }, { ago: 60_000 });
  const row = desk.locator('#rows tbody tr[data-id]', { hasText: '仙霞路花园3号楼#2' });
  await row.getByText('另 2 条').waitFor(kWait);
  await complaint(city, 'complaint/20261126-0088', { channel: '12345', kind: 'help', category: 'elevator', text: '电梯困人，求助，我们在三号楼2号梯', address: '仙霞路八十八弄', about: null, district: '310105', complainant: 'h:1' });
}

async function legible(page, what) {
  await page.locator('#detail details').evaluateAll((all) => all.forEach((details) => { details.open = true; }));
  assert.doesNotMatch(await page.locator('body').innerText(), unfilled, what);
  assert.deepEqual(await findings(page, what), []);
}

test('four streams become one story, and two people close it', async () => {
  const desk = await openDesk(browser, city, outside);
  await happen(desk);
  const rows = desk.locator('#rows tbody tr[data-id]');
  await rows.first().locator('.title').getByText('来电反映困人').waitFor(kWait);
  await rows.first().getByText('另 3 条').waitFor(kWait);
  assert.equal(await rows.count(), 1, 'one story is one row');
  await desk.keyboard.press('j');
  const detail = desk.locator('#detail');
  await detail.locator('.reasons').getByText('同一对象另有3项未了预警：“维保超期”、“门反复开关”、“电瓶车进轿厢”').waitFor(kWait);
  await detail.locator('.reasons').getByText('危及人身').waitFor(kWait);
  await detail.locator('.code').getByText('100201').waitFor(kWait);
  await detail.locator('.evidence').getByText('hotline.complaints').first().waitFor({ state: 'attached', ...kWait });
  const orders = (await topic(city, 'dispatch.orders')).filter((event) => event.data.item === 'elevator.rescue');
  assert.equal(new Set(orders.map((event) => event.data.id)).size, 1, 'one rescue');
  assert.equal(orders[0].data.priority, 'P1');

  await desk.keyboard.press('c');
  await rows.first().getByText('本席').waitFor(kWait);
  await desk.keyboard.press('l');
  await desk.locator('dialog select[name=who]').waitFor(kWait);
  await desk.keyboard.press('Enter');
  await detail.getByText('已通话 1 次').waitFor(kWait);
  await desk.screenshot({ path: join(shots, 'story-desk-zh.png') });
  await legible(desk, 'the story at the desk');

  await rows.first().focus();
  await desk.keyboard.press('Enter');
  await tabTo(desk, `手机链接 ${kUnit}`);
  await desk.keyboard.press('Enter');
  const link = await desk.locator('#link-address').inputValue();
  await desk.keyboard.press('Escape');

  const phone = await newPage(browser, [city.url], outside, kPhone);
  await phone.goto(link);
  await phone.locator('.code').getByText('100201').waitFor(kWait);
  const states = desk.locator('#detail .contacts li', { hasText: kUnit });
  await phone.getByRole('button', { name: '签收，10 分钟后到场' }).tap();
  await states.getByText('已签收').waitFor(kWait);
  await phone.getByRole('button', { name: '我已出发' }).tap();
  await states.getByText('在途').waitFor(kWait);
  await phone.getByRole('button', { name: '我已到场' }).tap();
  await states.getByText('已到场').waitFor(kWait);
  await phone.getByLabel('被困人数').fill('2');
  await phone.getByLabel('受伤人数').fill('0');
  await phone.getByLabel('原因').selectOption('door');
  await phone.screenshot({ path: join(shots, 'story-phone.png'), fullPage: true });
  await phone.getByRole('button', { name: '提交结果' }).tap();
  await phone.getByText('工单已办结，无须再办理。').waitFor(kWait);

  await detail.locator('.order', { hasText: '电梯困人救援' }).getByText('情况属实 · 救出人员 · 2 人').waitFor(kWait);
  await desk.keyboard.press('4');
  const receipt = desk.locator('#rows tbody tr[data-id]', { hasText: '20261126-0088' });
  await receipt.getByText('已答复').waitFor(kWait);
  await desk.keyboard.press('j');
  await detail.getByText('救出人员').first().waitFor(kWait);
  const replies = (await topic(city, 'notices')).filter((event) => event.data.kind === 'reply' && event.subject === 'complaint/20261126-0088');
  assert.equal(replies.length, 1, 'one reply');
  assert.match(await detail.innerText(), /答复[\s\S]*救出/);
  await desk.screenshot({ path: join(shots, 'story-receipt-zh.png') });
  await legible(desk, 'the receipt');

  // What is left of the story are the three that nobody has done anything about yet.
  await desk.keyboard.press('1');
  await rows.first().getByText('另 2 条').waitFor(kWait);
  await desk.keyboard.press('t');
  await desk.keyboard.press('4');
  await desk.keyboard.press('j');
  await detail.getByText('Revisit').first().waitFor(kWait);
  await desk.screenshot({ path: join(shots, 'story-receipt-en.png') });
  await legible(desk, 'the receipt, English');
});
