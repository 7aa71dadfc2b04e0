import { folded } from './folding.js';

/**
 * data-filter="#list li": a field that leaves of a long list only the lines whose name has these letters, with or without
 * accents; data-tick-all beside it ticks the lines that are shown. The list may renew itself meanwhile.
 */
for (const place of document.querySelectorAll('[data-filter]')) {
  const field = place.querySelector('input');
  const lines = () => [...document.querySelectorAll(place.dataset.filter)];
  const filter = () => {
    const words = folded(field.value).split(' ');
    for (const line of lines()) {
      const name = folded(line.querySelector('strong, th').textContent);
      line.hidden = !words.every((word) => name.includes(word));
    }
  };
  place.hidden = false;
  field.addEventListener('input', filter);
  document.addEventListener('htmx:afterSwap', filter);
  place.querySelector('[data-tick-all]')?.addEventListener('click', () => {
    for (const line of lines()) {
      const box = line.querySelector('input[type=checkbox]');
      if (box) box.checked = !line.hidden;
    }
  });
}
