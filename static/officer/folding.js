/** A name as it is looked for: small plain letters, as `members/rules/names.py:search_key` writes them. */
const ALONE = { đ: 'd', ƀ: 'b' }; // letters that are no letter with a mark
const APOSTROPHES = /\s*['\u2019\u2018\u02bc\u0060\u00b4\u2032]\s*/g;

export const folded = (text) =>
  text
    .replace(APOSTROPHES, '')
    .toLowerCase()
    .normalize('NFD')
    .replace(/[đƀ]/g, (letter) => ALONE[letter])
    .replace(/[^a-z0-9 ]/g, '');
