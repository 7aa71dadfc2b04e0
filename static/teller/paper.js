/**
 * Paper ballots (phiếu giấy) on the tellers' device: stamps while ballots are handed out, two passes of typing once the
 * box is open, and the casts. No page here; see paper-screens.js. The cryptography is the phones' own.
 *
 * One record per sheet P, on the disk before each request and before it is said that a stamp or a ballot is there:
 * stamping  stamps: what a phone keeps of a ballot, one for each paper; each with `stamp` once it has one
 * keying    + sheets: how many papers came back   by: the two tellers   passes: marks, paper by paper   draft   together
 * casting   ballots: body and hash in random order; stamps and passes are gone
 * done      done: how many are in the box; nothing else
 */
import { ANONYMOUS, ask } from '../ballot/ask.js';
import { fold, hex, prepare, random, unblind, unhex } from '../ballot/ballot.js';
import { readAll, transact } from '../ballot/store.js';

const NAME = 'phieu-giay/';
const REFUSED = {
  1: 'Hòm phiếu đã đóng, phiếu giấy này không vào hòm được nữa.',
  2: 'Phiếu giấy này đã vào hòm một lần rồi. Xin báo bí thư.',
  3: 'Máy chủ không nhận phiếu giấy này. Xin báo bí thư.',
};

let known = {}; // by name
let writing = Promise.resolve();

/** Take up what this device keeps of sheet P; papers of other sheets can never be cast any more. */
export async function recall(p) {
  const all = Object.entries(await readAll()).filter(([name]) => name.startsWith(NAME));
  known = Object.fromEntries(all.filter(([name]) => name === NAME + p));
  const others = all.map(([name]) => name).filter((name) => !(name in known));
  if (others.length) await transact('readwrite', (store) => others.forEach((name) => store.delete(name)));
}

/** @returns {?object} a copy of the record of sheet P */
export const load = (p) => JSON.parse(JSON.stringify(known[NAME + p] || null));

/** Known at once, on the disk once `kept` resolves. */
function save(p, record) {
  known[NAME + p] = record;
  const copy = load(p);
  const write = () => transact('readwrite', (store) => store.put(copy, NAME + p));
  writing = writing.then(write, write);
  writing.catch(() => {}); // told by `kept`
  return load(p);
}

/** The record is on the disk as it is known; rejects with a sentence when it could not be. */
export const kept = () =>
  writing.catch(() => {
    throw new Error(
      'Trình duyệt này không giữ được phiếu giấy. Xin dùng máy khác; đã phát rồi thì đừng đóng trang này.',
    );
  });

/** Change fields of the record of P; one given as undefined is deleted.  @returns {object} the record */
export const change = (p, fields) => save(p, Object.assign(load(p) || { stage: 'stamping', stamps: [] }, fields));

/** @returns {number} how many papers of this device have their stamp */
export const stamped = (record) => record.stamps.filter((one) => one.stamp).length;

/**
 * Obtain stamps until `need` papers have one.
 * @param {object} sheet as readSheet gives it  @param {function(Uint8Array)} askStamp sends P ‖ z, resolves with the blind stamp
 * @param {function()} tell is called after each stamp
 */
export async function obtain(sheet, need, askStamp, tell) {
  const { stamps } = change(sheet.p, {});
  while (stamps.length < need) stamps.push(await prepare(sheet));
  change(sheet.p, { stamps });
  await kept();
  for (const one of stamps.filter(({ stamp }) => !stamp)) {
    one.stamp = unblind(sheet, one, await askStamp(unhex(sheet.p + one.z)));
    delete one.r;
    delete one.z;
    change(sheet.p, { stamps });
    await kept();
    tell();
  }
}

/** Why typing cannot begin: what was written for the number of papers, at most that many, and who will type; "" if it can. */
export function beginningTrouble(sheets, most, [first, second]) {
  if (!/^\d+$/.test(sheets)) return 'Xin ghi số tờ.';
  if (Number(sheets) > most) {
    const issued = String(most).padStart(2, '0');
    return `Số tờ trong hòm nhiều hơn ${issued} phiếu giấy đã phát. Hội nghị phải huỷ lượt này và bỏ phiếu lại.`;
  }
  return first === second ? 'Hai lần nhập phải do hai đồng chí khác nhau.' : '';
}

