// @ts-check
// Plotly, loaded once from our own server; it is large, so whatever does not need it is drawn before it comes.

/** @import { Layout, Plotly, Theme, Trace } from "./types.js" */

/** @type {Promise<Plotly> | undefined} */
let loading;

/**
 * Ask for the script's bytes at once, without running it.
 *
 * @param {URL} base
 */
export function fetchPlotlySoon(base) {
  const href = new URL("plotly.min.js", base).href;
  if (loading || document.head.querySelector(`link[href="${href}"]`)) return;
  document.head.append(Object.assign(document.createElement("link"), { rel: "preload", as: "script", href }));
}

/**
 * Resolves to Plotly. Its style rules go to the document's head, where a shadow root does not see them: `adoptStyles`
 * copies them into the root.
 *
 * @param {URL} base
 * @returns {Promise<Plotly>}
 */
export function loadPlotly(base) {
  loading ??= new Promise((resolve, reject) => {
    if (window.Plotly) return resolve(window.Plotly);
    const script = document.createElement("script");
    script.src = new URL("plotly.min.js", base).href;
    const fail = () => {
      loading = undefined; // so that the next chart tries again
      script.remove();
      reject(new Error("Plotly did not load."));
    };
    script.onload = () => (window.Plotly ? resolve(window.Plotly) : fail());
    script.onerror = fail;
    document.head.append(script);
  });
  return loading;
}

/** @param {Element} root */
export function adoptStyles(root) {
  const global = document.getElementById("plotly.js-style-global");
  const sheet = global instanceof HTMLStyleElement && global.sheet;
  if (!sheet || root.querySelector("style.plotly")) return;
  const style = document.createElement("style");
  style.className = "plotly";
  style.textContent = [...sheet.cssRules].map((rule) => rule.cssText).join("\n");
  root.append(style);
}

export const CONFIG = { displayModeBar: false, doubleClick: false, responsive: false, showTips: false };

/**
 * What all charts share; a figure's own layout is laid over it.
 *
 * @param {Theme} theme
 * @param {Layout} layout
 * @returns {Layout}
 */
export function baseLayout(theme, { xaxis = {}, yaxis = {}, ...rest }) {
  const axis = {
    gridcolor: theme.grid,
    zeroline: false,
    linecolor: theme.axis,
    tickfont: { color: theme.muted, size: 11 },
    automargin: false,
    fixedrange: false,
    nticks: 5,
    ticklen: 3,
    tickcolor: theme.axis,
  };
  return {
    margin: { l: 34, r: 34, t: 6, b: 22 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: theme.font, size: 11, color: theme.text },
    showlegend: false,
    hovermode: "x unified",
    hoverlabel: { bgcolor: theme.background, bordercolor: theme.axis, font: { size: 11, color: theme.text } },
    dragmode: "zoom",
    ...rest,
    xaxis: { ...axis, showgrid: false, ...xaxis },
    yaxis: { ...axis, hoverformat: ".3~g", ...yaxis },
    ...(rest.yaxis2
      ? { yaxis2: { ...axis, showgrid: false, hoverformat: ".3~g", overlaying: "y", side: "right", ...rest.yaxis2 } }
      : {}),
  };
}

/**
 * A curve. Of `more`, width, dash and shape are the line's, the rest the trace's.
 *
 * @param {ArrayLike<number>} x
 * @param {ArrayLike<number>} y
 * @param {string} colour
 * @param {string} name
 * @param {Trace} [more]
 * @returns {Trace}
 */
export function line(x, y, colour, name, more = {}) {
  const { width = 1.8, dash = "solid", shape = "linear", ...rest } = more;
  return { type: "scatter", mode: "lines", x, y, name, line: { color: colour, width, dash, shape }, ...rest };
}

/**
 * The range between two curves as one filled outline: half the work of two traces.
 *
 * @param {Iterable<number>} x
 * @param {Iterable<number>} lo
 * @param {Iterable<number>} hi
 * @param {string} fill
 * @param {Trace} [more]
 * @returns {Trace}
 */
export function band(x, lo, hi, fill, more = {}) {
  const outline = { x: [...x, ...[...x].reverse()], y: [...hi, ...[...lo].reverse()] };
  return {
    type: "scatter",
    mode: "none",
    ...outline,
    fill: "toself",
    fillcolor: fill,
    hoverinfo: "skip",
    ...more,
  };
}

/**
 * A dotted reference line with its name in the margin at its right end, where no curve runs.
 *
 * @param {number} y
 * @param {string} label
 * @param {string} colour
 * @param {string} [axis]
 */
export function reference(y, label, colour, axis = "y") {
  const shape = {
    type: "line",
    xref: "paper",
    x0: 0,
    x1: 1,
    yref: axis,
    y0: y,
    y1: y,
    line: { color: colour, width: 1, dash: "dot" },
  };
  const note = {
    xref: "paper",
    x: 1,
    xanchor: "left",
    yref: axis,
    y,
    yanchor: "middle",
    text: label,
    showarrow: false,
    font: { size: 11, color: colour },
  };
  return { shape, note };
}
