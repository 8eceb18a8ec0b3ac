// Follows figures.js: draws the flowcharts. What they say stands in the text below each. On slides, which are wide, they lie.

const charts = [...document.querySelectorAll("pre.mermaid")];
if (charts.length) mermaid.initialize({ startOnLoad: false, theme: "neutral" });
for (const [i, chart] of charts.entries()) {
  for (const line of chart.querySelectorAll("br")) line.replaceWith("<br/>");
  const text = document.querySelector(".reveal") ? chart.textContent.replace("flowchart TD", "flowchart LR") : chart.textContent;
  chart.outerHTML = (await mermaid.render(`chart-${i}`, text)).svg;
  const drawn = document.getElementById(`chart-${i}`);
  drawn.setAttribute("role", "img");
  drawn.setAttribute("aria-label", "A flowchart. The text below says the same.");
}
