// Follows the widgets of gdtools: gives each that is stored in the page its model, without a kernel.

// What a widget's JavaScript asks of its model.
class Still {
  widget_manager = { kernel: null };
  #state;
  #listeners = new EventTarget();

  constructor(state) {
    this.#state = state;
  }
  get(name) {
    return this.#state[name];
  }
  set(name, value) {
    if (this.#state[name] === value) return;
    this.#state[name] = value;
    this.#listeners.dispatchEvent(new Event(`change:${name}`));
  }
  on(names, listener) {
    for (const name of names.split(" ")) this.#listeners.addEventListener(name, listener);
  }
  save_changes() {}
  send() {}
}

// A question that knows the reply to each option, or asks for a guess, to which there is no wrong one.
class Asked extends Still {
  widget_manager = undefined; // no kernel, and none is missed

  send({ answer }) {
    const kept = answer.trim()
      ? ["kept", `Kept: ${answer}. Now see what happens.`]
      : ["unclear", "Nothing is chosen yet."];
    const [verdict, words] = this.get("_known")[answer] ?? kept;
    this.set("verdict", verdict);
    this.set("feedback", words);
    this.set("_replies", this.get("_replies") + 1);
  }
}

for (const element of document.querySelectorAll(".gdtools-replay")) {
  const { widget, state, buffers } = JSON.parse(element.querySelector("script").textContent);
  for (const [name, data] of Object.entries(buffers)) {
    state[name] = new DataView(Uint8Array.from(atob(data), (character) => character.charCodeAt(0)).buffer);
  }
  if (widget === "figure") figure.render({ model: new Still(state), el: element });
  else question.render({ model: new Asked(state), el: element });
}
