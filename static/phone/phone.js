/** Members' pages: larger type, waiting to be let in, and the way to the ballot. Every page works without this file. */
import { ANONYMOUS, ask, parse } from '../ballot/ask.js';
import { read } from '../ballot/store.js';
import { labelOf, mayAskTheSite } from './calm.js';

const LARGE = 'phieu-chu-to'; // the voting page reads the same name
const OPENED = 'phieu-da-mo';
const PACE = Number(document.body.dataset.pace);
const find = (selector) => document.querySelector(selector);
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function recall(name) {
  try {
    return localStorage.getItem(name);
  } catch (error) {
    return null;
  }
}

function keep(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch (error) {
    // Then it holds for this page only.
  }
}

function showOffline(offline) {
  find('[data-offline]').hidden = !offline;
}

// Chữ to
const big = find('[data-large]');
function enlarge(large) {
  document.documentElement.classList.toggle('large', large);
  big.setAttribute('aria-pressed', String(large));
}
big.hidden = false;
enlarge(Boolean(recall(LARGE)));
big.addEventListener('click', () => {
  const large = big.getAttribute('aria-pressed') !== 'true';
  keep(LARGE, large ? '1' : '');
  enlarge(large);
});

// The sixth digit completes the code: the page goes on by itself, and says so beforehand.
const digits = find('input.code');
if (digits) {
  find('[data-goes-on]').hidden = false;
  digits.select(); // after a mistake, typing replaces it
  digits.addEventListener('input', () => {
    if (/^[0-9]{6}$/.test(digits.value.replace(/[\s.-]/g, ''))) digits.form.querySelector('[type=submit]').click();
  });
}

// A second tap on a button that is already being answered must not send the form twice.
document.addEventListener('submit', (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = 'yes';
});
addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-sent]')) delete form.dataset.sent;
});

// A file is chosen with a button in our words; the browser's own speaks its own language.
const chooser = find('[data-file]');
function nameTheFile() {
  const [chosen] = chooser.querySelector('input').files;
  chooser.querySelector('label').textContent = chosen ? 'Chọn tệp khác' : 'Chọn tệp PDF';
  chooser.querySelector('[data-file-name]').textContent = chosen ? `Đã chọn: ${chosen.name}` : 'Chưa chọn tệp nào.';
}
if (chooser) {
  chooser.classList.add('file-ready');
  chooser.addEventListener('change', nameTheFile);
  addEventListener('pageshow', nameTheFile);
}

// The two digits: ask at a fixed pace whether the secretary has let this phone in.
async function waitToEnter(number) {
  for (;;) {
    await pause(PACE);
    const { status, bytes } = await ask(location.pathname, { headers: { Accept: 'application/json' } });
    const answer = status === 200 ? parse(bytes) : {};
    showOffline(status !== 200);
    if (answer.go) location.replace(answer.go);
    else if (status === 200 && String(answer.number) !== number.dataset.wait) location.reload();
  }
}

// The calm page. What the poll is doing is asked at the door, without any cookie; the site itself, which knows who asks,
// is asked only while no ballot can be on its way: when a member comes back from voting is nobody's business.
const door = find('[data-door]');
const fresh = find('[data-fresh]');

/** Show the page as the site would draw it now; whether there was an answer. */
async function renew() {
  const { bytes } = await ask(location.pathname, { redirect: 'follow' });
  const text = new TextDecoder().decode(bytes);
  const page = new DOMParser().parseFromString(text, 'text/html');
  const part = page.querySelector('[data-fresh]');
  // Another page of ours: this phone is no longer let in (đổi máy), and its member has to see that.
  if (!part && page.body.dataset.pace) location.reload();
  if (part && part.innerHTML !== fresh.innerHTML) fresh.innerHTML = part.innerHTML;
  if (part && !door && text.includes('data-door')) location.reload();
  return Boolean(bytes);
}

/** Whether this phone's own ballot is in the box, as the voting page keeps it. */
const isCast = (poll) =>
  read(`phieu/${poll.p}/`).then(
    (record) => Boolean(record) && record.state === 'IN_BOX',
    () => false,
  );

async function showPoll(poll) {
  const link = find('[data-poll="open"]');
  const done = await isCast(poll);
  const label = labelOf(poll.state, done);
  link.hidden = !label;
  link.textContent = label;
  link.classList.toggle('main', !done);
  find('[data-poll="calm"]').hidden = !link.hidden;
  // Once for each new ballot; who comes back from it is left in peace.
  if (poll.state === 'issuing' && recall(OPENED) !== poll.p) {
    keep(OPENED, poll.p);
    location.assign(link.href);
  }
}

/** What the door says of the poll; null when it is not sure, or not heard: then a ballot may be on its way. */
async function askTheDoor() {
  const { status, bytes } = await ask(door.dataset.door, ANONYMOUS);
  const poll = status === 200 ? parse(bytes) : {};
  return poll.state ? poll : null;
}

async function watch() {
  for (let asked = 1; ; asked += 1) {
    const poll = door ? await askTheDoor() : { state: 'none' };
    if (poll && door) await showPoll(poll);
    const renews = poll && mayAskTheSite(poll.state) && asked % 4 === 0;
    showOffline(!poll || (renews && !(await renew())));
    await pause((PACE * (7 + 2 * Math.random())) / 6);
  }
}

const number = find('[data-wait]');
if (number) waitToEnter(number);
if (fresh) watch();
