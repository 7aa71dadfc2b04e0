// A member's self-review: kept in this phone at every letter, on the server every few seconds. The page works without it.
// Plain old syntax: it must also run on a phone of 2018.
'use strict';

(function () {
  var form = document.querySelector('[data-review]');
  if (!form) return;
  var KEY = 'kiem-diem/' + form.dataset.review;
  var PACE = 3000;
  var TRIED = 8; // so many answers may be lost before a later one is not recognised
  var OFFLINE = 'Mất mạng — chữ vẫn còn trong máy';
  var status = form.querySelector('[data-status]');
  var version = form.elements.version;
  var criteria = form.elements.criteria.value;
  var timer = null, flight = null, stopped = false, pressed = '';
  var tried = []; // what was sent without hearing an answer: it may have been stored

  function places() {
    return Array.prototype.filter.call(form.elements, function (place) {
      return /^(text-|score-|answer-|why-|self_level$)/.test(place.name);
    });
  }

  function letters(text) { return text.replace(/\r\n?/g, '\n').normalize('NFC'); }

  // What stands in the page now, or, with `first`, what the server has put there.
  function fields(first) {
    var found = {};
    places().forEach(function (place) {
      var radio = place.type === 'radio';
      var chosen = !radio || (first ? place.defaultChecked : place.checked);
      if (chosen) found[place.name] = letters(radio ? place.value : first ? place.defaultValue : place.value);
    });
    return found;
  }

  function same(one, other) {
    return Object.keys(Object.assign({}, one, other)).every(function (name) {
      return (one[name] || '') === (other[name] || '');
    });
  }

  function fill(values) {
    places().forEach(function (place) {
      var value = values[place.name] || '';
      if (place.type === 'radio') place.checked = place.value === value;
      else place.value = value;
    });
    count();
  }

  // In this phone
  function recall() {
    try { return JSON.parse(localStorage.getItem(KEY)); } catch (error) { return null; }
  }

  function keep() {
    var words = JSON.stringify({ version: version.value, criteria: criteria, fields: fields(), tried: tried });
    try { localStorage.setItem(KEY, words); } catch (error) { /* then only the server keeps it */ }
  }

  function forget() {
    tried = [];
    try { localStorage.removeItem(KEY); } catch (error) { /* nothing was kept */ }
  }

  // On the server
  function say(words, trouble) {
    status.textContent = words;
    status.toggleAttribute('data-trouble', Boolean(trouble));
  }

  function showProblems(problems) {
    form.querySelectorAll('[data-problem]').forEach(function (line) {
      line.textContent = problems[line.dataset.problem] || '';
    });
  }

  function later(pace) {
    clearTimeout(timer);
    timer = setTimeout(save, pace);
  }

  function heard(answer, sent) {
    var mine = answer.fields && tried.some(function (former) { return same(former, answer.fields); });
    if (answer.error && !mine) {
      stopped = true;
      say(answer.error, true);
      return false;
    }
    version.value = answer.version || version.value;
    if (mine) {
      tried = [];
      return save();
    }
    showProblems(answer.problems);
    count();
    say('Đã lưu lúc ' + answer.saved);
    tried = [];
    if (same(sent, fields())) forget();
    else { keep(); later(PACE); }
    return true;
  }

  // Store what stands in the page; the promise tells whether it was.
  function save() {
    clearTimeout(timer);
    if (stopped) return Promise.resolve(false);
    if (flight) return flight.then(save);
    keep();
    if (navigator.onLine === false) return Promise.resolve(lost());
    var sent = fields();
    var body = new FormData(form);
    body.delete('do');
    flight = fetch(form.action, { method: 'POST', body: body, keepalive: document.hidden, headers: { Accept: 'application/json' } })
      .then(function (answer) {
        if (answer.ok || answer.status === 409 || answer.status === 403) return answer.json();
        throw new Error(answer.status);
      })
      .then(function (answer) {
        flight = null;
        return heard(answer, sent);
      })
      .catch(function () {
        flight = null;
        if (!tried.length || !same(tried[tried.length - 1], sent)) tried = tried.concat([sent]).slice(-TRIED);
        keep();
        return lost();
      });
    return flight;
  }

  function lost() {
    say(OFFLINE, true);
    later(PACE);
    return false;
  }

  function changed() {
    keep();
    count();
    if (!stopped) later(PACE);
  }

  // The running total, exact: in hundredths of a point.
  function hundredths(text) {
    var match = /^\s*(\d{1,3})(?:[.,](\d{1,2}))?\s*$/.exec(text || '');
    return match ? Number(match[1]) * 100 + Number(((match[2] || '') + '00').slice(0, 2)) : null;
  }

  function written(sum) {
    return String(sum / 100).replace('.', ',');
  }

  // Say at once at its box that points are too many; the server tells the rest when it stores them.
  function isOver(row, points) {
    var most = row.dataset.scored, box = row.querySelector('input'), line = row.querySelector('[data-problem]');
    var over = Boolean(most) && points !== null && points > hundredths(most);
    if (over) {
      line.textContent = 'Cao nhất ' + most + ' điểm.';
      box.setAttribute('aria-invalid', 'true');
    } else if (row.hasAttribute('data-over')) {
      line.textContent = '';
      box.removeAttribute('aria-invalid');
    }
    row.toggleAttribute('data-over', over);
    return over;
  }

  function count() {
    var line = form.querySelector('[data-total]');
    if (!line) return;
    var sum = 0, open = 0, wrong = false, now = fields();
    form.querySelectorAll('[data-scored]').forEach(function (row) {
      var text = now[row.querySelector('input').name] || '', points = hundredths(text);
      if (isOver(row, points) || (points === null && text.trim())) wrong = true;
      else if (points === null) open += 1;
      else sum += points;
    });
    var band = Array.prototype.find.call(form.querySelectorAll('[data-least]'), function (level) {
      return sum >= Number(level.dataset.least) * 100;
    });
    var chosen = form.querySelector('[data-least]:checked');
    var short = chosen && sum < Number(chosen.dataset.least) * 100;
    line.querySelector('[data-sum]').textContent = wrong ? '–' : written(sum);
    line.querySelector('[data-band]').textContent = wrong ? '' : open
      ? 'Còn ' + open + ' chỗ chưa chấm.'
      : (band ? 'Khung điểm: ' + band.parentNode.textContent.trim() + '.' : '')
        + (short ? ' Mức đồng chí chọn cần từ ' + chosen.dataset.least + ' điểm.' : '');
  }

  form.addEventListener('input', changed);
  form.addEventListener('change', changed);
  window.addEventListener('online', function () { if (recall() && !stopped) save(); });
  document.addEventListener('visibilitychange', function () {
    if (document.hidden && recall() && !stopped) save();
  });

  form.querySelectorAll('[data-all]').forEach(function (button) {
    button.addEventListener('click', function (event) {
      event.preventDefault();
      button.parentNode.querySelectorAll('.pair .tap:first-child input').forEach(function (yes) { yes.checked = true; });
      changed();
    });
  });

  // Leave the page only with everything stored: what cannot be sent now stays where it is.
  form.addEventListener('click', function (event) {
    var button = event.target.closest('button');
    if (button) pressed = button.value;
  });
  form.addEventListener('submit', function (event) {
    var wanted = pressed;
    if (stopped) return; // a plain press of the button decides
    event.preventDefault();
    event.stopPropagation();
    save().then(function (stored) {
      if (!stored || wanted !== 'submit') return;
      var what = document.createElement('input');
      what.type = 'hidden';
      what.name = 'do';
      what.value = 'submit';
      form.append(what);
      form.submit();
    });
  });

  // What a killed tab has left behind
  function restore(values) {
    fill(values);
    save();
  }

  var left = recall();
  if (left && left.fields && left.criteria !== criteria) { // its points were meant for other criteria
    var words = fields(true);
    Object.keys(left.fields).forEach(function (name) {
      if (/^score-/.test(name)) delete left.fields[name];
    });
    Object.keys(words).forEach(function (name) {
      if (/^score-/.test(name)) left.fields[name] = words[name];
    });
  }
  if (left && left.fields && !same(left.fields, fields(true))) {
    var ours = (left.tried || []).some(function (former) { return same(former, fields(true)); });
    if (left.version === version.value || ours) restore(left.fields);
    else {
      var found = form.querySelector('[data-found]');
      found.hidden = false;
      found.querySelector('[data-restore]').addEventListener('click', function () {
        found.hidden = true;
        restore(left.fields);
      });
    }
  } else forget();
  count();
})();
