/** The collective report: sums that run along, exact in hundredths of a point. The page works without it. */
import { decimal, hundredths, reaches } from '../phone/points.js';

const form = document.querySelector('[data-do=save_report]');
const rows = form ? [...form.querySelectorAll('[data-scored]')] : [];
const alone = form?.querySelector('[data-alone]');

const typed = (row) => (row.querySelector('input:checked, input[type=text]')?.value ?? '').trim();

// The points of a criterion; null while there are none, or more than it has.
function pointsOf(row) {
  const points = hundredths(typed(row));
  return points !== null && points <= hundredths(row.dataset.scored) ? points : null;
}

// The points of one part, or of all; what is not scored yet counts nothing.
function sumOf(part) {
  const counted = rows.filter((row) => !part || row.closest('[data-part]').dataset.part === part);
  return counted.reduce((sum, row) => sum + (pointsOf(row) ?? 0), 0);
}

function score() {
  const open = rows.filter((row) => !typed(row)).length;
  const scored = rows.some((row) => typed(row));
  const whole = rows.every((row) => pointsOf(row) !== null);
  alone.hidden = scored;
  if (rows.length) {
    for (const place of form.querySelectorAll('[data-sum]')) place.textContent = decimal(sumOf(place.dataset.sum));
    if (!whole) form.querySelector("[data-sum='']").textContent = '–';
    form.querySelector('[data-total]').hidden = !scored;
    form.querySelector('[data-open]').textContent =
      scored && open ? `Còn ${open} tiêu chí chưa chấm nên chưa có tổng điểm.` : '';
  }
  if (scored) return whole ? sumOf('') : null;
  return hundredths(alone.querySelector('input').value);
}

function count() {
  const total = score();
  const levels = [...form.querySelectorAll('[data-least]')];
  const band = total === null ? undefined : levels.find((level) => reaches(level, total));
  const chosen = levels.find((level) => level.checked);
  const name = band && form.querySelector(`label[for="${band.id}"] [data-name]`).textContent;
  form.querySelector('[data-band]').textContent =
    total === null
      ? ''
      : `Tổng điểm ${decimal(total)}${band ? ` thuộc khung: ${name}` : ''}.` +
        (chosen && !reaches(chosen, total) ? ` Mức đang chọn cần từ ${chosen.dataset.least} điểm.` : '');
}

if (form) {
  for (const name of ['input', 'change']) form.addEventListener(name, count);
  for (const button of form.querySelectorAll('[data-all]')) {
    button.addEventListener('click', (event) => {
      event.preventDefault();
      for (const yes of button.closest('[data-part]').querySelectorAll('.three .tap:first-child input'))
        yes.checked = true;
      form.dispatchEvent(new Event('input', { bubbles: true }));
    });
  }
  count();
}
