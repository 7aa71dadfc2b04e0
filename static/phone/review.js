/** A member's self-review: kept in this phone at every letter, on the server every few seconds. Works without it, too. */
import { ask, parse } from '../ballot/ask.js';
import { fateOf, fitsLastBreath, isOurs, letters, mended, same, troubleOf, withPlace } from './draft.js';
import { decimal, hundredths, reaches } from './points.js';
import { walk } from './steps.js';

const PACE = Number(document.body.dataset.pace);
const TRIED = 8; // so many answers may be lost before a later one is not recognised
const form = document.querySelector('[data-review]');
const key = form && `kiem-diem/${form.dataset.review}`;
const find = (selector) => form.querySelector(selector);
const steps = form && walk(form);

let timer = null; // of the next save
let flight = null; // the request under way
let stopped = false; // something else was stored meanwhile: a press of the button decides
let tried = []; // what was sent and not yet answered: it may have been stored
let isKept = true; // whether the browser keeps what is written
let offered = null; // words of a killed tab that the member has not taken back yet

// The page.

function places() {
  return [...form.elements].filter(({ name }) => /^(text-|grade-|score-|answer-|why-|self_level$)/.test(name));
}

/** What stands in the page now, or, with `first`, what the server has put there. */
function fields(first = false) {
  const found = {};
  for (const place of places()) {
    if (place.type !== 'radio') found[place.name] = letters(first ? place.defaultValue : place.value);
    else if (first ? place.defaultChecked : place.checked) found[place.name] = letters(place.value);
  }
  return found;
}

function fill(values) {
  for (const place of places()) {
    const value = values[place.name] || '';
    if (place.type === 'radio') place.checked = place.value === value;
    else place.value = value;
  }
  count();
}

function say(words, trouble = false, reload = false, emptier = false) {
  const status = find('[data-status]');
  status.textContent = words;
  status.toggleAttribute('data-trouble', trouble);
  find('[data-reload]').hidden = !reload;
  find('[data-emptier]').hidden = !emptier;
}

function showProblems(problems) {
  for (const line of form.querySelectorAll('[data-problem]')) line.textContent = problems[line.dataset.problem] || '';
}

// In this phone.

function recall() {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch (error) {
    return null;
  }
}

function keep() {
  const { version, criteria } = form.elements;
  // A page that was refused is older than what is stored, whatever version a second press would write over.
  const written = 'unsaved' in form.dataset ? '' : version.value;
  const words = { version: written, criteria: criteria.value, fields: fields(), tried, offered };
  try {
    localStorage.setItem(key, JSON.stringify(words));
    isKept = true;
  } catch (error) {
    isKept = false; // then only the server keeps it
  }
}

function forget() {
  tried = [];
  try {
    if (offered) localStorage.setItem(key, JSON.stringify({ offered }));
    else localStorage.removeItem(key);
  } catch (error) {
    // Nothing was kept.
  }
}

// On the server.

function later() {
  clearTimeout(timer);
  timer = setTimeout(save, PACE);
}

function lost(status) {
  const { words, again, reload } = troubleOf(status, isKept);
  say(words, true, reload);
  if (again) later();
  return false;
}

/** What the server says to what stands in the page, or the status of what is no answer of ours. */
async function send() {
  const body = new FormData(form);
  body.delete('do');
  const headers = { Accept: 'application/json' };
  const keepalive = document.hidden && fitsLastBreath(fields());
  const { status, bytes } = await ask(form.action, { method: 'POST', body, keepalive, headers });
  const answer = [200, 403, 409].includes(status) ? parse(bytes) : {};
  return answer.saved || answer.error ? answer : { status };
}

/** Store what stands in the page; whether it was. */
async function save() {
  clearTimeout(timer);
  if (stopped) return false;
  if (flight) {
    await flight;
    return save();
  }
  const sent = fields();
  if (navigator.onLine === false) {
    keep();
    return lost(0);
  }
  // Before it is sent: a tab that is killed on the way must know its own words again.
  if (!tried.length || !same(tried[tried.length - 1], sent)) tried = tried.concat([sent]).slice(-TRIED);
  keep();
  flight = send();
  const answer = await flight;
  flight = null;
  return 'status' in answer ? lost(answer.status) : heard(answer, sent);
}

function heard(answer, sent) {
  const ours = answer.fields && isOurs(tried, answer.fields);
  if (answer.error && !ours) {
    stopped = true;
    say(withPlace(answer.error, isKept), true, true, answer.emptier);
    return false;
  }
  form.elements.version.value = answer.version || form.elements.version.value;
  tried = [];
  if (ours) return save();
  showProblems(answer.problems);
  count();
  say(`Đã lưu lúc ${answer.saved}`);
  if (same(sent, fields())) forget();
  else {
    keep();
    later();
  }
  return true;
}

function changed() {
  keep();
  count();
  if (!stopped) later();
}

