/**
 * The key of a sealed envelope, as it is printed, scanned and typed. It is never sent to be checked: only its SHA-256 is
 * (ballots/secret/envelope.py).
 */
const HEAD = 'AGE-SECRET-KEY-1';
const TAG = 'partyreview/envelope-key/1\0';
const LENGTH = 58;

/** The letters after HEAD of what was typed or scanned, with or without HEAD, spaces, the address of the code. */
export function lettersOf(typed) {
  const letters = typed
    .slice(typed.lastIndexOf('#') + 1)
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '');
  return letters.startsWith('AGESECRETKEY1') ? letters.slice(13) : letters;
}

export const isWhole = (letters) => letters.length === LENGTH;

/** In groups of four, as they are printed and typed. */
export const grouped = (letters) => letters.match(/.{1,4}/g) || [];

/** @returns {Promise<string>} what tells the server that this device has read the key, in hexadecimal */
export async function checkOf(letters) {
  const bytes = new TextEncoder().encode(TAG + HEAD + letters);
  const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(sum, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Put a key that the code of the paper has brought into the field, and take it out of the address and its history. */
export function takeScanned(field) {
  const letters = lettersOf(location.hash);
  if (!location.hash.startsWith('#AGE-')) return false;
  history.replaceState(null, '', location.pathname);
  if (field) field.value = grouped(letters).join(' ');
  return Boolean(field);
}
