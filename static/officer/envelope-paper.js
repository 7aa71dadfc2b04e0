/**
 * Prints the key of a sealed envelope. It comes encrypted to this page (recount.js: newReader), stands on the paper and
 * nowhere on the screen, and is forgotten when the printing window closes.
 */
import { ask, parse } from '../ballot/ask.js';
import { newReader } from '../teller/recount.js';
import { grouped, lettersOf } from './envelope-key.js';

const data = JSON.parse(document.getElementById('envelope-data').textContent);
const button = document.querySelector('[data-print-key]');
const said = document.querySelector('[data-said]');
const letters = document.querySelector('[data-letters]');
const code = document.querySelector('[data-code]');
const QUIET = 4;

function say(sentence, wrong = false) {
  said.textContent = sentence;
  said.classList.toggle('sum-wrong', wrong);
}

function forget() {
  letters.replaceChildren();
  code.replaceChildren();
}

/** The modules of the code, a line of hexadecimal bytes a row, as strokes one unit wide. */
function draw(modules) {
  const side = modules.length + 2 * QUIET;
  const strokes = modules.flatMap((row, y) =>
    (row.match(/../g) || []).map((dark, x) => (dark === '01' ? `M${x + QUIET} ${y + QUIET}.5h1` : '')),
  );
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', strokes.join(''));
  code.setAttribute('viewBox', `0 0 ${side} ${side}`);
  code.replaceChildren(path);
}

function write(key) {
  letters.replaceChildren(
    ...grouped(lettersOf(key)).map((group) => Object.assign(document.createElement('span'), { textContent: group })),
  );
}

async function printKey() {
  button.disabled = true;
  const reader = await newReader();
  const token = document.querySelector('[name=csrfmiddlewaretoken]').value;
  const headers = { 'Content-Type': 'application/octet-stream', 'X-CSRFToken': token };
  const answer = await ask(data.url, { method: 'POST', credentials: 'same-origin', headers, body: reader.point });
  button.disabled = false;
  if (answer.status !== 200) {
    say((answer.bytes && parse(answer.bytes).error) || 'Mất mạng, chưa có khoá nào. Xin bấm lại.', true);
    return;
  }
  const { key, modules } = parse(await reader.open(answer.bytes, data.p));
  write(key);
  draw(modules);
  say(
    'Máy này không còn khoá: khoá chỉ còn trên giấy. Tờ in hỏng, hoặc chưa in ra, thì bấm in lần nữa để có khoá mới; tờ cũ xé bỏ.',
  );
  button.textContent = 'In khoá mới, bỏ khoá vừa in';
  window.print();
}

window.addEventListener('afterprint', forget);
window.addEventListener('pagehide', forget);
if (button) button.addEventListener('click', printKey);
