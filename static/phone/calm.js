/** What the calm page says and asks in each phase of a poll. */

const LABELS = {
  issuing: 'Mở phiếu',
  casting: 'Mở phiếu',
  sealed: 'Kiểm tra phiếu của tôi',
  counted: 'Kiểm tra phiếu của tôi',
};

/** The words on the way to the ballot; none when there is nothing to do there. `done`: this phone's ballot is cast. */
export const labelOf = (state, done) => (done && state === 'casting' ? '✔ Đã bỏ phiếu kín' : LABELS[state] || '');

/** While a ballot can be on its way the site, which knows who asks, is not asked at all. */
export const mayAskTheSite = (state) => !['issuing', 'casting', 'sealed'].includes(state);
