/** What the page knows, what the phone remembers, and the steps it takes by itself. No screen. */
import { ANONYMOUS, ask, parse } from './ask.js';
import * as ballot from './ballot.js';

const { assign } = Object;
const { hex, unhex, random } = ballot;

/** Known as long as the page is open: the meeting's key, and whether members share this device. */
export const address = { key: '', tablet: false };

/** Until a shared tablet is handed on; `who` is a slip's tag. */
export const NOBODY = { who: '', code: '', screen: 0, refusal: 0, handed: 0, mistyped: 0, objection: 0 };
export const voter = assign({}, NOBODY);

/** Until the door says otherwise; a sheet is `seenAgain` once the box is open. */
export const poll = { phase: 0, sheet: 0, seenAgain: 0, unsound: 0, result: 0, again: 0 };

/** What got no answer; the screen that stops everything. */
export const trouble = { noPhase: 0, offline: 0, alarm: '', broken: '' };

// Requests: anonymous but askStamp and sayReceived, sent only on fresh word that ballots are handed out.

const BY_NAME = { credentials: 'same-origin', referrerPolicy: 'same-origin' };
const BYTES = { 'Content-Type': 'application/octet-stream' };
const post = (path, options, body) => ask(path, assign({ method: 'POST', body, headers: BYTES }, options));

async function askBytes(path) {
  const { status, bytes } = await ask(path, ANONYMOUS);
  return status === 200 && bytes;
}

export async function askPhase() {
  const { status, bytes } = await ask(`/hom/${address.key}/luot`, ANONYMOUS);
  if (status === 404) return { state: 'unknown' };
  const phase = status === 200 && parse(bytes);
  return phase.v === 1 && phase;
}

async function stillIssuing(p) {
  const phase = await askPhase();
  return phase && phase.p === p && phase.state === 'issuing';
}

/** The blind stamp, for the cookie or for a slip's code; or why not. */
async function askStamp(p, z, code) {
  const { status, bytes } = await (code
    ? post('/hop/doi-phieu', ANONYMOUS, unhex(p + z + base32(code)))
    : post('/hop/phat-phieu', BY_NAME, unhex(p + z)));
  if (status === 200 && bytes.length === 256) return { stamp: bytes };
  return status >= 400 && status < 500 ? { refused: status, reason: parse(bytes).error } : {};
}

function base32(code) {
  const digit = (letter) => BigInt('abcdefghijklmnopqrstuvwxyz234567'.indexOf(letter));
  const number = [...code].reduce((sum, letter) => sum * BigInt(32) + digit(letter), BigInt(0));
  return number.toString(16).padStart(20, '0');
}

async function sayReceived(p) {
  return (await post('/hop/da-nhan', BY_NAME, unhex(p))).status === 204;
}

/** 0 accepted, 1 closed, 2 number used, 3 refused; null unless about this very ballot. */
async function cast({ body, hash }) {
  const { status, bytes } = await post('/hom/bo-phieu', ANONYMOUS, unhex(body));
  if (status !== 200 || bytes.length !== 33) return null;
  return bytes[0] === 3 || hex(bytes.slice(1)) === hash ? bytes[0] : null;
}

// Memory: a record per sheet P and voter ("", a slip's tag, or "~" and a random number once folded on a shared tablet).

const nameOf = (p, who) => `phieu/${p}/${who}`;
const load = (p, who) => JSON.parse(recall(nameOf(p, who)) || 'null');
const save = (p, who, record) => remember(nameOf(p, who), JSON.stringify(record));
let [slot, sign] = ['', ''];

/** No newer tab has signed. */
export const holds = () => recall(slot) === sign;

export function recall(name) {
  try {
    return localStorage.getItem(name) || '';
  } catch (error) {
    return '';
  }
}

/** Write and read back: some browsers say yes and keep nothing. */
export function remember(name, value) {
  if (!holds()) throw new Error('another tab holds the ballot');
  localStorage.setItem(name, value);
  if (recall(name) !== value) throw new Error('the browser keeps nothing');
}

/** At once, so that nothing done during a request is lost; undefined deletes. */
function change(p, who, fields) {
  const record = assign(load(p, who), fields);
  save(p, who, record);
  return record;
}

function drop({ p, who }) {
  if (holds()) localStorage.removeItem(nameOf(p, who));
}

function all() {
  const names = Object.keys(localStorage).map((name) => name.split('/'));
  const records = names.map(([head, p, who]) => ({ p, who, record: head === 'phieu' && load(p, who) }));
  return records.filter(({ record }) => record && record.door === address.key);
}

