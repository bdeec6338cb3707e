// Charts of the last minute on canvases. All charts share one crosshair.

import * as format from "./format.js";
import { Phases } from "./phases.js";
import { linear, logarithmic } from "./scale.js";
import { minute } from "./timeline.js";

/** A longer time between two samples is a gap: the server was away. */
const longestPause = 1500;
const gutter = 54;
const axis = 17;
const edge = 6;

/** A line chart of one or two series, with a limit where there is one. */
class Chart {
  constructor(parent, timeline, cursor, { id, title, about, unit, steps, scale, series, limit, floor }) {
    Object.assign(this, { title, timeline, cursor, unit, steps, scale, series, limit, floor });
    const figure = document.createElement("figure");
    figure.className = "chart";
    figure.id = `chart-${id}`;
    this.figure = figure;
    const caption = document.createElement("figcaption");
    const heading = document.createElement("b");
    heading.textContent = title;
    if (about) {
      const note = document.createElement("small");
      note.textContent = ` ${about}`;
      heading.append(note);
    }
    const legend = document.createElement("div");
    caption.append(heading, legend);
    this.values = series.map(({ name, color, dash }) => {
      const item = document.createElement("span");
      const mark = document.createElement("i");
      mark.style.borderTopColor = `var(${color})`;
      if (dash) mark.style.borderTopStyle = "dotted";
      const value = document.createElement("span");
      value.textContent = "–";
      item.append(mark, `${name} `, value);
      legend.append(item);
      return value;
    });
    this.canvas = document.createElement("canvas");
    const canvas = this.canvas;
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "slider");
    canvas.setAttribute("aria-label", `${title}, the last minute. Arrow keys move through time.`);
    canvas.setAttribute("aria-valuemin", "-60");
    canvas.setAttribute("aria-valuemax", "0");
    figure.append(caption, canvas);
    parent.append(figure);
    canvas.addEventListener("pointermove", (event) => cursor.follow(this.ageAt(event.offsetX)));
    canvas.addEventListener("pointerleave", () => cursor.release());
    canvas.addEventListener("blur", () => cursor.release());
    canvas.addEventListener("keydown", (event) => cursor.press(event));
    new ResizeObserver(() => this.draw()).observe(canvas);
    this.describe();
  }

  ageAt(x) {
    const width = this.canvas.clientWidth - gutter - edge;
    return Math.min(minute, Math.max(0, (1 - (x - gutter) / width) * minute));
  }

  draw() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (width === 0) return;
    const ratio = devicePixelRatio;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    const context = this.canvas.getContext("2d");
    context.scale(ratio, ratio);
    const style = getComputedStyle(this.canvas);
    const color = (name) => style.getPropertyValue(name);
    const now = this.timeline.now;
    const bottom = height - axis;
    const xOf = (at) => gutter + (1 - (now - at) / minute) * (width - gutter - edge);
    const samples = this.timeline.samples;
    const values = samples.flatMap(({ vitals }) => this.series.map(({ of }) => of(vitals))).filter((value) => value !== null);
    const scale = this.scale === "log" ? logarithmic(values, 0.1, this.floor) : linear(values, this.floor, this.steps);
    const yOf = (value) => bottom - scale.of(value) * (bottom - edge);

    context.font = "11px system-ui, -apple-system, 'Segoe UI', sans-serif";
    context.lineWidth = 1;
    this.drawGrid(context, scale, yOf, color, width);
    this.drawTime(context, xOf, bottom, color, width);
    context.save();
    context.beginPath();
    context.rect(gutter, 0, width - gutter, height);
    context.clip();
    context.strokeStyle = color("--mark");
    context.setLineDash([1, 3]);
    for (const at of this.timeline.marks) line(context, xOf(at), 0, xOf(at), bottom);
    context.setLineDash([]);
    this.series.forEach((series) => this.drawSeries(context, series, xOf, yOf, color));
    if (scale.isClipped) this.drawClipped(context, samples, scale.lines.at(-1), xOf, color);
    context.restore();
    if (this.limit !== undefined) this.drawLimit(context, yOf(this.limit.value), color, width);
    this.drawCursor(context, samples, xOf, bottom, color, width);
  }

  drawGrid(context, scale, yOf, color, width) {
    context.strokeStyle = color("--grid");
    context.fillStyle = color("--soft");
    context.textAlign = "right";
    context.textBaseline = "middle";
    let free = Infinity;
    for (const value of scale.lines) {
      const y = Math.round(yOf(value)) + 0.5;
      line(context, gutter, y, width - edge, y);
      if (free - y < 13) continue;
      context.fillText(this.unit(value), gutter - 6, Math.max(6, y));
      free = y;
    }
  }

  drawTime(context, xOf, bottom, color, width) {
    context.fillStyle = color("--soft");
    context.textBaseline = "alphabetic";
    const ages = width < 300 ? [60, 30, 0] : [60, 45, 30, 15, 0];
    for (const age of ages) {
      context.textAlign = age === 60 ? "left" : age === 0 ? "right" : "center";
      context.fillText(age === 0 ? "now" : `−${age} s`, xOf(this.timeline.now - age * 1000), bottom + 13);
    }
  }

  drawSeries(context, { of, color: name, dash }, xOf, yOf, color) {
    context.strokeStyle = color(name);
    context.lineWidth = 1.6;
    context.lineJoin = "round";
    if (dash) context.setLineDash([3, 2]);
    context.beginPath();
    let before = null;
    for (const { at, vitals } of this.timeline.samples) {
      const value = of(vitals);
      if (value !== null) {
        if (before === null || at - before > longestPause) context.moveTo(xOf(at), yOf(value));
        else context.lineTo(xOf(at), yOf(value));
        before = at;
      }
    }
    context.stroke();
    context.setLineDash([]);
    context.lineWidth = 1;
  }

  /** Names the spikes that are higher than the chart. */
  drawClipped(context, samples, top, xOf, color) {
    context.textAlign = "center";
    context.textBaseline = "top";
    let free = -Infinity;
    for (const { at, vitals } of samples) {
      const most = Math.max(...this.series.map(({ of }) => of(vitals) ?? 0));
      const x = Math.min(xOf(at), context.canvas.clientWidth - 30);
      if (most > top && x - free > 60) {
        const text = `▲ ${this.unit(most)}`;
        const middle = Math.max(gutter + 30, x);
        const width = context.measureText(text).width + 8;
        context.globalAlpha = 0.85;
        context.fillStyle = color("--panel");
        context.fillRect(middle - width / 2, 0, width, 14);
        context.globalAlpha = 1;
        context.fillStyle = color("--bad");
        context.fillText(text, middle, 1);
        free = x;
      }
    }
  }

  drawLimit(context, y, color, width) {
    context.strokeStyle = color("--bad");
    context.setLineDash([5, 4]);
    line(context, gutter, y, width - edge, y);
    context.setLineDash([]);
    context.textAlign = "left";
    context.textBaseline = "bottom";
    context.globalAlpha = 0.85;
    context.fillStyle = color("--panel");
    context.fillRect(gutter + 1, y - 15, context.measureText(this.limit.name).width + 8, 14);
    context.globalAlpha = 1;
    context.fillStyle = color("--bad");
    context.fillText(this.limit.name, gutter + 5, y - 2);
  }

  /** Shows the values under the crosshair, or the latest. */
  drawCursor(context, samples, xOf, bottom, color, width) {
    const index = this.cursor.index;
    const sample = samples[index ?? samples.length - 1];
    this.figure.classList.toggle("is-past", index !== null);
    this.values.forEach((value, number) => {
      const shown = sample === undefined ? null : this.series[number].of(sample.vitals);
      value.textContent = shown === null ? "–" : this.unit(shown);
    });
    if (index === null || sample === undefined) return;
    const x = Math.round(xOf(sample.at)) + 0.5;
    context.strokeStyle = color("--ink");
    line(context, x, 0, x, bottom);
    const text = `${format.clock(sample.at)}, ${format.ago(this.timeline.now - sample.at)}`;
    const half = context.measureText(text).width / 2 + 5;
    const middle = Math.min(width - half, Math.max(half, x));
    context.fillStyle = color("--ink");
    context.fillRect(middle - half, bottom + 2, 2 * half, axis - 2);
    context.fillStyle = color("--panel");
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(text, middle, bottom + 2 + (axis - 2) / 2 + 1);
  }

  /** The same in words, for those who hear it. */
  describe() {
    const { samples, now } = this.timeline;
    const sample = samples[this.cursor.index ?? samples.length - 1];
    const age = sample === undefined ? 0 : now - sample.at;
    const values = sample === undefined ? [] : this.series.map(({ name, of }) => `${name} ${of(sample.vitals) === null ? "unknown" : this.unit(of(sample.vitals))}`);
    this.canvas.setAttribute("aria-valuenow", (-age / 1000).toFixed(1));
    this.canvas.setAttribute("aria-valuetext", [format.ago(age), ...values].join(", "));
  }
}

