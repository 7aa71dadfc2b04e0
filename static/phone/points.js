/** Points as people write them, exact: in hundredths of a point. */

/** "7,5" is 750; null for what is no number of points. */
export function hundredths(text) {
  const match = /^\s*(\d{1,3})(?:[.,](\d{1,2}))?\s*$/.exec(text || '');
  return match ? Number(match[1]) * 100 + Number(`${match[2] || ''}00`.slice(0, 2)) : null;
}

/** 750 is "7,5". */
export const decimal = (sum) => String(sum / 100).replace('.', ',');

/** Whether a total is enough for a level; its input says from how many points on. */
export const reaches = (level, total) => total >= Number(level.dataset.least) * 100;
