/**
 * The tellers' device (máy của tổ kiểm phiếu): pins P while ballots are handed out, shows the turnout, and once the box is
 * sealed counts again by itself (recount.js). A change of phase reloads the page; nothing here decides what comes next.
 */
import { ANONYMOUS, ask, parse } from '../ballot/ask.js';
import { digitsOf, readSheet } from '../ballot/ballot.js';
import { readAll } from '../ballot/store.js';
import { recall } from './paper.js';
import { showPapers, two } from './paper-screens.js';
import { Fault, newReader, recount } from './recount.js';

const PHASE_PACE = Number(document.body.dataset.pace);
const TURNOUT_PACE = 10000;
const data = JSON.parse(document.getElementById('count-data').textContent);
const pinName = `ghim/${data.poll}/${data.round}`;
const checksName = `dem-lai/${data.p}`;
const find = (selector) => document.querySelector(selector);
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Post to the site by this device's cookie; `luot` names the poll this page shows, so that a stale page is refused. */
function post(path, body, type) {
  const token = find('[name=csrfmiddlewaretoken]').value;
  const headers = { 'Content-Type': type, 'X-CSRFToken': token };
  return ask(`${path}?luot=${data.poll}`, { method: 'POST', credentials: 'same-origin', headers, body });
}

const postJson = (path, value) => post(path, JSON.stringify(value), 'application/json');

function alarm(sentence) {
  find('#alarm').textContent = sentence;
  find('#alarm').hidden = false;
}

// The pin: the sheet this device saw while ballots were handed out is the one it will count by.

let own = ''; // the P that this phone's own ballot has pinned

async function findOwn() {
  const records = Object.entries(await readAll()).filter(([name]) => name.startsWith('phieu/'));
  const found = records.find(([, { poll, round }]) => poll === data.poll && round === data.round);
  if (found) own = found[0].split('/')[1];
}

/** @returns {string} the pinned P of this poll round: by this page, or by the same phone's own ballot; "" if none */
const pinned = () => localStorage.getItem(pinName) || own;

function pin() {
  if (!pinned()) localStorage.setItem(pinName, data.p);
  if (pinned() === data.p) return true;
  alarm(`Mã lượt đã bị đổi sau khi phát phiếu: máy này giữ ${digitsOf(pinned())}. Xin dừng lại và báo cả hội nghị.`);
  return false;
}

// Phase and turnout.

async function followPhase() {
  for (;;) {
    await pause(PHASE_PACE);
    const { status, bytes } = await ask(`/hom/${data.key}/luot`, ANONYMOUS);
    const { state, poll, p } = status === 200 ? parse(bytes) : {};
    if (state && (state !== data.state || poll !== data.poll || p !== data.p)) {
      location.replace(location.pathname);
      return;
    }
  }
}

/** Counts only, and never faster: a number that jumps as a phone is laid down would tell whose ballot it was. */
async function followTurnout() {
  for (;;) {
    await pause(TURNOUT_PACE);
    const { status, bytes } = await ask(data.urls.turnout, { credentials: 'same-origin' });
    const { issued, collected, papers } = status === 200 ? parse(bytes) : {};
    if (issued === undefined) continue;
    if (data.state === 'issuing' && papers !== data.papers) location.replace(location.pathname);
    find('[data-issued]').textContent = two(issued);
    if (data.state === 'casting') find('[data-collected]').textContent = two(collected);
  }
}

// Paper ballots.

async function openPapers() {
  const place = find('#paper [data-screen]');
  try {
    await recall(data.p);
    if (!place) return;
    const { status, bytes } = await ask(`/hom/${data.p}/to-phieu`, ANONYMOUS);
    if (status !== 200) throw new Error('no sheet');
    showPapers(place, data, await readSheet(bytes, data.p), askStamp);
  } catch (error) {
    const sentence = 'Không mở được phần phiếu giấy. Xin tải lại trang này, hoặc mở trên máy khác của tổ kiểm phiếu.';
    if (place) place.textContent = sentence;
  }
}

