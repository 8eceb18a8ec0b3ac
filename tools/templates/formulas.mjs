// For node, in the folder above node_modules: reads formulas, a JSON list of [TeX, whether it is displayed], and writes
// a list of their HTML. A formula that KaTeX does not understand ends the build, by name.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const katex = createRequire(`${process.cwd()}/`)("katex");
const formulas = JSON.parse(readFileSync(0, "utf8"));
const drawn = formulas.map(([tex, displayMode]) => katex.renderToString(tex, { displayMode, strict: "error" }));
process.stdout.write(JSON.stringify(drawn));
