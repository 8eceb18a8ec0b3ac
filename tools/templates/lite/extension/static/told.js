// What a student has to know where Python runs in the browser, said when it matters, in JupyterLab's own notifications.
// docs/in_your_browser.md says all of it. Written by hand: JupyterLab takes any script that offers `init` and `get`.

const START = "notebooks/00_start_here.ipynb";
const GUIDE = "docs/in_your_browser.md";
const LONG = 15_000; // ms: a cell that takes longer may have no end
const TOO_LONG = 90_000; // ms: a start that takes longer has failed

function activate(app) {
  const { commands, shell, serviceManager } = app;
  const { contents, serverSettings } = serviceManager;
  const linked = new URLSearchParams(location.search).has("path"); // JupyterLab will take it out of the address
  const watched = new WeakSet();

  const more = { label: "More", commandId: "markdownviewer:open", args: { path: GUIDE } };

  function tell(message, { type = "info", autoClose = false, actions = [] } = {}) {
    return commands.execute("apputils:notify", { message, type, options: { autoClose, actions } });
  }

  const STOP = [
    "A cell runs for long. Only a restart can stop it: Python forgets, your cells stay.",
    { type: "warning", actions: [{ label: "Restart Python", commandId: "notebook:restart-kernel" }, more] },
  ];

  // A line for as long as `message` holds; what is returned takes it away, or puts another in its place.
  function tellWhile(message, options) {
    const told = tell(message, options);
    return async (then) => {
      const id = await told;
      if (then) commands.execute("apputils:update-notification", { id, type: "success", autoClose: 4000, ...then });
      else commands.execute("apputils:dismiss-notification", { id });
    };
  }

  function watchKernel({ sessionContext, disposed }) {
    let timer; // one line at a time: while Python starts, or while a cell runs for long
    let end;

    function say(...line) {
      hush();
      end = tellWhile(...line);
    }

    function hush(then) {
      clearTimeout(timer);
      end?.(then);
      end = undefined;
    }

    function starts() {
      say("Python starts in your browser. That takes some seconds, and more at your first visit.", {
        type: "in-progress",
      });
      const failed = "Python has not started. Reload the page; if that doesn't help, try another browser.";
      timer = setTimeout(hush, TOO_LONG, { message: failed, type: "error", autoClose: false });
    }

    function changed(_, status) {
      const starting = ["unknown", "starting", "restarting", "autorestarting", "connecting"].includes(status);
      if (starting && was !== "starting") starts();
      else if (!starting)
        hush(was === "starting" ? { message: "Python is ready. Shift + Enter runs a cell." } : undefined);
      if (status === "busy") timer = setTimeout(say, LONG, ...STOP);
      was = starting ? "starting" : status;
    }

    let was;
    changed(undefined, sessionContext.session?.kernel?.status ?? "unknown");
    sessionContext.statusChanged.connect(changed);
    disposed.connect(() => hush());
  }

  // Whoever has saved a notebook gets their own from then on, and never sees that another has been published.
  async function lookForNewer(path) {
    const key = `gdtools:${serverSettings.baseUrl}${path}`;
    const response = await fetch(`${serverSettings.baseUrl}files/${encodeURI(path)}`, { cache: "no-cache" });
    if (!response.ok) return; // a notebook of the student's own
    const published = await response.text();
    const version = fingerprint(published);
    const opened = await contents.get(path, { content: true });
    if (!localStorage[key] || JSON.stringify(opened.content) === JSON.stringify(JSON.parse(published)))
      localStorage[key] = version;
    if (localStorage[key] === version) return;
    tell("There is a newer version of this notebook. Yours can be kept beside it.", {
      actions: [{ label: "Take the newer", commandId: TAKE_NEWER, args: { path } }, more],
    });
  }

  async function takeNewer({ path }) {
    const names = (await contents.get(path.replace(/\/?[^/]*$/, ""), { content: true })).content.map(
      (file) => file.path
    );
    let mine = path;
    for (let n = 1; names.includes(mine); n++) mine = path.replace(/\.ipynb$/, n > 1 ? ` (mine ${n})$&` : " (mine)$&");
    await contents.rename(path, mine);
    await commands.execute("docmanager:open", { path }); // what was published shows again
  }

  function look() {
    const panel = shell.currentWidget;
    if (!panel?.sessionContext || !panel.context || watched.has(panel)) return;
    watched.add(panel);
    watchKernel(panel);
    panel.context.ready.then(() => lookForNewer(panel.context.path));
  }

  const TAKE_NEWER = "gdtools:take-newer";
  commands.addCommand(TAKE_NEWER, { execute: takeNewer });
  app.restored.then(() => {
    shell.currentChanged.connect(look);
    look();
    const empty = [...shell.widgets("main")].every((widget) => !widget.context && !widget.content?.context);
    if (!linked && empty) commands.execute("docmanager:open", { path: START });
    if (localStorage["gdtools:told"]) return;
    localStorage["gdtools:told"] = "yes";
    tell("What you change is kept in this browser only. File → Download keeps a copy.", { actions: [more] });
  });
}

// A number that is another one for another text.
function fingerprint(text) {
  let number = 0;
  for (let i = 0; i < text.length; i++) number = (31 * number + text.charCodeAt(i)) | 0;
  return String(number);
}

window._JUPYTERLAB ??= {};
window._JUPYTERLAB["gdtools-lite"] = {
  init: () => {},
  get: async () => () => ({ id: "gdtools-lite:told", autoStart: true, activate }),
};
