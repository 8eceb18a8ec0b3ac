// Follows live.js in a module: gives each LiveFigure of the page its model, without a kernel.

// What live.js asks of a widget's model.
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

for (const element of document.querySelectorAll(".gdtools-replay")) {
  const { state, buffers } = JSON.parse(element.querySelector("script").textContent);
  for (const [name, data] of Object.entries(buffers)) {
    state[name] = new DataView(Uint8Array.from(atob(data), (character) => character.charCodeAt(0)).buffer);
  }
  render({ model: new Still(state), el: element });
}
