// Draws the frames that live.py computed. No mathematics here, and no kernel while a slider moves.
//
// From the bottom up: words, one line of the picture, the parts on the page, and `render`, which puts them together.
// This file is all that the browser gets (anywidget's `_esm`); what question.js has, too, stands between the rulers.

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

// --------------------------------------------------------------------------------------------------- numbers and words

const floats = (view) => new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));

function number(value) {
  if (!Number.isFinite(value)) return "beyond all bounds";
  const size = Math.abs(value);
  const text =
    size !== 0 && (size >= 1e5 || size < 1e-3) ? value.toExponential(2) : String(Number(value.toPrecision(4)));
  return text.replaceAll("-", "−");
}

const last = (model, list) => model.get(list).length - 1;

// Where a slider is. One label may stand for all frames; a run that has become shorter ends earlier.
const place = (model, trait) =>
  trait === "frame"
    ? model.get("frame") % model.get("_labels").length
    : Math.min(model.get("step"), last(model, "_updates"));

// What there is to be seen at a frame and a step; `values` holds the numbers, name after name and frame after frame.
function sentence(model, values, frame, step) {
  const [frames, steps] = [model.get("_labels").length, model.get("_updates").length];
  const names = model.get("_readout");
  const read = names.map((name, n) => `${name} = ${number(values[(n * frames + frame) * steps + step])}`);
  const updates = model.get("_updates")[step];
  const after = names.length ? `After ${updates} ${updates === 1 ? "update" : "updates"}: ${read.join(", ")}.` : "";
  return `${model.get("_words")[frame]} ${after}`.trim().replaceAll(" = ", "\u00a0=\u00a0");
}

// --------------------------------------------------------------------------------------------- one line of the picture

// Where a segment enters a box and where it leaves it, as shares of its length. A diverging run is very long, and to
// draw its dashes far outside takes seconds.
function inside(x, y, dx, dy, [left, top, right, bottom]) {
  let [enters, leaves] = Number.isNaN(dx + dy) ? [1, 0] : [0, 1];
  for (const [gap, speed] of [
    [left - x, dx],
    [x - right, -dx],
    [top - y, dy],
    [y - bottom, -dy],
  ]) {
    if (speed > 0) enters = Math.max(enters, gap / speed);
    else if (speed < 0) leaves = Math.min(leaves, gap / speed);
    else if (gap > 0) leaves = -1; // along an edge, outside
  }
  return [enters, leaves];
}

// Where the points of a track at a frame and a step begin and end in `data`, its first at `offset`.
function span(track, offset, frame, step) {
  const [frames, steps, points] = track.shape;
  const first = offset + 2 * points * ((frame % frames) * steps + Math.min(step, steps - 1));
  return [first, first + 2 * (track.grow ? Math.min(step + 1, points) : points)];
}

function drawLine(pen, data, first, end, box) {
  pen.beginPath();
  let lift = true;
  for (let i = first; i + 2 < end; i += 2) {
    const [x, y] = [data[i], data[i + 1]];
    const [dx, dy] = [data[i + 2] - x, data[i + 3] - y];
    const [enters, leaves] = inside(x, y, dx, dy, box);
    if (enters <= leaves) {
      if (lift || enters > 0) pen.moveTo(x + enters * dx, y + enters * dy);
      pen.lineTo(x + leaves * dx, y + leaves * dy);
    }
    lift = !(enters <= leaves && leaves === 1);
  }
  pen.stroke();
}

function drawDots(pen, data, first, end, radius) {
  for (let i = first; i < end; i += 2) {
    pen.beginPath();
    pen.arc(data[i], data[i + 1], radius, 0, 2 * Math.PI);
    pen.fill();
  }
}

// A track at a frame and a step, in its axes; `data` holds x, y, x, y, ... in the figure's pixels.
function drawTrack(pen, track, data, offset, frame, step) {
  const [first, end] = span(track, offset, frame, step);
  const [left, top, right, bottom] = track.clip;
  const margin = track.width; // a wide line may be seen where its middle is outside
  pen.save();
  pen.beginPath();
  pen.rect(left, top, right - left, bottom - top);
  pen.clip();
  pen.strokeStyle = pen.fillStyle = track.color;
  pen.lineWidth = track.width;
  pen.lineJoin = "round";
  pen.setLineDash(track.dash);
  if (track.width > 0) drawLine(pen, data, first, end, [left - margin, top - margin, right + margin, bottom + margin]);
  if (track.dot > 0) drawDots(pen, data, first, end, track.dot);
  pen.restore();
}

