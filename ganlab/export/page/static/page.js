// The page around the generator: a latent, the sample that it becomes, and ways to move it.

const about = JSON.parse(document.getElementById("program").textContent);
const generate = generatorOf(about.program, decoded(document.getElementById("weights").textContent.trim(), about.bits));
const element = (id) => document.getElementById(id);

const SLIDERS = 8;
const SECONDS_BETWEEN = 2; // from one latent of the interpolation to the next
const CLOUD = 600; // points drawn around the sample, where samples are points
const GRID = 16;

// Chance: the same seed gives the same latent in every browser (mulberry32, Box and Muller 1958).

function chance(seed) {
  let state = (seed >>> 0) + 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function latent(seed) {
  const next = chance(seed);
  const draw =
    about.distribution === "normal"
      ? () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
      : () => 2 * next() - 1;
  return Float32Array.from({ length: about.latent_dim }, draw);
}

function between(a, b, t) {
  const dot = (x, y) => x.reduce((sum, v, i) => sum + v * y[i], 0);
  const angle = Math.acos(Math.max(-1, Math.min(1, dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b)))));
  const straight = about.distribution !== "normal" || Math.sin(angle) < 1e-3;
  const [from, to] = straight
    ? [1 - t, t]
    : [Math.sin((1 - t) * angle) / Math.sin(angle), Math.sin(t * angle) / Math.sin(angle)];
  return a.map((v, i) => from * v + to * b[i]);
}

const oneHot = (length, chosen) => Array.from({ length }, (_, k) => (k === chosen ? 1 : 0));
const dials = new Array(about.dials).fill(0);

// What goes into the generator: the latent, and where it takes them a class, a category and the dials' codes.
function input(z) {
  const kind = oneHot(about.classes.length, Number(element("class").value));
  const category = oneHot(about.categories, Number(element("category").value));
  return Float32Array.from([...z, ...kind, ...category, ...dials]);
}

// Drawing

const level = (v) => Math.round(Math.max(0, Math.min(255, (Math.max(-1, Math.min(1, v)) + 1) * 127.5)));

