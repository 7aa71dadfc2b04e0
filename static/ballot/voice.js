/** Reads a screen aloud with the phone's own voice: what is asked and what is offered, never what was chosen. */
const speech = window.speechSynthesis;
let voice = null;

/** Tells whether there is a Vietnamese voice that needs no network; again when the phone has found its voices. */
export function whenFound(tell) {
  if (!speech) return;
  const look = () => {
    voice = speech.getVoices().find(({ lang, localService }) => localService && /^vi\b/i.test(lang));
    tell(Boolean(voice));
  };
  speech.onvoiceschanged = look;
  look();
}

/** Headings and sentences, then the buttons in their order; not the lines of the review, nor what depends on marks. */
function parts(main) {
  const words = [...main.querySelectorAll('h1, p:not([data-if])')];
  const offers = [...main.querySelectorAll('button')].filter((each) => !each.closest('ol') && !each.dataset.if);
  return [...words, ...offers].filter(({ hidden, innerText }) => !hidden && innerText.trim());
}

/** Say these words first, then the screen, in place of what is being said; the part being said is marked. */
export function read(main, first = '') {
  hush(main);
  if (!voice) return;
  if (first) speech.speak(utter(first));
  parts(main).forEach((part) => {
    const said = utter(part.innerText);
    said.onstart = () => part.classList.add('said');
    said.onend = () => part.classList.remove('said');
    speech.speak(said);
  });
}

function utter(words) {
  const said = new SpeechSynthesisUtterance(words);
  return Object.assign(said, { voice, lang: voice.lang, rate: 0.9 });
}

/** Nothing more of what was to be said. */
export function hush(main) {
  if (speech) speech.cancel();
  main.querySelectorAll('.said').forEach((part) => part.classList.remove('said'));
}