function drawTracks(pen, tracks, data, frame, step) {
  let offset = 0;
  for (const track of tracks) {
    drawTrack(pen, track, data, offset, frame, step);
    offset += 2 * track.shape.reduce((product, side) => product * side);
  }
}

// --------------------------------------------------------------------------------------------- the parts on the page
// Each is made once, and has functions for what changes.

// A slider for a trait of the model; `speak` says in words where it is.
function makeSlider(parent, name, trait, list, model, speak) {
  const label = make("label", "gdtools-slider", parent);
  make("span", "", label, { textContent: name });
  const input = make("input", "", label, { type: "range", min: 0, step: 1 });
  const output = make("output", "", label);
  let timer, chosen;
  function choose(value) {
    chosen = value;
    model.set(trait, chosen);
    clearTimeout(timer);
    timer = setTimeout(tell, 300);
  }
  function tell() {
    timer = undefined; // the kernel hears where a move ended, not of each move
    if (hasKernel(model)) model.save_changes();
  }
  input.addEventListener("input", () => choose(Number(input.value)));
  // A finger that swipes from here scrolls the page: the browser cancels the touch, and nothing has been chosen.
  let before;
  input.addEventListener("pointerdown", () => {
    before = model.get(trait);
  });
  input.addEventListener("pointercancel", () => choose(before));
  model.on(`change:${trait}`, () => timer && model.set(trait, chosen)); // no late echo moves the slider under the hand
  return {
    show() {
      label.hidden = last(model, list) < 1;
      input.max = last(model, list);
      input.value = place(model, trait);
      output.textContent = speak(Number(input.value));
      input.setAttribute("aria-valuetext", output.textContent);
    },
  };
}

// The button that walks through the steps, to the end.
function makePlay(parent, model) {
  const button = make("button", "", parent, { type: "button" });
  let timer;
  const end = () => last(model, "_updates"); // another run, chosen meanwhile, may be shorter
  function stop() {
    clearInterval(timer);
    timer = undefined;
    show();
  }
  function show() {
    button.hidden = end() < 1;
    button.textContent = timer ? "⏸ Pause" : "▶ Play";
  }
  function walk() {
    if (model.get("step") < end()) model.set("step", model.get("step") + 1);
    else stop();
  }
  button.addEventListener("click", () => {
    if (timer) return stop();
    if (model.get("step") >= end()) model.set("step", 0);
    timer = setInterval(walk, Math.min(250, 6000 / end()));
    show();
  });
  return { show, stop, plays: () => timer !== undefined };
}

// The still background, and a canvas over it for the tracks.
function makePicture(parent, model) {
  const box = make("div", "gdtools-picture", parent);
  const background = make("img", "", box, { alt: "" });
  const canvas = make("canvas", "", box, { role: "img" });
  let points;
  return {
    box,
    canvas,
    load() {
      const [width, height] = model.get("_size");
      points = floats(model.get("_points"));
      box.parentElement.style.setProperty("--width", `${width}px`);
      box.parentElement.style.setProperty("--shape", width / height);
      box.style.aspectRatio = `${width} / ${height}`;
      canvas.ariaLabel = model.get("_alt");
    },
    loadBackground() {
      const png = new Blob([model.get("_background")], { type: "image/png" });
      URL.revokeObjectURL(background.src);
      background.src = URL.createObjectURL(png);
    },
    draw(frame, step) {
      const scale = (box.clientWidth * devicePixelRatio) / model.get("_size")[0];
      const [width, height] = model.get("_size").map((side) => Math.round(side * scale));
      if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
      const pen = canvas.getContext("2d");
      pen.setTransform(1, 0, 0, 1, 0, 0);
      pen.clearRect(0, 0, width, height);
      pen.setTransform(scale, 0, 0, scale, 0, 0);
      drawTracks(pen, model.get("_tracks"), points, frame, step);
    },
    free: () => URL.revokeObjectURL(background.src),
  };
}

// The picture in words: to be read at once, and announced to a screen reader when they have rested for half a second.
function makeWords(parent) {
  const words = make("p", "gdtools-words", parent);
  const announcer = make("p", "gdtools-announcer", parent, { ariaLive: "polite" });
  let timer, said;
  function announce(aloud) {
    const news = said !== undefined && said !== words.textContent && aloud();
    said = words.textContent;
    if (news) announcer.textContent = said;
  }
  return {
    say(text, aloud) {
      words.textContent = text;
      clearTimeout(timer);
      timer = setTimeout(announce, 500, aloud);
    },
    stop: () => clearTimeout(timer),
  };
}

