// What a desk does beside claiming and calling, on the real program and by keyboard alone: every step of the
// engine's table that somebody at the page may take, an incident told to the seat, and the search that says
// why something came of an event, or why nothing did. Run: npm test.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { chromium } from 'playwright-core';
import { camera, complaint, openDesk, permit, say, startCity, stopCity, telemetry, topic } from './city.js';
import { findings, kWait, launch, shots, unfilled, until } from './harness.js';

const kSquad = 'unit/squad-xinjing';
const outside = [];
let city;
let browser;
let desk;
let detail;

before(() => mkdirSync(shots, { recursive: true }));
beforeEach(async () => {
  city = await startCity();
  browser = await chromium.launch(launch);
  desk = await openDesk(browser, city, outside);
  detail = desk.locator('#detail');
});
afterEach(async () => {
  await browser.close();
  await stopCity(city);
});
after(() => assert.deepEqual(outside, [], 'the page loads nothing from outside'));

const row = (text) => desk.locator('#rows tbody tr[data-id]', { hasText: text });
const shot = (name) => desk.screenshot({ path: join(shots, `${name}.png`) });
const press = async (...keys) => { for (const key of keys) await desk.keyboard.press(key); };
async function legible(what) {
  await detail.locator('details').evaluateAll((all) => all.forEach((details) => { details.open = true; }));
  assert.doesNotMatch(await desk.locator('body').innerText(), unfilled, what);
  assert.deepEqual(await findings(desk, what), []);
}

/// What the panel offers, but for the timeline.
const offered = async () => (await detail.locator('.actions button').evaluateAll((all) => all.map((one) => one.firstChild.textContent))).filter((name) => name !== '对象时间线');

/// Chooses a step in the menu by its digit; its form is open then, where it has one.
async function choose(step) {
  await press('w');
  const items = desk.locator('dialog .menu button');
  await items.first().waitFor(kWait);
  const names = await items.allInnerTexts();
  const at = names.findIndex((name) => name.endsWith(step));
  assert.ok(at >= 0, `“${step}” is not among ${names}`);
  await press('123456789abcdefghij'[at]);
  await desk.locator('dialog form').waitFor(kWait);
}
/// Fills the form that is open, by keyboard, and sends it.
async function fill(values = {}) {
  for (const [name, value] of Object.entries(values)) {
    const field = desk.locator(`dialog [name=${name}]`);
    await field.waitFor(kWait);
    if (await field.evaluate((element) => element.tagName) === 'SELECT') await field.selectOption(value);
    else await field.fill(value);
  }
  await desk.locator('dialog button[type=submit]').press('Enter');
}
const recorded = (what) => desk.locator('#toasts').getByText(`${what}：已记录`).waitFor(kWait);

/// A shop whose goods stand beyond its door; the squad is called.
async function shop(id, name) {
  await permit(city, `shop/${id}`, { record: 'registration', action: 'registered', name, address: `长宁区威宁路${id}号`, useUnit: `party-${id}`, district: '310105' });
  await camera(city, `shop/${id}`, { device: `cam-${id}`, label: 'goods_beyond_door', confidence: 0.93 });
}
async function visit(id, finding, action) {
  const by = 'officer/SH-17', options = { more: { vouchedunits: 'unit/squad-xinjing' } };
  await say(city, `shop/${id}`, { step: 'accept', item: 'street.check', by, eta: new Date(Date.now() + 600_000).toISOString() }, options);
  await say(city, `shop/${id}`, { step: 'arrived', item: 'street.check', by }, options);
  await say(city, `shop/${id}`, { step: 'finding', item: 'street.check', by, finding, action }, options);
}
async function openRow(view, text) {
  await press(view);
  await row(text).first().waitFor(kWait);
  await row(text).first().click();
  await detail.locator('.actions button').first().waitFor(kWait);
}

