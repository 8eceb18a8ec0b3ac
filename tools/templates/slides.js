// Follows figures.js: shows the slides, each in the layout in which its letters are largest.
const SIZE = [1280, 720];
const ZOOMS = [1.8, 1.6, 1.4, 1.25, 1.15, 1.07, 1, 0.93, 0.86, 0.8, 0.7];
const LARGEST = 1.25; // of what has words; a picture alone may be larger
const LAYOUTS = ["", "columns", "beside", "columns beside"]; // see slides.css
const LAYOUTS_OF_PICTURES = ["columns", "", "columns beside", "beside"]; // the words beside it
const PICTURES = ":not([hidden]) > img.gdtools-figure, .gdtools-live";
const NARROWEST = 0.85; // of a picture's own width, so that its letters can be read

const isEmpty = (part) => part.matches(".jp-MarkdownCell:not(:has(.jp-RenderedMarkdown > *))"); // a heading was all it had
const isShown = (part) => part.matches(".jp-CodeCell") || part.querySelector(".jp-CodeCell") !== null;

// Words and what they are about become two columns, where a slide changes only once from the one to the other.
function part(slide) {
  const body = document.createElement("div");
  body.className = "body";
  const parts = [...slide.children].filter((child) => !child.matches("h2, aside") && !isEmpty(child));
  const change = parts.findIndex((child, i) => i > 0 && isShown(child) !== isShown(parts[i - 1]));
  const once = change > 0 && parts.slice(change).every((child) => isShown(child) === isShown(parts[change]));
  for (const group of once ? [parts.slice(0, change), parts.slice(change)] : [parts]) {
    const column = document.createElement("div");
    column.className = isShown(group[0] ?? body) ? "shown" : "said";
    column.append(...group);
    body.append(column);
  }
  slide.append(body);
}

// The blocks of a cell, or the items of its list, come one by one where the author says so.
function step(cell) {
  for (const block of cell.querySelectorAll(".jp-RenderedMarkdown > :not(.jp-Mermaid + p)")) {
    for (const one of block.matches("ul, ol") ? block.children : [block]) one.classList.add("fragment");
  }
}

const BOXES = ".said, .shown, pre, .jp-OutputArea-child, .jp-OutputArea-output, .gdtools-live";

function fits(slide) {
  const pictures = [...slide.querySelectorAll(PICTURES)];
  const drawn = (picture) => (picture.querySelector("canvas") ?? picture).getBoundingClientRect().width;
  const own = (picture) => Number.parseFloat(picture.width ?? picture.style.getPropertyValue("--width"));
  return (
    slide.offsetHeight <= SIZE[1] &&
    pictures.every((picture) => drawn(picture) >= NARROWEST * Reveal.getScale() * own(picture)) &&
    [slide, ...slide.querySelectorAll(BOXES)].every((box) => box.scrollWidth <= box.clientWidth)
  );
}

// The sizes to try, and whether lines of code may be broken: better that than letters of less than 24 pixels.
function* sizes(largest) {
  for (const zoom of ZOOMS) if (zoom <= largest && zoom >= 1) yield [zoom, ""];
  yield [1, "wrapped"];
  for (const how of ["", "wrapped"]) for (const zoom of ZOOMS) if (zoom < 1) yield [zoom, how];
}

function fit(slide) {
  const largest = slide.querySelector(":is(.jp-RenderedMarkdown, pre, details):not(aside *)") ? LARGEST : ZOOMS[0];
  const layouts = slide.querySelector(PICTURES) ? LAYOUTS_OF_PICTURES : LAYOUTS;
  for (const [zoom, how] of sizes(largest)) {
    slide.style.setProperty("--zoom", zoom);
    for (const layout of layouts) {
      slide.dataset.layout = `${layout} ${how}`;
      if (fits(slide)) return;
    }
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

// To the next slide that begins a section, or back to the one before.
function leap(direction) {
  const slides = Reveal.getSlides();
  for (let i = Reveal.getIndices().h + direction; i in slides; i += direction) {
    if (!slides[i].querySelector("h2.again")) return Reveal.slide(i);
  }
}

for (const cell of document.querySelectorAll(".steps")) step(cell);
for (const slide of document.querySelectorAll(".slides > section")) part(slide);
const printable = new Promise((ready) => document.querySelector(".reveal").addEventListener("pdf-ready", ready));
await Reveal.initialize({
  width: SIZE[0],
  height: SIZE[1],
  margin: 0,
  center: false,
  hash: true,
  slideNumber: "c/t",
  transition: "none",
  keyboard: { 38: () => leap(-1), 40: () => leap(1) }, // arrows up and down
  pdfSeparateFragments: false,
  pdfMaxPagesPerSlide: 1,
  plugins: [RevealNotes],
});
document.addEventListener("keydown", turn, { capture: true });
await window.MathJax?.startup?.promise;
if (Reveal.isPrintView()) await printable;
for (const slide of Reveal.isPrintView() ? Reveal.getSlides() : [Reveal.getCurrentSlide()]) fit(slide);
Reveal.on("slidechanged", (event) => fit(event.currentSlide));
window.fitted = true;
