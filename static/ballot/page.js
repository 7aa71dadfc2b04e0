/** The voting page: asks for the phase at a fixed pace, draws the screens, and listens. */
import { digitsOf, sha256, utf8 } from './ballot.js';
import * as booth from './booth.js';
import * as voice from './voice.js';

const { address, current, poll, trouble, voter } = booth;
const { assign } = Object;
const byId = (id) => document.getElementById(id);
const main = byId('main');
const CODE = /^[bcfghjklmnpqrstvxz3479]{18}$/;
const MEANT = { 8: 'b', 5: 's', 2: 'z', 6: 'g', o: 'q', 0: 'q', i: 'l', 1: 'l' };
let drawn = ''; // the name of the screen
let lock = null; // keeps it awake

/** Only what has changed: a form is never rebuilt under a finger. */
function draw() {
  drawFrame();
  const { name, values = {}, build } = choose();
  const fresh = drawn !== name + values.row;
  if (fresh) main.textContent = '';
  if (fresh) main.append(byId(name).content.cloneNode(true));
  drawn = name + values.row;
  main.querySelectorAll('[data-is]').forEach((each) => write(each, values[each.dataset.is]));
  main.querySelectorAll('[data-if]').forEach((each) => assign(each, { hidden: !values[each.dataset.if] }));
  if (fresh && build) build();
  if (fresh) settle(values.focus);
  if (fresh && isPressed('aloud')) voice.read(main, byId('status').textContent);
}

function write(element, words = '') {
  if (element.textContent !== String(words)) element.textContent = words;
}

function drawFrame() {
  const { phase, sheet } = poll;
  const { p } = (!trouble.broken && phase) || {};
  document.body.className = address.tablet ? 'shared' : voter.who && 'slip';
  byId('leave').hidden = !address.tablet || !voter.who;
  byId('code').hidden = !p;
  if (p) write(byId('digits'), digitsOf(p));
  if (sheet && sheet.p === p) write(byId('title'), sheet.title);
  const words = p && remark(current().record || {});
  write(byId('status'), words ? byId(words).content.textContent : '');
}

function remark({ state, carried }) {
  const unsent = ['STAMPED', 'MARKING', 'FOLDED'].includes(state) || booth.stock().waiting;
  if (trouble.noPhase || trouble.offline) return unsent ? 'say-unsent' : 'say-offline';
  if (voter.objection) return 'say-objection';
  if (unsent && carried) return 'say-carried';
  return state === 'MARKING' && poll.phase.state === 'casting' && 'say-open';
}

function choose() {
  const { phase, sheet, result, again } = poll;
  const { who, refusal, handed, mistyped } = voter;
  const stopped = trouble.broken || trouble.alarm || (!phase && 'opening');
  if (stopped) return { name: stopped };
  const { record } = current();
  const state = record && record.state;
  const over = ['sealed', 'counted', 'confirmed'].includes(phase.state);
  if (over && result && result.p === phase.p) return { name: result.word, values: result };
  if (['void', 'none', 'unknown'].includes(phase.state)) return { name: phase.state, values: record || {} };
  if (state === 'IN_BOX') return { name: 'cast' };
  if (over) return { name: 'sealed' };
  if (address.tablet && !who)
    return { name: handed ? 'handed' : 'tablet', values: assign(booth.stock(), { again, mistyped }) };
  if (state === 'FOLDED') return { name: phase.state === 'casting' ? 'sending' : 'folded' };
  if (sheet && state && state !== 'KEYED') return chooseForm(record);
  if (phase.state === 'casting') return { name: sheet ? 'missed' : 'opening' };
  return refusal && refusal.p === phase.p ? { name: 'refused', values: refusal } : { name: 'getting' };
}

/** One subject per screen, then the review, then one confirmation. */
function screenOf({ marks = [null] }) {
  const { screen } = voter;
  const open = marks.indexOf(null);
  if (screen && screen.row < poll.sheet.rows.length) return screen;
  if (open >= 0) return { row: open };
  return screen && screen.view ? screen : { view: 'review' };
}

