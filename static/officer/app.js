/** Unobtrusive helpers of officers' pages, driven by data-* attributes. Every page works without this file. */
import { keepUnsent } from '../phone/unsent.js';
import { hasEnded, watchIdle } from './idle.js';

keepUnsent();
watchIdle();

// data-print: what is kept on paper.
for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false;
  button.addEventListener('click', () => print());
}

// data-hint: what the page is for. Once put away it is not shown again to this person in this browser; the server
// reads that from the cookie, so that nothing jumps away while the page opens.
const hint = document.querySelector('[data-hint]');
hint?.addEventListener('toggle', () => {
  if (hint.open) return;
  const name = hint.dataset.cookie;
  const former = document.cookie.split('; ').find((each) => each.startsWith(`${name}=`));
  const away = new Set((former || '').slice(name.length + 1).split('.'));
  const pages = [...away.add(hint.dataset.hint)].filter(Boolean).join('.');
  document.cookie = `${name}=${pages}; path=/hop/; max-age=31536000; samesite=strict`;
  hint.remove();
  document.querySelector('#content').focus({ preventScroll: true });
});

// data-clock: what the server's clock showed, in seconds, where the hour is about to be written for good.
const wrongClock = document.querySelector('[data-clock]');
if (wrongClock) {
  const apart = Date.now() / 1000 - Number(wrongClock.dataset.clock);
  wrongClock.hidden = Math.abs(apart) < 600;
}

// On a narrow screen the path runs out of it: the page that is open stands within.
const here = document.querySelector('.path [aria-current]');
if (here) here.closest('.path').scrollLeft = here.offsetLeft - 48;

// The menu at the top shuts when one presses anything else, and by Escape.
const menu = document.querySelector('.menu');
document.addEventListener('click', (event) => {
  if (menu?.open && !menu.contains(event.target)) menu.open = false;
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && menu?.open) {
    menu.open = false;
    menu.querySelector('summary').focus();
  }
});

// A second click on a button that is already being answered must not send the form twice; another button of the form,
// which leads elsewhere, is another press: a page stays where the first one was a file.
document.addEventListener('submit', (event) => {
  if (event.defaultPrevented) return;
  const form = event.target;
  const to = `to ${event.submitter?.getAttribute('formaction') ?? ''}`;
  if (form.dataset.sent === to) event.preventDefault();
  if (form.method !== 'post') return;
  form.dataset.sent = to;
  setTimeout(() => delete form.dataset.sent, 5000);
});
window.addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-sent]')) delete form.dataset.sent;
});

// A page that the browser kept whole for Back: once its officer has signed out, here or in another tab, it goes.
window.addEventListener('pageshow', async ({ persisted }) => {
  if (!persisted) return;
  const answer = await fetch(location.href, { method: 'HEAD', redirect: 'manual' }).catch(() => null);
  if (answer && answer.type === 'opaqueredirect') location.reload();
});

// data-keep: a form with work in it ("unsaved": it was refused, nothing of it is saved yet). While it is changed and
// not sent, leaving the page asks first, and its button in the bar (data-save) is the big one.
let sending = null;
const written = (form) => new URLSearchParams(new FormData(form)).toString();
const works = [...document.querySelectorAll('form[data-keep]')].map((form) => ({
  form,
  saved: form.dataset.keep === 'unsaved' ? null : written(form),
}));
const isUnsaved = ({ form, saved }) => form !== sending && written(form) !== saved;
document.addEventListener('submit', (event) => {
  // What is sent to another window leaves this page as it is.
  sending = event.submitter && event.submitter.formTarget ? null : event.target;
});
window.addEventListener('pageshow', () => {
  sending = null;
});
window.addEventListener('beforeunload', (event) => {
  if (!hasEnded() && works.some(isUnsaved)) event.preventDefault();
});

function makeBig(button, big) {
  for (const name of ['btn-primary', 'btn-next']) button.classList.toggle(name, big);
  button.classList.toggle('btn-quiet', !big);
}
const save = document.querySelector('[data-save]');
function offerSave() {
  const work = works.find(({ form }) => form === save.form);
  const first = save.dataset.save === 'first' || (work !== undefined && isUnsaved(work));
  makeBig(save, first);
  for (const onward of document.querySelectorAll('[data-onward]')) makeBig(onward, !first);
}
if (save) {
  for (const name of ['input', 'change', 'reset']) document.addEventListener(name, () => setTimeout(offerSave));
  offerSave();
}

// What was pressed is on its way: until its page has come, nothing renews itself. A page that loads itself anew then would
// call the press back, and a part that is exchanged would forget that its button was pressed.
const ON_ITS_WAY = 30_000; // after so long it was a file, or the server is gone
let left = -ON_ITS_WAY;
const leave = () => {
  left = performance.now();
};
document.addEventListener('submit', (event) => {
  if (!event.defaultPrevented && !event.submitter?.formTarget) leave();
});
window.addEventListener('beforeunload', leave);
window.addEventListener('pageshow', () => {
  left = -ON_ITS_WAY;
});
for (const name of ['htmx:beforeRequest', 'htmx:beforeOnLoad']) {
  document.addEventListener(name, (event) => {
    const byItself = event.detail.elt.matches('[hx-trigger^="every"]');
    if (byItself && performance.now() - left < ON_ITS_WAY) event.preventDefault();
  });
}

