/** The voting page (trang bỏ phiếu): asks for the phase every three seconds, draws the screens, and listens. */
import { digitsOf, sha256, utf8 } from './ballot.js';
import {
  answerOffer, askPhase, claim, current, fold, holds, mark, offered, recall, remember, stock, unfold, work,
} from './booth.js';

const PACE = 3000;
const REST = 300;
const byId = (id) => document.getElementById(id);
const main = byId('main');
const app = { who: '', code: '', waited: new Set() };
let [asking, working, acting, drawn] = [false, false, false, ''];

// Screens: chosen from phase and record alone, drawn from the templates of index.html.

/** Draw what has changed and leave the rest alone: a form is never rebuilt under a finger. */
function draw() {
  drawFrame();
  const { name, values = {}, build } = choose();
  const fresh = drawn !== name + values.row;
  if (fresh) main.textContent = '';
  if (fresh) main.append(byId(name).content.cloneNode(true));
  drawn = name + values.row;
  main.querySelectorAll('[data-is]').forEach((each) => write(each, values[each.dataset.is]));
  main.querySelectorAll('[data-if]').forEach((each) => { each.hidden = !values[each.dataset.if]; });
  if (fresh && build) build();
  if (fresh) settle(values.focus);
}

function write(element, words = '') {
  if (element.textContent !== String(words)) element.textContent = words;
}

function drawFrame() {
  const { phase, sheet, tablet, who, broken } = app;
  const { p } = (!broken && phase) || {};
  document.body.className = tablet ? 'shared' : who && 'slip';
  byId('leave').hidden = !tablet || !who;
  byId('code').hidden = !p;
  if (p) write(byId('digits'), digitsOf(p));
  if (sheet && sheet.p === p) write(byId('title'), sheet.title);
  const words = p && remark(current(app).record || {});
  write(byId('status'), words ? byId(words).content.textContent : '');
}

function remark({ state, carried }) {
  const unsent = ['STAMPED', 'MARKING', 'FOLDED'].includes(state) || stock(app).waiting;
  if (app.deaf || app.offline) return unsent ? 'say-unsent' : 'say-offline';
  if (app.objection) return 'say-objection';
  if (unsent && carried) return 'say-carried';
  return state === 'MARKING' && app.phase.state === 'casting' && 'say-open';
}

function choose() {
  const { phase, sheet, refusal, result, tablet, who } = app;
  if (app.broken || app.alarm || !phase) return { name: app.broken || app.alarm || 'opening' };
  const { record } = current(app);
  const state = record && record.state;
  const over = ['sealed', 'counted', 'confirmed'].includes(phase.state);
  if (over && result && result.p === phase.p) return { name: result.word, values: result };
  if (['void', 'none', 'unknown'].includes(phase.state)) return { name: phase.state, values: record || {} };
  if (state === 'IN_BOX') return { name: 'cast' };
  if (over) return { name: 'sealed' };
  if (tablet && !who) return { name: app.handed ? 'handed' : 'tablet', values: Object.assign(stock(app), app) };
  if (state === 'FOLDED') return { name: phase.state === 'casting' ? 'sending' : 'folded' };
  if (sheet && state && state !== 'KEYED') return chooseForm(record);
  if (phase.state === 'casting') return { name: sheet ? 'missed' : 'opening' };
  return refusal && refusal.p === phase.p ? { name: 'refused', values: refusal } : { name: 'getting' };
}

/** One subject per screen, then the review, then one confirmation. */
function placeIn({ marks = [null] }) {
  const { place, sheet } = app;
  const open = marks.indexOf(null);
  if (place && place.row < sheet.rows.length) return place;
  if (open >= 0) return { row: open };
  return place && place.view ? place : { view: 'review' };
}

function chooseForm(record) {
  if (!record.marks && offered(app)) return { name: 'offer' };
  const { levels, rows } = app.sheet;
  const { marks = [] } = record;
  const { view, row, focus } = placeIn(record);
  const several = levels.length > 1;
  const blank = several && marks.filter((each) => !each).length;
  const values = { focus, of: rows.length, blank, empty: blank === rows.length };
  if (view) return { name: view, values, build: () => view === 'review' && drawLines(marks) };
  Object.assign(values, { row, number: row + 1, subject: rows[row], level: levels[0][1], marked: Number.isInteger(marks[row]) });
  return { name: several ? 'fill' : 'agree', values, build: () => drawChoices(marks[row]) };
}

/** A poll on a single level has its two buttons already. */
function drawChoices(chosen) {
  const none = main.querySelector('.several');
  if (none) app.sheet.levels.forEach(([, label], i) => none.before(button('mark', i + 1, 'level', label)));
  main.querySelectorAll('[data-do=mark]').forEach((each) => {
    each.setAttribute('aria-pressed', each.dataset.value === String(chosen));
  });
}

function drawLines(marks) {
  const { levels, rows } = app.sheet;
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
  Object.assign(made, { type: 'button', className: look });
  Object.assign(made.dataset, { do: action, value });
  made.append(...contents);
  return made;
}

/** Lead the reader to the new screen; no second tap of an unsteady finger falls on it. */
function settle(row) {
  const heading = main.querySelector('h1');
  document.title = heading.innerText; // not textContent: of two wordings only one is shown
  heading.tabIndex = -1;
  heading.focus();
  scrollTo(0, 0);
  const rest = (disabled) => main.querySelectorAll('button').forEach((each) => Object.assign(each, { disabled }));
  rest(true);
  setTimeout(() => {
    rest(false);
    if (row >= 0) main.querySelector(`[data-value="${row}"]`).focus();
  }, REST);
}