/** What is asked once before fewer papers are typed than were handed out; "" where nothing is. */
export function beginningQuestion(sheets, most) {
  if (Number(sheets) >= most) return '';
  const [issued, back] = [most, sheets].map((number) => String(number).padStart(2, '0'));
  return `Đã phát ${issued} phiếu giấy mà trong hòm có ${back} tờ. Xin đếm lại; nếu đúng thế thì bấm lần nữa, tờ còn thiếu không bỏ được nữa.`;
}

/** The papers lie on the table: `sheets` of them, to be typed once by each of two tellers. */
export const begin = (p, sheets, by) => change(p, { stage: 'keying', sheets, by, passes: [[], []], draft: {} });

/** Forget what was typed; the stamps stay. */
export const startAfresh = (p) => save(p, { stage: 'stamping', stamps: load(p).stamps });

/** @returns {number} the pass under way: 0, 1, or 2 when both are complete */
export const passOf = ({ sheets, passes }) => passes.filter((pass) => pass.length === sheets).length;

/** Take the typed paper: of the pass under way, or of both when the two tellers looked at it together. */
export function take(p, marks) {
  const { passes, sheets, together } = load(p);
  if (together === undefined) passes[passOf({ passes, sheets })].push(marks);
  else passes.forEach((pass) => pass.splice(together, 1, marks));
  return change(p, { passes, draft: {}, together: undefined });
}

/** Give the last paper of the pass under way back, to be typed once more. */
export function giveBack(p) {
  const record = load(p);
  const last = record.passes[passOf(record)].pop();
  return change(p, { passes: record.passes, draft: Object.assign({}, last) });
}

/** @returns {Array<{paper: number, rows: number[]}>} where the two passes differ */
export function differences({ passes: [first, second] }) {
  const found = first.map((marks, paper) => {
    const rows = marks.map((mark, row) => (mark === second[paper][row] ? -1 : row));
    return { paper, rows: rows.filter((row) => row >= 0) };
  });
  return found.filter(({ rows }) => rows.length > 0);
}

/** Equal passes become ballots in random order; stamps of papers that did not come back are discarded with their keys. */
export async function foldAll(p) {
  const { passes, stamps } = load(p);
  if (differences({ passes }).length) throw new Error('the passes differ');
  const ballots = await Promise.all(passes[0].map((marks, i) => fold(p, stamps[i], marks)));
  const drawn = ballots.map((ballot) => [hex(random(16)), ballot]).sort(([a], [b]) => (a < b ? -1 : 1));
  save(p, { stage: 'casting', ballots: drawn.map(([, ballot]) => ballot) });
}

/**
 * Cast what is not yet in the box, the same bytes until answered.
 * @param {function()} tell is called after each ballot
 * @returns {Promise<string>} "" when all are in the box, "offline", or the reason why one was not taken
 */
export async function castAll(p, tell) {
  const { ballots } = change(p, {});
  await kept();
  for (const ballot of ballots) {
    const answer = ballot.inBox ? 0 : await cast(ballot);
    if (answer !== 0) return answer === null ? 'offline' : REFUSED[answer];
    Object.assign(ballot, { inBox: true, body: '' });
    save(p, { stage: 'casting', ballots });
    await kept();
    tell();
  }
  save(p, { stage: 'done', done: ballots.length });
  await kept();
  return '';
}

/** Cast anonymously, as the phones do: 0 accepted, 1 closed, 2 number used, 3 refused; null unless about this very ballot. */
async function cast({ body, hash }) {
  const post = { method: 'POST', body: unhex(body), headers: { 'Content-Type': 'application/octet-stream' } };
  const { status, bytes } = await ask('/hom/bo-phieu', Object.assign(post, ANONYMOUS));
  const answered = status === 200 && bytes.length === 33;
  return answered && (bytes[0] === 3 || hex(bytes.slice(1)) === hash) ? bytes[0] : null;
}
