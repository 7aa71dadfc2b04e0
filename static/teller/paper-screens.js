/** The screens of paper ballots (phiếu giấy) on the tellers' device; what they do stands in paper.js. */
import * as paper from './paper.js';

const BLANK = 0;
export const two = (number) => String(number).padStart(2, '0');

/** Make an element: `el('p', { className: 'warn' }, 'words', otherElement)`. */
function el(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

const button = (label, onclick, className = 'main') => el('button', { type: 'button', className, onclick }, label);

const words = (sentence, properties = {}) => el('p', properties, sentence);

/** What the section shows, where and of which sheet, why the last step failed, and what stood in the first screen then. */
const section = { place: null, data: null, sheet: null, ask: null, trouble: '', typed: null, asked: '' };
const p = () => section.sheet.p;

/**
 * Show the section of paper ballots.
 * @param {Element} place where the screens are drawn
 * @param {object} data state, papers (voters by paper), paper_stamps (made on any device), tellers
 * @param {object} sheet as readSheet gives it
 * @param {function(Uint8Array)} ask sends P ‖ z to the site, resolves with the blind stamp
 */
export function showPapers(place, data, sheet, ask) {
  Object.assign(section, { place, data, sheet, ask });
  show();
}

function draw(...nodes) {
  const alarm = section.trouble ? [el('p', { className: 'bad', role: 'alert' }, section.trouble)] : [];
  section.place.replaceChildren(...alarm, ...nodes);
}

/** Do something that may fail for want of an answer; the reason stays on the screen. */
async function attempt(work) {
  section.trouble = '';
  try {
    await work();
  } catch (error) {
    section.trouble = error.message;
  }
  show();
}

function show() {
  const record = paper.load(p());
  // Nobody closes the box by mistake while papers are being typed.
  const press = document.getElementById('seal');
  if (press) press.hidden = Boolean(record) && record.stage === 'keying';
  if (section.data.state === 'issuing') showStamps(record);
  else if (record && record.stage === 'casting') showCasting(record);
  else if (record && record.stage === 'done') showDone(record);
  else if (!record || !paper.stamped(record)) showElsewhere();
  else if (record.stage === 'stamping') showBeginning(record);
  else if (record.together !== undefined || paper.passOf(record) < 2) showTyping(record);
  else showComparison(record);
}

// While ballots are handed out.

function showStamps(record) {
  const own = record ? paper.stamped(record) : 0;
  if (own >= section.data.papers) {
    draw(
      el('p', { className: 'good' }, `Đã phát ${two(own)} phiếu giấy trên máy này.`),
      words(
        'Xin đưa mỗi đồng chí ấy một tờ phiếu. Bí thư thấy đã phát đủ thì bấm “Mở hòm”, rồi tổ kiểm phiếu nhập phiếu ở ' +
          'trang này: giữ nguyên máy và trình duyệt này cho đến khi nhập xong.',
      ),
    );
  } else if (section.data.paper_stamps > (record ? record.stamps.length : 0)) {
    showElsewhere();
  } else {
    showAgreement(own);
  }
}

function showAgreement(own) {
  const ticks = ['Thành viên thứ nhất', 'Thành viên thứ hai'].map((who) => {
    const box = el('input', { type: 'checkbox' });
    box.onchange = () => {
      press.disabled = !ticks.every((tick) => tick.firstChild.checked);
    };
    return el('label', { className: 'tick' }, box, `${who} xác nhận: ${two(section.data.papers)} phiếu giấy`);
  });
  const press = button(`Phát ${two(section.data.papers - own)} phiếu giấy`, () =>
    attempt(() => {
      draw(el('p', { role: 'status' }, 'Đang phát…'));
      return paper.obtain(section.sheet, section.data.papers, section.ask, () => {});
    }),
  );
  press.disabled = true;
  draw(
    words(
      `Danh sách có ${two(section.data.papers)} đồng chí bỏ phiếu giấy. ` +
        'Bí thư in phiếu ở trang của lượt. Tổ kiểm phiếu: hai thành viên cùng đếm tờ phiếu, xác nhận trên máy này, ' +
        `bấm “Phát ${two(section.data.papers - own)} phiếu giấy”, rồi đưa tờ phiếu cho các đồng chí ấy.`,
    ),
    ...ticks,
    press,
  );
}

function showElsewhere() {
  const where = 'Phiếu giấy đã phát trên một máy khác của tổ kiểm phiếu. Xin làm tiếp trên máy ấy.';
  draw(words(where, { className: 'warn' }));
}

// Once the box is open.

function showBeginning(record) {
  const most = paper.stamped(record);
  const kind = { type: 'number', min: 0, max: most, inputMode: 'numeric' };
  const typed = section.typed || { sheets: most, by: section.data.tellers };
  const number = el('input', Object.assign(kind, { value: typed.sheets, id: 'paper-sheets' }));
  const who = [0, 1].map((pass) => {
    const chosen = (name) => name === typed.by[pass];
    const options = section.data.tellers.map((name) => el('option', { value: name, selected: chosen(name) }, name));
    return el('select', { id: `paper-by-${pass}` }, ...options);
  });
  const start = button('Bắt đầu nhập lần 1', () => {
    const by = who.map((select) => select.value);
    const sheets = number.value;
    section.trouble = paper.beginningTrouble(sheets, most, by);
    if (!section.trouble && section.asked !== sheets) {
      section.trouble = paper.beginningQuestion(sheets, most);
      section.asked = sheets;
    }
    section.typed = section.trouble ? { sheets, by } : null;
    if (!section.trouble) paper.begin(p(), Number(sheets), by);
    show();
  });
  draw(
    words(
      'Khi các máy đã bỏ phiếu xong, mở hòm phiếu giấy, xếp phiếu thành một chồng. ' +
        'Mỗi tờ được nhập hai lần, do hai đồng chí, theo đúng thứ tự của chồng.',
    ),
    el('label', { htmlFor: number.id }, 'Số tờ lấy ra từ hòm phiếu giấy'),
    number,
    el('label', { htmlFor: who[0].id }, 'Người nhập lần 1'),
    who[0],
    el('label', { htmlFor: who[1].id }, 'Người nhập lần 2'),
    who[1],
    start,
  );
}

function showTyping(record) {
  const { rows } = section.sheet;
  const { draft: marks, together } = record;
  const pass = paper.passOf(record);
  const done = together === undefined ? record.passes[pass].length : together;
  const press = button('Xong tờ này', () => {
    const typed = rows.map((_, row) => marks[row]);
    paper.take(p(), typed);
    show();
    scrollTo(0, section.place.offsetTop);
  });
  const count = words('', { role: 'status', className: 'quiet' });
  const follow = () => {
    const typed = Object.keys(marks).length;
    count.textContent = `Đã nhập ${typed}/${rows.length} dòng`;
    press.disabled = typed < rows.length;
  };
  const set = (row, mark) => {
    marks[row] = mark;
    paper.change(p(), { draft: marks });
    follow();
  };
  const lines = rows.map((label, row) => typingRow(label, row, marks, set));
  const foot = el('div', { className: 'typing-foot' }, count, press);
  draw(...headOf(record, pass, done), ...lines, foot, ...waysOut(set, done > 0 && together === undefined));
  follow();
}

/** Which paper is typed, and by whom; at the second pass, that the pile has changed hands. */
function headOf({ together, by, sheets }, pass, done) {
  const alone = together === undefined;
  const whose = alone ? `lần ${pass + 1}, đ/c ${by[pass]}` : 'hai đồng chí cùng xem và nhập lại';
  const handed = 'Lần 1 đã xong. Xin chuyển máy và cả chồng phiếu, đúng thứ tự ban đầu, cho người nhập lần 2.';
  const warning = alone && pass === 1 && done === 0 ? [words(handed, { className: 'warn' })] : [];
  return [el('h3', { className: 'typing-head', tabIndex: -1 }, `Tờ ${done + 1}/${sheets} — ${whose}`), ...warning];
}

/** Beside the paper being typed: it is invalid, or the one before it was wrong, or everything. */
function waysOut(set, hasFormer) {
  const leaveBlank = () => {
    section.sheet.rows.forEach((_, row) => set(row, BLANK));
    show();
  };
  const goBack = () => {
    paper.giveBack(p());
    show();
  };
  const back = hasFormer ? [button('Nhập lại tờ trước', goBack, '')] : [];
  return [button('Phiếu không hợp lệ: để trống mọi dòng', leaveBlank, ''), ...back, afresh()];
}

/** The way out of a pile that got out of order, and back to the button that closes the box. */
function afresh() {
  const more = el('summary', {}, 'Thôi, nhập lại từ đầu');
  const dropAll = () => {
    paper.startAfresh(p());
    show();
  };
  const press = button('Bỏ những tờ đã nhập, bắt đầu lại', dropAll, '');
  return el('details', {}, more, press);
}

/** One subject: its levels as large radio buttons; the digit keys choose, 0 is blank. */
function typingRow(label, row, marks, set) {
  const single = section.sheet.levels.length === 1;
  const names = single ? ['Không đồng ý', 'Đồng ý'] : ['Trống', ...section.sheet.levels.map(([code]) => code)];
  const order = [...names.keys()].slice(1).concat(BLANK);
  const choices = order.map((mark) => {
    const box = el('input', { type: 'radio', name: `row-${row}`, value: mark, checked: marks[row] === mark });
    box.onchange = () => {
      set(row, mark);
      // The next line comes out from under the bar at the bottom.
      group.nextElementSibling.scrollIntoView({ block: 'nearest' });
    };
    return el('label', {}, box, el('span', {}, names[mark]));
  });
  const group = el(
    'fieldset',
    { className: 'typing' },
    el('legend', {}, `${row + 1}. ${label}`),
    el('div', {}, ...choices),
  );
  group.onkeydown = (event) => {
    const chosen = choices[order.indexOf(Number(event.key))];
    if (!/^\d$/.test(event.key) || !chosen) return;
    chosen.firstChild.checked = true;
    set(row, Number(event.key));
    (group.nextElementSibling.querySelector('input') || section.place.querySelector('.main')).focus();
  };
  return group;
}

const nameOf = (mark) => (mark === BLANK ? 'trống' : section.sheet.levels[mark - 1][0]);

function showComparison(record) {
  const found = paper.differences(record);
  if (!found.length) {
    draw(
      el('p', { className: 'good' }, `Hai lần nhập ${two(record.sheets)} tờ giống nhau.`),
      button(`Bỏ ${two(record.sheets)} phiếu giấy vào hòm`, () =>
        attempt(async () => {
          await paper.foldAll(p());
          await castThem();
        }),
      ),
    );
    return;
  }
  const lists = found.map(({ paper: number, rows }) => {
    const lines = rows.map((row) => {
      const [first, second] = record.passes.map((pass) => nameOf(pass[number][row]));
      return el('li', {}, `${section.sheet.rows[row]}: lần 1 ${first}, lần 2 ${second}`);
    });
    const again = button(`Cùng xem và nhập lại tờ ${number + 1}`, () => {
      paper.change(p(), { together: number, draft: {} });
      show();
    });
    return el('section', {}, el('h3', {}, `Tờ ${number + 1}: hai lần nhập khác nhau`), el('ul', {}, ...lines), again);
  });
  draw(...lists, afresh());
}

function showCasting({ ballots }) {
  const inBox = ballots.filter((ballot) => ballot.inBox).length;
  draw(
    el('p', { role: 'status' }, `Phiếu giấy đã vào hòm: ${two(inBox)}/${two(ballots.length)}`),
    button('Gửi tiếp', () => attempt(castThem)),
  );
}

async function castThem() {
  draw(el('p', { role: 'status' }, 'Đang bỏ phiếu giấy vào hòm, xin giữ màn hình sáng…'));
  const outcome = await paper.castAll(p(), () => {});
  if (outcome === 'offline') throw new Error('Mất mạng, chưa bỏ được hết phiếu. Xin bấm “Gửi tiếp”.');
  if (outcome) throw new Error(outcome);
}

function showDone({ done }) {
  draw(
    el('p', { className: 'good' }, `${two(done)} phiếu giấy đã vào hòm.`),
    words('Xin cho các tờ phiếu vào phong bì, niêm phong và nộp lại cho chủ trì.'),
  );
}