function line(context, fromX, fromY, toX, toY) {
  context.beginPath();
  context.moveTo(fromX, fromY);
  context.lineTo(toX, toY);
  context.stroke();
}

/** The moment that all charts show: under the pointer it stays under the pointer, by keyboard it stays with its sample. */
class Cursor {
  constructor(timeline, onMoved) {
    this.timeline = timeline;
    this.onMoved = onMoved;
    this.age = null;
    this.at = null;
  }

  /** The sample that is shown; null for the latest. */
  get index() {
    const at = this.at ?? (this.age === null ? null : this.timeline.now - this.age);
    return at === null || this.timeline.samples.length === 0 ? null : this.timeline.nearest(at);
  }

  /** Shows a moment until another one is asked for; null for the latest. */
  show(at) {
    this.at = at;
    this.age = null;
    this.onMoved();
  }

  follow(age) {
    this.age = age;
    this.at = null;
    this.onMoved();
  }

  release() {
    this.show(null);
  }

  press(event) {
    const last = this.timeline.samples.length - 1;
    const index = this.index ?? last;
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1, PageUp: -20, PageDown: 20, Home: -last, End: last };
    if (event.key === "Escape") this.release();
    else if (event.key in steps && last >= 0) {
      this.show(this.timeline.samples[Math.min(last, Math.max(0, index + steps[event.key]))].at);
    } else return;
    event.preventDefault();
  }
}