async function askStamp(body) {
  const { status, bytes } = await post(data.urls.stamp_paper, body, 'application/octet-stream');
  if (status === 200 && bytes.length === 256) return bytes;
  throw new Error(parse(bytes).error || 'Mất mạng, chưa phát được hết phiếu giấy. Xin bấm lại.');
}

// The recount.

/** Ask until there is an answer; the door's 404 is one, too. */
async function insist(request) {
  for (;;) {
    const answer = await request();
    if ([200, 403, 404, 409].includes(answer.status)) return answer;
    const { error } = answer.bytes ? parse(answer.bytes) : {};
    find('[data-progress]').textContent = error || 'Mất mạng. Đang thử lại…';
    await pause(PHASE_PACE);
  }
}

async function fetchBox(p) {
  const sheet = await insist(() => ask(`/hom/${p}/to-phieu`, ANONYMOUS));
  const list = await insist(() => ask(`/hom/${p}/danh-sach`, ANONYMOUS));
  if (sheet.status !== 200) throw new Fault('Máy chủ không còn tờ phiếu mà máy này đã giữ lúc phát phiếu.');
  if (list.status !== 200) throw new Fault('Máy chủ không có danh sách phiếu của lượt này.');
  const reader = await newReader();
  const box = await insist(() => post(data.urls.sealed_ballots, reader.point, 'application/octet-stream'));
  if (box.status === 200) {
    return { sheet: sheet.bytes, list: list.bytes, bodies: await reader.open(box.bytes, p) };
  }
  // Counted meanwhile on another teller's device, or this one was replaced: the next look at the phase tells.
  find('[data-progress]').textContent = parse(box.bytes).error || '';
  return null;
}

/** Count again, in memory only, and say the outcome; nothing of a single ballot is shown or kept. */
async function countAgain() {
  const p = pinned();
  const held = [];
  const tell = (sentence) => {
    held.push(sentence);
    showChecks(held);
  };
  try {
    const box = await fetchBox(p);
    if (!box) return;
    find('[data-progress]').textContent = 'Đang kiểm tra từng phiếu…';
    const { poll, round, issued, announced } = data;
    const { list_sha256, rows } = await recount(Object.assign({ p, poll, round, issued, announced }, box), tell);
    sessionStorage.setItem(checksName, JSON.stringify(held));
    await insist(() => postJson(data.urls.agree, { list_sha256, rows }));
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    alarm(error.message);
    await insist(() => postJson(data.urls.disagree, { what: error.message }));
  }
  location.replace(location.pathname);
}

function showChecks(sentences) {
  const place = find('[data-checks]');
  place.replaceChildren(
    ...sentences.map((sentence) => Object.assign(document.createElement('li'), { textContent: sentence })),
  );
}

async function startRecount() {
  if (!pinned()) {
    find('#recount').hidden = true;
    find('#unpinned').hidden = false;
    await new Promise((resolve) => find('[data-trust]').addEventListener('click', resolve));
    localStorage.setItem(pinName, data.p);
    find('#unpinned').hidden = true;
    find('#recount').hidden = false;
  }
  try {
    await countAgain();
  } catch (error) {
    // What breaks on this device is no fault of the box: another teller's device can still count.
    alarm('Máy này không đếm lại được. Xin mở trang này trên máy khác của tổ kiểm phiếu.');
  }
}

async function start() {
  // A browser that keeps no ballots has no own one.
  await findOwn().catch(() => {});
  if (['issuing', 'casting'].includes(data.state)) {
    if (pin()) openPapers();
  }
  if (data.state === 'issuing') find('#pinned').hidden = false;
  if (data.state === 'sealed' && find('#recount')) startRecount();
}

followPhase();
if (['issuing', 'casting'].includes(data.state)) followTurnout();
if (data.state === 'counted') showChecks(JSON.parse(sessionStorage.getItem(checksName) || '[]'));
if (navigator.wakeLock) navigator.wakeLock.request('screen').catch(() => {});
start();
