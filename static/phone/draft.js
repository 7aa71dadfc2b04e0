/**
 * What becomes of words that a phone kept of a self-review, when the page is opened again. Pure; review.js keeps them.
 * Fields are texts by the name of their place; a place without a text is the same as none.
 */

/** A browser may send other line ends and other code points for the same letters. */
export const letters = (text) => text.replace(/\r\n?/g, '\n').normalize('NFC');

export function same(one, other) {
  const names = Object.keys(Object.assign({}, one, other));
  return names.every((name) => (one[name] || '') === (other[name] || ''));
}

/** Whether one of the texts that were sent without hearing an answer is what the server has. */
export const isOurs = (tried, stored) => (tried || []).some((former) => same(former, stored));

/** Where the words are meanwhile; a browser that keeps nothing, as some in private mode, has them on its page alone. */
const placeOf = (isKept) =>
  isKept ? 'chữ vẫn còn trong máy' : 'trình duyệt này không giữ được chữ, xin đừng đóng trang này';
const capital = (words) => words[0].toUpperCase() + words.slice(1);

/** A sentence of the server about what it did not store, and where the words are. */
export function withPlace(sentence, isKept) {
  return sentence.includes('Chữ vẫn còn') ? sentence : `${sentence} ${capital(placeOf(isKept))}.`;
}

/**
 * Why nothing is known to be stored, by the status of what came back (0: nothing came): the sentence, whether to try
 * again by itself, and whether the page has to be drawn anew.
 */
export function troubleOf(status, isKept = true) {
  const place = placeOf(isKept);
  if (!status) return { words: `Mất mạng — ${place}`, again: true, reload: false };
  if (status === 403) {
    const words = `Trang này đã cũ: máy vừa vào lại ở thẻ khác. ${capital(place)}.`;
    return { words, again: false, reload: true };
  }
  if (status === 400 || status === 413) {
    const words = `Bài dài quá, máy chủ không nhận. ${capital(place)}; xin viết gọn lại.`;
    return { words, again: false, reload: false };
  }
  return { words: `Máy chủ đang trục trặc. ${capital(place)}; máy tự lưu lại.`, again: true, reload: false };
}

// Bytes that a browser sends after its page is gone; with more the request would not even begin.
const LAST_BREATH = 64 * 1024;
const PER_PLACE = 200; // of a form in parts: name, borders

/** Whether these fields may be sent while the page goes away. */
export function fitsLastBreath(fields) {
  const names = Object.keys(fields);
  const long = names.reduce((sum, name) => sum + new TextEncoder().encode(name + fields[name]).length, 0);
  return long + PER_PLACE * (names.length + 5) < LAST_BREATH;
}

/** Points were meant for the criteria of their day: under other criteria those of the server count. */
export function mended(left, criteria, stored) {
  if (left.criteria === criteria) return left.fields;
  const isScore = (name) => name.startsWith('score-');
  const fields = {};
  for (const name of Object.keys(left.fields)) if (!isScore(name)) fields[name] = left.fields[name];
  for (const name of Object.keys(stored)) if (isScore(name)) fields[name] = stored[name];
  return fields;
}

/** Whether these fields leave several texts empty that are stored: never taken for what was meant without asking. */
export function isEmptier(fields, stored) {
  const isText = (name) => name.startsWith('text-');
  return Object.keys(stored).filter((name) => isText(name) && stored[name] && !fields[name]).length > 1;
}

/**
 * What to do with the words that a killed tab left behind: "forget" them, "restore" them at once, or "offer" them to
 * the member, because something else was stored meanwhile, or more is stored than they are.
 */
export function fateOf(left, fields, version, stored) {
  if (!left || same(fields, stored)) return 'forget';
  if (isEmptier(fields, stored)) return 'offer';
  return left.version === version || isOurs(left.tried, stored) ? 'restore' : 'offer';
}
