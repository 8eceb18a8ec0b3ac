// Shows a question of question.py and the reply to its answer. What is right is decided in Python.
//
// This file is all that the browser gets (anywidget's `_esm`); what live.js has, too, stands between the rulers.

// ------------------------------------------------------------------------------------- what each widget does in a cell

function make(tag, className, parent, properties = {}) {
  const node = Object.assign(document.createElement(tag), { className }, properties);
  if (["input", "button", "summary"].includes(tag)) node.dataset.lmSuppressShortcuts = "true"; // else JupyterLab takes the keys
  parent.append(node);
  return node;
}

// JupyterLab's manager has null for a kernel that was shut down; writing to it would fill the console with errors.
const hasKernel = (model) => model.widget_manager?.kernel !== null;

function tellKernel(model, message) {
  if (!hasKernel(model)) return;
  try {
    model.send(message);
  } catch {
    // JupyterLab refuses: the kernel was restarted, and knows nothing of this cell. No answer says what to do.
  }
}

// Readers without a kernel see a stand-in, in the output before this one; here it has done its work.
function hideStandIn(node) {
  const all = [...document.querySelectorAll(".gdtools-stand-in")];
  const before = all.filter((still) => still.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING);
  if (before.length) before.at(-1).hidden = true;
}

// ---------------------------------------------------------------------------------------------------------- a question

let groups = 0; // radio buttons belong together by a name that no other view has

// The ways to answer: each gives the answer, can be set to one, and takes the focus.
function makeOptions(parent) {
  const list = make("div", "gdtools-options", parent);
  const name = `gdtools-question-${groups++}`;
  const inputs = () => [...list.querySelectorAll("input")];
  return {
    get: () => inputs().find((input) => input.checked)?.value ?? "",
    set(answer, options) {
      list.replaceChildren();
      for (const option of options) {
        const label = make("label", "", list);
        make("input", "", label, { type: "radio", name, value: option, checked: option === answer });
        make("span", "", label, { textContent: option });
      }
    },
    focus: () => inputs()[0].focus(),
  };
}

function makeInput(parent, name) {
  const label = make("label", "gdtools-typed", parent);
  const words = make("span", "", label);
  const input = make("input", "", label, { type: "text", autocomplete: "off", spellcheck: false });
  return {
    get: () => input.value,
    set(answer) {
      words.textContent = `${name()}:`;
      input.value = answer;
    },
    focus: () => input.focus(),
  };
}

function makeScale(parent, name) {
  const label = make("label", "gdtools-typed", parent);
  const words = make("span", "", label);
  const input = make("input", "", label, { type: "range", min: 0 });
  const chosen = make("output", "", label);
  chosen.setAttribute("aria-hidden", "true"); // the slider itself says it
  let points = [];
  const tell = () => {
    chosen.textContent = points[input.value];
    input.setAttribute("aria-valuetext", points[input.value]);
  };
  input.addEventListener("input", tell);
  // A finger that swipes from here scrolls the page: the browser cancels the touch, and nothing has been chosen.
  let before;
  input.addEventListener("pointerdown", () => {
    before = input.value;
  });
  input.addEventListener("pointercancel", () => {
    input.value = before;
    tell();
  });
  return {
    get: () => points[input.value],
    set(answer, options) {
      points = options;
      words.textContent = `${name()}:`;
      input.max = points.length - 1;
      input.value = answer ? points.indexOf(answer) : Math.floor(input.max / 2);
      tell();
    },
    focus: () => input.focus(),
  };
}

function makeField(model, parent) {
  const named = () => (model.get("_guess") ? "Your guess" : "Your answer");
  const name = () => (model.get("_unit") ? `${named()}, in ${model.get("_unit")}` : named());
  if (model.get("_scale")) return makeScale(parent, name);
  return model.get("_options").length ? makeOptions(parent) : makeInput(parent, name);
}

function render({ model, el }) {
  const form = make("form", "gdtools-question", el);
  const group = make("fieldset", "", form);
  const legend = make("legend", "", group);
  const field = makeField(model, group);
  const buttons = make("div", "gdtools-buttons", form);
  make("button", "", buttons, { type: "submit", textContent: model.get("_guess") ? "Keep my guess" : "Check" });
  if (model.get("_guess")) make("span", "", buttons, { textContent: "or run on without one" });
  const again = make("button", "", buttons, { type: "button", textContent: "New numbers" });
  const feedback = make("p", "gdtools-feedback", form);
  const solution = make("details", "", form);
  make("summary", "", solution, { textContent: "Solution" });
  const steps = make("p", "", solution);
  feedback.setAttribute("role", "status");
  feedback.setAttribute("aria-live", "polite");
  again.hidden = !model.get("_again");

  let waiting;

  function send(message) {
    feedback.textContent = ""; // the same reply again is news again
    feedback.dataset.verdict = "";
    tellKernel(model, message);
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      feedback.textContent = "Waiting for the kernel to reply. No answer? Run the cell again.";
    }, 300);
  }

  function ask() {
    legend.textContent = model.get("_question");
    field.set(model.get("_answer"), model.get("_options"));
    reply();
  }

  function reply() {
    feedback.textContent = model.get("feedback");
    feedback.dataset.verdict = model.get("verdict");
    steps.textContent = model.get("_solution");
    solution.hidden = !model.get("_solution");
    if (model.get("verdict") !== "unclear") solution.open = model.get("_open");
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send({ answer: field.get() });
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.target.tagName !== "INPUT") return;
    event.preventDefault();
    form.requestSubmit(); // a browser would do that itself, but JupyterLab takes Enter for a new line, and forbids it
  });
  if (model.get("_guess")) form.addEventListener("change", () => send({ answer: field.get() })); // who runs on has guessed
  again.addEventListener("click", () => send({ again: true }));

  model.on("change:_replies", () => {
    clearTimeout(waiting);
    if (model.get("verdict")) return reply();
    ask();
    if (form.contains(document.activeElement)) field.focus();
  });

  const observer = new ResizeObserver(() => hideStandIn(form));
  observer.observe(form);
  ask();
  return () => {
    // anywidget itself takes the listeners off the model
    clearTimeout(waiting);
    observer.disconnect();
  };
}

export default { render };
