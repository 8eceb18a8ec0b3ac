// Follows figures.js: shows the slides, each as large as fits, down to 70 %.
const SIZE = [1280, 720];

function fit() {
  const slide = Reveal.getCurrentSlide();
  for (const zoom of [1, 0.9, 0.8, 0.7]) {
    slide.style.zoom = zoom;
    if (slide.getBoundingClientRect().height <= SIZE[1] * Reveal.getScale() + 1) return;
  }
}

// A clicker presses Page Down and Page Up: these turn the slides, also where a slider has the focus.
function turn(event) {
  const go = { PageDown: Reveal.next, PageUp: Reveal.prev }[event.key];
  if (!go || event.target.type !== "range") return;
  event.preventDefault();
  event.stopPropagation();
  go();
}

await Reveal.initialize({
  width: SIZE[0],
  height: SIZE[1],
  margin: 0,
  center: false,
  hash: true,
  slideNumber: "c/t",
  transition: "none",
  plugins: [RevealNotes],
});
Reveal.on("slidechanged", fit);
document.addEventListener("keydown", turn, { capture: true });
await window.MathJax?.startup?.promise;
fit();
window.fitted = true;