// A point chosen by click or drag goes to the kernel; while it works on one, newer ones wait, and only the last is sent.
function makeChooser({ box, canvas }, problem, model) {
  let timer, next;
  function send() {
    if (next) tellKernel(model, { point: next });
    timer = next && setTimeout(wait, 300);
    next = undefined;
  }
  function wait() {
    box.classList.add("gdtools-waiting");
    problem.textContent = "Waiting for the kernel to compute the new start. No answer? Run the cell again.";
  }
  function target(event) {
    const area = canvas.getBoundingClientRect();
    const scale = model.get("_size")[0] / area.width;
    const [x, y] = [(event.clientX - area.left) * scale, (event.clientY - area.top) * scale];
    const [left, top, right, bottom] = model.get("_target");
    return x >= left && x <= right && y >= top && y <= bottom ? [x, y] : undefined;
  }
  function choose(event) {
    next = target(event) ?? next;
    if (next && !timer) send();
  }
  // A mouse or a pen chooses where it is pressed, and goes on choosing while it moves. A finger scrolls and zooms: it
  // chooses by a tap, which the browser tells from these.
  let finger;
  canvas.addEventListener("pointerdown", (event) => {
    finger = event.pointerType === "touch";
    if (event.button !== 0 || finger) return;
    canvas.setPointerCapture(event.pointerId); // a drag that began elsewhere, to select text for example, is not ours
    choose(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    canvas.style.cursor = target(event) ? "crosshair" : "";
    if (!finger && canvas.hasPointerCapture(event.pointerId)) choose(event);
  });
  canvas.addEventListener("click", (event) => finger && choose(event));
  return {
    answered() {
      clearTimeout(timer);
      box.classList.remove("gdtools-waiting");
      problem.textContent = model.get("error");
      send();
    },
  };
}

// Browsers that speak English drop a comma from a box for numbers: 1,5 would be 15.
function takeComma(event) {
  if (event.target.type !== "number" || !event.data?.includes(",")) return;
  event.preventDefault();
  document.execCommand("insertText", false, event.data.replace(",", "."));
}

// Calls `draw` when the page moves to a screen with finer pixels: the picture's size on the page is the same there.
function followScreen(draw, signal) {
  const screen = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
  const follow = () => {
    draw();
    followScreen(draw, signal);
  };
  screen.addEventListener("change", follow, { once: true, signal });
}

// ---------------------------------------------------------------------------------------------------------- together

function render({ model, el }) {
  const root = make("div", "gdtools-live", el);
  const controls = make("div", "gdtools-controls", root);
  const sliders = [
    makeSlider(controls, model.get("_name"), "frame", "_labels", model, (i) => model.get("_labels")[i]),
    makeSlider(controls, "step", "step", "_updates", model, (i) => String(model.get("_updates")[i])),
  ];
  const play = makePlay(controls, model);
  const picture = makePicture(root, model);
  const words = makeWords(root);
  const problem = make("p", "gdtools-error", root, { role: "alert" });
  const chooser = makeChooser(picture, problem, model);
  let values;

  function draw() {
    const [frame, step] = [place(model, "frame"), place(model, "step")];
    picture.draw(frame, step);
    for (const part of [...sliders, play]) part.show();
    words.say(sentence(model, values, frame, step), () => !play.plays());
  }
  function load() {
    values = floats(model.get("_values"));
    picture.load();
    chooser.answered();
    draw();
  }

  model.on("change:frame change:step", draw);
  model.on("change:_replays", load);
  model.on("change:error", () => model.get("error") && load());
  model.on("change:_background", picture.loadBackground);
  picture.loadBackground();
  load();
  const gone = new AbortController();
  followScreen(draw, gone.signal);
  const observer = new ResizeObserver(() => {
    hideStandIn(root);
    root.closest(".widget-vbox")?.addEventListener("beforeinput", takeComma);
    draw();
  });
  observer.observe(picture.box);
  return () => {
    // anywidget itself takes the listeners off the model
    for (const part of [play, words]) part.stop();
    observer.disconnect();
    gone.abort();
    picture.free();
  };
}

export { drawTrack, drawTracks, inside, number, place, sentence };
export default { render };
