/** The ballot in bytes, by RFC 9474 and docs/secret-ballot.md. No network, no memory. */

export const utf8 = (text) => new TextEncoder().encode(text);
export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
export const unhex = (digits) => Uint8Array.from(digits.match(/../g) || [], (pair) => parseInt(pair, 16));
const concat = (...parts) => Uint8Array.from([].concat(...parts.map((part) => [...part])));
export const random = (length) => crypto.getRandomValues(new Uint8Array(length));

const digest = async (name, bytes) => new Uint8Array(await crypto.subtle.digest(name, bytes));
export const sha256 = async (...parts) => hex(await digest('SHA-256', concat(...parts)));

// No BigInt literals: an old browser must get as far as our sentence about it.
const integer = (bytes) => BigInt('0x' + hex(bytes));
const toBytes = (number, length) => unhex(number.toString(16).padStart(2 * length, '0'));

/** EMSA-PSS-ENCODE with SHA-384 and MGF1 (RFC 8017, 9.1.1, B.2.1). */
async function encode(message, length, salt) {
  const hash = await digest('SHA-384', concat(new Uint8Array(8), await digest('SHA-384', message), salt));
  const block = concat(new Uint8Array(length - salt.length - hash.length - 2), [1], salt);
  let mask = [];
  for (let i = 0; mask.length < block.length; i += 1) {
    mask = concat(mask, await digest('SHA-384', concat(hash, [0, 0, 0, i])));
  }
  const masked = block.map((byte, i) => byte ^ mask[i]);
  masked[0] &= 0x7f;
  return concat(masked, hash, [0xbc]);
}

/** base^65537 mod n, the only exponent ever taken. */
function power(base, n) {
  let square = base;
  for (let i = 0; i < 16; i += 1) square = (square * square) % n;
  return (square * base) % n;
}

/** The inverse of a mod n; null when they share a factor. */
function inverse(a, n) {
  let [r, next, t, step] = [n, a, BigInt(0), BigInt(1)];
  while (next) {
    const quotient = r / next;
    [r, next, t, step] = [next, r - quotient * next, step, t - quotient * step];
  }
  return r === BigInt(1) ? (t + n) % n : null;
}

/** Blind (4.2): z is sent, r undoes it. Salt and r are given by test vectors only. */
export async function blind(modulus, message, salt = random(48), r = random(modulus.length)) {
  const n = integer(modulus);
  const m = integer(await encode(message, modulus.length, salt));
  // Uniform, by rejection.
  while (integer(r) >= n || inverse(integer(r), n) === null) r = random(modulus.length);
  if (inverse(m, n) === null) throw new Error('invalid input');
  return { z: toBytes((m * power(integer(r), n)) % n, modulus.length), r };
}

/** Finalize (4.4): when the answer to the power of e is z, the signature's is m. */
export function finalize(modulus, answer, z, r) {
  const n = integer(modulus);
  if (power(integer(answer), n) !== integer(z)) throw new Error('invalid signature');
  return toBytes((integer(answer) * inverse(integer(r), n)) % n, modulus.length);
}

const P256 = { name: 'ECDSA', namedCurve: 'P-256' };
const BALLOT = utf8('partyreview/ballot/1\0');

/** Read the sheet named P; throws when it is another, or unsound. */
export async function readSheet(bytes, p) {
  const { v, poll, round, n, title, levels, rows } = JSON.parse(new TextDecoder().decode(bytes));
  const modulus = Uint8Array.from(atob(n.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
  // Another size than 2048 bits could be a mark for one phone.
  const strong = modulus.length === 256 && modulus[0] > 127 && modulus[255] % 2;
  if ((await sha256(bytes)) !== p || v !== 1 || !strong || levels.length > 9) throw new Error('unsound sheet');
  return { p, poll, round, modulus, title, levels, rows, form: JSON.stringify([levels, rows]) };
}

/** For people to compare: "1067 5017". */
export function digitsOf(p) {
  const digits = String(BigInt('0x' + p.slice(0, 16)))
    .slice(-8)
    .padStart(8, '0');
  return digits.slice(0, 4) + ' ' + digits.slice(4);
}

/** A one-time key, a prefix, and their token blinded: to be saved before z is sent. */
export async function prepare({ p, modulus }) {
  const pair = await crypto.subtle.generateKey(P256, true, ['sign']);
  const key = new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey));
  const pub = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  const prefix = random(32);
  const { z, r } = await blind(modulus, concat(prefix, utf8('partyreview/token/1\0'), unhex(p), pub));
  return { prefix: hex(prefix), pub: hex(pub), key: hex(key), z: hex(z), r: hex(r) };
}

/** The stamp out of the blind answer; throws when it is none. */
export function unblind({ modulus }, { z, r }, answer) {
  return hex(finalize(modulus, answer, unhex(z), unhex(r)));
}

/** With a fresh salt, so that the published hash tells nothing of the marks. */
export async function fold(p, { prefix, pub, key, stamp }, marks) {
  const signed = concat(BALLOT, unhex(p + prefix + pub), random(32), marks.map(Number));
  const signer = await crypto.subtle.importKey('pkcs8', unhex(key), P256, false, ['sign']);
  const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, signer, signed);
  const body = concat(signed.slice(BALLOT.length), unhex(stamp), new Uint8Array(signature));
  return { body: hex(body), hash: await sha256(signed) };
}

/** The sealed list of P: its hashes, and its SHA-256 if it is sound. Null: these bytes are something else. */
export async function readList(bytes, p) {
  const head = concat(utf8('partyreview/sealed/1\0'), unhex(p));
  if (hex(bytes.slice(0, head.length)) !== hex(head)) return null;
  const [count, all] = [bytes.slice(head.length, head.length + 2), bytes.slice(head.length + 2)];
  const hashes = hex(all).match(/.{64}/g) || [];
  const ascending = hashes.every((hash, i) => !i || hashes[i - 1] < hash);
  const sound = ascending && all.length === 32 * hashes.length && hashes.length === count[0] * 256 + count[1];
  return { hashes, sha256: sound && (await sha256(bytes)) };
}
