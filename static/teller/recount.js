/**
 * The recount (đếm lại trên máy của tổ kiểm phiếu): one file, no import, no network, no page, no storage.
 *
 * It is given what the server published and the whole ballots of the sealed box, trusts none of it, and counts again.
 * Formats: sheet, token, ballot and list as written down in ballots/sheet.py.
 */

const TOKEN = 'partyreview/token/1\0';
const BALLOT = 'partyreview/ballot/1\0';
const SEALED = 'partyreview/sealed/1\0';
const RECOUNT = 'partyreview/recount/1\0';
// One ballot: P ‖ prefix ‖ one-time public key ‖ salt ‖ marks ‖ stamp ‖ signature.
const P = 32;
const PREFIX = 32;
const KEY = 65;
const SALT = 32;
const STAMP = 256;
const SIGNATURE = 64;
const HEAD = P + PREFIX + KEY + SALT;
const COLUMNS = ['HTXS', 'HTT', 'HT', 'KHT'];

/** What the recount found wrong, in one Vietnamese sentence for the room and the minutes. */
export class Fault extends Error {}

function must(holds, sentence) {
  if (!holds) throw new Fault(sentence);
}

const utf8 = (text) => new TextEncoder().encode(text);
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const unhex = (text) => Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));
const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
const twoDigits = (number) => String(number).padStart(2, '0');

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const CURVE = { name: 'ECDH', namedCurve: 'P-256' };

/**
 * The key of one recount: whole ballots come encrypted to it, so that neither the server's web worker nor a proxy reads them.
 * @returns {Promise<{point: Uint8Array, open: function(Uint8Array, string): Promise<Uint8Array>}>}
 *   what the server is asked with, and what makes its answer readable, given P (hexadecimal)
 */
export async function newReader() {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(CURVE, false, ['deriveBits']);
  const point = new Uint8Array(await crypto.subtle.exportKey('raw', publicKey));
  async function open(answer, p) {
    const other = answer.slice(0, KEY);
    const theirs = await crypto.subtle.importKey('raw', other, CURVE, false, []);
    const shared = await crypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, privateKey, 256);
    const secret = await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey']);
    const info = joined(utf8(RECOUNT), unhex(p), point, other);
    const way = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info };
    const key = await crypto.subtle.deriveKey(way, secret, { name: 'AES-GCM', length: 256 }, false, ['decrypt']);
    const sealed = { name: 'AES-GCM', iv: new Uint8Array(12), additionalData: unhex(p) };
    return new Uint8Array(await crypto.subtle.decrypt(sealed, key, answer.slice(KEY)));
  }
  return { point, open };
}

/**
 * Recount a sealed box. Its ballots are wiped from memory as soon as they are checked.
 * @param {object} found
 *   p          the SHA-256 of the sheet (hexadecimal) that this device pinned while ballots were handed out
 *   poll, round, issued   what the meeting is told: the poll, its round, ballots handed out
 *   announced  the SHA-256 of the sealed list (hexadecimal) that every phone is told
 *   sheet, list   the bytes the door gives to everybody
 *   bodies     all whole ballots, one after the other
 * @param {function(string)} tell is given one sentence for each check that held
 * @returns {Promise<{list_sha256: string, collected: number, valid: number, invalid: number, rows: number[][]}>}
 *   rows in sheet order, each HTXS, HTT, HT, KHT, blank; throws Fault
 */
export async function recount(found, tell) {
  try {
    return await checkAndCount(found, tell);
  } finally {
    found.bodies.fill(0);
  }
}

async function checkAndCount(found, tell) {
  const paper = await readSheet(found);
  tell('Tờ phiếu đúng là tờ máy này đã giữ lúc phát phiếu.');
  const ballots = await Promise.all(split(found.bodies, paper.rows.length).map(read));
  const count = twoDigits(ballots.length);
  must(ballots.length <= found.issued, 'Số phiếu trong hòm nhiều hơn số phiếu phát ra.');
  must(
    ballots.every((ballot) => ballot.p === found.p),
    'Trong hòm có phiếu của một lượt khác.',
  );
  must(await everyStamp(ballots, paper.n), 'Trong hòm có phiếu không phải do lượt này phát ra.');
  tell(`Cả ${count} phiếu đều đúng là phiếu đã phát ở lượt này.`);
  must(await everySignature(ballots), 'Trong hòm có phiếu bị sửa sau khi gấp.');
  tell(`Cả ${count} phiếu còn nguyên như lúc gấp.`);
  must(new Set(ballots.map((ballot) => ballot.number)).size === ballots.length, 'Trong hòm có một phiếu bỏ hai lần.');
  tell('Không có phiếu nào bỏ hai lần.');
  const list = await compareList(found, ballots);
  tell('Danh sách phiếu công bố cho mọi máy có đúng những phiếu này, không thêm, không bớt.');
  return Object.assign({ list_sha256: list, collected: ballots.length }, countMarks(ballots, paper));
}

