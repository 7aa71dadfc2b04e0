/**
 * A passkey in place of a code (members/accounts/passkeys.py). The question stands in the page; what the device answers
 * goes into the form, which is then sent as any other. Where there is no script, or no device, a code is typed.
 */
const TROUBLES = {
  unsupported:
    'Trình duyệt này không dùng được khoá truy cập (passkey): xin mở bằng Chrome, Edge, Firefox hoặc Safari bản mới.',
  late: 'Đã quá lâu mà chưa xong. Xin bấm lại.',
  cancelled: {
    create: 'Chưa tạo được khoá: đồng chí đã bấm huỷ, hoặc máy chưa đặt khoá màn hình. Xin bấm lại.',
    get: 'Chưa xác nhận được: đồng chí đã bấm huỷ, hoặc máy này không có khoá. Xin bấm lại, hoặc gõ mã.',
  },
  known: 'Máy này đã có khoá của tài khoản rồi. Xin dùng khoá ấy, hoặc thêm khoá trên máy khác.',
  unable: 'Máy này chưa có khoá màn hình (vân tay, khuôn mặt, mã PIN) nên không tạo được khoá. Xin đặt rồi bấm lại.',
  elsewhere: 'Địa chỉ đang mở không phải tên miền của khoá. Xin mở trang này bằng đúng tên miền.',
  other: 'Máy không trả lời được. Xin bấm lại, hoặc dùng mã.',
};
const BY_NAME = {
  InvalidStateError: 'known',
  ConstraintError: 'unable',
  NotSupportedError: 'unable',
  SecurityError: 'elsewhere',
};

const form = document.querySelector('[data-passkey]');
const trouble = document.querySelector('[data-passkey-trouble]');
const kind = form?.dataset.passkey; // what is asked of the device: "get", or "create"

const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (sign) => sign.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '');

/** The question as browsers take it: bytes where JSON has letters. */
function asked() {
  const question = JSON.parse(document.querySelector('#passkey-question').textContent);
  const named = (keys) => (keys || []).map((key) => ({ ...key, id: bytes(key.id) }));
  question.challenge = bytes(question.challenge);
  if (question.user) question.user.id = bytes(question.user.id);
  if (question.excludeCredentials) question.excludeCredentials = named(question.excludeCredentials);
  if (question.allowCredentials) question.allowCredentials = named(question.allowCredentials);
  return question;
}

/** The answer as the server takes it. */
function written({ rawId, type, response }) {
  const parts = {};
  for (const name of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (response[name]) parts[name] = text(response[name]);
  }
  return JSON.stringify({ id: text(rawId), rawId: text(rawId), type, response: parts, clientExtensionResults: {} });
}

function say(words) {
  trouble.textContent = words;
  trouble.hidden = false;
}

/** Browsers give one name to a press on "cancel" and to a wait that was too long. */
function sentence({ name }, waited, patience) {
  if (BY_NAME[name]) return TROUBLES[BY_NAME[name]];
  if (name !== 'NotAllowedError' && name !== 'AbortError') return TROUBLES.other;
  return waited >= patience ? TROUBLES.late : TROUBLES.cancelled[kind];
}

async function ask() {
  const question = asked();
  const began = performance.now();
  const button = form.querySelector('[type=submit]');
  trouble.hidden = true;
  button.disabled = true;
  try {
    form.elements.answer.value = written(await navigator.credentials[kind]({ publicKey: question }));
  } catch (error) {
    say(sentence(error, performance.now() - began, question.timeout));
    return;
  } finally {
    button.disabled = false;
  }
  form.requestSubmit();
}

if (form && window.PublicKeyCredential && navigator.credentials) {
  form.hidden = false;
  form.addEventListener('submit', (event) => {
    if (form.elements.answer.value) return;
    event.preventDefault();
    ask();
  });
  // Back brings the page with an answer that is used up.
  window.addEventListener('pageshow', () => {
    form.elements.answer.value = '';
  });
} else if (form) {
  say(TROUBLES.unsupported);
}
