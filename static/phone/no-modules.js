// The one script that is no module, because only browsers that know no modules run it: they cannot vote, and are told so
// at check-in. Whoever waits to be let in is led on by loading the page again, as without any script.
(function () {
  document
    .querySelectorAll('[data-browser-test] [data-if="bad"], [data-browser-test] [data-if="other"]')
    .forEach(function (part) {
      part.hidden = false;
    });
  if (document.querySelector('[data-wait]'))
    setTimeout(function () {
      location.reload();
    }, 3000);
})();
