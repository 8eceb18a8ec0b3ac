// Follows figures.js: draws the flowcharts. What they say stands in the text below each. On slides, which are wide, they
// lie, and leave the width to the letters.

const charts = [...document.querySelectorAll("pre.mermaid")];
const lying = Boolean(document.querySelector(".reveal"));
const dense = { minNodeWidth: 0, wrappingWidth: 999, rankSpacing: 30, nodeSpacing: 12, padding: 6 };
const large = { flowchart: dense, themeVariables: { fontSize: "28px" } };
if (charts.length) mermaid.initialize({ startOnLoad: false, theme: "neutral", ...(lying && large) });
for (const [i, chart] of charts.entries()) {
  for (const line of chart.querySelectorAll("br")) line.replaceWith("<br/>");
  const text = lying ? chart.textContent.replace("flowchart TD", "flowchart LR") : chart.textContent;
  chart.outerHTML = (await mermaid.render(`chart-${i}`, text)).svg;
  const drawn = document.getElementById(`chart-${i}`);
  drawn.setAttribute("role", "img");
  drawn.setAttribute("aria-label", "A flowchart. The text below says the same.");
}