// The pace, and what the member does.

/** Ask for the phase; the pace is the same whatever the member does or has done. */
async function ask() {
  if (asking || app.broken) return;
  asking = true;
  const phase = await askPhase(app.key);
  asking = false;
  app.deaf = !phase;
  if (phase) heed(phase);
  draw();
}

function heed(phase) {
  const last = app.phase || phase;
  if (phase.p !== last.p) Object.assign(app, { objection: false, offline: false });
  if (phase.poll !== last.poll) Object.assign(app, { place: null, again: false });
  app.phase = phase;
  if (app.tablet && !['issuing', 'casting'].includes(phase.state)) leave();
  step();
}

async function step() {
  if (working) return;
  working = true;
  await work(app).catch(stop);
  working = false;
  draw();
}

function stop(error) {
  app.broken = app.broken || (forgets() ? 'forgetful' : 'failed');
  console.error(error);
}

function forgets() {
  try {
    return remember('phieu-thu', String(Math.random()));
  } catch (error) {
    return true;
  }
}

function lose() {
  app.broken = 'elsewhere';
  draw();
}

/** A slip's record is named after its code, never by the code itself. */
async function visit(code) {
  leave();
  Object.assign(app, { code, who: (await sha256(utf8('partyreview/slip/1\0' + code))).slice(0, 16) });
}

/** The next member at a shared tablet sees nothing of this one. */
function leave() {
  Object.assign(app, { who: '', code: '', place: null, refusal: null, handed: false, mistake: false, objection: false });
}

const here = () => placeIn(current(app).record);

/** A step of the browser's history, so that the phone's own Back key leads one screen back. */
function go(place) {
  app.place = place;
  history.pushState(place, '');
}

/** To the first row without a mark, else to the review: there to the line just edited. */
function onward() {
  const { row, editing } = here();
  app.place = null;
  const next = here();
  go(next.view && editing ? { view: 'review', focus: row } : next);
}

const actions = {
  large() {
    remember('phieu-chu-to', recall('phieu-chu-to') ? '' : '1');
    showLarge();
  },
  reload: () => location.reload(),
  mark(value) {
    mark(app, here().row, value);
    onward();
  },
  onward,
  back: () => go({ row: here().row - 1 }),
  row: (row) => go({ row, editing: true }),
  ask: () => go({ view: 'confirm' }),
  review: () => go({ view: 'review' }),
  reuse: () => answerOffer(app, true),
  afresh: () => answerOffer(app, false),
  async fold() {
    await fold(app);
    if (app.tablet) leave();
    Object.assign(app, { place: null, handed: app.tablet });
  },
  unfold() {
    unfold(app);
    go({ view: 'review' });
  },
  leave,
  /** Spaces and hyphens do not matter, and 0, 1, 8 can only be o, l, b. */
  async slip() {
    const typed = byId('letters').value.toLowerCase().replace(/[\s-]/g, '');
    const code = typed.replace(/0/g, 'o').replace(/1/g, 'l').replace(/8/g, 'b');
    app.mistake = !/^[a-z2-7]{16}$/.test(code);
    if (app.mistake) return;
    await visit(code);
    step();
  },
};

async function act(name, value) {
  if (acting) return;
  acting = true;
  try {
    await actions[name](value);
  } catch (error) {
    stop(error);
  }
  acting = false;
  draw();
}

function showLarge() {
  const large = Boolean(recall('phieu-chu-to'));
  document.documentElement.classList.toggle('large', large);
  byId('large').setAttribute('aria-pressed', large);
}

async function stayAwake() {
  const { state } = app.phase || {};
  if (!navigator.wakeLock || document.hidden || !['issuing', 'casting'].includes(state)) return;
  if (!app.awake || app.awake.released) app.awake = await navigator.wakeLock.request('screen').catch(() => null);
}

function unfit(address) {
  if (!isSecureContext || !crypto.subtle) return 'insecure';
  if (!window.BigInt || !window.AbortController) return 'old';
  return address ? forgets() && 'forgetful' : 'unknown';
}

/** The address names the meeting, and a drawn slip or a shared tablet: #key, #key.code, #key.may-chung */
async function start() {
  showLarge();
  const address = location.hash.slice(1).toLowerCase();
  app.broken = unfit(/^[0-9a-f]{32}(\.([a-z2-7]{16}|may-chung))?$/.test(address));
  if (app.broken) return;
  const [key, rest] = address.split('.');
  if (rest === 'may-chung') remember('phieu-may-chung', key);
  Object.assign(app, { key, tablet: rest && recall('phieu-may-chung') === key });
  if (rest && rest !== 'may-chung') await visit(rest);
  // The next member must not find a slip's code in the address bar.
  if (app.tablet) history.replaceState(null, '', `#${key}.may-chung`);
  await claim(key + (app.tablet ? '/may-chung' : app.who), lose);
  ask();
  setInterval(ask, PACE);
  setInterval(stayAwake, PACE);
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
  app.place = state;
  draw();
});
addEventListener('hashchange', () => location.reload());
// Out of the back/forward cache: draw what is stored.
addEventListener('pageshow', ({ persisted }) => persisted && (holds() ? draw() : lose()));

start().catch(stop).then(draw);