/** All charts of the page. */
export class Charts {
  constructor(keys, more, timeline, tickRate) {
    const one = "--first";
    const two = "--second";
    const three = "--flush";
    const step = 1000 / tickRate;
    const series = (name, color, of, dash = false) => ({ name, color, of, dash });
    const measured = (value) => (value > 0 ? value : null);
    this.timeline = timeline;
    this.isDue = false;
    this.cursor = new Cursor(timeline, () => this.refresh());
    const add = (parent, chart) => new Chart(parent, timeline, this.cursor, chart);
    const limit = { value: step, name: `one tick, ${format.time(step)}` };
    this.charts = [
      add(keys, { id: "tick", title: "Tick", about: "log scale", unit: format.time, scale: "log", limit, floor: 100, series: [series("longest", one, (v) => v.tickMaxMilliseconds), series("started late by", two, (v) => v.lateMaxMilliseconds, true)] }),
      add(keys, { id: "round-trip", title: "Round trip", about: "of the bots", unit: format.time, scale: "log", floor: 100, series: [series("TCP", one, (v) => measured(v.roundTripMedianMilliseconds)), series("p99", two, (v) => measured(v.roundTripP99Milliseconds), true), series("UDP", three, (v) => measured(v.udpRoundTripMedianMilliseconds))] }),
      add(keys, { id: "queue", title: "Send queues", unit: format.bytes, steps: "bytes", floor: 4096, series: [series("waiting for slow readers", two, (v) => v.sendQueueBytes)] }),
      add(more, { id: "udp", title: "UDP a second", unit: format.count, floor: 9, series: [series("packets lost", two, (v) => v.udpPacketsLostPerSecond), series("sent again", one, (v) => v.udpRetransmissionsPerSecond, true), series("snapshots skipped", three, (v) => v.snapshotsSkippedPerSecond)] }),
      add(more, { id: "messages", title: "Messages a second", unit: format.count, floor: 90, series: [series("in", one, (v) => v.messagesInPerSecond), series("out", two, (v) => v.messagesOutPerSecond, true)] }),
      add(more, { id: "bytes", title: "Bytes a second", unit: format.bytes, steps: "bytes", floor: 1024, series: [series("in", one, (v) => v.bytesInPerSecond), series("out", two, (v) => v.bytesOutPerSecond, true)] }),
      add(more, { id: "sessions", title: "Sessions", unit: format.count, floor: 9, series: [series("open", one, (v) => v.sessions), series("bots", two, (v) => v.bots, true)] }),
      add(more, { id: "inbox", title: "Messages waiting for handlers", unit: format.count, floor: 9, series: [series("inbox", one, (v) => v.inboxMessages)] }),
      add(more, { id: "allocated", title: "Allocated per message", unit: format.bytes, steps: "bytes", floor: 16, series: [series("on the loop's thread", one, (v) => v.allocatedBytesPerMessage)] }),
      add(more, { id: "memory", title: "Memory of the process", unit: format.bytes, steps: "bytes", floor: 1048576, series: [series("working set", one, (v) => v.memoryBytes)] }),
    ];
    this.phases = new Phases(keys);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.refresh());
  }

  /** Draws all of them, once a frame at most. */
  refresh() {
    if (this.isDue) return;
    this.isDue = true;
    requestAnimationFrame(() => {
      this.isDue = false;
      const { samples } = this.timeline;
      for (const chart of this.charts) {
        chart.draw();
        if (document.activeElement === chart.canvas) chart.describe();
      }
      this.phases.show(samples, this.cursor.index ?? samples.length - 1);
    });
  }
}
