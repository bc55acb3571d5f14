// Charts: round values along the axes, what a pointer reads, what a drag picks, what is drawn where.

import assert from "node:assert/strict";
import { test } from "node:test";

import { nearest, scaleOf, thousands, ticksFor } from "../../ganlab/browser/chart/axis.js";
import { sinceKnown, whyEmpty } from "../../ganlab/browser/chart/chart_view.js";
import { paint } from "../../ganlab/browser/chart/paint.js";
import { band, changeMarks, line, moment, reference } from "../../ganlab/browser/chart/parts.js";
import { readingsAt, zoomOf } from "../../ganlab/browser/chart/pointer.js";

const THEME = { grid: "grid", axis: "axis", muted: "muted", text: "text", font: "sans" };
const MARGIN = { left: 0, right: 0, top: 0, bottom: 0 };

/** A canvas that notes what is asked of it: each call's name with what it was given, and the style in force. */
function pad() {
  const calls = [];
  const context = new Proxy(
    { measureText: (text) => ({ width: 6 * text.length }) },
    {
      get: (style, name) => style[name] ?? ((...given) => calls.push([name, ...given, style.strokeStyle])),
    },
  );
  /** @param {string} name */
  const of = (name) => calls.filter(([called]) => called === name);
  return { drawing: { context, width: 100, height: 100, ratio: 1 }, of };
}

const FIGURE = {
  curves: [line([0, 5, 10], [0, 1, 0.5], "red", "a"), line([0, 5, 10], [1, 1, 1], "blue", "b", { silent: true })],
  x: { range: [0, 10] },
  y: { range: [0, 1] },
  margin: MARGIN,
  legend: [],
  text: "",
};

test("a value's pixel and back, on a linear and on a logarithmic axis", () => {
  const linear = scaleOf({ range: [0, 10] }, 20, 120);
  assert.equal(linear.at(5), 70);
  assert.equal(linear.place(70), 5);
  const powers = scaleOf({ range: [-2, 2], log: true }, 100, 0);
  assert.equal(powers.at(1), 50);
  assert.equal(powers.place(0), 2);
});

test("what has no place on an axis has no pixel; what is far away has one that a canvas can reckon with", () => {
  const powers = scaleOf({ range: [-2, 2], log: true }, 100, 0);
  for (const value of [0, -1, NaN]) assert.ok(Number.isNaN(powers.at(value)));
  assert.equal(scaleOf({ range: [0, 1] }, 0, 100).at(Infinity), 1e5);
});

for (const [axis, many, texts] of [
  [{ range: [0, 1] }, 4, ["0", "0.25", "0.5", "0.75", "1"]],
  [{ range: [-1, 1] }, 4, ["−1", "−0.5", "0", "0.5", "1"]],
  [{ range: [0, 2500], write: thousands }, 5, ["0", "500", "1k", "1.5k", "2k", "2.5k"]],
  [{ range: [0, 8.4], whole: true }, 4, ["0", "3", "6"]],
  [{ range: [0, 3.15], whole: true }, 7, ["0", "1", "2", "3"]],
  [{ range: [-3, 1], log: true }, 6, ["10⁻³", "10⁻²", "10⁻¹", "10⁰", "10¹"]],
  [{ range: [-12, 0], log: true }, 4, ["10⁻¹²", "10⁻⁹", "10⁻⁶", "10⁻³", "10⁰"]],
  [{ range: [0.1, 0.6], log: true }, 3, ["2.00", "3.00"]],
  [
    {
      range: [0, 0.5],
      ticks: [
        [0, "none"],
        [1, "all"],
      ],
    },
    4,
    ["none"],
  ],
]) {
  test(`an axis over ${axis.range}${axis.log ? " powers of ten" : ""} says ${texts.join(" ")}`, () => {
    assert.deepEqual(
      ticksFor(axis, many).map(([, text]) => text),
      texts,
    );
  });
}

test("the nearest of values that grow", () => {
  const values = Float32Array.of(0, 10, 20, 40);
  assert.deepEqual(
    [-5, 4, 6, 29, 31, 99].map((x) => nearest(values, x)),
    [0, 0, 1, 2, 3, 3],
  );
  assert.equal(nearest([], 1), -1);
});

test("a gap in a curve is left open, and a stepped one holds each value until the next", () => {
  const { drawing, of } = pad();
  const curves = [line([0, 5, 10], [0, NaN, 1], "red", "gap"), line([0, 10], [0, 1], "blue", "steps", { steps: true })];
  paint(drawing, { ...FIGURE, curves }, {}, THEME);
  const drawn = (colour) => of("lineTo").filter((call) => call.at(-1) === colour);
  assert.deepEqual(drawn("red"), []);
  assert.deepEqual(drawn("blue"), [
    ["lineTo", 100, 100, "blue"],
    ["lineTo", 100, 0, "blue"],
  ]);
});

test("a curve of one point is a dot", () => {
  const { drawing, of } = pad();
  const curves = [line([5], [0.5], "red", "one"), line([], [], "blue", "none")];
  paint(drawing, { ...FIGURE, curves }, {}, THEME);
  assert.deepEqual(
    of("arc").map(([, x, y]) => [x, y]),
    [[50, 50]],
  );
});

