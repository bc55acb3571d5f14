// @ts-check
// A wall's numbers as a table to be kept: a member a line, its settings first, then all that is measured of it.

/** @import { WallData, WallFrame } from "./wall.js" */

/**
 * @param {Pick<WallData, "columns" | "rows">} plan the rows are null where only one field differs
 * @param {Pick<WallFrame, "iteration" | "broken" | "views">} frame what was shown last
 */
export function asCsv({ columns, rows }, { iteration, broken, views }) {
  const across = columns.values.length;
  const measures = Object.entries(views.wall?.measures ?? {});
  const head = [...(rows ? [rows.field] : []), columns.field, "iteration", ...measures.map(([name]) => name), "broken"];
  const lines = Array.from({ length: across * (rows?.values.length ?? 1) }, (_, member) => [
    ...(rows ? [rows.values[Math.floor(member / across)]] : []),
    columns.values[member % across],
    iteration,
    ...measures.map(([, values]) => (Number.isFinite(values[member]) ? Number(values[member].toPrecision(7)) : "")),
    broken[member] ?? "",
  ]);
  return [head, ...lines].map((line) => line.map(quoted).join(",")).join("\r\n") + "\r\n";
}

/** @param {string | number} value */
function quoted(value) {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * @param {string} text
 * @param {string} name of the file
 */
export function download(text, name) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  link.click();
  URL.revokeObjectURL(address);
}