test('what only follows from a rescue stands under it, and is judged anew after it', async () => {
  const lift = 'elevator/31010500088004';
  const unit = 'unit/fast-lift';
  await permit(city, lift, { record: 'registration', action: 'registered', name: '玉屏花园2号楼', rescueCode: '100904', address: '长宁区玉屏南路88弄', useUnit: 'yuping', maintenanceUnit: unit, district: '310105' });
  await complaint(city, 'complaint/20261126-0904', { channel: '12345', kind: 'help', category: 'elevator', text: '电梯困人，求助', address: '长宁区玉屏南路88弄', about: lift, district: '310105', complainant: 'h:4' });
  await row('来电反映困人').waitFor(kWait);
  for (const ago of [180_000, 120_000, 60_000])
    await telemetry(city, lift, { floor: 3, speedMps: 0, door: 'open', doorZone: true, occupied: false, mode: 'normal', faultCode: 'door_reopen', alarmButton: false, alarmEnd: false }, { ago });
  await row('来电反映困人').getByText('下属 1 条').waitFor(kWait);
  assert.equal(await desk.locator('#rows tbody tr[data-id]').count(), 1, 'what waits is no row of the queue');
  await row('来电反映困人').click();
  const under = detail.locator('section', { hasText: '下属预警，不单独派单' }).locator('li');
  await under.getByText('门反复开关').waitFor(kWait);
  await detail.locator('.actions button').first().waitFor(kWait);
  await shot('parent-zh');
  await legible('a rescue and what is under it');
  await under.getByRole('button').click();
  await detail.locator('header').getByText('门反复开关').waitFor(kWait);
  await detail.locator('section', { hasText: '上级事件' }).getByRole('button', { name: '来电反映困人' }).waitFor(kWait);
  await legible('what waits for a rescue');
  await press('t');
  await detail.locator('section', { hasText: 'Waits for the end of' }).waitFor(kWait);
  await shot('child-en');
  await press('t');

  await say(city, lift, { step: 'accept', item: 'elevator.rescue', by: unit, eta: new Date(Date.now() + 600_000).toISOString() });
  await say(city, lift, { step: 'arrived', item: 'elevator.rescue', by: unit });
  await say(city, lift, { step: 'finding', item: 'elevator.rescue', by: unit, finding: 'confirmed', action: 'rescued', people: 1, injured: 0, cause: 'door' });
  await row('门反复开关').waitFor(kWait);
  assert.equal(await desk.getByText('下属 1 条').count(), 0);
});