test("a mark is named only while it is within what is shown", () => {
  const marks = [reference(0.5, "half", "red"), moment(8, "fork", "red"), reference(7, "far", "red")];
  const named = (zoom) => {
    const { drawing, of } = pad();
    paint(drawing, { ...FIGURE, marks, bands: [band([0, 10], [0, 0], [1, 1], "pale")] }, zoom, THEME);
    return of("fillText")
      .map(([, text]) => text)
      .filter((text) => ["half", "fork", "far"].includes(text));
  };
  assert.deepEqual(named({}), ["half", "fork"]);
  assert.deepEqual(named({ x: [0, 5] }), ["half"]);
});

test("names of levels that are close together stand one above the other", () => {
  const { drawing, of } = pad();
  const marks = [reference(0.5, "lower", "red"), reference(0.55, "upper", "blue"), reference(0.9, "far", "red")];
  paint(drawing, { ...FIGURE, marks }, {}, THEME);
  const height = (name) => of("fillText").find(([, text]) => text === name)[3];
  assert.deepEqual(["lower", "upper", "far"].map(height), [50, 38, 10]);
});

test("a chart with nothing to show yet says so, in lines that fit", () => {
  const { drawing, of } = pad();
  paint(drawing, { ...FIGURE, note: "The first figures are being measured" }, {}, THEME);
  const lines = of("fillText").map(([, text]) => text);
  assert.equal(lines.join(" "), "The first figures are being measured");
  assert.ok(lines.length > 1 && lines.every((text) => 6 * text.length <= 100));
});

test("the curves of a member of a wall say where they begin, until they have", () => {
  const frame = { before_the_curves: "Trained in a wall: curves begin here." };
  const figure = { ...FIGURE, x: { range: [0, 10], iterations: true } };
  const unknown = [line([1, 2], [NaN, NaN], "red", "a"), line([], [], "blue", "b")];
  assert.equal(whyEmpty({ ...figure, curves: unknown }, frame), "Trained in a wall: curves begin here.");
  assert.equal(whyEmpty({ ...figure, curves: [line([1, 2], [NaN, 0.5], "red", "a")] }, frame), undefined);
  assert.equal(whyEmpty({ ...FIGURE, curves: unknown }, frame), undefined, "its axis is no time");
  assert.equal(whyEmpty({ ...figure, curves: unknown }, {}), undefined, "it began untrained");
});

test("the curves of a run that was trained elsewhere begin at the axis's left end, those of others at 0", () => {
  const x = { range: [0, 12500], iterations: true };
  const curves = [line([5000, 10_003, 10_800], [NaN, 1, 2], "red", "a"), line([10_100], [3], "blue", "b")];
  const frame = { before_the_curves: "Trained beforehand: curves begin here." };
  assert.deepEqual(sinceKnown({ x, curves }, frame).range, [10_000, 10_800]);
  assert.deepEqual(sinceKnown({ x, curves: [line([10_001], [1], "red", "a")] }, frame).range, [10_000, 10_020]);
  assert.deepEqual(sinceKnown({ x, curves: [line([10_001, 300_000], [1, 2], "red", "a")] }, frame).range, [0, 300_000]);
  assert.equal(sinceKnown({ x, curves }, {}), x, "it began untrained");
  assert.equal(sinceKnown({ x, curves: [line([], [], "red", "a")] }, frame), x, "nothing is known yet");
});

test("the pointer reads the nearest point of every curve that may speak", () => {
  const plot = paint(pad().drawing, FIGURE, {}, THEME);
  const found = readingsAt(FIGURE, plot, 58);
  assert.equal(found.at, 50);
  assert.deepEqual(found.readings, [{ name: "a", colour: "red", value: "1.00" }]);
});

test("far from every point, or beside the chart, the pointer reads nothing", () => {
  const figure = { ...FIGURE, curves: [line([0], [0], "red", "a")] };
  const plot = paint(pad().drawing, figure, {}, THEME);
  assert.equal(readingsAt(figure, plot, 60), null);
  assert.equal(readingsAt(figure, plot, -3), null);
});

test("a drag zooms along the axes that it goes along, and a click along none", () => {
  const plot = paint(pad().drawing, FIGURE, {}, THEME);
  assert.deepEqual(zoomOf(plot, [20, 50], [60, 52], {}), { x: [2, 6] });
  assert.deepEqual(zoomOf(plot, [20, 75], [22, 25], { x: [2, 6] }), { x: [2, 6], y: [0.25, 0.75] });
  assert.deepEqual(zoomOf(plot, [20, 20], [21, 21], {}), {});
});

test("each change of the settings is marked, and the newest named", () => {
  const marks = changeMarks(
    {
      changes: [
        [10, "Loss"],
        [250, "Learning rate"],
      ],
    },
    THEME,
  );
  assert.deepEqual(
    marks.map(({ x, label }) => [x, label]),
    [
      [10, ""],
      [250, "Learning rate"],
    ],
  );
  assert.deepEqual(changeMarks({}, THEME), []);
});
