// Can this browser vote? Tested at check-in, while there is still time to take a slip. Plain old syntax, as in phone.js.
'use strict';

(function () {
  var KEPT = 'phieu-thu-may';
  var box = document.querySelector('[data-browser-test]');

  function show(name) {
    var part = box.querySelector('[data-if="' + name + '"]');
    if (part) part.hidden = false;
  }

  /** Whether the value written on an earlier page is still there; writes it for the next one. */
  function stored() {
    try {
      var before = localStorage.getItem(KEPT);
      localStorage.setItem(KEPT, '1');
      return before === '1' ? 'kept' : localStorage.getItem(KEPT) === '1' ? 'written' : 'lost';
    } catch (error) {
      return 'lost';
    }
  }

  /** Make the kind of key a ballot is signed with, and sign: some browsers have the names but not the works. */
  function signs() {
    var kind = { name: 'ECDSA', namedCurve: 'P-256' };
    var way = { name: 'ECDSA', hash: 'SHA-256' };
    var text = new Uint8Array(32);
    return Promise.resolve()
      .then(function () { return crypto.subtle.generateKey(kind, true, ['sign', 'verify']); })
      .then(function (pair) {
        return crypto.subtle.sign(way, pair.privateKey, text).then(function (signature) {
          return crypto.subtle.verify(way, pair.publicKey, signature, text);
        });
      })
      .catch(function () { return false; });
  }

  function tell(storage, signing) {
    var modules = 'noModule' in HTMLScriptElement.prototype;
    var able = signing && modules && typeof BigInt === 'function';
    if (able && storage !== 'lost') return show('good');
    show('bad');
    if (!window.isSecureContext) return show('insecure');
    if (/zalo/i.test(navigator.userAgent)) return show('zalo');
    show(storage === 'lost' ? 'storage' : 'other');
  }

  var storage = stored();
  if (/zalo/i.test(navigator.userAgent)) {
    document.querySelectorAll('[data-zalo]').forEach(function (part) { part.hidden = false; });
  }
  if (!box) return;
  if (storage === 'written' && location.hash !== '#thu') {
    // Nothing was there yet: load once more, and see whether the value outlives the page.
    location.replace('#thu');
    location.reload();
    return;
  }
  if (storage === 'written') storage = 'lost';
  signs().then(function (signing) { tell(storage, signing); });
})();
