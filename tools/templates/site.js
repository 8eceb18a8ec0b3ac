// Follows figures.js on pages: what makes them handy. Who has no JavaScript reads on without.

const add = (parent, tag, properties) => parent.appendChild(Object.assign(document.createElement(tag), properties));
const all = (selector) => [...document.querySelectorAll(selector)];
const root = document.documentElement;

// Light or dark: as the system says, until the reader chooses the other, which this browser remembers.
const dark = matchMedia("(prefers-color-scheme: dark)");
const system = () => (dark.matches ? "dark" : "light");
const theme = document.getElementById("theme");
function showTheme() {
  theme.textContent = (root.dataset.theme || system()) === "dark" ? "Light" : "Dark";
}
theme.addEventListener("click", () => {
  const chosen = theme.textContent.toLowerCase();
  root.dataset.theme = chosen === system() ? "" : chosen;
  if (root.dataset.theme) localStorage.setItem("theme", chosen);
  else localStorage.removeItem("theme");
  showTheme();
});
dark.addEventListener("change", showTheme);
showTheme();
theme.hidden = false;

// Formulas that were not drawn at build.
for (const formula of all(".formula")) {
  katex.render(formula.textContent, formula, { displayMode: formula.classList.contains("displayed") });
}

// What is wider than the screen can be scrolled with keys.
const watch = new ResizeObserver((entries) => {
  for (const { target } of entries) target.tabIndex = target.scrollWidth > target.clientWidth + 1 ? 0 : -1;
});
for (const wide of all("main pre, main table, .katex-display")) watch.observe(wide);

// Each piece of code has a button that copies it.
for (const code of all(".highlight")) {
  const button = add(code, "button", { className: "copy", type: "button", textContent: "Copy" });
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(code.querySelector("pre").textContent.trim());
    button.textContent = button.dataset.done = "Copied";
    setTimeout(() => {
      button.textContent = "Copy";
      delete button.dataset.done;
    }, 2000);
  });
}

// Who reads it again may see all at once; so does the printer.
const folds = all("main details");
const reveal = document.getElementById("reveal");
reveal.hidden = folds.length === 0;
const open = () => folds.some((fold) => !fold.open);
reveal.addEventListener("click", () => {
  const opened = open();
  for (const fold of folds) fold.open = opened;
  reveal.textContent = opened ? "Hide all answers" : "Show all answers";
});
let closed = [];
addEventListener("beforeprint", () => {
  closed = folds.filter((fold) => !fold.open);
  for (const fold of closed) fold.open = true;
});
addEventListener("afterprint", () => {
  for (const fold of closed) fold.open = false;
});

// The list of what is on this page says where one is.
const headings = all("main h2");
const places = all("#contents a");
function follow() {
  const end = scrollY + innerHeight > root.scrollHeight - 2;
  const above = headings.filter((heading) => end || heading.getBoundingClientRect().top < innerHeight / 3);
  for (const [i, place] of places.entries()) {
    if (i === above.length - 1) place.setAttribute("aria-current", "true");
    else place.removeAttribute("aria-current");
  }
}
addEventListener("scroll", follow, { passive: true });
const contents = document.getElementById("contents");
contents.addEventListener("click", () => contents.matches(":popover-open") && contents.hidePopover());
follow();

// The search. Its index is fetched when it is opened, which browsers allow from a web server only.
const find = document.getElementById("find");
const dialog = add(document.body, "dialog", { ariaLabel: "Search" });
const words = add(dialog, "input", {
  type: "search",
  ariaLabel: "Search the course",
  placeholder: "Search the course",
});
const close = add(dialog, "button", { type: "button", textContent: "Close" });
const told = add(dialog, "p", { role: "status" });
const results = add(dialog, "ol", {});
const served = location.protocol.startsWith("http");
let loaded;
const pagefind = () => (loaded ??= load());
async function load() {
  const module = await import(new URL("lib/search/pagefind.js", document.baseURI));
  await module.options({ baseUrl: new URL(".", document.baseURI).pathname }); // on most hosts, not the topmost folder
  return module;
}
async function search() {
  const answer = await (await pagefind()).debouncedSearch(words.value, {}, 150);
  if (!answer) return; // the next letter came sooner
  const pages = await Promise.all(answer.results.slice(0, 8).map((result) => result.data()));
  results.replaceChildren();
  for (const { meta, url, excerpt, sub_results } of pages) {
    const whole = [{ title: meta.title, url, excerpt }];
    for (const { title, url, excerpt } of sub_results.length ? sub_results.slice(0, 3) : whole) {
      const item = add(results, "li", {});
      add(item, "a", { href: url, textContent: title === meta.title ? title : `${meta.title}: ${title}` });
      add(item, "p", { innerHTML: excerpt });
    }
  }
  told.textContent = words.value ? `${answer.results.length} of the course's pages have it.` : "";
}
find?.addEventListener("click", () => dialog.showModal());
close.addEventListener("click", () => dialog.close());
results.addEventListener("click", (event) => event.target.href && dialog.close());
if (served) words.addEventListener("input", search);
else
  told.textContent = "The search works once these pages are on a web server: python -m http.server, in their folder.";
if (find) find.hidden = false;