test('a violation goes from its notice to the exemption, and another to the paid fine', async () => {
  for (const [id, name] of [['12', '阿婆水果'], ['14', '小李鲜花']]) {
    await shop(id, name);
    await visit(id, 'violation', 'rectification_ordered');
    await openRow('2', name);
    await detail.getByText('待核查').first().waitFor(kWait);
    await choose('核查通过');
    assert.deepEqual(await desk.locator('dialog select[name=as] option').allInnerTexts(), ['核查人员', '领导'], 'a seat does not verify');
    if (id === '12') {
      await shot('step-verify-zh');
      await legible('verify');
      await fill({});
      await desk.locator('dialog .problem').getByText('请写姓名或工号').waitFor(kWait);
    }
    await fill({ name: '陈静' });
    await recorded(`核查通过 街面秩序一刻钟到场处置`);
  }
  await openRow('5', '阿婆水果');
  assert.deepEqual(await offered(), ['送达责令改正通知书', '陈述申辩', '确认已改正'], 'a first minor one is no case yet');
  await choose('送达责令改正通知书');
  await fill({ note: '随申办送达' });
  await detail.locator('header').getByText('通知已送达').waitFor(kWait);
  await choose('陈述申辩');
  await fill({ text: '货是送货车刚卸下的' });
  await detail.getByText('货是送货车刚卸下的').first().waitFor(kWait);
  assert.ok(!(await offered()).includes('不予处罚'), 'not before it was corrected');
  await choose('确认已改正');
  await fill({ as: 'checker', name: '陈静' });
  await detail.locator('header').getByText('已改正').waitFor(kWait);
  await shot('matter-steps-zh');
  await legible('matter');
  await choose('不予处罚');
  await fill({ as: 'leader', name: '王敏' });
  await desk.locator('dialog .problem').getByText('还缺：原因').waitFor(kWait);
  await fill({ reason: '首次、轻微并已改正' });
  await recorded('不予处罚 跨门经营');
  await detail.getByText('王敏决定不予处罚：首次、轻微并已改正').waitFor(kWait);
  assert.equal((await topic(city, 'matters')).at(-1).data.exemption.by, 'leader/王敏');

  await openRow('5', '小李鲜花');
  await choose('确认已改正');
  await fill({ as: 'officer', name: 'SH-17' });
  await detail.locator('header').getByText('已改正').waitFor(kWait);
  await choose('立案');
  await fill({ as: 'leader', name: '王敏' });
  await detail.locator('header').getByText('已立案').waitFor(kWait);
  await choose('陈述申辩');
  await fill({ text: '只摆了一会儿' });
  await detail.locator('header').getByText('陈述申辩中').waitFor(kWait);
  await press('t');
  await shot('matter-steps-en');
  await legible('matter, English');
  await desk.emulateMedia({ colorScheme: 'dark' });
  await press('w');
  await desk.locator('dialog .menu').getByText('Matter · Decide').waitFor(kWait);
  await shot('menu-en-night');
  await legible('menu');
  await press('ArrowDown', 'Enter');
  await desk.locator('dialog h2').getByText('Decide: Goods beyond the door').waitFor(kWait);
  await shot('step-decide-en-night');
  await legible('form');
  await press('Escape');
  await desk.emulateMedia({ colorScheme: 'light' });
  await press('t');
  await row('小李鲜花').first().focus();
  await choose('作出处罚决定');
  await desk.locator('dialog .caution').getByText('只摆了一会儿').waitFor(kWait);
  await fill({ as: 'leader', name: '王敏', text: '罚款二百元' });
  await desk.locator('#toasts .bad').getByText('陈述申辩尚未答复').waitFor(kWait);
  await choose('作出处罚决定');
  await fill({ as: 'leader', name: '王敏', text: '罚款二百元', reason: '监控显示超过两小时，不予采纳' });
  await detail.locator('header').getByText('已决定').waitFor(kWait);
  await choose('送达处罚决定');
  await fill({});
  await detail.locator('header').getByText('决定已送达').waitFor(kWait);
  await choose('缴纳罚款');
  await fill({ note: '在线缴款' });
  await detail.locator('header').getByText('已办结').waitFor(kWait);
  const paid = (await topic(city, 'matters')).at(-1).data;
  assert.deepEqual([paid.payment.by, paid.decision.by, paid.correction.by], ['seat/3', 'leader/王敏', 'officer/SH-17']);
});

