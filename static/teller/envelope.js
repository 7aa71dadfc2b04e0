/** Reads the printed key of the envelope back, while there still are ballots: a misprint is found in time. */
import { ask, parse } from '../ballot/ask.js';
import { checkOf, isWhole, lettersOf, takeScanned } from '../officer/envelope-key.js';

const { poll, urls } = JSON.parse(document.getElementById('count-data').textContent);
const form = document.querySelector('[data-read-key]');
const field = form && form.querySelector('textarea');
const said = form && form.querySelector('[data-said]');

function say(sentence) {
  said.textContent = sentence;
  said.hidden = false;
  said.scrollIntoView({ block: 'center' });
}

async function read() {
  const letters = lettersOf(field.value);
  if (!isWhole(letters)) {
    say(`Khoá có 58 chữ, máy đọc được ${letters.length}. Xin tắt bộ gõ tiếng Việt rồi gõ lại đủ các nhóm.`);
    return;
  }
  const headers = {
    'Content-Type': 'application/json',
    'X-CSRFToken': document.querySelector('[name=csrfmiddlewaretoken]').value,
  };
  const body = JSON.stringify({ check: await checkOf(letters) });
  const path = `${urls.envelope_read}?luot=${poll}`;
  const answer = await ask(path, { method: 'POST', credentials: 'same-origin', headers, body });
  if (answer.status === 200) {
    field.value = '';
    location.replace(location.pathname);
    return;
  }
  say((answer.bytes && parse(answer.bytes).error) || 'Mất mạng. Xin bấm lại.');
}

// Below the totals of sixty people: who has scanned the code sees that it was read, and what is pressed next.
const done = document.querySelector('[data-key-read]');
if (done) done.scrollIntoView({ block: 'center' });
if (form) {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    read();
  });
}
if (takeScanned(field)) read();
