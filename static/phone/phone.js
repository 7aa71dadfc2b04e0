// Members' pages: larger type, waiting to be let in, and the way to the ballot. Every page works without this file.
// Plain old syntax: it must also run on a phone of 2018.
'use strict';

(function () {
  var LARGE = 'phieu-chu-to'; // the voting page reads the same name

  function recall(name) {
    try { return localStorage.getItem(name); } catch (error) { return null; }
  }

  function keep(name, value) {
    try { localStorage.setItem(name, value); } catch (error) { /* then it holds for this page only */ }
  }

  function offline(yes) {
    document.querySelector('[data-offline]').hidden = !yes;
  }

  // Chữ to
  var big = document.querySelector('[data-large]');
  function enlarge(yes) {
    document.documentElement.classList.toggle('large', yes);
    big.setAttribute('aria-pressed', yes ? 'true' : 'false');
  }
  big.hidden = false;
  enlarge(Boolean(recall(LARGE)));
  big.addEventListener('click', function () {
    var yes = big.getAttribute('aria-pressed') !== 'true';
    keep(LARGE, yes ? '1' : '');
    enlarge(yes);
  });

  // A second tap on a button that is already being answered must not send the form twice.
  document.addEventListener('submit', function (event) {
    if (event.target.dataset.sent) event.preventDefault();
    event.target.dataset.sent = 'yes';
  });
  window.addEventListener('pageshow', function () {
    document.querySelectorAll('form[data-sent]').forEach(function (form) { delete form.dataset.sent; });
  });

  // A file is chosen with a button in our words; the browser's own speaks its own language.
  var chooser = document.querySelector('[data-file]');
  function nameTheFile() {
    var chosen = chooser.querySelector('input').files[0];
    chooser.querySelector('label').textContent = chosen ? 'Chọn tệp khác' : 'Chọn tệp PDF';
    chooser.querySelector('[data-file-name]').textContent = chosen ? 'Đã chọn: ' + chosen.name : 'Chưa chọn tệp nào.';
  }
  if (chooser) {
    chooser.classList.add('file-ready');
    chooser.addEventListener('change', nameTheFile);
    window.addEventListener('pageshow', nameTheFile);
  }

  // The two digits: ask every three seconds whether the secretary has let this phone in.
  var number = document.querySelector('[data-wait]');
  function askToEnter() {
    fetch(location.pathname, { headers: { Accept: 'application/json' } })
      .then(function (answer) { return answer.json(); })
      .then(function (answer) {
        offline(false);
        if (answer.go) location.replace(answer.go);
        else if (String(answer.number) !== number.dataset.wait) location.reload();
      })
      .catch(function () { offline(true); })
      .then(function () { setTimeout(askToEnter, 3000); });
  }
  if (number) setTimeout(askToEnter, 3000);

  // The calm page. What the poll is doing is asked at the door, without any cookie; the site itself, which knows who asks,
  // is asked only while no ballot can be on its way: when a member comes back from voting is nobody's business.
  var door = document.querySelector('[data-door]');
  var fresh = document.querySelector('[data-fresh]');
  var QUIET = ['issuing', 'casting', 'sealed'];
  var LABELS = { issuing: 'Mở phiếu', casting: 'Mở phiếu', sealed: 'Kiểm tra phiếu của tôi', counted: 'Kiểm tra phiếu của tôi' };
  var asked = 0;

  function renew() {
    return fetch(location.pathname)
      .then(function (answer) { return answer.text(); })
      .then(function (text) {
        var part = new DOMParser().parseFromString(text, 'text/html').querySelector('[data-fresh]');
        if (part && part.innerHTML !== fresh.innerHTML) fresh.innerHTML = part.innerHTML;
        if (part && !door && text.indexOf('data-door') > 0) location.reload();
      });
  }

  function showPoll(poll) {
    var link = document.querySelector('[data-poll="open"]');
    var done = /"IN_BOX"/.test(recall('phieu/' + poll.p + '/'));
    link.hidden = !LABELS[poll.state];
    link.textContent = done && poll.state === 'casting' ? '✔ Đã bỏ phiếu kín' : LABELS[poll.state] || '';
    link.classList.toggle('main', !done);
    document.querySelector('[data-poll="calm"]').hidden = !link.hidden;
    // Once for each new ballot; who comes back from it is left in peace.
    if (poll.state === 'issuing' && recall('phieu-da-mo') !== poll.p) {
      keep('phieu-da-mo', poll.p);
      location.assign(link.href);
    }
  }

  function askTheDoor() {
    return fetch(door.dataset.door, { credentials: 'omit', referrerPolicy: 'no-referrer', cache: 'no-store' })
      .then(function (answer) { return answer.json(); })
      .then(function (poll) {
        showPoll(poll);
        return QUIET.indexOf(poll.state) < 0;
      });
  }

  function look() {
    asked += 1;
    (door ? askTheDoor() : Promise.resolve(true))
      .then(function (mayAsk) { if (mayAsk && asked % 4 === 0) return renew(); })
      .then(function () { offline(false); }, function () { offline(true); })
      .then(function () { setTimeout(look, 3500 + 1000 * Math.random()); });
  }
  if (fresh) look();
})();