test('an order is returned, designated, supervised, extended, checked and recalled at the desk', async () => {
  await shop('16', '老克勒面馆');
  await openRow('2', '老克勒面馆');
  assert.deepEqual(await offered(), ['转办', '撤回工单', '督办', '记录通话'], 'what waits for nothing is not offered');
  await say(city, 'shop/16', { step: 'return', item: 'street.check', by: kSquad, reason: '不属本辖区', evidence: '地图' });
  await detail.getByText('不属本辖区').first().waitFor(kWait);
  await choose('驳回退单');
  await fill({ reason: '在本辖区内' });
  await detail.locator('.steps').getByText('驳回').first().waitFor(kWait);
  await say(city, 'shop/16', { step: 'return', item: 'street.check', by: kSquad, reason: '仍不属本辖区', evidence: '地图二' });
  await detail.getByText('仍不属本辖区').first().waitFor(kWait);
  await choose('同意退单');
  await fill({ to: 'unit/squad-a' });
  await detail.getByText('第 2 次派单').waitFor(kWait);
  await say(city, 'shop/16', { step: 'return', item: 'street.check', by: 'unit/squad-a', reason: '也不属', evidence: '地图三' });
  await detail.getByText('也不属').first().waitFor(kWait);
  await choose('同意退单');
  await fill({ to: 'unit/squad-b' });
  await desk.locator('#toasts .bad').getByText('第二次退单须由领导指定').waitFor(kWait);
  await choose('同意退单');
  await fill({ as: 'leader', name: '王敏', to: 'unit/squad-b' });
  await detail.getByText('第 3 次派单').waitFor(kWait);
  await choose('督办');
  await fill({ name: '王敏', replyBy: '120', reason: '两次退单' });
  await detail.getByText('督办').nth(1).waitFor(kWait);
  await choose('答复督办');
  await fill({ name: '赵强', text: '今日内办结' });
  await detail.locator('.facts').getByText('今日内办结').waitFor(kWait);
  await shot('order-steps-zh');
  await legible('order');
  await choose('转办');
  await fill({ to: 'unit/squad-c', reason: '就近' });
  await detail.locator('.responders').getByText('squad-c').waitFor(kWait);
  await say(city, 'shop/16', { step: 'accept', item: 'street.check', by: 'unit/squad-c', eta: new Date(Date.now() + 600_000).toISOString() });
  await say(city, 'shop/16', { step: 'extend_request', item: 'street.check', by: 'unit/squad-c', until: new Date(Date.now() + 36_000_000).toISOString(), reason: '需设备' });
  await detail.getByText('需设备').first().waitFor(kWait);
  await choose('批准延期');
  await fill({});
  await detail.locator('.steps').getByText('批准延期').waitFor(kWait);
  await say(city, 'shop/16', { step: 'pause', item: 'street.check', by: 'unit/squad-c', until: new Date(Date.now() + 3_600_000).toISOString(), reason: '店主不在' });
  await detail.getByText('店主不在').first().waitFor(kWait);
  await choose('恢复');
  await fill({});
  await detail.locator('.steps').getByText('恢复计时').waitFor(kWait);
  await say(city, 'shop/16', { step: 'arrived', item: 'street.check', by: 'unit/squad-c' });
  await say(city, 'shop/16', { step: 'finding', item: 'street.check', by: 'unit/squad-c', finding: 'confirmed', action: 'persuaded' });
  await detail.getByText('待核查').first().waitFor(kWait);
  await choose('核查不通过');
  await fill({ as: 'checker', name: '陈静', reason: '货物仍在门外' });
  await detail.locator('.steps').getByText('货物仍在门外').waitFor(kWait);
  await press('x');
  await fill({ reason: '改由市容所办理' });
  await detail.locator('header').getByText('已撤回').waitFor(kWait);
  assert.deepEqual(await offered(), [], 'nothing is left to do');
});

test('a receipt is declined, revisited and done again; the desk calls the complainant', async () => {
  await complaint(city, 'complaint/20261126-0101', { channel: '12345', kind: 'consult', category: 'law', text: '民事纠纷怎么起诉', about: null, district: '310105' });
  await openRow('4', '20261126-0101');
  await choose('电话记录');
  await fill({ result: 'answered' });
  await recorded('电话记录 20261126-0101');
  await choose('不予受理');
  await fill({ reason: '属司法事项，请拨打 12348' });
  await detail.locator('header').getByText('不予受理').waitFor(kWait);
  await detail.getByText('属司法事项').first().waitFor(kWait);

  await shop('18', '阿毛水果');
  await complaint(city, 'complaint/20261126-0102', { channel: '12345', kind: 'complaint', category: 'street', text: '水果摊占道', about: 'shop/18', district: '310105', complainant: 'h:2' });
  await visit('18', 'confirmed', 'persuaded');
  await openRow('2', '阿毛水果');
  await detail.getByText('待核查').first().waitFor(kWait);
  await choose('核查通过');
  await fill({ name: '陈静' });
  await press('4');
  await row('20261126-0102').getByText('已答复').waitFor(kWait);
  await desk.locator('#rows .group').getByText('已答复，待回访').waitFor(kWait);
  await row('20261126-0102').click();
  assert.deepEqual(await offered(), ['回访', '重办']);
  await choose('回访');
  await fill({ result: 'dissatisfied', note: '又摆出来了' });
  await detail.locator('header').getByText('重办').waitFor(kWait);
  await detail.getByText('不满意，重办').waitFor(kWait);
  await shot('receipt-redo-zh');
  await legible('receipt');
  await press('t');
  await shot('receipt-redo-en');
  await legible('receipt, English');
  await press('t', '2');
  await row('阿毛水果').first().waitFor(kWait);  // the order that does it again

  // Two shops at one house: nobody guesses which, but the words are those of another receipt.
  await permit(city, 'shop/19', { record: 'registration', action: 'registered', name: '阿公水果', address: '长宁区威宁路18号', useUnit: 'party-19', district: '310105' });
  await complaint(city, 'complaint/20261126-0103', { channel: '12345', kind: 'complaint', category: 'street', text: '水果摊把货摆到人行道上，走不过去', address: '威宁路18号', about: 'shop/18', district: '310105', complainant: 'h:3' });
  await complaint(city, 'complaint/20261126-0104', { channel: '12319', kind: 'complaint', category: 'street', text: '水果摊又把货摆到人行道上，行人走不过去', address: '威宁路18号', about: null, district: '310105', complainant: 'h:4' });
  await openRow('4', '20261126-0104');
  await detail.getByRole('button', { name: '与 20261126-0103 同一件' }).press('Enter');
  await detail.getByText('关联诉求').waitFor(kWait);
  await detail.locator('.where').getByText('阿毛水果').waitFor(kWait);
});

