// Draws the frames that live.py computed. No mathematics here, and no kernel while a slider moves.

const floats = (view) => new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));

function number(value) {
  if (!Number.isFinite(value)) return "beyond all bounds";
  const size = Math.abs(value);
  const text = size !== 0 && (size >= 1e5 || size < 1e-3) ? value.toExponential(2) : String(Number(value.toPrecision(4)));
  return text.replaceAll("-", "−");
}

// Where a slider is. One label may stand for all frames; a run that has become shorter ends earlier.
const place = (model, trait) =>
  trait === "frame"
    ? model.get("frame") % model.get("_labels").length
    : Math.min(model.get("step"), model.get("_updates").length - 1);

function makeSlider(parent, name, trait, model, speak) {
  const label = make("label", "gdtools-slider", parent);
  make("span", "", label, { textContent: name });
  const input = make("input", "", label, { type: "range", min: 0, step: 1 });
  const output = make("output", "", label);
  let timer, chosen;
  input.addEventListener("input", () => {
    model.set(trait, (chosen = Number(input.value)));
    clearTimeout(timer);
    timer = setTimeout(tell, 300);
  });
  function tell() {
    timer = undefined; // the kernel hears where a move ended, not of each move
    if (hasKernel(model)) model.save_changes();
  }
  model.on(`change:${trait}`, () => timer && model.set(trait, chosen)); // no late echo moves the slider under the hand
  return (last) => {
    label.hidden = last < 1;
    input.max = last;
    input.value = place(model, trait);
    output.textContent = speak(Number(input.value));
    input.setAttribute("aria-valuetext", output.textContent);
  };
}

// Where a segment enters a box and where it leaves it, as shares of its length. A diverging run is very long, and to
// draw its dashes far outside takes seconds.
function inside(x, y, dx, dy, [left, top, right, bottom]) {
  let [enters, leaves] = Number.isNaN(dx + dy) ? [1, 0] : [0, 1];
  for (const [gap, speed] of [[left - x, dx], [x - right, -dx], [top - y, dy], [y - bottom, -dy]]) {
    if (speed > 0) enters = Math.max(enters, gap / speed);
    else if (speed < 0) leaves = Math.min(leaves, gap / speed);
    else if (gap > 0) leaves = 0;
  }
  return [enters, leaves];
}

// One line of the picture; `data` holds x, y, x, y, ... in the figure's pixels.
function drawTrack(pen, track, data, offset, frame, step) {
  const [frames, steps, points] = track.shape;
  const first = offset + 2 * points * ((frame % frames) * steps + Math.min(step, steps - 1));
  const last = first + 2 * (track.grow ? Math.min(step + 1, points) : points);
  const [left, top, right, bottom] = track.clip;
  const margin = track.width; // a wide line may be seen where its middle is outside
  const box = [left - margin, top - margin, right + margin, bottom + margin];
  pen.save();
  pen.beginPath();
  pen.rect(left, top, right - left, bottom - top);
  pen.clip();
  pen.strokeStyle = pen.fillStyle = track.color;
  pen.lineWidth = track.width;
  pen.lineJoin = "round";
  pen.setLineDash(track.dash);
  pen.beginPath();
  let lift = true;
  for (let i = first; i + 2 < last; i += 2) {
    const [x, y] = [data[i], data[i + 1]];
    const [dx, dy] = [data[i + 2] - x, data[i + 3] - y];
    const [enters, leaves] = inside(x, y, dx, dy, box);
    if (enters <= leaves) {
      if (lift || enters > 0) pen.moveTo(x + enters * dx, y + enters * dy);
      pen.lineTo(x + leaves * dx, y + leaves * dy);
    }
    lift = !(enters <= leaves && leaves === 1);
  }
  if (track.width > 0) pen.stroke();
  for (let i = first; track.dot > 0 && i < last; i += 2) {
    pen.beginPath();
    pen.arc(data[i], data[i + 1], track.dot, 0, 2 * Math.PI);
    pen.fill();
  }
  pen.restore();
}

