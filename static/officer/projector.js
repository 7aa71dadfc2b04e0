/** The wall: dark or bright room, the cover, pages by the arrow keys. It works without this file, in a bright room.

Loaded before the page is drawn, so that no white page flashes up in a dark room. */

const ROOM = 'phong';
const wall = document.documentElement;

/** What this browser was told last; a browser that keeps nothing starts anew each time. */
function keptRoom() {
  try {
    return localStorage.getItem(ROOM);
  } catch {
    return null;
  }
}
function keepRoom(room) {
  try {
    localStorage.setItem(ROOM, room);
  } catch {
    // Kept until the page is closed.
  }
}
wall.dataset.room = keptRoom() || (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'bright');

// As in a slide show, and as its remote control sends them; by the place of the key, whatever is typed with it.
const KEYS = {
  KeyB: '.cover > summary',
  Period: '.cover > summary',
  ArrowLeft: '#turn-back',
  PageUp: '#turn-back',
  ArrowRight: '#turn-onward',
  PageDown: '#turn-onward',
};
document.addEventListener('keydown', (event) => {
  const control =
    !(event.ctrlKey || event.altKey || event.metaKey) && document.querySelector(KEYS[event.code] || 'none');
  if (!control) return;
  event.preventDefault();
  control.click();
});

// On the full screen the buttons go once the mouse rests.
const REST = 4000;
let rest = 0;
function stir() {
  delete wall.dataset.idle;
  clearTimeout(rest);
  rest = setTimeout(() => {
    wall.dataset.idle = '';
  }, REST);
}
for (const name of ['pointermove', 'pointerdown', 'keydown']) document.addEventListener(name, stir);

document.addEventListener('DOMContentLoaded', () => {
  stir();
  const room = document.querySelector('[data-room-button]');
  room.hidden = false;
  room.addEventListener('click', () => {
    wall.dataset.room = wall.dataset.room === 'dark' ? 'bright' : 'dark';
    keepRoom(wall.dataset.room);
  });
  const full = document.querySelector('[data-fullscreen]');
  full.hidden = !document.fullscreenEnabled;
  full.addEventListener('click', () => wall.requestFullscreen());
});