test('a P1 that ends at the desk is asked twice; an incident told to the seat goes the way of a call', async () => {
  await permit(city, 'elevator/31010500099001', { record: 'registration', action: 'registered', name: '威宁小区1号梯', address: '长宁区威宁路200弄1号', useUnit: '威宁物业', maintenanceUnit: 'unit/fast-lift', rescueCode: '100901', district: '310105' });
  await press('h');
  await desk.locator('dialog input[name=place]').waitFor(kWait);
  await shot('incident-zh');
  await legible('incident');
  await press('Escape', 't', 'h');
  await desk.locator('dialog h2').getByText('Report an incident by hand').waitFor(kWait);
  await shot('incident-en');
  await legible('incident, English');
  await press('Escape', 't', 'h');
  await desk.locator('dialog h2').getByText('手工登记一件').waitFor(kWait);
  await desk.keyboard.press('Enter');
  await desk.locator('dialog .problem').getByText('还缺').waitFor(kWait);
  await fill({ place: '100901', kind: 'help', text: '保安口头报：电梯困人' });
  await row('来电反映困人').waitFor(kWait);
  const [receipt] = await topic(city, 'complaints');
  assert.deepEqual([receipt.data.channel, receipt.data.kind], ['seat', 'help']);
  await press('4');
  await row('seat-3-').waitFor(kWait);
  await press('1');
  await row('来电反映困人').waitFor(kWait);
  await press('j');
  await desk.keyboard.press('d');
  await fill({ reason: '保安误报，已与轿厢通话' });
  await desk.locator('dialog').getByText('一级：确定吗').waitFor(kWait);
  await shot('sure-zh');
  await legible('sure');
  await desk.keyboard.press('Enter');
  await desk.locator('dialog .problem').getByText('请先勾选').waitFor(kWait);
  await desk.keyboard.press('Space');
  await desk.keyboard.press('Enter');
  await desk.locator('.toast', { hasText: '秒后发送' }).waitFor(kWait);
  await press('u');
  assert.equal((await topic(city, 'dispatch.orders')).at(-1).data.state, 'dispatched', 'nobody at a desk ends a rescue');
});