function chooseForm(record) {
  if (!record.marks && booth.offered()) return { name: 'offer' };
  const { levels, rows } = poll.sheet;
  const { marks = [] } = record;
  const { view, row, focus } = screenOf(record);
  const several = levels.length > 1;
  const blank = several && marks.filter((each) => !each).length;
  const values = { focus, of: rows.length, blank, empty: blank === rows.length };
  if (view) return { name: view, values, build: () => view === 'review' && drawLines(marks) };
  assign(values, {
    row,
    number: row + 1,
    subject: rows[row],
    level: levels[0][1],
    marked: Number.isInteger(marks[row]),
  });
  return { name: several ? 'fill' : 'agree', values, build: () => drawChoices(marks[row]) };
}

/** A poll on a single level has its two buttons already. */
function drawChoices(chosen) {
  const none = main.querySelector('.several');
  if (none) poll.sheet.levels.forEach(([, label], i) => none.before(button('mark', i + 1, 'level', label)));
  main.querySelectorAll('[data-do=mark]').forEach((each) => {
    each.setAttribute('aria-pressed', each.dataset.value === String(chosen));
  });
}

function drawLines(marks) {
  const { levels, rows } = poll.sheet;
  const list = main.querySelector('ol');
  const { none, yes, no } = list.dataset;
  const names = levels.length > 1 ? [none, ...levels.map(([, label]) => label)] : [no, yes];
  rows.forEach((label, i) => {
    const [item, strong] = ['li', 'strong'].map((tag) => document.createElement(tag));
    strong.append(names[marks[i]]);
    item.append(button('row', i, 'row', label + ' ', strong));
    list.append(item);
  });
}

function button(action, value, look, ...contents) {
  const made = document.createElement('button');
  assign(made, { type: 'button', className: look });
  assign(made.dataset, { do: action, value });
  made.append(...contents);
  return made;
}

/** Lead the reader there; no second tap of an unsteady finger falls on it. */
function settle(row) {
  const heading = main.querySelector('h1');
  document.title = heading.innerText; // not textContent: of two wordings only one is shown
  heading.tabIndex = -1;
  heading.focus();
  scrollTo(0, 0);
  const rest = (disabled) => main.querySelectorAll('button').forEach((each) => assign(each, { disabled }));
  rest(true);
  setTimeout(() => {
    rest(false);
    if (row >= 0) main.querySelector(`[data-value="${row}"]`).focus();
  }, document.body.dataset.rest);
}

/** Do one such thing at a time, then draw. */
function alone(work) {
  let busy = false;
  return async (...given) => {
    if (busy) return;
    busy = true;
    await work(...given).catch(stop);
    busy = false;
    draw();
  };
}

/** The pace is the same whatever the member does or has done. */
const ask = alone(async () => {
  if (trouble.broken) return;
  const phase = await booth.askPhase();
  trouble.noPhase = !phase;
  if (phase) follow(phase);
  stayAwake();
});
const step = alone(booth.work);

function follow(phase) {
  const last = poll.phase || phase;
  if (phase.p !== last.p) [voter.objection, trouble.offline] = [false, false];
  if (phase.poll !== last.poll) [voter.screen, poll.again] = [null, false];
  poll.phase = phase;
  if (address.tablet && !['issuing', 'casting'].includes(phase.state)) leave();
  step();
}

function stop(error) {
  trouble.broken = trouble.broken || error.screen || 'failed';
  console.error(error);
}

function lose() {
  trouble.broken = 'elsewhere';
  draw();
}

/** A slip's record is named after its code, never by the code itself. */
async function visit(code) {
  leave();
  assign(voter, { code, who: (await sha256(utf8('partyreview/slip/1\0' + code))).slice(0, 16) });
}

/** The next member at a shared tablet sees nothing of this one. */
function leave() {
  assign(voter, booth.NOBODY);
  byId('aloud').setAttribute('aria-pressed', false);
  voice.hush(main);
}

const here = () => screenOf(current().record);

/** In the browser's history, so that the phone's own Back key leads one screen back. */
function go(screen) {
  voter.screen = screen;
  history.pushState(screen, '');
}

/** To the first row without a mark, else to the review: there to the line just edited. */
function onward() {
  const { row, editing } = here();
  voter.screen = null;
  const next = here();
  go(next.view && editing ? { view: 'review', focus: row } : next);
}

