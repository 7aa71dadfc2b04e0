/** What the page knows, what the phone remembers, and the steps it takes by itself. No screen. */
import { ANONYMOUS, ask, parse } from './ask.js';
import * as ballot from './ballot.js';
import { read, readAll, transact } from './store.js';

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
    ? post('/hop/doi-phieu', ANONYMOUS, unhex(p + z + bytesOf(code)))
    : post('/hop/phat-phieu', BY_NAME, unhex(p + z)));
  if (status === 200 && bytes.length === 256) return { stamp: bytes };
  return status >= 400 && status < 500 ? { refused: status, reason: parse(bytes).error } : {};
}

/** In hex; of letters that spell more than ten bytes, which no slip has, some ten. */
function bytesOf(code) {
  const digit = (letter) => BigInt('bcfghjklmnpqrstvxz3479'.indexOf(letter));
  const number = [...code].reduce((sum, letter) => sum * BigInt(22) + digit(letter), BigInt(0));
  return number.toString(16).padStart(20, '0').slice(-20);
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
// `known` is what the disk holds, and never runs ahead of it: what is drawn or sent from it survives the phone's death.

const nameOf = (p, who) => `phieu/${p}/${who}`;
const load = (p, who) => known[nameOf(p, who)];
let known = {};
let slot = '';
let sign; // under the slot, of the tab that holds the ballot

/** No newer tab has signed. */
export const holds = async () => (await read(slot)) === sign;

/**
 * Each name's maker is given what is kept there and gives what shall be, undefined for nothing; all or none of it.
 * A maker may be asked again about its own work: of a slow disk nobody knows whether it has written.
 */
async function keep(makers) {
  let [made, taken] = [{}, false];
  if (!Object.keys(makers).length) return;
  try {
    await transact('readwrite', (store) => {
      made = {};
      store.get(slot).onsuccess = ({ target }) => {
        taken = target.result !== sign;
        if (taken) return store.transaction.abort();
        return Object.keys(makers).forEach((name) => {
          store.get(name).onsuccess = ({ target: { result } }) => {
            made[name] = makers[name](result);
            if (made[name]) store.put(made[name], name);
            else store.delete(name);
          };
        });
      };
    });
  } catch (error) {
    throw assign(new Error(error), { screen: taken ? 'elsewhere' : 'forgetful' });
  }
  assign(known, made);
}

/** Where there is a record that `fits`, with these fields; undefined deletes one. */
const changed =
  (fields, fits = Boolean) =>
  (old) =>
    old && fits(old) ? assign({}, old, fields) : old;

async function change(p, who, fields, fits) {
  await keep({ [nameOf(p, who)]: changed(fields, fits) });
  return load(p, who);
}

const keepAll = (found, make) =>
  keep(found.reduce((makers, { p, who }) => assign(makers, { [nameOf(p, who)]: make }), {}));
const drop = (found) => keepAll(found, () => {});

function all() {
  const names = Object.keys(known).map((name) => name.split('/'));
  const records = names.map(([head, p, who]) => ({ p, who, record: head === 'phieu' && load(p, who) }));
  return records.filter(({ record }) => record && record.door === address.key);
}

export const recall = (name) => known[name];
export const remember = (name, value) => keep({ [name]: () => value });

/** What is kept is known from here on; a browser that keeps nothing throws. */
export async function recollect() {
  try {
    known = await readAll();
    if (slot && !known[slot]) throw new Error('nothing is kept');
  } catch (error) {
    throw assign(new Error(error), { screen: 'forgetful' });
  }
}

/** The newest tab holds the ballot; an older one writes nothing more, and calls its `lost`. */
export async function claim(name, lost) {
  const mine = hex(random(8));
  await remember('phieu-the/' + name, mine);
  [slot, sign] = ['phieu-the/' + name, mine];
  await recollect();
  const giveUp = async () => (await holds()) || lost();
  const hold = () => new Promise(() => {});
  if (navigator.locks) navigator.locks.request(slot, { steal: true }, hold).catch(giveUp);
}

const isOpen = ({ state }) => ['STAMPED', 'MARKING', 'FOLDED'].includes(state);
const isFolded = ({ state }) => state === 'FOLDED';
const isLoose = ({ who }) => who.startsWith('~');
const bare = ({ door, poll: id, round }, rest) => assign({ door, poll: id, round }, rest);

const STEPS = { issuing: obtain, casting: castAll, sealed: check, counted: check, confirmed: check };

/** Take the step of the phase, or take it up where it stopped. */
export async function work() {
  const { state } = poll.phase;
  trouble.alarm = mixUp();
  if (trouble.alarm) return;
  if (state === 'void') await keepMarks();
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
  if (tablet) await forgetOldRounds(p);
  if (tablet && !who) return;
  if (refusal && refusal.p === p && refusal.refused !== 403) return;
  if (!load(p, who)) {
    const fresh = { door: key, poll: sheet.poll, round: sheet.round, form: sheet.form, state: 'KEYED' };
    assign(fresh, await ballot.prepare(sheet));
    await keep({ [nameOf(p, who)]: (old) => old || fresh });
  }
  if (load(p, who).state === 'KEYED' && (await stillIssuing(p))) await fetchStamp(p, who, code);
  const { state, acked } = load(p, who);
  const silent = code || acked || state === 'KEYED';
  if (!silent && (await stillIssuing(p)) && (await sayReceived(p))) await change(p, who, { acked: true });
}

async function fetchStamp(p, who, code) {
  const record = load(p, who);
  const { stamp, refused, reason } = await askStamp(p, record.z, code);
  trouble.offline = !stamp && !refused;
  if (voter.who === who) voter.refusal = refused && { p, refused, reason };
  if (!stamp) return;
  const news = { state: 'STAMPED', r: undefined, z: undefined };
  try {
    news.stamp = ballot.unblind(poll.sheet, record, stamp);
  } catch (error) {
    voter.refusal = { p, bad: true };
    return;
  }
  const old = earlier(who, p, record.poll);
  const { marks, state } = old ? old.record : {};
  // The member agreed to these very marks, and may be looking away.
  const folded = state === 'FOLDED' && (await ballot.fold(p, assign({}, record, news), marks));
  const makers = {};
  if (old) {
    makers[nameOf(old.p, who)] = (each) => {
      if (each && each.marks) assign(news, { state: 'MARKING', marks: each.marks, carried: true });
      if (each && each.state === state) assign(news, folded && { state }, folded);
    };
  }
  await keep(assign(makers, { [nameOf(p, who)]: changed(news) }));
}

/** These can never be cast: their slips are scanned again. */
async function forgetOldRounds(p) {
  const old = all().filter((each) => each.p !== p && isLoose(each));
  if (!old.length) return;
  await drop(old);
  poll.again = true;
}

/** On a shared tablet all that are folded, in random order. */
async function castAll() {
  const { p } = poll.phase;
  const here = (each) => each.p === p && (address.tablet ? isLoose(each) : each.who === voter.who);
  const folded = all().filter((each) => here(each) && isFolded(each.record));
  const drawn = folded.map(({ who }) => [hex(random(16)), who]).sort();
  await Promise.all(drawn.map(([, who]) => castOne(p, who)));
}

async function castOne(p, who) {
  await randomWait(p + who);
  if (poll.phase.state !== 'casting' || poll.phase.p !== p) return;
  // Without its key it can be sent again, but not made again with other marks.
  const record = await change(p, who, { key: undefined }, isFolded);
  if (!isFolded(record)) return; // unfolded meanwhile
  const answer = await cast(record);
  trouble.offline = answer === null;
  voter.objection = answer > 1;
  const { hash } = record;
  if (answer === 0) await keep({ [nameOf(p, who)]: () => bare(record, { state: 'IN_BOX', hash }) });
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
  const { who } = voter;
  const mine = all().filter((each) => each.p === p && (tablet || each.who === who));
  const done = mine.find(({ record }) => record.state === 'CHECKED');
  let result = done ? done.record.result : poll.result;
  if (!done && (!result || result.p !== p)) {
    await randomWait(p);
    const bytes = await askBytes(`/hom/${p}/danh-sach`);
    const list = bytes && (await ballot.readList(bytes, p));
    trouble.offline = !list;
    if (!list) return;
    const records = mine.map(({ record }) => record);
    result = { word: judge(list, sealed, issued, records), count: list.hashes.length };
    // The ballot's hash goes with it.
    const checked = { door: key, poll: id, round, state: 'CHECKED', result };
    if (!tablet) await keep({ [nameOf(p, who)]: () => checked });
  }
  await drop(all().filter((each) => tablet || (state === 'confirmed' && each.p !== p)));
  poll.result = assign({ p }, result);
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
async function keepMarks() {
  const open = all().filter(({ record }) => record.poll === poll.phase.poll && record.state !== 'VOID');
  if (address.tablet) return drop(open);
  const barely = (old) => old && bare(old, { state: 'VOID', form: old.form, marks: old.marks });
  return keepAll(open, barely);
}

export function offered() {
  const { phase, sheet } = poll;
  const fits = (old) => old.state === 'VOID' && old.poll !== phase.poll && old.form === sheet.form && old.marks;
  return all().find(({ who, record }) => who === voter.who && fits(record));
}

export function answerOffer(wanted) {
  const { p, who, record } = offered();
  const taken = wanted && { state: 'MARKING', marks: record.marks };
  return keep({ [nameOf(poll.phase.p, who)]: changed(taken), [nameOf(p, who)]: () => {} });
}

/** Mark a row: 1..L a level, 0 no opinion. */
export function mark(row, value) {
  const { p, record } = current();
  const marks = [...(record.marks || poll.sheet.rows.map(() => null))];
  marks[row] = value;
  return change(p, voter.who, { state: 'MARKING', marks });
}

/** On a shared tablet a folded ballot loses its last tie to the slip: a random name, and no key. */
export async function fold() {
  const { p, record } = current();
  const { who } = voter;
  const folded = assign({ state: 'FOLDED' }, await ballot.fold(p, record, record.marks));
  if (!address.tablet) return change(p, who, folded);
  let open; // not if a new round has taken the marks over
  const take = (old) => {
    open = old;
  };
  const loose = (done) => done || (open && bare(open, folded));
  return keep({ [nameOf(p, who)]: take, [nameOf(p, '~' + hex(random(16)))]: loose });
}

export const unfold = () =>
  change(current().p, voter.who, { state: 'MARKING', body: undefined, hash: undefined }, ({ key }) => key);

/** Ballots folded on this shared tablet. */
export function stock() {
  const here = all().filter((each) => each.p === poll.phase.p && isLoose(each));
  const inBox = here.filter(({ record }) => record.state === 'IN_BOX').length;
  return { cast: inBox, folded: here.length, waiting: here.length - inBox };
}