function paint(canvas, sample) {
  const [channels, height, width] = about.shape;
  canvas.width = width;
  canvas.height = height;
  const image = new ImageData(width, height),
    area = width * height;
  for (let i = 0; i < area; i++) {
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = level(sample[(channels === 3 ? c : 0) * area + i]);
    image.data[4 * i + 3] = 255;
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
}

// A coordinate as the network gave it, before it was put into the units of the data.
const trained = (point, axis) =>
  about.units ? (point[axis] - about.units.centre[axis]) / about.units.scale[axis] : point[axis];

const told = (sample) =>
  Array.from(sample, (value, axis) => `${about.units?.names[axis] ?? "xy"[axis]} = ${value.toPrecision(4)}`).join(", ");

let cloud = [];

function gatherCloud() {
  cloud = about.images ? [] : Array.from({ length: CLOUD }, (_, k) => generate(input(latent(1_000_003 + k))));
}

function scatter(canvas, sample) {
  const side = 800,
    pen = canvas.getContext("2d"),
    colours = getComputedStyle(document.body);
  canvas.width = canvas.height = side;
  const place = (point, axis) => (trained(point, axis) / about.extent + 1) * (side / 2);
  const dot = (point, radius) => {
    pen.beginPath();
    pen.arc(place(point, 0), point.length > 1 ? side - place(point, 1) : side / 2, radius, 0, 2 * Math.PI);
    pen.fill();
  };
  pen.fillStyle = colours.getPropertyValue("--faint");
  pen.globalAlpha = 0.5;
  cloud.forEach((point) => dot(point, 4));
  pen.globalAlpha = 1;
  pen.fillStyle = colours.getPropertyValue("--accent");
  dot(sample, 10);
  pen.font = "28px sans-serif";
  pen.fillText(told(sample), 16, side - 16);
  canvas.setAttribute("aria-label", told(sample));
}

let z = latent(0);

function show() {
  const sample = generate(input(z));
  (about.images ? paint : scatter)(element("sample"), sample);
  document.querySelectorAll("#sliders input").forEach((slider, i) => {
    const value = i < dials.length ? dials[i] : z[i - dials.length];
    slider.value = value;
    slider.nextElementSibling.value = value.toFixed(2);
  });
}

function showGrid() {
  const first = Number(element("seed").value) || 0,
    cells = [...element("grid").children];
  let next = 0;
  const one = () => {
    // a picture at a time, so that the page stays awake
    if (next >= cells.length || first !== (Number(element("seed").value) || 0)) return;
    const cell = cells[next],
      seed = first + next++;
    cell.dataset.seed = seed;
    cell.setAttribute("aria-label", `Seed ${seed}`);
    cell.setAttribute("aria-current", seed === first);
    paint(cell.firstChild, generate(input(latent(seed))));
    setTimeout(one);
  };
  one();
}

// Moving

let playing = null;

function stop() {
  playing = null;
  element("play").setAttribute("aria-pressed", "false");
  element("play").textContent = "Play";
}

function play() {
  const first = Number(element("seed").value) || 0,
    began = performance.now();
  const turn = (playing = (now) => {
    if (playing !== turn) return;
    const way = Math.max(0, now - began) / 1000 / SECONDS_BETWEEN,
      stage = Math.floor(way);
    z = between(latent(first + stage), latent(first + stage + 1), way - stage);
    show();
    requestAnimationFrame(turn);
  });
  element("play").setAttribute("aria-pressed", "true");
  element("play").textContent = "Stop";
  requestAnimationFrame(turn);
}

function choose(seed) {
  stop();
  element("seed").value = seed;
  z = latent(seed);
  show();
  if (about.images) showGrid();
}

function slider(name, reach, set) {
  const row = document.createElement("div"),
    id = name.replace(/\W/g, "");
  row.className = "slider";
  row.innerHTML =
    `<label for="${id}">${name[0]}<sub>${name.slice(1)}</sub></label>` +
    `<input id="${id}" type="range" min="${-reach}" max="${reach}" step="0.01"><output for="${id}"></output>`;
  row.children[1].addEventListener("input", (event) => set(Number(event.target.value)));
  element("sliders").append(row);
}

function choices(id, names) {
  if (!names.length) return;
  element(`${id}-box`).hidden = false;
  names.forEach((name, k) => element(id).add(new Option(name, k)));
  element(id).addEventListener("change", showAll);
}

function showAll() {
  gatherCloud();
  show();
  if (about.images) showGrid();
}

function build() {
  const reach = about.distribution === "normal" ? 3 : 1;
  dials.forEach((_, i) =>
    slider(`c${i + 1}`, 1, (value) => {
      dials[i] = value;
      showAll();
    }),
  );
  for (let i = 0; i < Math.min(SLIDERS, about.latent_dim); i++) {
    slider(`z${i + 1}`, reach, (value) => {
      stop();
      z[i] = value;
      show();
    });
  }
  const others = about.latent_dim - SLIDERS;
  if (others > 0) element("more").textContent = `${others} more dimensions keep the values that the seed gave them.`;
  choices("class", about.classes);
  choices(
    "category",
    Array.from({ length: about.categories }, (_, k) => String(k)),
  );
  for (let k = 0; about.images && k < GRID; k++) {
    const cell = document.createElement("button");
    cell.type = "button";
    cell.append(document.createElement("canvas"));
    cell.addEventListener("click", () => choose(Number(cell.dataset.seed)));
    element("grid").append(cell);
  }
  element("play").addEventListener("click", () => (playing ? stop() : play()));
  element("seed").addEventListener("change", () => choose(Number(element("seed").value) || 0));
}

// What PyTorch made of a few latents is in the file: say how far from that this browser is.
function check() {
  let most = 0;
  about.check.inputs.forEach((z, k) => {
    generate(z).forEach((v, i) => (most = Math.max(most, Math.abs(v - about.check.samples[k][i]))));
  });
  const levels = (most * 127.5).toFixed(2);
  element("check").textContent = about.images
    ? `Checked in this browser: pixels differ from PyTorch's by at most ${levels} of 255 levels.`
    : `Checked in this browser: points differ from PyTorch's by at most ${most.toPrecision(2)}.`;
}

build();
gatherCloud();
choose(0);
check();
