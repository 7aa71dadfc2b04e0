/** The booth: requests, memory, and the steps the phone takes by itself. No screen. */
import * as ballot from './ballot.js';

const { assign } = Object;
const { hex, unhex, random } = ballot;

// Requests: all anonymous but askStamp and sayReceived, each sent only on fresh word that ballots are handed out.

const ANONYMOUS = { credentials: 'omit', referrerPolicy: 'no-referrer' };
const BY_NAME = { credentials: 'same-origin', referrerPolicy: 'same-origin' };

/** Status and bytes; status 0 when there is no answer. */
async function ask(path, options, body) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), 20000);
  const post = body && { method: 'POST', body, headers: { 'Content-Type': 'application/octet-stream' } };
  try {
    const always = { cache: 'no-store', redirect: 'error', signal: abort.signal };
    const response = await fetch(path, assign(always, options, post));
    const bytes = new Uint8Array(await response.arrayBuffer());
    // A page is no answer of ours, but a Wi-Fi asking for its password.
    const page = response.status === 200 && /html/.test(response.headers.get('Content-Type'));
    return { status: page ? 0 : response.status, bytes };
  } catch (error) {
    return { status: 0 };
  } finally {
    clearTimeout(timer);
  }
}

async function askBytes(path) {
  const { status, bytes } = await ask(path, ANONYMOUS);
  return status === 200 && bytes;
}

function parse(bytes) {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    return {};
  }
}

/** The phase of the meeting's newest poll. */
export async function askPhase(key) {
  const { status, bytes } = await ask(`/hom/${key}/luot`, ANONYMOUS);
  if (status === 404) return { state: 'unknown' };
  const answer = status === 200 && parse(bytes);
  return answer.v === 1 && answer;
}

async function stillIssuing({ key }, p) {
  const phase = await askPhase(key);
  return phase && phase.p === p && phase.state === 'issuing';
}

/** The blind stamp, for the phone's cookie or for a slip's code; or why not. */
async function askStamp(p, z, code) {
  const { status, bytes } = await (code
    ? ask('/hop/doi-phieu', ANONYMOUS, unhex(p + z + base32(code)))
    : ask('/hop/phat-phieu', BY_NAME, unhex(p + z)));
  if (status === 200 && bytes.length === 256) return { stamp: bytes };
  return status >= 400 && status < 500 ? { refused: status, reason: parse(bytes).error } : {};
}

