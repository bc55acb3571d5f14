// What the modules of several rooms share, for the type checker alone: nothing here reaches the browser.

import type { Painter } from "./painter.js";
import type { Sentence } from "./sentences.js";

export type StateName = "ready" | "running" | "paused" | "finished" | "failed" | "stopped";
export type Link = "open" | "lost" | "gone" | "refused";
export type Kind = "plane" | "line" | "phase" | "images";

/** An array of a frame, row by row. Integers come in arrays of their own, which are read in the same way. */
export type Numbers = Float32Array<ArrayBuffer> & { shape: number[] };

/** From a value to its pixel. */
export type Scale = (value: number) => number;

/** What stands along the axes: pairs of a value and the text there. */
export interface Ticks {
  across: [number, string][];
  up: [number, string][];
  names: string[];
}

/** How a person's own numbers became coordinates: x = (value - centre) / scale, axis by axis. */
export interface Units {
  centre: number[];
  scale: number[];
  names: string[];
}

export interface Area {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** A canvas ready to be drawn on, measured in CSS pixels; `ratio` is device pixels a CSS pixel. */
export interface Drawing {
  context: CanvasRenderingContext2D;
  width: number;
  height: number;
  ratio: number;
}

/** The colours of what the data mean. */
export interface Palette {
  real: string;
  generated: string;
  discriminator: string;
  generator: string;
}

export type Palettes = Record<"light" | "dark", Palette>;

export interface Theme extends Palette {
  dark: boolean;
  background: string;
  text: string;
  muted: string;
  grid: string;
  axis: string;
  font: string;
}

/** What Streamlit hands to a component each time it reruns. */
export interface Mounting<Data = any> {
  data: Data;
  parentElement: HTMLElement;
  setTriggerValue: Send;
  setStateValue: Send;
}

/** Tells Python something under a name. */
export type Send = (name: string, value: unknown) => void;

/** What every component is given of its surroundings (ganlab/ui/scripts.py). */
export interface Surroundings {
  colours: Palettes;
  assets: string;
}

/** What a component shows, as long as its element lives. */
export interface Room<Data> {
  accept(data: Data, send: Send): void;
  close(): void;
}

/** What a view needs of the room that it is in. */
export interface ViewRoom {
  root: HTMLElement;
  assets: URL;
  theme: Theme;
  painter: Painter;
  /** what leads to the node of the Model page that a view is about, on a page that can lead there */
  visitOf?(view: string): (() => void) | undefined;
}

/** What the Train page gives to its view (ganlab/ui/train/live_view.py). */
export interface LiveData {
  run_id: string;
  state: StateName;
  kind: Kind;
  model: "gan" | "vae";
  /** the views that have a card, in their order */
  cards: string[];
  views: string[];
  parameter_counts: { generator: number; discriminator: number } | null;
  interpolation: string;
  codes: CodesData | null;
  /** what is what, in a sentence; the letters of both players; whether the tour is about such a game */
  intro: { text: string; players: [string, string]; tour: boolean } | null;
  /** the node of the Model page that each view is about */
  nodes: Record<string, string>;
  /** whether this page only watches: then it offers nothing that changes the run */
  watching?: boolean;
  reserved_height: number;
  colours: Palettes;
  assets: string;
}

/** How many codes G is given, and which of them are shown. */
export interface CodesData {
  categories: number;
  continuous: number;
  category: number;
  dials: number[];
  turned: number;
}

/** What a view of the Train page needs of its room. */
export interface TrainRoom extends ViewRoom {
  data: LiveData;
  send: Send;
  /** a view asks for other parts than before */
  wants(): void;
}

/** What a run, or a sweep, is at one iteration (ganlab/runs/snapshot.py). */
export interface Frame {
  build: number;
  iteration: number;
  passes: number | null;
  state: StateName;
  /** whether a paused class keeps it from training, though it is running */
  held?: boolean;
  message: Sentence | string | null;
  origin: Sentence | string | null;
  forked_at: number | null;
  /** why the curves of a member of a wall are empty at first */
  before_the_curves?: Sentence | string | null;
  rate: number;
  seconds: number;
  device: string | null;
  kind: Kind;
  players: { d: string; g: string };
  loss: LossFacts;
  /** the iterations at which settings were changed, and which */
  changes?: [number, string][];
  views: Views;
}

/** What a page knows of a run before its first frame has come (ganlab/ui/compare/view.py). */
export interface RunFacts {
  id: string;
  state: StateName;
  name: string;
  colour: string;
  dash: Curve["dash"];
  kind: Kind;
  note: string;
  parameters: { generator: number; discriminator: number };
  modes_known: boolean;
  /** of the Collapse page alone: the cards that make sense, and whether the images are stacked digits */
  cards?: string[];
  stacked?: boolean;
  /** likewise: whether it is one of a trial, or the run that a trial goes on from */
  trial?: boolean;
  held?: boolean;
}

export interface LossFacts {
  name: string;
  label: string;
  boundary: number | null;
  equilibrium_d: number | null;
  equilibrium_g: number | null;
  reach: number | null;
  plot_sign_d: number;
  label_d: string | null;
  label_g: string | null;
}

/** The views that somebody watches. Those that only their own module reads are declared there. */
export interface Views {
  [name: string]: any;
  commentary?: Commentary;
  plane?: PlaneView;
  modes?: Coverage;
  classes?: Coverage & { state: "training" | "ready" };
  samples?: PackedMosaic;
  clock?: Clock;
  trial?: TrialView;
}

/**
 * What was counted of a run of a trial and of its twins (ganlab/runs/trials/trial_run.py): iterations since the fork
 * (looks,), modes and shares of good samples (looks, pairs). A twin has no twin, and so no verdict.
 */
export interface TrialView {
  total: number;
  modes_name: string;
  good_name: string;
  x: Numbers;
  modes: Numbers;
  good: Numbers;
  twin_x?: Numbers;
  twin_modes?: Numbers;
  twin_good?: Numbers;
  /** iterations since the fork at which the two are compared */
  at?: number;
  effect?: string;
  headline?: Sentence;
  evidence?: Sentence;
  note?: Sentence | null;
  /** whether it was changed by hand, so that nothing is compared any more */
  changed?: boolean;
}

export interface Commentary {
  severity: "good" | "info" | "warning" | "error";
  verdict: string;
  headline: Sentence;
  evidence: Sentence;
}

export interface PlaneView {
  extent: number;
  units?: Units | null;
  real: Numbers | null;
  fake: Numbers | null;
  surface?: Numbers;
  level?: number;
  /** what else there is for whoever asks for it */
  parts?: string[];
  arrows_from?: Numbers;
  arrows?: Numbers;
  warp?: Numbers;
  /** how far the square of latents reaches that G bends */
  warp_reach?: number;
  /** what a VAE makes of each real point */
  reconstructed?: Numbers;
  /** the class, or the code, that each generated point was made from */
  groups?: Numbers | null;
  labels?: string[];
  centres: Numbers | null;
}

/** How many modes, or classes, the samples cover, over the iterations `x`. */
export interface Coverage {
  x: Numbers;
  captured: Numbers;
  total: number;
  counts: Numbers;
  /** Samples that a mode needs to be captured. */
  needed?: number;
  high_quality?: Numbers;
  perfect_high_quality?: number | null;
  kl: Numbers;
  kl_x?: Numbers;
  reverse_kl: number | null;
}

/** How many seconds of training it took to come to the iterations `x`. */
export interface Clock {
  x: Numbers;
  seconds: Numbers;
}

export interface MosaicShape {
  rows: number;
  columns: number;
  height: number;
  width: number;
}

/** A mosaic as it is sent: its pixels (rows * columns, height, width, channels), or a JPEG of the whole. */
export interface PackedMosaic extends MosaicShape {
  channels: number;
  pixels?: ArrayLike<number>;
  jpeg?: Uint8Array<ArrayBuffer>;
}

/** A mosaic that can be drawn. */
export interface Mosaic extends MosaicShape {
  image: HTMLCanvasElement | ImageBitmap;
}

/** An entry of a chart's legend: a click on it hides or shows what its key names. */
export interface LegendItem {
  key: string;
  name: string;
  colour: string;
  value?: string;
}

export interface ViewSpec {
  id: string;
  views: string[];
  title: string;
  tip: string;
  period?: number;
  /** a place on the board that it shares */
  slot?: string;
  /** whether a strip needs a row of the board as high as the others */
  tall?: boolean;
  /** views that it is drawn over, where there are any */
  over?: string[];
}

/** A chart: `figure` says what to draw of a frame. */
export interface ChartSpec<View = any> extends ViewSpec {
  figure(given: FigureInput<View>): Figure;
}

export interface FigureInput<View = any> {
  view: View;
  frame: Frame;
  theme: Theme;
  range: (name: string) => SteadyRange;
}

export interface SteadyRange {
  fit(lo: number, hi: number): [number, number];
}

/** An axis: of a logarithmic one, `range` is in powers of ten. */
export interface Axis {
  range: [number, number];
  log?: boolean;
  /** what stands along it, where that is not any round values */
  ticks?: [number, string][];
  /** whether it counts what can't be halved */
  whole?: boolean;
  /** how a round value is written along it */
  write?: (value: number) => string;
  /** how a value is written under the pointer */
  read?: (value: number) => string;
  /** whether its lines cross the chart; those of y always do */
  grid?: boolean;
  title?: string;
  /** whether it counts iterations: then changes of the settings are marked along it */
  iterations?: boolean;
  /** of its letters, in pixels */
  size?: number;
}

/** What belongs to an entry of the legend names it in `key`, and is hidden with it. */
export interface Curve {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  colour: string;
  name: string;
  key?: string;
  width: number;
  dash: "solid" | "dash" | "dot";
  /** whether each value holds until the next */
  steps?: boolean;
  axis?: "y" | "y2";
  opacity?: number;
  /** the colour between it and 0 */
  fill?: string;
  /** whether the pointer passes over it */
  silent?: boolean;
}

export interface Band {
  x: ArrayLike<number>;
  lo: ArrayLike<number>;
  hi: ArrayLike<number>;
  fill: string;
  key?: string;
}

export interface Bars {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  colour: string;
  name: string;
  key?: string;
}

/** A dotted line at a value (y) or a moment (x). */
export interface Mark {
  x?: number;
  y?: number;
  label: string;
  colour: string;
  axis?: "y" | "y2";
  opacity?: number;
}

/** What a chart shows. */
export interface Figure {
  curves: Curve[];
  bands?: Band[];
  bars?: Bars[];
  marks?: Mark[];
  x: Axis;
  y: Axis;
  y2?: Axis;
  margin?: Partial<Record<"left" | "right" | "top" | "bottom", number>>;
  /** said in place of the chart, which has nothing to show yet */
  note?: string;
  legend: LegendItem[];
  /** what a screen reader says */
  text: string;
}

/** The ranges of the axes that a person chose. */
export type Zoom = Partial<Record<"x" | "y" | "y2", [number, number]>>;

/** Where a figure is on its canvas. */
export interface Plot {
  area: Area;
  axes: { x: Axis; y: Axis; y2?: Axis };
  x: AxisScale;
  y: AxisScale;
  y2: AxisScale;
}

export interface AxisScale {
  at: Scale;
  /** the place of a pixel, in the unit of the axis's range */
  place: Scale;
}
