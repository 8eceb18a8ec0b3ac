// What every widget of the course does in a cell. cells.py puts this before live.js and question.js.

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

// Readers without a kernel see a stand-in in the output beside this one; here it has done its work.
function hideStandIn(node) {
  for (const still of node.closest(".jp-OutputArea")?.querySelectorAll(".gdtools-stand-in") ?? []) {
    still.closest(".jp-OutputArea-child").style.display = "none";
  }
}
