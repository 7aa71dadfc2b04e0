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

/** Points were meant for the criteria of their day: under other criteria those of the server count. */
export function mended(left, criteria, stored) {
  if (left.criteria === criteria) return left.fields;
  const isScore = (name) => name.startsWith('score-');
  const fields = {};
  for (const name of Object.keys(left.fields)) if (!isScore(name)) fields[name] = left.fields[name];
  for (const name of Object.keys(stored)) if (isScore(name)) fields[name] = stored[name];
  return fields;
}

/**
 * What to do with the words that a killed tab left behind: "forget" them, "restore" them at once, or "offer" them to
 * the member, because something else was stored meanwhile.
 */
export function fateOf(left, fields, version, stored) {
  if (!left || same(fields, stored)) return 'forget';
  return left.version === version || isOurs(left.tried, stored) ? 'restore' : 'offer';
}
