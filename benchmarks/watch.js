// Looks at the pixels of a picture, a <canvas> or an <img>, in every animation frame.

const scratch = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
scratch.canvas.width = 400;
scratch.canvas.height = 210;

// The pixels at about half the size, which is quicker to read and loses no change; undefined between two images.
function pixels(selector) {
  const picture = document.querySelector(selector);
  if (!picture || picture.complete === false) return undefined;
  const { width, height } = scratch.canvas;
  scratch.clearRect(0, 0, width, height);
  scratch.drawImage(picture, 0, 0, width, height);
  return new Uint32Array(scratch.getImageData(0, 0, width, height).data.buffer);
}

function differ(a, b) {
  for (let i = 0; a && b && i < a.length; i += 1) if (a[i] !== b[i]) return true;
  return false;
}

// Milliseconds from the next key press to the end of the first animation frame that shows other pixels.
window.answer = (selector) =>
  new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("no other pixels within 20 s")), 20000);
    const before = pixels(selector);
    let pressed;
    addEventListener("keydown", (event) => (pressed = event.timeStamp), { capture: true, once: true });
    const painted = new MessageChannel(); // its message is handled after the frame has been painted
    painted.port1.onmessage = () => resolve(performance.now() - pressed);
    (function look() {
      if (pressed && differ(before, pixels(selector))) painted.port2.postMessage(0);
      else requestAnimationFrame(look);
    })();
  });

// Counts the animation frames with other pixels than the one before; the function that it returns gives frames/s.
window.count = (selector) => {
  const start = performance.now();
  let [shown, frames, on] = [pixels(selector), 0, true];
  requestAnimationFrame(function look() {
    const now = pixels(selector);
    frames += differ(shown, now) ? 1 : 0;
    shown = now ?? shown;
    if (on) requestAnimationFrame(look);
  });
  return () => {
    on = false;
    return (1000 * frames) / (performance.now() - start);
  };
};