function render({ model, el }) {
  const root = make("div", "gdtools-live", el);
  const controls = make("div", "gdtools-controls", root);
  const refreshFrame = makeSlider(controls, model.get("_name"), "frame", model, (i) => model.get("_labels")[i]);
  const refreshStep = makeSlider(controls, "step", "step", model, (i) => String(model.get("_updates")[i]));
  const play = make("button", "", controls, { type: "button" });
  const picture = make("div", "gdtools-picture", root);
  const background = make("img", "", picture, { alt: "" });
  const canvas = make("canvas", "", picture);
  const words = make("p", "gdtools-words", root);
  const announcer = make("p", "gdtools-announcer", root);
  const problem = make("p", "gdtools-error", root);
  canvas.setAttribute("role", "img");
  announcer.setAttribute("aria-live", "polite");
  problem.setAttribute("role", "alert");

  let points, values, silence, said, animation;

  function load() {
    points = floats(model.get("_points"));
    values = floats(model.get("_values"));
    const [width, height] = model.get("_size");
    picture.style.maxWidth = `${width}px`;
    picture.style.aspectRatio = `${width} / ${height}`;
    picture.classList.remove("gdtools-waiting");
    problem.textContent = model.get("error");
    canvas.setAttribute("aria-label", model.get("_alt"));
    play.hidden = model.get("_updates").length < 2;
    draw();
  }

  function loadBackground() {
    const png = new Blob([model.get("_background")], { type: "image/png" });
    URL.revokeObjectURL(background.src);
    background.src = URL.createObjectURL(png);
  }

  function sentence(frame, step) {
    const [frames, steps] = [model.get("_labels").length, model.get("_updates").length];
    const names = model.get("_readout");
    const read = names.map((name, n) => `${name} = ${number(values[(n * frames + frame) * steps + step])}`);
    const updates = model.get("_updates")[step];
    const after = names.length ? `After ${updates} ${updates === 1 ? "update" : "updates"}: ${read.join(", ")}.` : "";
    return `${model.get("_words")[frame]} ${after}`.trim().replaceAll(" = ", "\u00a0=\u00a0");
  }

  function draw() {
    const [frame, step] = [place(model, "frame"), place(model, "step")];
    const scale = (picture.clientWidth * devicePixelRatio) / model.get("_size")[0];
    const [width, height] = model.get("_size").map((side) => Math.round(side * scale));
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const pen = canvas.getContext("2d");
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    let offset = 0;
    for (const track of model.get("_tracks")) {
      drawTrack(pen, track, points, offset, frame, step);
      offset += 2 * track.shape.reduce((product, side) => product * side);
    }
    refreshFrame(model.get("_labels").length - 1);
    refreshStep(model.get("_updates").length - 1);
    play.textContent = animation ? "⏸ Pause" : "▶ Play";
    words.textContent = sentence(frame, step);
    clearTimeout(silence);
    silence = setTimeout(announce, 500);
  }

  function announce() {
    const news = said !== undefined && said !== words.textContent && !animation;
    said = words.textContent;
    if (news) announcer.textContent = said;
  }

  play.addEventListener("click", () => {
    if (animation) return pause();
    const last = () => model.get("_updates").length - 1; // another run, chosen meanwhile, may be shorter
    if (model.get("step") >= last()) model.set("step", 0);
    animation = setInterval(
      () => (model.get("step") < last() ? model.set("step", model.get("step") + 1) : pause()),
      Math.min(250, 6000 / last())
    );
    draw();
  });

  function pause() {
    clearInterval(animation);
    animation = undefined;
    draw();
  }

  // A point chosen by click or drag goes to the kernel; while it works on one, newer ones wait, and only the last is sent.
  let waiting, next;
  function choose(event) {
    const box = canvas.getBoundingClientRect();
    const scale = model.get("_size")[0] / box.width;
    const [x, y] = [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
    const [left, top, right, bottom] = model.get("_target");
    const inside = x >= left && x <= right && y >= top && y <= bottom;
    canvas.style.cursor = inside ? "crosshair" : "";
    if (!inside || !canvas.hasPointerCapture(event.pointerId)) return;
    next = [x, y];
    if (!waiting) send();
  }
  function send() {
    if (next) tellKernel(model, { point: next });
    waiting = next && setTimeout(ask, 300);
    next = undefined;
  }
  function ask() {
    picture.classList.add("gdtools-waiting");
    problem.textContent = "Waiting for the kernel to compute the new start. No answer? Run the cell again.";
  }
  function answered() {
    clearTimeout(waiting);
    load();
    send();
  }
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId); // a drag that began elsewhere, to select text for example, is not ours
    choose(event);
  });
  canvas.addEventListener("pointermove", choose);

  const gone = new AbortController();
  function followScreen() {
    // a window on another screen may have finer pixels, and the same size
    const finer = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    finer.addEventListener("change", () => (draw(), followScreen()), { once: true, signal: gone.signal });
  }

  model.on("change:frame change:step", draw);
  model.on("change:_replays", answered);
  model.on("change:error", () => model.get("error") && answered());
  model.on("change:_background", loadBackground);
  const observer = new ResizeObserver(() => (hideStandIn(root), draw()));
  loadBackground();
  load();
  observer.observe(picture);
  followScreen();
  return () => {
    // anywidget itself takes the listeners off the model
    clearInterval(animation);
    clearTimeout(silence);
    observer.disconnect();
    gone.abort();
    URL.revokeObjectURL(background.src);
  };
}

export default { render };
