// What live.js does without a browser: numbers, words, and which points it draws. `make unit` runs it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { drawTrack, drawTracks, inside, number, place, sentence } from "../../gdtools/widgets/live.js";

const BOX = [0, 0, 100, 50];

// What a widget's model answers.
const model = (state) => ({ get: (name) => state[name] });

// A canvas that keeps what is drawn, call by call.
function makePen() {
  const calls = [];
  const record = (name) => [name, (...values) => calls.push([name, ...values])];
  const names = "save restore beginPath rect clip setLineDash moveTo lineTo arc fill stroke".split(" ");
  return { calls, ...Object.fromEntries(names.map(record)) };
}

const drawn = (pen, ...names) => pen.calls.filter(([name]) => names.includes(name));

const TRACK = { shape: [1, 1, 3], color: "#0072b2", width: 2, dot: 0, grow: false, dash: [], clip: BOX };

function draw(track, data, { offset = 0, frame = 0, step = 0 } = {}) {
  const pen = makePen();
  drawTrack(pen, { ...TRACK, ...track }, Float32Array.from(data), offset, frame, step);
  return pen;
}

test("a number has four digits, a true minus, and a power of ten where it is very large or small", () => {
  const told = {
    0: "0",
    2: "2",
    0.123456: "0.1235",
    "-1.5": "−1.5",
    12345.6: "12350",
    123456: "1.23e+5",
    0.00012345: "1.23e−4",
    "-1e300": "−1.00e+300",
  };
  for (const [value, text] of Object.entries(told)) assert.equal(number(Number(value)), text);
});

test("what is infinite, or no number, is beyond all bounds", () => {
  for (const value of [Infinity, -Infinity, NaN]) assert.equal(number(value), "beyond all bounds");
});

test("a segment within the box is seen from its beginning to its end", () => {
  assert.deepEqual(inside(10, 10, 50, 20, BOX), [0, 1]);
});

test("a segment is seen from where it enters the box to where it leaves it", () => {
  assert.deepEqual(inside(-50, 25, 200, 0, BOX), [0.25, 0.75]);
  assert.deepEqual(inside(150, 25, -200, 0, BOX), [0.25, 0.75]);
  assert.deepEqual(inside(50, 25, 0, 100, BOX), [0, 0.25]);
  assert.deepEqual(inside(50, -50, 0, 100, BOX), [0.5, 1]);
});

test("a segment that passes by, goes away, or has no end is not seen", () => {
  for (const segment of [
    [-10, 60, 120, 0],
    [150, 10, 50, 0],
    [-10, -10, -5, -5],
    [10, 80, 0, 0],
    [NaN, 10, NaN, 0],
    [10, 10, 5, NaN],
  ]) {
    const [enters, leaves] = inside(...segment, BOX);
    assert.ok(!(enters <= leaves), segment.join(", "));
  }
});

test("a very long segment is cut exactly at the edges", () => {
  const [enters, leaves] = inside(-1e5, 25, 2e5, 0, BOX);
  assert.ok(Math.abs(-1e5 + enters * 2e5) < 1e-6);
  assert.ok(Math.abs(-1e5 + leaves * 2e5 - 100) < 1e-6);
});

test("a line goes through its points, in one stroke of its colour, width and dash, within its axes", () => {
  const pen = draw({ dash: [6, 2] }, [10, 10, 20, 20, 30, 10]);
  assert.deepEqual(drawn(pen, "moveTo", "lineTo", "stroke"), [
    ["moveTo", 10, 10],
    ["lineTo", 20, 20],
    ["lineTo", 30, 10],
    ["stroke"],
  ]);
  assert.deepEqual([pen.strokeStyle, pen.lineWidth], ["#0072b2", 2]);
  assert.deepEqual(drawn(pen, "rect", "clip", "setLineDash"), [
    ["rect", 0, 0, 100, 50],
    ["clip"],
    ["setLineDash", [6, 2]],
  ]);
  assert.deepEqual([pen.calls[0], pen.calls.at(-1)], [["save"], ["restore"]]);
});