const actions = {
  large() {
    const large = !isPressed('large');
    rememberLarge(large);
    enlarge(large);
  },
  aloud() {
    const aloud = !isPressed('aloud');
    byId('aloud').setAttribute('aria-pressed', aloud);
    if (aloud) voice.read(main, byId('say-aloud').content.textContent);
    else voice.hush(main);
  },
  reload: () => location.reload(),
  async mark(value) {
    await booth.mark(here().row, value);
    onward();
  },
  onward,
  back: () => go({ row: here().row - 1 }),
  row: (row) => go({ row, editing: true }),
  ask: () => go({ view: 'confirm' }),
  review: () => go({ view: 'review' }),
  reuse: () => booth.answerOffer(true),
  afresh: () => booth.answerOffer(false),
  async fold() {
    await booth.fold();
    if (address.tablet) leave();
    assign(voter, { screen: null, handed: address.tablet });
  },
  async unfold() {
    await booth.unfold();
    go({ view: 'review' });
  },
  leave,
  /** Spaces and hyphens do not matter, and of look-alikes a slip has one. */
  async slip() {
    const typed = byId('letters').value.toLowerCase();
    const code = typed.replace(/[\s-]/g, '').replace(/[8526o0i1]/g, (letter) => MEANT[letter]);
    voter.mistyped = !CODE.test(code);
    if (voter.mistyped) return;
    await visit(code);
    step();
  },
};

const act = alone(async (name, value) => actions[name](value));

const isPressed = (id) => byId(id).getAttribute('aria-pressed') === 'true';

function enlarge(large) {
  document.documentElement.classList.toggle('large', large);
  byId('large').setAttribute('aria-pressed', large);
}

/** Under this name the members' pages look, too; where nothing is kept it holds for this page. */
function rememberLarge(large) {
  try {
    if (large !== undefined) localStorage.setItem('phieu-chu-to', large ? '1' : '');
    return Boolean(localStorage.getItem('phieu-chu-to'));
  } catch (error) {
    return Boolean(large);
  }
}

async function stayAwake() {
  const { state } = poll.phase || {};
  if (!navigator.wakeLock || document.hidden || !['issuing', 'casting'].includes(state)) return;
  if (!lock || lock.released) lock = await navigator.wakeLock.request('screen').catch(() => null);
}

function unfit(known) {
  if (!isSecureContext || !crypto.subtle) return 'insecure';
  if (!window.BigInt || !window.AbortController) return 'old';
  return !known && 'unknown';
}

/** The address names the meeting, and a drawn slip or a shared tablet: #key, #key.code, #key.may-chung */
async function start() {
  enlarge(rememberLarge());
  voice.whenFound((found) => assign(byId('aloud'), { hidden: !found }));
  const fragment = location.hash.slice(1).toLowerCase();
  trouble.broken = unfit(/^[0-9a-f]{32}(\.([bcfghjklmnpqrstvxz3479]{18}|may-chung))?$/.test(fragment));
  if (trouble.broken) return;
  const [key, rest] = fragment.split('.');
  await booth.recollect();
  if (rest === 'may-chung') await booth.remember('phieu-may-chung', key);
  assign(address, { key, tablet: rest && booth.recall('phieu-may-chung') === key });
  if (rest && rest !== 'may-chung') await visit(rest);
  // The next member must not find a slip's code in the address bar.
  if (address.tablet) history.replaceState(null, '', `#${key}.may-chung`);
  await booth.claim(key + (address.tablet ? '/may-chung' : voter.who), lose);
  ask();
  setInterval(ask, document.body.dataset.pace);
}

addEventListener('click', ({ target }) => {
  const pressed = target.closest('[data-do]');
  if (pressed) act(pressed.dataset.do, Number(pressed.dataset.value));
});
addEventListener('submit', (event) => {
  event.preventDefault();
  act('slip');
});
addEventListener('popstate', ({ state }) => {
  voter.screen = state;
  draw();
});
addEventListener('hashchange', () => location.reload());
// Out of the back/forward cache: draw what is stored.
addEventListener('pageshow', async ({ persisted }) => persisted && ((await booth.holds()) ? draw() : lose()));

start().catch(stop).then(draw);
