/**
 * A session that nobody uses ends (members/accounts/idle.py). Two minutes before, the page says so; a press or a key is
 * told to the server, at most once a minute, so that who writes for an hour is there. What was written stays in this
 * tab (static/phone/unsent.js).
 */
const WARNED = 120;
const TOLD = 60; // seconds: a press so soon after the one before is not told
const OFTEN = 5;
const LONGEST = 3600; // what a timer is set to at most

const box = document.querySelector('[data-idle]');
let end = Infinity;
let told = Date.now();
let timer = null;
let ended = false;

/** Whether the page is going because its session is over: then nothing must hold it up. */
export const hasEnded = () => ended;

/** What is left, in words. */
export const inWords = (seconds) =>
  seconds > 60 ? `${Math.ceil(seconds / 60)} phút` : `${Math.max(seconds, 0)} giây`;

const left = () => Math.round((end - Date.now()) / 1000);
const endIn = (seconds) => {
  end = seconds === null ? Infinity : Date.now() + seconds * 1000;
};

function leave() {
  ended = true;
  location.replace(location.href.split('#')[0]);
}

/** The server knows what other tabs did, and whether a meeting is open. No answer: look again soon. */
async function ask(method) {
  const token = document.querySelector('[name=csrfmiddlewaretoken]');
  const headers = { 'HX-Request': 'true', 'X-CSRFToken': token ? token.value : '' };
  const answer = await fetch(box.dataset.ask, { method, headers }).catch(() => null);
  if (answer && answer.headers.has('HX-Redirect')) {
    leave();
    return;
  }
  if (answer && answer.ok) endIn((await answer.json()).left);
  show();
}

function show() {
  clearTimeout(timer);
  const isNear = left() <= WARNED;
  if (isNear) box.querySelector('[data-left]').textContent = inWords(left());
  box.hidden = !isNear;
  const wait = isNear ? Math.min(OFTEN, Math.max(left(), 1)) : Math.min(left() - WARNED, LONGEST);
  if (end !== Infinity) timer = setTimeout(look, wait * 1000);
}

/** Before it warns, and at the end, it asks: somebody may have been busy in another tab. */
function look() {
  const isNews = left() <= 0 || (box.hidden && left() <= WARNED);
  if (isNews) ask('GET');
  else show();
}

function here({ isTrusted }) {
  if (!isTrusted || (box.hidden && Date.now() - told < TOLD * 1000)) return;
  told = Date.now();
  ask('POST');
}

/** Follow the session of this page, if it is one that ends. */
export function watchIdle() {
  if (!box) return;
  endIn(Number(box.dataset.idle));
  for (const name of ['pointerdown', 'keydown', 'input']) document.addEventListener(name, here, { capture: true });
  // The button needs nothing of its own: pressing it is a press. A laptop that slept, a page that was kept for Back:
  for (const name of ['visibilitychange', 'pageshow']) {
    addEventListener(name, () => {
      if (document.visibilityState === 'visible') look();
    });
  }
  show();
}