function base32(code) {
  const bits = Array.from(code, (c) => 'abcdefghijklmnopqrstuvwxyz234567'.indexOf(c).toString(2).padStart(5, '0'));
  return hex(bits.join('').match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}

async function sayReceived(p) {
  return (await ask('/hop/da-nhan', BY_NAME, unhex(p))).status === 204;
}

/** 0 accepted, 1 closed, 2 number used, 3 refused; null unless about this very ballot. */
async function cast({ body, hash }) {
  const { status, bytes } = await ask('/hom/bo-phieu', ANONYMOUS, unhex(body));
  if (status !== 200 || bytes.length !== 33) return null;
  return bytes[0] === 3 || hex(bytes.slice(1)) === hash ? bytes[0] : null;
}

// Memory: a record per sheet P and voter: "" the phone's owner, a slip's tag, or "~" and a random number for a ballot
// folded on a shared tablet. It holds door (the meeting's key), poll, round, and by its state
//   KEYED form, prefix, pub, key, r, z → STAMPED − r, z; + stamp → MARKING + marks
//   → FOLDED + body, hash; − key when first sent → IN_BOX hash → CHECKED result; VOID form, marks

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

function all({ key }) {
  const names = Object.keys(localStorage).map((name) => name.split('/')).filter(([head]) => head === 'phieu');
  return names.map(([, p, who]) => ({ p, who, record: load(p, who) })).filter(({ record }) => record.door === key);
}

/** The newest tab holds the ballot; an older one writes nothing from then on, and calls its `lost`. */
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

// Steps.

const isOpen = ({ state }) => ['STAMPED', 'MARKING', 'FOLDED'].includes(state);
const isLoose = ({ who }) => who.startsWith('~');
const bare = ({ door, poll, round }, rest) => assign({ door, poll, round }, rest);

/** Take the step of the present phase; called again, it takes up where it stopped. */
export async function work(app) {
  const step = { issuing: obtain, casting: castAll, sealed: check, counted: check, confirmed: check }[app.phase.state];
  app.alarm = mixUp(app);
  if (app.alarm) return;
  if (app.phase.state === 'void') keepMarks(app);
  if (step && (await openSheet(app))) await step(app);
  app.alarm = mixUp(app);
}

/** Another sheet in the same round may hide a key made for one phone: go no further. */
function mixUp(app) {
  const { p, poll, round } = app.phase;
  if (app.unsound && app.unsound === p) return 'unsound';
  const others = all(app).filter((each) => each.record.poll === poll && each.p !== p);
  return others.some(({ record }) => record.round >= round || record.state === 'IN_BOX') && 'changed';
}

/** Fetch the sheet, and once more when the box opens. */
async function openSheet(app) {
  const { p, poll, round, state } = app.phase;
  const seen = state === 'casting' ? app.seenAgain : app.sheet && app.sheet.p;
  if (seen === p) return true;
  const bytes = await askBytes(`/hom/${p}/to-phieu`);
  app.offline = !bytes;
  if (!bytes) return false;
  try {
    const sheet = await ballot.readSheet(bytes, p);
    if (sheet.poll !== poll || sheet.round !== round) throw new Error('unsound sheet');
    assign(app, { sheet, seenAgain: state === 'casting' && p });
    return true;
  } catch (error) {
    app.unsound = p;
    return false;
  }
}

/** The voter's open ballot of an earlier round with the same rows and levels. */
function earlier(app, who, p, poll) {
  const same = (each) => each.who === who && each.p !== p && each.record.poll === poll && isOpen(each.record);
  return all(app).find((each) => same(each) && app.sheet && each.record.form === app.sheet.form);
}

/** The ballot on the screen: while a new round's stamp is on its way, still the old one, under the member's finger. */
export function current(app) {
  const { p, poll, state } = app.phase;
  const record = load(p, app.who);
  const waiting = state === 'issuing' && !app.refusal && !(record && record.state !== 'KEYED');
  return (waiting && earlier(app, app.who, p, poll)) || { p, record };
}

/** Nhận phiếu: all is saved before it is sent, and the same is sent until answered. */
async function obtain(app) {
  const { key, who, code, sheet, refusal } = app;
  const { p, poll, round, form } = sheet;
  if (app.tablet) forgetOldRounds(app, p);
  if (app.tablet && !who) return;
  if (refusal && refusal.p === p && refusal.refused !== 403) return;
  if (!load(p, who)) save(p, who, assign({ door: key, poll, round, form, state: 'KEYED' }, await ballot.prepare(sheet)));
  if (load(p, who).state === 'KEYED' && (await stillIssuing(app, p))) await fetchStamp(app, p, who, code);
  const { state, acked } = load(p, who);
  if (state !== 'KEYED' && !acked && !code && (await stillIssuing(app, p)) && (await sayReceived(p))) change(p, who, { acked: true });
}

async function fetchStamp(app, p, who, code) {
  const record = load(p, who);
  const { stamp, refused, reason } = await askStamp(p, record.z, code);
  app.offline = !stamp && !refused;
  if (app.who === who) app.refusal = refused && { p, refused, reason };
  if (!stamp) return;
  try {
    record.stamp = ballot.unblind(app.sheet, record, stamp);
  } catch (error) {
    app.refusal = { p, bad: true };
    return;
  }
  const news = { state: 'STAMPED', stamp: record.stamp, r: undefined, z: undefined };
  const old = earlier(app, who, p, record.poll);
  const { marks, state } = old ? old.record : {};
  if (marks) assign(news, { state: 'MARKING', marks, carried: true });
  // The member has agreed to these very rows and marks, and may be looking away.
  if (state === 'FOLDED') assign(news, { state }, await ballot.fold(p, record, marks));
  change(p, who, news);
  if (old) drop(old);
}

/** A shared tablet's ballots of an earlier round can never be cast: their slips are scanned again. */
function forgetOldRounds(app, p) {
  const old = all(app).filter((each) => each.p !== p && isLoose(each));
  old.forEach(drop);
  if (old.length) app.again = true;
}

/** Bỏ phiếu: on a phone one ballot, on a shared tablet all that are folded, in random order. */
async function castAll(app) {
  const { p } = app.phase;
  const here = (each) => each.p === p && (app.tablet ? isLoose(each) : each.who === app.who);
  const folded = all(app).filter((each) => here(each) && each.record.state === 'FOLDED');
  const drawn = folded.map(({ who }) => [hex(random(16)), who]).sort();
  await Promise.all(drawn.map(([, who]) => castOne(app, p, who)));
}

async function castOne(app, p, who) {
  await randomWait(app, p + who);
  if (app.phase.state !== 'casting' || app.phase.p !== p) return;
  // Without its key the ballot can be sent again, but not made again with other marks.
  const record = change(p, who, { key: undefined });
  const answer = await cast(record);
  app.offline = answer === null;
  app.objection = answer > 1;
  if (answer === 0) save(p, who, bare(record, { state: 'IN_BOX', hash: record.hash }));
}

async function randomWait({ phase, waited }, purpose) {
  if (waited.has(purpose)) return;
  waited.add(purpose);
  const [number] = crypto.getRandomValues(new Uint32Array(1));
  await new Promise((resolve) => setTimeout(resolve, (number / 2 ** 32) * 1000 * phase.delay));
}

/** The whole list, so that nobody learns which ballot is looked for. */
async function check(app) {
  const { p, poll, round, sealed, issued, state } = app.phase;
  const mine = all(app).filter((each) => each.p === p && (app.tablet || each.who === app.who));
  const done = mine.find(({ record }) => record.state === 'CHECKED');
  if (done) app.result = assign({ p }, done.record.result);
  if (!app.result || app.result.p !== p) {
    await randomWait(app, p);
    const bytes = await askBytes(`/hom/${p}/danh-sach`);
    const list = bytes && (await ballot.readList(bytes, p));
    app.offline = !list;
    if (!list) return;
    const result = { word: judge(list, sealed, issued, mine.map(({ record }) => record)), count: list.hashes.length };
    app.result = assign({ p }, result);
    if (!app.tablet) save(p, app.who, { door: app.key, poll, round, state: 'CHECKED', result });
  }
  if (app.tablet) all(app).forEach(drop);
  if (state === 'confirmed') all(app).filter((each) => each.p !== p).forEach(drop);
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

/** Of a void poll's ballot the marks stay, to be offered if it is repeated; on a shared tablet nothing. */
function keepMarks(app) {
  for (const each of all(app).filter(({ record }) => record.poll === app.phase.poll)) {
    const { form, marks } = each.record;
    if (app.tablet) drop(each);
    else save(each.p, each.who, bare(each.record, { state: 'VOID', form, marks }));
  }
}

// What the member does.

export function offered(app) {
  const fits = ({ state, poll, form }) => state === 'VOID' && poll !== app.phase.poll && form === app.sheet.form;
  return all(app).find((each) => each.who === app.who && fits(each.record) && each.record.marks);
}

export function answerOffer(app, wanted) {
  const old = offered(app);
  if (wanted) change(app.phase.p, app.who, { state: 'MARKING', marks: old.record.marks });
  drop(old);
}

/** Mark a row: 1..L a level, 0 no opinion. */
export function mark(app, row, value) {
  const { p, record } = current(app);
  const marks = record.marks || app.sheet.rows.map(() => null);
  marks[row] = value;
  change(p, app.who, { state: 'MARKING', marks });
}

/** On a shared tablet a folded ballot loses its last tie to the slip: a random name, and no key. */
export async function fold(app) {
  const { p, record } = current(app);
  const folded = assign({ state: 'FOLDED' }, await ballot.fold(p, record, record.marks));
  if (!load(p, app.who)) return undefined; // a new round has taken the marks over
  if (!app.tablet) return change(p, app.who, folded);
  save(p, '~' + hex(random(16)), bare(record, folded));
  return drop({ p, who: app.who });
}

export function unfold(app) {
  const { p, record } = current(app);
  if (record.key) change(p, app.who, { state: 'MARKING', body: undefined, hash: undefined });
}

/** Ballots folded on this shared tablet. */
export function stock(app) {
  const here = all(app).filter((each) => each.p === app.phase.p && isLoose(each));
  const cast = here.filter(({ record }) => record.state === 'IN_BOX').length;
  return { cast, folded: here.length, waiting: here.length - cast };
}
