/**
 * The page of a sent file: one key goes to the next file, one approves; a place that is pressed is written in at once.
 *
 * Keys that are no letters, so that nothing typed and no letter a screen reader listens to is taken for one. In a field
 * they do nothing.
 */
const IN_FIELD = 'input, select, textarea, [contenteditable]';

for (const words of document.querySelectorAll('[data-keys]')) words.hidden = false;

document.addEventListener('keydown', (event) => {
  if (event.repeat || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  if (event.target.closest(IN_FIELD)) return;
  const pressed = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!pressed) return;
  event.preventDefault();
  pressed.click();
});

for (const place of document.querySelectorAll('.places details')) {
  place.querySelector('summary').addEventListener('click', () =>
    setTimeout(() => {
      if (place.open) place.querySelector('textarea').focus();
    }),
  );
}
