// A wall's numbers as a table: its lines are the members, in the order of the wall.

import assert from "node:assert/strict";
import { test } from "node:test";

import { asCsv } from "../../ganlab/browser/wall/wall_table.js";

const columns = { field: "lr_g", label: "G", names: ["0.1", "0.2"], values: [0.1, 0.2] };
const rows = { field: "loss", label: "Loss", names: ["a", "b"], values: ['with "quotes", and a comma', "b"] };

const frame = (measures, broken = {}) => ({ iteration: 70, broken, views: { wall: { measures } } });

test("a wall of one row has a line a member", () => {
  const text = asCsv({ columns, rows: null }, frame({ modes: Float32Array.of(3, NaN) }));
  assert.equal(text, "lr_g,iteration,modes,broken\r\n0.1,70,3,\r\n0.2,70,,\r\n");
});

test("members go row by row, and text is quoted where it must be", () => {
  const broken = { 3: "Broke off." };
  const lines = asCsv({ columns, rows }, frame({ modes: Float32Array.of(1, 2, 3, 4) }, broken)).split("\r\n");
  assert.equal(lines[0], "loss,lr_g,iteration,modes,broken");
  assert.equal(lines[1], '"with ""quotes"", and a comma",0.1,70,1,');
  assert.equal(lines[4], "b,0.2,70,4,Broke off.");
});