// data-live: a part that htmx renews by itself. Never take a form away from under the hand that fills it in,
// nor a button between pressing and letting go.
let pressed = false;
document.addEventListener('pointerdown', () => {
  pressed = true;
});
for (const end of ['pointerup', 'pointercancel']) {
  document.addEventListener(end, () =>
    setTimeout(() => {
      pressed = false;
    }, 50),
  );
}
function inUse(part) {
  const focused = document.activeElement;
  const typing = part.contains(focused) && focused.matches('input, select, textarea, summary');
  return pressed || typing || part.querySelector('details[open], input:checked') !== null;
}
document.addEventListener('htmx:beforeRequest', (event) => {
  if (event.target.matches('[data-live]') && inUse(event.target)) event.preventDefault();
});
// What says the same as before stays where it is: a button is not taken away from under the mouse or the finger, and
// nothing is read out again. Only the mask of the form token differs from answer to answer.
const shown = {};
const withoutMask = (answer) => answer.replace(/ name="csrfmiddlewaretoken" value="\w+"/g, '');
document.addEventListener('htmx:beforeSwap', (event) => {
  const part = event.target;
  if (!part.matches('[data-live]')) return;
  const said = withoutMask(event.detail.xhr.responseText);
  const asked = event.detail.requestConfig.elt !== part; // by a link in it: that press is what it is in use for
  if (!asked && (inUse(part) || shown[part.id] === said)) event.detail.shouldSwap = false;
  else shown[part.id] = said;
});

// data-offline: the line that says the server does not answer.
function showOffline(offline) {
  for (const line of document.querySelectorAll('[data-offline]')) line.hidden = !offline;
}
document.addEventListener('htmx:sendError', () => showOffline(true));
document.addEventListener('htmx:afterOnLoad', () => showOffline(false));

// data-copy="#id": copy the text of that field, and say so on the button.
for (const button of document.querySelectorAll('[data-copy]')) {
  button.addEventListener('click', async () => {
    const field = document.querySelector(button.dataset.copy);
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      button.textContent = '✔ Đã chép';
    } catch {
      button.textContent = 'Xin bấm Ctrl + C';
    }
  });
}

// data-pick: a day, and maybe an hour, typed as people write it. Say below it which day is meant, in Vietnamese, and
// offer the browser's own calendar beside it.
const WRITTEN = /^\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b(.*)$/;
const weekday = new Intl.DateTimeFormat('vi-VN', { weekday: 'long' });
function inWords(text) {
  const [, date, month, year] = (text.match(WRITTEN) || []).map(Number);
  const meant = new Date(year, month - 1, date);
  if (meant.getMonth() !== month - 1) return '';
  const [two, due] = [date, month].map((number) => String(number).padStart(2, '0'));
  return `${weekday.format(meant)}, ngày ${two} tháng ${month < 3 ? due : month} năm ${year}`;
}
for (const field of document.querySelectorAll('[data-pick]')) {
  const words = Object.assign(document.createElement('p'), { className: 'form-text' });
  const calendar = Object.assign(document.createElement('input'), {
    type: 'date',
    className: 'calendar',
    tabIndex: -1,
  });
  const button = Object.assign(document.createElement('button'), { type: 'button', className: 'btn btn-quiet mt-2' });
  button.textContent = 'Chọn ngày';
  calendar.ariaHidden = 'true';
  field.after(button, calendar, words);
  const say = () => {
    words.textContent = inWords(field.value);
  };
  button.addEventListener('click', () => calendar.showPicker());
  calendar.addEventListener('change', () => {
    const [, , , , hour = ''] = field.value.match(WRITTEN) || [];
    const [year, month, date] = calendar.value.split('-');
    field.value = `${date}/${month}/${year}${hour}`;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
  field.addEventListener('input', say);
  say();
}

// Who is led to a line of a returned file comes to change it: its form stands open.
function openAimed() {
  const aimed = document.getElementById(location.hash.slice(1));
  const form = aimed?.matches('li, tr') && aimed.querySelector(':scope > details, :scope > td > details');
  if (form) form.open = true;
}
const mending = document.querySelector('.mending');
if (mending) {
  document.documentElement.style.scrollPaddingTop = `${mending.offsetHeight + 8}px`; // long words cover no line
  window.addEventListener('hashchange', openAimed);
  openAimed();
}

// After a refused form, start where the correction is needed, or the question stands.
const wrong = document.querySelector('.is-invalid, main .wrong, main [data-look]');
if (wrong) {
  wrong.scrollIntoView({ block: 'center' });
  if (wrong.matches('.is-invalid')) wrong.focus();
}