// The running total.

/** Say at once at its box that points are too many; the server tells the rest when it stores them. */
function isOver(row, points) {
  const most = row.dataset.scored;
  const box = row.querySelector('input');
  const line = row.querySelector('[data-problem]');
  const over = Boolean(most) && points !== null && points > hundredths(most);
  if (over) {
    line.textContent = `Cao nhất ${most} điểm.`;
    box.setAttribute('aria-invalid', 'true');
  } else if (row.hasAttribute('data-over')) {
    line.textContent = '';
    box.removeAttribute('aria-invalid');
  }
  row.toggleAttribute('data-over', over);
  return over;
}

/** The sum of what is scored, how many are open, and whether something is no number of points. */
function sumUp() {
  const now = fields();
  const total = { sum: 0, open: 0, wrong: false };
  for (const row of form.querySelectorAll('[data-scored]')) {
    const text = now[row.querySelector('input').name] || '';
    const points = hundredths(text);
    if (isOver(row, points) || (points === null && text.trim())) total.wrong = true;
    else if (points === null) total.open += 1;
    else total.sum += points;
  }
  return total;
}

function count() {
  const level = find('[name=self_level]:checked');
  find('[data-claim]').textContent = level ? `Tự nhận: ${nameOf(level)}` : 'Chưa chọn mức';
  steps.tell(fields());
  if (!find('[data-total]')) return;
  const { sum, open, wrong } = sumUp();
  find('[data-sum]').textContent = wrong ? '–' : decimal(sum);
  find('[data-band]').textContent = wrong ? '' : wordsOf(sum, open);
}

const nameOf = (level) => level.parentNode.textContent.trim();

function wordsOf(sum, open) {
  if (open) return `Còn ${open} chỗ chưa chấm.`;
  const band = [...form.querySelectorAll('[data-least]')].find((level) => reaches(level, sum));
  const chosen = find('[data-least]:checked');
  const short = chosen && !reaches(chosen, sum);
  return (
    (band ? `Khung điểm: ${nameOf(band)}.` : '') +
    (short ? ` Mức đồng chí chọn cần từ ${chosen.dataset.least} điểm.` : '')
  );
}

// What the member does.

/** Leave the page only with everything stored: what cannot be sent now stays where it is. */
async function leave(wanted) {
  if (!(await save()) || wanted !== 'submit') return;
  const what = document.createElement('input');
  Object.assign(what, { type: 'hidden', name: 'do', value: 'submit' });
  form.append(what);
  form.submit();
}

function restore(values) {
  fill(values);
  save();
}

/** What a killed tab has left behind; of a refused page, what stands in it. */
function takeUp() {
  if ('unsaved' in form.dataset) {
    stopped = true;
    keep();
    find('[data-reload]').hidden = false;
    return;
  }
  const left = recall() || {};
  const stored = fields(true);
  const { version, criteria } = form.elements;
  const words = left.fields && mended(left, criteria.value, stored);
  const fate = words ? fateOf(left, words, version.value, stored) : 'forget';
  tried = left.tried || [];
  if (fate === 'offer') offered = { criteria: criteria.value, fields: words };
  else if (left.offered) offered = { criteria: criteria.value, fields: mended(left.offered, criteria.value, stored) };
  if (offered && same(offered.fields, stored)) offered = null;
  if (offered) offer(find('[data-found]'));
  if (fate === 'restore') restore(words);
  else forget();
}

function offer(found) {
  const taken = () => {
    const { fields: words } = offered;
    offered = null;
    found.hidden = true;
    return words;
  };
  found.hidden = false;
  found.querySelector('[data-restore]').addEventListener('click', () => restore(taken()));
  found.querySelector('[data-drop]').addEventListener('click', () => {
    taken();
    keep();
  });
}

function listen() {
  let pressed = '';
  form.addEventListener('input', changed);
  form.addEventListener('change', changed);
  form.addEventListener('click', ({ target }) => {
    const button = target.closest('button');
    if (button) pressed = button.value;
  });
  // Not reload(): that would send a refused page once more.
  find('[data-reload]').addEventListener('click', () => location.replace(location.pathname));
  form.addEventListener('submit', (event) => {
    if (stopped) return;
    event.preventDefault();
    event.stopPropagation();
    leave(pressed);
  });
  for (const button of form.querySelectorAll('[data-all]')) {
    button.addEventListener('click', (event) => {
      event.preventDefault();
      for (const yes of button.parentNode.querySelectorAll('.pair .tap:first-child input')) yes.checked = true;
      changed();
    });
  }
  const saveLeftovers = () => {
    const left = recall();
    if (left && left.fields && !stopped) save();
  };
  addEventListener('online', saveLeftovers);
  document.addEventListener('visibilitychange', () => document.hidden && saveLeftovers());
}

if (form) {
  listen();
  takeUp();
  count();
  steps.begin();
}
