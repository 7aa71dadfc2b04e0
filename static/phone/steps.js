/**
 * A long form in steps: one part of it in sight at a time. Which one, the page's address says ("#phan-3"): the way back
 * leads to the part before, and without this file the same addresses lead through the one long page.
 */

/** The places of a part that are still to be filled in; why something is not remedied only where that is said. */
export function emptyOf(names, values) {
  return names.filter((name) => {
    const why = /^why-(.+)$/.exec(name);
    return !(values[name] || '').trim() && (!why || values[`answer-${why[1]}`] === 'open');
  });
}

/** How a part stands: `empty` places of those that are asked for, `wrong` ones, and whether something is written. */
export function standOf({ empty, wrong, written }) {
  if (wrong) return `⚠ ${wrong} chỗ phải sửa`;
  if (empty) return `Còn ${empty} chỗ trống`;
  return written ? '✔ Đã ghi' : 'Không bắt buộc';
}

const all = (place, selector) => [...place.querySelectorAll(selector)];

/** The names of a step's places: all of them, and those that must be filled in. */
function namesIn(step) {
  const places = all(step, 'input, textarea');
  const names = (wanted) => [...new Set(places.filter(wanted).map(({ name }) => name))];
  return { all: names(() => true), needed: names((place) => !place.hasAttribute('data-optional')) };
}

/** What is empty, wrong or written in a step. */
function look(step, values) {
  const names = namesIn(step);
  return {
    empty: emptyOf(names.needed, values).length,
    wrong: all(step, '[data-problem]').filter((line) => line.textContent).length,
    written: names.all.some((name) => values[name]),
  };
}

/** Before it is handed in: the lines of the steps in which something is left to do. */
function tellRest(place, lines) {
  const list = document.createElement('ol');
  list.append(...lines.map((line) => line.cloneNode(true)));
  place.textContent = '';
  place.append(...(lines.length ? ['Trước khi nộp, xin ghi nốt:', list] : ['✔ Các phần trước đã ghi đủ.']));
}

function tell({ form, steps, lines }, values) {
  const stands = steps.map((step) => look(step, values));
  lines.forEach((line, n) => {
    line.querySelector('[data-left]').textContent = standOf(stands[n]);
  });
  const empty = stands.reduce((sum, stand) => sum + stand.empty, 0);
  form.querySelector('[data-empty]').textContent = empty ? `còn ${empty} chỗ trống` : 'đã ghi đủ';
  const open = lines.filter((line, n) => n < steps.length - 1 && (stands[n].empty || stands[n].wrong));
  tellRest(form.querySelector('[data-rest]'), open);
}

function lead(link, step) {
  link.hidden = !step;
  if (step) link.href = `#${step.id}`;
}

function show({ form, steps, lines }, n) {
  const find = (selector) => form.querySelector(selector);
  steps.forEach((step, other) => step.classList.toggle('here', other === n));
  lines.forEach((line, other) => line.firstElementChild.setAttribute('aria-current', other === n ? 'step' : 'false'));
  document.body.classList.toggle('further', n > 0);
  find('[data-where]').textContent = `Phần ${n + 1}/${steps.length}`;
  find('[data-way]').value = n + 1;
  find('.parts details').open = false;
  lead(find('[data-back]'), steps[n - 1]);
  lead(find('[data-onward]'), steps[n + 1]);
  form.action = `${form.action.split('#')[0]}#${steps[n].id}`; // a page that answers shows the same part
}

/** Show what the page's address names: a step, or a place in one; the first step where it names nothing. */
function follow(way) {
  const { form, steps } = way;
  const place = document.getElementById(location.hash.slice(1)) || steps[0];
  const n = steps.findIndex((step) => step.contains(place));
  if (n < 0) return;
  show(way, n);
  const isStep = place === steps[n];
  (place.matches('fieldset') ? place.querySelector('input') : place).focus({ preventScroll: true });
  (isStep ? form : place).scrollIntoView({ block: isStep ? 'start' : 'center' });
}

/** From the first place that is to be mended, or where the address leads; else from the beginning, nothing moved. */
function begin(way) {
  const { form } = way;
  form.classList.add('stepped');
  history.scrollRestoration = 'manual';
  form.querySelector('[data-way]').hidden = false;
  const wrong = all(form, '[data-problem]').find((line) => line.textContent);
  show(way, 0);
  addEventListener('hashchange', () => follow(way));
  if (wrong) location.replace(`#${wrong.dataset.problem}`);
  if (wrong || location.hash) follow(way);
}

/** Take the form apart: `tell` what stands in it whenever that changes, and `begin` once that is told. */
export function walk(form) {
  const way = { form, steps: all(form, '[data-step]'), lines: all(form, '.parts li') };
  return { tell: (values) => tell(way, values), begin: () => begin(way) };
}