test('what is looked for is found, with why something came of it or why nothing did', async () => {
  const lift = 'elevator/31010500099002';
  await permit(city, lift, { record: 'registration', action: 'registered', name: '仙霞公寓2号梯', address: '长宁区仙霞路900弄2号', useUnit: '仙霞物业', maintenanceUnit: 'unit/fast-lift', rescueCode: '100902', district: '310105' });
  await shop('20', '阿毛五金');
  await permit(city, 'shop/22', { record: 'registration', action: 'registered', name: '外摆咖啡', address: '长宁区威宁路22号', useUnit: 'kafei', district: '310105' });
  await permit(city, 'shop/22', { record: 'filing', action: 'registered', no: '外摆-0193', validUntil: '2099-12-31' });
  await camera(city, 'shop/22', { device: 'cam-22', label: 'goods_beyond_door', confidence: 0.93 }, { id: 'seen-permitted' });
  const quiet = { floor: 3, speedMps: 0, door: 'closed', doorZone: false, loadKg: 0, occupied: false, mode: 'normal', faultCode: null, alarmButton: false, alarmEnd: false };
  const time = new Date(Date.now() - 5_000).toISOString();
  for (let i = 0; i < 2; ++i) await telemetry(city, lift, quiet, { id: 'status-77', more: { time } });
  const filing = { record: 'filing', action: 'registered', no: '外摆-0200', validUntil: '2099-12-31' };
  await permit(city, 'shop/20', filing, { id: 'filing-1', ago: 60_000 });
  await say(city, 'shop/20', { step: 'verify', item: 'street.check', by: 'seat/9' }, { id: 'said-too-early' });
  await desk.locator('#rows tbody tr[data-id]', { hasText: '阿毛五金' }).waitFor(kWait);
  await press('3');
  await row('外摆咖啡').waitFor(kWait);

  const found = desk.locator('.found');
  const look = async (text) => {
    await press('/');
    await desk.keyboard.type(text);
    await press('Enter');
    await found.getByText(`查找“${text}”`).waitFor(kWait);
    await desk.locator('.found .trace [role=status]').waitFor({ state: 'detached', ...kWait });
  };
  await look('100902');
  await found.locator('li[data-kind=place]').getByText('仙霞公寓2号梯').waitFor(kWait);
  await press('Enter');
  await desk.locator('.entity h2').getByText('仙霞公寓2号梯').waitFor(kWait);
  await look('仙霞路900弄');
  await found.locator('li[data-kind=place]').getByText('仙霞公寓2号梯').waitFor(kWait);

  const order = (await topic(city, 'dispatch.orders')).at(-1).data.id;
  await look(order);
  await found.locator('li[data-kind=order]').getByText('街面秩序一刻钟到场处置').waitFor(kWait);
  await press('Enter');
  await detail.locator('h2').getByText('街面秩序一刻钟到场处置').waitFor(kWait);

  await look('seen-permitted');
  const suppressed = found.locator('li[data-kind=warning]');
  await suppressed.getByText('以此为证据').waitFor(kWait);
  assert.match(await suppressed.innerText(), /已抑制：已许可或备案/);
  await found.getByText('经 camera.alerts 收到').waitFor(kWait);
  await shot('found-permitted-zh');
  await legible('found');

  await look('status-77');
  await found.getByText('没有留下痕迹').waitFor(kWait);
  await found.getByText('同一编号又收到 1 次').waitFor(kWait);
  assert.match(await found.locator('.rules').innerText(), /电梯困人[\s\S]*条件不成立：data\.occupied，读到\{"occupied":false\}/);
  await shot('found-nothing-zh');
  await legible('found nothing');
  await desk.emulateMedia({ colorScheme: 'dark' });
  await press('t');
  await found.getByText('It left no trace').waitFor(kWait);
  await shot('found-nothing-en-night');
  await legible('found nothing, English');
  await press('t');
  await desk.emulateMedia({ colorScheme: 'light' });

  await look('said-too-early');
  assert.match(await found.locator('li[data-kind=rejected]').first().innerText(), /操作未成立/);
  await look('filing-1');
  await found.getByText('经 permit.changes 收到').waitFor(kWait);
  await look('no-such-event');
  await found.getByText('日志里没有这个编号的事件').waitFor(kWait);
  await look('100902');
  assert.equal(await found.locator('.trace h3').count(), 0, 'what is a code is no event');

  await visit('20', 'false_alarm', 'none');
  await say(city, 'shop/20', { step: 'verify', item: 'street.check', by: 'checker/SH-1' });
  const places = async (text) => (await (await fetch(`${city.url}api/find?text=${text}`)).json()).places;
  await until(async () => (await places('cam-20')).length > 0, 'a verdict about the camera');
  await look('cam-20');
  await found.locator('li[data-kind=place]', { hasText: 'device/cam-20' }).getByText('可信').waitFor(kWait);
});