/** The sheet, if it is the pinned one: SHA-256(sheet) = P binds key, title, levels and rows at once. */
async function readSheet({ sheet, p, poll, round }) {
  must(hex(await sha256(sheet)) === p, 'Tờ phiếu trên máy chủ không phải tờ máy này đã giữ lúc phát phiếu.');
  const paper = JSON.parse(new TextDecoder().decode(sheet));
  must(paper.v === 1 && paper.poll === poll && paper.round === round, 'Tờ phiếu là của một lượt khác.');
  return paper;
}

/** Cut the answer into ballots; their length follows from the number of rows alone. */
function split(bodies, rows) {
  const length = HEAD + rows + STAMP + SIGNATURE;
  must(bodies.length % length === 0, 'Trong hòm có phiếu sai kích thước.');
  return Array.from({ length: bodies.length / length }, (_, i) => bodies.subarray(i * length, (i + 1) * length));
}

async function read(body) {
  const payload = body.subarray(0, body.length - STAMP - SIGNATURE);
  const prefix = payload.slice(P, P + PREFIX);
  const key = payload.slice(P + PREFIX, P + PREFIX + KEY);
  const stamped = joined(prefix, utf8(TOKEN), payload.slice(0, P), key);
  const signed = joined(utf8(BALLOT), payload);
  return {
    p: hex(payload.slice(0, P)),
    key,
    stamped,
    signed,
    stamp: body.slice(payload.length, payload.length + STAMP),
    signature: body.slice(payload.length + STAMP),
    marks: Array.from(payload.slice(HEAD)),
    number: hex(await sha256(stamped)),
    hash: hex(await sha256(signed)),
  };
}

async function every(items, holds) {
  const answers = await Promise.all(items.map((item) => holds(item).catch(() => false)));
  return answers.every(Boolean);
}

/** RFC 9474: the stamp is an RSA-PSS signature (SHA-384, salt 48) of the ballot's number under the sheet's one key. */
async function everyStamp(ballots, n) {
  const jwk = { kty: 'RSA', n, e: 'AQAB', alg: 'PS384' };
  const algorithm = { name: 'RSA-PSS', hash: 'SHA-384' };
  const key = await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['verify']).catch(() => null);
  must(key !== null, 'Khoá phát phiếu ghi trên tờ phiếu không đọc được.');
  return every(ballots, ({ stamp, stamped }) =>
    crypto.subtle.verify({ name: 'RSA-PSS', saltLength: 48 }, key, stamp, stamped),
  );
}

/** Each ballot is signed (ECDSA P-256) by the one-time key under its stamp: nobody could change a mark afterwards. */
async function everySignature(ballots) {
  return every(ballots, async ({ key, signature, signed }) => {
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
    const voter = await crypto.subtle.importKey('raw', key, algorithm, false, ['verify']);
    return crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, voter, signature, signed);
  });
}

/** Build the list from the ballots themselves: it must be, byte for byte, the one that every phone checks. */
async function compareList({ p, list, announced }, ballots) {
  const hashes = ballots.map((ballot) => ballot.hash).sort();
  const count = Uint8Array.of(hashes.length >> 8, hashes.length & 0xff);
  const own = joined(utf8(SEALED), unhex(p), count, ...hashes.map(unhex));
  must(hex(own) === hex(list), 'Danh sách phiếu công bố không khớp với các phiếu trong hòm.');
  const sum = hex(await sha256(own));
  must(sum === announced, 'Mã của danh sách phiếu không khớp với mã công bố.');
  return sum;
}

/** Count the marks: 0 is none, 1..L a level in sheet order. Without any mark a ballot is invalid, unless L = 1. */
function countMarks(ballots, { levels, rows }) {
  const column = levels.map(([code]) => COLUMNS.indexOf(code));
  const inRange = ({ marks }) => marks.every((mark) => mark <= levels.length);
  must(ballots.every(inRange), 'Trong hòm có phiếu ghi một mức không có trên tờ phiếu.');
  const isValid = ({ marks }) => levels.length === 1 || marks.some((mark) => mark > 0);
  const valid = ballots.filter(isValid);
  const totals = rows.map((_, row) => {
    const total = [0, 0, 0, 0, 0];
    for (const { marks } of valid) total[marks[row] ? column[marks[row] - 1] : COLUMNS.length] += 1;
    return total;
  });
  return { valid: valid.length, invalid: ballots.length - valid.length, rows: totals };
}
