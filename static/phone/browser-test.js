/** Can this browser vote? Tested at check-in, while there is still time to take a slip. */
import { read, transact } from '../ballot/store.js';

const KEPT = 'phieu-thu-may';
const box = document.querySelector('[data-browser-test]');
const zalo = /zalo/i.test(navigator.userAgent);

function show(name) {
  const part = box.querySelector(`[data-if="${name}"]`);
  if (part) part.hidden = false;
}

/** Whether the value written on an earlier page is still there; writes it for the next one. */
async function stored() {
  try {
    if ((await read(KEPT)) === 1) return 'kept';
    await transact('readwrite', (store) => store.put(1, KEPT));
    return (await read(KEPT)) === 1 ? 'written' : 'lost';
  } catch (error) {
    return 'lost';
  }
}

/** Make the kind of key a ballot is signed with, and sign: some browsers have the names but not the works. */
async function signs() {
  const way = { name: 'ECDSA', hash: 'SHA-256' };
  const text = new Uint8Array(32);
  try {
    const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
    const signature = await crypto.subtle.sign(way, pair.privateKey, text);
    return await crypto.subtle.verify(way, pair.publicKey, signature, text);
  } catch (error) {
    return false;
  }
}

function tell(keeps, able) {
  if (able && keeps) return show('good');
  show('bad');
  if (!window.isSecureContext) return show('insecure');
  if (zalo) return show('zalo');
  return show(keeps ? 'other' : 'storage');
}

async function test() {
  const storage = await stored();
  if (!box) return;
  if (storage === 'written' && location.hash !== '#thu') {
    // Nothing was there yet: load once more, and see whether the value outlives the page.
    location.replace('#thu');
    location.reload();
    return;
  }
  const signed = await signs();
  tell(storage === 'kept', signed && typeof BigInt === 'function');
}

if (zalo) document.querySelectorAll('[data-zalo]').forEach((part) => Object.assign(part, { hidden: false }));
test();
