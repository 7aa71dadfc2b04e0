/**
 * What is written in a form stays in this tab until it is stored: a refusal, a page drawn anew, a session that ended or
 * a browser that died loses no word. It is offered above its form, never filled in unasked, and goes with signing out.
 */
import { letters } from './draft.js';

const NAME = 'chua-ghi/';
const OWNER = 'chua-ghi-cua';
const OUT = 'chua-ghi-dang-xuat'; // changes when the officer signs out, for the other tabs to hear
const SOON = 200;
// Not where the answer to a press that was done is the page itself, shown this once: it leads nowhere.
const FORMS = 'main form[method=post]:not([data-unkept])';
const WRITTEN = 'textarea, input[type=text], input:not([type])';
const FIELDS = `${WRITTEN}, select, input[type=radio], input[type=checkbox], input[type=number], input[type=tel]`;
const REFUSED = '.notice-error, .is-invalid, main .wrong, [data-keep=unsaved], [type=password]';

// The values of a form, as pairs of name and text.

const plain = (pairs) => JSON.stringify(pairs.map(([name, text]) => [name, letters(text).trim()]));

/**
 * What becomes of a draft when its form is drawn again: "forget", "keep" for the time being, or "offer". `stored`: the
 * page came after a press that was done; `refused`: it says that a press was not.
 */
export function fateOf(draft, now, { stored, refused }) {
  if (draft.sent && stored) return 'forget';
  if (plain(draft.values) !== plain(now)) return 'offer';
  return draft.sent || refused ? 'keep' : 'forget';
}

const fieldsOf = (form) => [...form.elements].filter((field) => field.name && field.matches(FIELDS));
const isTicked = ({ type }) => type === 'radio' || type === 'checkbox';

function valuesOf(form) {
  const chosen = fieldsOf(form).filter((field) => !isTicked(field) || field.checked);
  return chosen.map(({ name, value }) => [name, value]);
}

function fill(form, values) {
  const left = values.slice();
  const take = (fits) => {
    const place = left.findIndex(fits);
    return place < 0 ? null : left.splice(place, 1)[0];
  };
  for (const field of fieldsOf(form)) {
    if (isTicked(field))
      field.checked = take(([name, value]) => name === field.name && value === field.value) !== null;
    else field.value = (take(([name]) => name === field.name) || ['', field.value])[1];
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }
}

// The drafts of this tab; a browser that keeps none loses them with the page.

function read(name) {
  try {
    return JSON.parse(sessionStorage.getItem(name));
  } catch (error) {
    return null;
  }
}

function write(name, draft) {
  try {
    if (draft) sessionStorage.setItem(name, JSON.stringify(draft));
    else sessionStorage.removeItem(name);
  } catch (error) {
    // Then the page alone has it.
  }
}

function drafts() {
  try {
    return Object.keys(sessionStorage).filter((name) => name.startsWith(NAME));
  } catch (error) {
    return [];
  }
}

const forgetAll = () => drafts().forEach((name) => write(name, null));

/** The same form on the page that refuses it: by where it is sent, and its first field. */
const nameOf = (form) => {
  const [first] = fieldsOf(form);
  return `${NAME}${new URL(form.action, location.href).pathname} ${first.id || first.name}`;
};

/** Ask above the form, unless the browser has put the words back by then; `answer` is told whether they are taken. */
function offer(form, isThere, answer) {
  const place = document.createElement('div');
  const make = (tag, className, textContent) => Object.assign(document.createElement(tag), { className, textContent });
  const button = (look, words, isTaken) => {
    const press = () => {
      place.remove();
      answer(isTaken);
    };
    return Object.assign(make('button', `btn ${look}`, words), { type: 'button', onclick: press });
  };
  place.className = 'notice notice-warning';
  place.setAttribute('role', 'status');
  place.append(make('span', '', 'Máy này còn chữ đồng chí viết ở đây mà chưa ghi được.'), make('div', 'mt-2', ''));
  place.lastChild.append(
    button('btn-outline-primary', 'Lấy lại chữ ấy', true),
    ' ',
    button('btn-quiet', 'Bỏ chữ ấy', false),
  );
  form.before(place);
  addEventListener('pageshow', () => isThere() && place.parentNode && (place.remove(), answer(false)));
  for (let around = form.closest('details'); around; around = around.parentNode.closest('details')) around.open = true;
}

/** Follow one form: keep what differs from what was drawn, and offer what a former page of it left. */
function follow(form, arrived) {
  const name = nameOf(form);
  const drawn = valuesOf(form);
  const isUnsaved = form.dataset.keep === 'unsaved';
  const draft = read(name);
  const fate = draft ? fateOf(draft, drawn, arrived) : 'forget';
  let offered = fate === 'offer' ? draft.values : null;
  let timer = null;
  const keep = () => {
    timer = clearTimeout(timer);
    const values = valuesOf(form);
    const changed = isUnsaved || fate === 'keep' || plain(values) !== plain(drawn);
    // While nothing is written anew, what is offered is the last that was.
    const last = changed ? values : offered;
    write(name, last && { values: last });
  };
  if (offered) {
    const isThere = () => plain(valuesOf(form)) === plain(draft.values);
    offer(form, isThere, (isTaken) => {
      const values = offered;
      offered = null;
      if (isTaken) fill(form, values);
      keep();
    });
  }
  keep();
  form.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(keep, SOON);
  });
  form.addEventListener('change', keep);
  form.addEventListener('submit', () => {
    keep();
    const kept = read(name);
    if (kept) write(name, Object.assign(kept, { sent: true }));
  });
  addEventListener('pagehide', () => timer && keep());
}

/** Whether this page came after a press that was done: only that leads on. */
function wasRedirected() {
  const [way] = performance.getEntriesByType('navigation');
  return (way || performance.navigation || { redirectCount: 0 }).redirectCount > 0;
}

/** Nobody is offered the words of the officer who used this tab before. */
function forgetOfOthers() {
  const place = document.querySelector('.account-name');
  if (!place) return;
  const owner = place.textContent;
  if (read(OWNER) !== owner) forgetAll();
  write(OWNER, owner);
}

/** Begin with this page's forms; those that renew themselves keep nothing. */
export function keepUnsent() {
  const refused = document.querySelector(REFUSED) !== null;
  const arrived = { refused, stored: wasRedirected() && !refused };
  forgetOfOthers();
  for (const name of drafts()) {
    const draft = read(name);
    if (draft.sent && arrived.stored) write(name, null);
    else if (draft.sent && refused) write(name, { values: draft.values });
  }
  const forms = [...document.querySelectorAll(FORMS)].filter(
    (form) => form.querySelector(WRITTEN) && !form.closest('[data-live]') && !form.querySelector('[type=password]'),
  );
  forms.forEach((form) => follow(form, arrived));
  const out = document.querySelector('.account form');
  if (out) out.addEventListener('submit', signOut);
  addEventListener('storage', ({ key }) => key === OUT && forgetAll());
}

function signOut() {
  forgetAll();
  try {
    localStorage.setItem(OUT, String(Date.now()));
  } catch (error) {
    // Then each tab keeps its own until it is closed.
  }
}