/** The newest tab holds the ballot; an older one writes nothing more, and calls its `lost`. */
export async function claim(name, lost) {
  const mine = hex(random(8));
  remember('phieu-the/' + name, mine);
  [slot, sign] = ['phieu-the/' + name, mine];
  let release = () => {};
  addEventListener('storage', () => holds() || release(lost()));
  await new Promise((ready) => {
    // A tab asleep cannot let go; it will find our sign when it wakes.
    setTimeout(ready, navigator.locks ? 4000 : 500);
    const hold = () => new Promise((done) => ready((release = done)));
    if (navigator.locks) navigator.locks.request(name, hold);
  });
}

const isOpen = ({ state }) => ['STAMPED', 'MARKING', 'FOLDED'].includes(state);
const isLoose = ({ who }) => who.startsWith('~');
const bare = ({ door, poll: id, round }, rest) => assign({ door, poll: id, round }, rest);

const STEPS = { issuing: obtain, casting: castAll, sealed: check, counted: check, confirmed: check };

/** Take the step of the phase, or take it up where it stopped. */
export async function work() {
  const { state } = poll.phase;
  trouble.alarm = mixUp();
  if (trouble.alarm) return;
  if (state === 'void') keepMarks();
  if (STEPS[state] && (await openSheet())) await STEPS[state]();
  trouble.alarm = mixUp();
}

/** Another sheet in the same round may hide a key made for one phone. */
function mixUp() {
  const { p, poll: id, round } = poll.phase;
  if (poll.unsound === p) return 'unsound';
  const others = all().filter((each) => each.record.poll === id && each.p !== p);
  return others.some(({ record }) => record.round >= round || record.state === 'IN_BOX') && 'changed';
}

async function openSheet() {
  const { phase } = poll;
  const { p, state } = phase;
  const seen = state === 'casting' ? poll.seenAgain : poll.sheet && poll.sheet.p;
  if (seen === p) return true;
  const bytes = await askBytes(`/hom/${p}/to-phieu`);
  trouble.offline = !bytes;
  if (!bytes) return false;
  try {
    const sheet = await ballot.readSheet(bytes, p);
    if (sheet.poll !== phase.poll || sheet.round !== phase.round) throw new Error('unsound sheet');
    assign(poll, { sheet, seenAgain: state === 'casting' && p });
    return true;
  } catch (error) {
    poll.unsound = p;
    return false;
  }
}

/** The voter's open ballot of an earlier round of the same form. */
function earlier(who, p, id) {
  const same = (each) => each.who === who && each.p !== p && each.record.poll === id && isOpen(each.record);
  return all().find((each) => same(each) && poll.sheet && each.record.form === poll.sheet.form);
}

/** The ballot on the screen: still the old one while a new round's stamp is on its way. */
export function current() {
  const { p, poll: id, state } = poll.phase;
  const { who, refusal } = voter;
  const record = load(p, who);
  const waiting = state === 'issuing' && !refusal && (!record || record.state === 'KEYED');
  return (waiting && earlier(who, p, id)) || { p, record };
}

/** All is saved before it is sent, and the same is sent until answered. */
async function obtain() {
  const { key, tablet } = address;
  const { who, code, refusal } = voter;
  const { sheet } = poll;
  const { p } = sheet;
  if (tablet) forgetOldRounds(p);
  if (tablet && !who) return;
  if (refusal && refusal.p === p && refusal.refused !== 403) return;
  if (!load(p, who)) {
    const fresh = { door: key, poll: sheet.poll, round: sheet.round, form: sheet.form, state: 'KEYED' };
    save(p, who, assign(fresh, await ballot.prepare(sheet)));
  }
  if (load(p, who).state === 'KEYED' && (await stillIssuing(p))) await fetchStamp(p, who, code);
  const { state, acked } = load(p, who);
  const silent = code || acked || state === 'KEYED';
  if (!silent && (await stillIssuing(p)) && (await sayReceived(p))) change(p, who, { acked: true });
}

async function fetchStamp(p, who, code) {
  const record = load(p, who);
  const { stamp, refused, reason } = await askStamp(p, record.z, code);
  trouble.offline = !stamp && !refused;
  if (voter.who === who) voter.refusal = refused && { p, refused, reason };
  if (!stamp) return;
  try {
    record.stamp = ballot.unblind(poll.sheet, record, stamp);
  } catch (error) {
    voter.refusal = { p, bad: true };
    return;
  }
  const news = { state: 'STAMPED', stamp: record.stamp, r: undefined, z: undefined };
  const old = earlier(who, p, record.poll);
  const { marks, state } = old ? old.record : {};
  if (marks) assign(news, { state: 'MARKING', marks, carried: true });
  // The member agreed to these very marks, and may be looking away.
  if (state === 'FOLDED') assign(news, { state }, await ballot.fold(p, record, marks));
  change(p, who, news);
  if (old) drop(old);
}

/** These can never be cast: their slips are scanned again. */
function forgetOldRounds(p) {
  const old = all().filter((each) => each.p !== p && isLoose(each));
  old.forEach(drop);
  if (old.length) poll.again = true;
}

