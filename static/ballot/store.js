/** What this device keeps of its ballots, by name: once a promise here resolves, it is on the disk. */

const NAME = 'phieu'; // of the database, and of its only store
const PATIENCE = 5000;

/** Some browsers neither answer nor refuse. */
const answered = (work) =>
  new Promise((done, fail) => {
    setTimeout(() => fail(new Error('no answer')), PATIENCE);
    work(done, fail);
  });

const open = () =>
  answered((done, fail) => {
    const request = indexedDB.open(NAME);
    const base = () => request.result;
    request.onupgradeneeded = () => base().createObjectStore(NAME);
    request.onsuccess = () => done(base());
    request.onerror = () => fail(request.error);
  });

async function attempt(mode, work) {
  const base = await open();
  try {
    return await answered((done, fail) => {
      const transaction = base.transaction(NAME, mode, { durability: 'strict' });
      const asked = work(transaction.objectStore(NAME));
      transaction.oncomplete = () => done(asked);
      transaction.onabort = () => fail(transaction.error || new Error('aborted'));
    });
  } finally {
    base.close();
  }
}

/**
 * One transaction, all of it or nothing; resolves with what `work` made of the store. Opened anew each time, and tried
 * twice: a phone that slept has lost its connection, or was given no time to answer.
 */
export const transact = (mode, work) => attempt(mode, work).catch(() => attempt(mode, work));

export const read = async (name) => (await transact('readonly', (store) => store.get(name))).result;

export async function readAll() {
  await takeOver();
  const [names, values] = await transact('readonly', (store) => [store.getAllKeys(), store.getAll()]);
  return names.result.reduce((all, name, i) => Object.assign(all, { [name]: values.result[i] }), {});
}

/** Records stood in localStorage once, which reaches the disk seconds late. */
async function takeOver() {
  try {
    const old = Object.keys(localStorage).filter((name) => /^phieu(-giay)?\//.test(name));
    if (!old.length) return;
    await transact('readwrite', (store) => {
      for (const name of old) {
        const record = JSON.parse(localStorage[name]);
        store.count(name).onsuccess = ({ target }) => target.result || store.put(record, name);
      }
    });
    old.forEach((name) => localStorage.removeItem(name));
  } catch (error) {
    // Without a localStorage nothing stands there; without this store its caller finds out.
  }
}