test("NaN breaks a line, and a point outside its axes brings it to their edge, half a width further", () => {
  const broken = draw({ shape: [1, 1, 5] }, [10, 10, 20, 10, NaN, NaN, 30, 10, 40, 10]);
  assert.deepEqual(drawn(broken, "moveTo", "lineTo"), [
    ["moveTo", 10, 10],
    ["lineTo", 20, 10],
    ["moveTo", 30, 10],
    ["lineTo", 40, 10],
  ]);
  const leaving = draw({}, [50, 25, 254, 25, 50, 25]);
  assert.deepEqual(drawn(leaving, "moveTo", "lineTo"), [
    ["moveTo", 50, 25],
    ["lineTo", 102, 25],
    ["moveTo", 102, 25],
    ["lineTo", 50, 25],
  ]);
});

test("dots are drawn at the points, also without a line", () => {
  const pen = draw({ width: 0, dot: 5 }, [10, 10, 20, 20, 30, 10]);
  assert.deepEqual(drawn(pen, "moveTo", "lineTo", "stroke"), []);
  assert.deepEqual(
    drawn(pen, "arc").map(([, x, y, radius]) => [x, y, radius]),
    [
      [10, 10, 5],
      [20, 20, 5],
      [30, 10, 5],
    ]
  );
});

test("a growing line has one point more after each step, and never more than it has", () => {
  const data = [10, 10, 20, 20, 30, 10];
  for (const [step, points] of [
    [0, 1],
    [1, 2],
    [2, 3],
    [9, 3],
  ]) {
    const pen = draw({ grow: true, dot: 1 }, data, { step });
    assert.equal(drawn(pen, "arc").length, points);
  }
});

test("each frame and each step has its own points, and a track with one frame, or one step, has them always", () => {
  const first = (shape, frame, step, offset = 0) => {
    const data = Array.from({ length: offset + 2 * shape.reduce((a, b) => a * b) }, (_, i) => i / 10);
    const [[, x]] = drawn(draw({ shape, dot: 1, width: 0 }, data, { frame, step, offset }), "arc");
    return Math.round(10 * x);
  };
  assert.equal(first([2, 3, 4], 0, 0), 0);
  assert.equal(first([2, 3, 4], 0, 2), 16);
  assert.equal(first([2, 3, 4], 1, 0), 24);
  assert.equal(first([2, 3, 4], 1, 9), 40);
  assert.equal(first([1, 1, 4], 7, 7), 0);
  assert.equal(first([2, 3, 4], 1, 2, 6), 46);
});

test("one track's points begin where those of the track before it end", () => {
  const pen = makePen();
  const dots = { ...TRACK, width: 0, dot: 1 };
  const tracks = [
    { ...dots, shape: [2, 1, 2] },
    { ...dots, shape: [1, 1, 1] },
  ];
  drawTracks(pen, tracks, Float32Array.from([1, 1, 2, 2, 3, 3, 4, 4, 5, 5]), 1, 0);
  assert.deepEqual(
    drawn(pen, "arc").map(([, x]) => x),
    [3, 4, 5]
  );
});

test("a slider keeps its place where one label stands for all, and ends where a shorter run ends", () => {
  const state = { frame: 7, step: 30, _labels: ["a", "b", "c"], _updates: [0, 1, 2, 3] };
  assert.equal(place(model(state), "frame"), 1);
  assert.equal(place(model({ ...state, _labels: ["all"] }), "frame"), 0);
  assert.equal(place(model(state), "step"), 3);
  assert.equal(place(model({ ...state, step: 2 }), "step"), 2);
});

test("the words tell the numbers of this frame and step, with an update or updates", () => {
  const state = { _labels: ["0.1", "0.2"], _updates: [0, 1, 20], _readout: ["w", "loss"], _words: ["Slow.", "Fast."] };
  const values = [0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, -15];
  const told = (frame, step) => sentence(model(state), values, frame, step).replaceAll("\u00a0", " ");
  assert.equal(told(0, 0), "Slow. After 0 updates: w = 0, loss = 10.");
  assert.equal(told(1, 1), "Fast. After 1 update: w = 4, loss = 14.");
  assert.equal(told(1, 2), "Fast. After 20 updates: w = 5, loss = −15.");
  assert.equal(sentence(model({ ...state, _readout: [] }), [], 1, 2), "Fast.");
});

test("what each widget does in a cell stands in both files, and is the same", () => {
  const shared = ["widgets/live.js", "quiz/question.js"].map((name) => {
    const text = readFileSync(new URL(`../../gdtools/${name}`, import.meta.url), "utf8");
    return text.match(/^\/\/ -+ what each widget does in a cell\n([\s\S]*?)^\/\/ -+ /m)[1];
  });
  assert.ok(shared[0].includes("function hideStandIn"));
  assert.equal(shared[0], shared[1]);
});