/** On a shared tablet all that are folded, in random order. */
async function castAll() {
  const { p } = poll.phase;
  const here = (each) => each.p === p && (address.tablet ? isLoose(each) : each.who === voter.who);
  const folded = all().filter((each) => here(each) && each.record.state === 'FOLDED');
  const drawn = folded.map(({ who }) => [hex(random(16)), who]).sort();
  await Promise.all(drawn.map(([, who]) => castOne(p, who)));
}

async function castOne(p, who) {
  await randomWait(p + who);
  if (poll.phase.state !== 'casting' || poll.phase.p !== p) return;
  // Without its key it can be sent again, but not made again with other marks.
  const record = change(p, who, { key: undefined });
  const answer = await cast(record);
  trouble.offline = answer === null;
  voter.objection = answer > 1;
  if (answer === 0) save(p, who, bare(record, { state: 'IN_BOX', hash: record.hash }));
}

const waited = new Set();

async function randomWait(purpose) {
  if (waited.has(purpose)) return;
  waited.add(purpose);
  const [number] = crypto.getRandomValues(new Uint32Array(1));
  await new Promise((resolve) => setTimeout(resolve, (number / 2 ** 32) * 1000 * poll.phase.delay));
}

/** The whole list, so that nobody learns which ballot is looked for. */
async function check() {
  const { p, poll: id, round, sealed, issued, state } = poll.phase;
  const { key, tablet } = address;
  const mine = all().filter((each) => each.p === p && (tablet || each.who === voter.who));
  const done = mine.find(({ record }) => record.state === 'CHECKED');
  if (done) poll.result = assign({ p }, done.record.result);
  if (!poll.result || poll.result.p !== p) {
    await randomWait(p);
    const bytes = await askBytes(`/hom/${p}/danh-sach`);
    const list = bytes && (await ballot.readList(bytes, p));
    trouble.offline = !list;
    if (!list) return;
    const records = mine.map(({ record }) => record);
    const result = { word: judge(list, sealed, issued, records), count: list.hashes.length };
    poll.result = assign({ p }, result);
    if (!tablet) save(p, voter.who, { door: key, poll: id, round, state: 'CHECKED', result });
  }
  const old = (each) => tablet || (state === 'confirmed' && each.p !== p);
  all().filter(old).forEach(drop);
}

/** kept, late or nothing; or a reason to raise a hand: altered, missing, overfull. */
function judge(list, sealed, issued, records) {
  if (list.sha256 !== sealed) return 'altered';
  const absent = records.filter(({ hash }) => !list.hashes.includes(hash));
  const unused = absent.filter(isOpen).length;
  if (absent.some(({ state }) => state === 'IN_BOX')) return 'missing';
  if (unused) return list.hashes.length + unused > issued ? 'overfull' : 'late';
  return records.some(({ hash }) => hash) ? 'kept' : 'nothing';
}

/** To be offered if the void poll is repeated; on a shared tablet nothing is. */
function keepMarks() {
  for (const each of all().filter(({ record }) => record.poll === poll.phase.poll)) {
    const { form, marks } = each.record;
    if (address.tablet) drop(each);
    else save(each.p, each.who, bare(each.record, { state: 'VOID', form, marks }));
  }
}

export function offered() {
  const { phase, sheet } = poll;
  const fits = (old) => old.state === 'VOID' && old.poll !== phase.poll && old.form === sheet.form && old.marks;
  return all().find(({ who, record }) => who === voter.who && fits(record));
}

export function answerOffer(wanted) {
  const old = offered();
  if (wanted) change(poll.phase.p, voter.who, { state: 'MARKING', marks: old.record.marks });
  drop(old);
}

/** Mark a row: 1..L a level, 0 no opinion. */
export function mark(row, value) {
  const { p, record } = current();
  const marks = record.marks || poll.sheet.rows.map(() => null);
  marks[row] = value;
  change(p, voter.who, { state: 'MARKING', marks });
}

/** On a shared tablet a folded ballot loses its last tie to the slip: a random name, and no key. */
export async function fold() {
  const { p, record } = current();
  const folded = assign({ state: 'FOLDED' }, await ballot.fold(p, record, record.marks));
  if (!load(p, voter.who)) return undefined; // a new round has taken the marks over
  if (!address.tablet) return change(p, voter.who, folded);
  save(p, '~' + hex(random(16)), bare(record, folded));
  return drop({ p, who: voter.who });
}

export function unfold() {
  const { p, record } = current();
  if (record.key) change(p, voter.who, { state: 'MARKING', body: undefined, hash: undefined });
}

/** Ballots folded on this shared tablet. */
export function stock() {
  const here = all().filter((each) => each.p === poll.phase.p && isLoose(each));
  const inBox = here.filter(({ record }) => record.state === 'IN_BOX').length;
  return { cast: inBox, folded: here.length, waiting: here.length - inBox };
}
