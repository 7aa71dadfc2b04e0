// What a browser has and the engine of the tests has not, as far as our scripts use it; the py_ functions are Python.
var modules = {};
var outcome = null;
var timers = [];
var toHex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
var toBytes = (digits) => Uint8Array.from(digits.match(/../g) || [], (pair) => parseInt(pair, 16));

/** py_fetch says status, type and bytes; "lost" for a network that fails, "never" for an answer that does not come. */
globalThis.fetch = (path, { method = 'GET', credentials = 'same-origin', body, signal }) => {
  const said = py_fetch(method, path, credentials, body ? toHex(body) : '');
  if (said === 'lost') return Promise.reject(new TypeError('no network'));
  if (said === 'never') return new Promise((_, reject) => Object.assign(signal, { stop: () => reject(new Error('aborted')) }));
  const { status, type, bytes } = JSON.parse(said);
  const headers = { get: () => type };
  return Promise.resolve({ status, headers, arrayBuffer: async () => toBytes(bytes) });
};
globalThis.setTimeout = (work, wait) => timers.push({ work, wait });
globalThis.TextEncoder = class {
  encode(text) {
    return Uint8Array.from(unescape(encodeURIComponent(text)), (letter) => letter.charCodeAt(0));
  }
};
globalThis.TextDecoder = class {
  decode(bytes) {
    const letters = toHex(bytes || []).replace(/../g, '%$&');
    try {
      return decodeURIComponent(letters);
    } catch {
      return '\ufffd'; // no UTF-8
    }
  }
};
globalThis.AbortController = class {
  constructor() {
    this.signal = { aborted: false };
  }
  abort() {
    this.signal.aborted = true;
    if (this.signal.stop) this.signal.stop();
  }
};
// As in a browser, the names kept are those of the object itself.
globalThis.localStorage = Object.create({
  getItem(name) {
    return Object.hasOwn(this, name) ? this[name] : null;
  },
  setItem(name, value) {
    this[name] = String(value);
  },
  removeItem(name) {
    delete this[name];
  },
});
// As much of IndexedDB as our scripts ask for: one store, its transactions one after another. What `kept` holds is on
// the disk; a test sets `held` for a disk that is slow for ever, and `refused` for one that takes no transaction.
var disk = { kept: null, held: false, refused: '', durability: [], last: Promise.resolve() };
var copy = (value) => (value === undefined ? value : JSON.parse(JSON.stringify(value)));
function begin(mode, durability) {
  const asked = [];
  const ask = (work) => asked[asked.push({ work }) - 1];
  const transaction = { abort: () => Object.assign(transaction, { aborted: true, error: null }) };
  const store = {
    transaction,
    get: (name) => ask((draft) => copy(draft[name])),
    count: (name) => ask((draft) => Number(name in draft)),
    getAll: () => ask((draft) => Object.keys(draft).sort().map((name) => copy(draft[name]))),
    getAllKeys: () => ask((draft) => Object.keys(draft).sort()),
    put: (value, name) => ask((draft) => void (draft[name] = copy(value))),
    delete: (name) => ask((draft) => void delete draft[name]),
  };
  async function run() {
    const draft = Object.assign({}, disk.kept);
    while (asked.length && !transaction.aborted) {
      const request = asked.shift();
      request.result = request.work(draft);
      if (request.onsuccess) request.onsuccess({ target: request });
    }
    if (transaction.aborted || disk.refused) return transaction.onabort();
    if (mode === 'readwrite' && disk.held) return undefined;
    disk.kept = draft;
    return transaction.oncomplete();
  }
  if (mode === 'readwrite') disk.durability.push(durability);
  if (disk.refused) transaction.error = new Error(disk.refused);
  disk.last = disk.last.then(run);
  return Object.assign(transaction, { objectStore: () => store });
}
globalThis.indexedDB = {
  open() {
    const made = { createObjectStore: () => (disk.kept = {}), transaction: (_, mode, { durability }) => begin(mode, durability) };
    const request = { result: Object.assign(made, { close() {} }) };
    Promise.resolve().then(() => {
      if (!disk.kept) request.onupgradeneeded();
      request.onsuccess();
    });
    return request;
  },
};
globalThis.crypto = {
  getRandomValues(array) {
    array.set(toBytes(py_random(array.length)));
    return array;
  },
  subtle: {
    digest: async (name, bytes) => toBytes(py_digest(name, toHex(bytes))),
    async generateKey() {
      const [kept, pub] = py_new_key().split(' ');
      return { privateKey: kept, publicKey: pub };
    },
    exportKey: async (form, key) => toBytes(key),
    async importKey(form, key) {
      if (form !== 'jwk') return toHex(key);
      return toHex(Uint8Array.from(atob(key.n.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0)));
    },
    sign: async (way, key, bytes) => toBytes(py_sign(key, toHex(bytes))),
    async verify({ name }, key, signature, bytes) {
      const verify = name === 'RSA-PSS' ? py_verify_stamp : py_verify_ballot;
      return verify(key, toHex(signature), toHex(bytes));
    },
  },
};
