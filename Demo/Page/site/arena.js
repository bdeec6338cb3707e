// The arena on a canvas: all players as faint dots, the area of interest with its players, and, after joining, the visitor's own dot, which the view follows.

import { transports } from "./links.js";

const keyStep = 20;
const radiusStep = 10;
/** Milliseconds over which a dot glides to where the last snapshot has it. */
const glide = 60;
const lookPause = 50;
const trailLength = 14;
const gridStep = 50;
const mapSize = 96;
const mostNames = 40;
/** Pixels within which the pointer points at a dot. */
const reach = 12;

export class Arena {
  constructor(canvas, radius, seenCount, onLook) {
    this.canvas = canvas;
    this.radiusInput = radius;
    this.seenCount = seenCount;
    this.onLook = onLook;
    /** Called with a direction, at most 1 long, while the visitor plays. */
    this.onSteer = null;
    /** Called with the bot under the pointer and its transport; null when there is none any more. */
    this.onPoint = null;
    this.pointed = null;
    this.pointer = null;
    this.size = 1000;
    this.center = { x: 500, y: 500 };
    this.own = null;
    this.overview = new Uint8Array(0);
    this.dots = new Map();
    this.isDragging = false;
    this.lookTimer = null;
    this.keys = new Set();
    canvas.addEventListener("pointerdown", (event) => {
      this.isDragging = true;
      canvas.setPointerCapture(event.pointerId);
      this.pull(event);
    });
    canvas.addEventListener("pointermove", (event) => {
      this.pointer = { x: event.offsetX, y: event.offsetY };
      if (this.isDragging) this.pull(event);
      this.pointOut();
    });
    canvas.addEventListener("pointerleave", () => {
      this.pointer = null;
      this.pointOut();
    });
    for (const end of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(end, () => {
        this.isDragging = false;
        if (this.isPlaying) this.steer(0, 0);
      });
    }
    canvas.addEventListener("keydown", (event) => this.press(event));
    canvas.addEventListener("keyup", (event) => this.release(event));
    canvas.addEventListener("blur", () => this.releaseAll());
    radius.addEventListener("input", () => this.look());
    const draw = () => {
      this.draw(performance.now());
      requestAnimationFrame(draw);
    };
    requestAnimationFrame(draw);
  }

  get radius() {
    return Number(this.radiusInput.value);
  }

  get isPlaying() {
    return this.own !== null;
  }

  /** What is seen of the world: all of it, or what is around one's own dot. */
  get view() {
    if (!this.isPlaying) return { x: 0, y: 0, size: this.size };
    return { x: this.own.x - this.radius, y: this.own.y - this.radius, size: 2 * this.radius };
  }

  /** Asks the server for what is around the center, at most twenty times a second. */
  look() {
    if (this.lookTimer !== null) return;
    this.lookTimer = setTimeout(() => {
      this.lookTimer = null;
      this.onLook({ x: this.center.x, y: this.center.y, radius: this.isPlaying ? this.radius * Math.SQRT2 : this.radius });
    }, lookPause);
  }

  showOverview(positions) {
    this.overview = positions;
  }

  showSeen(entities, seenTransports) {
    const now = performance.now();
    const dots = new Map();
    for (const [number, { id, x, y }] of entities.entries()) {
      const old = this.dots.get(id);
      const from = old === undefined ? { x, y } : this.placeOf(old, now);
      const trail = old === undefined ? [] : old.trail;
      trail.push({ x, y });
      if (trail.length > trailLength) trail.shift();
      dots.set(id, { fromX: from.x, fromY: from.y, x, y, at: now, trail, transport: seenTransports[number] });
    }
    this.dots = dots;
    this.pointOut();
    this.seenCount.textContent = `${dots.size} seen`;
  }

  /** Shows the visitor's dot, and follows it; null when there is none any more. */
  showOwn(own) {
    const before = this.own;
    this.own = own;
    if (own !== null) {
      own.trail = before?.id === own.id ? before.trail : [];
      own.trail.push({ x: own.x, y: own.y });
      if (own.trail.length > 3 * trailLength) own.trail.shift();
      this.center = { x: own.x, y: own.y };
    }
    if (own !== null || before !== null) this.look();
  }

  placeOf(dot, now) {
    const part = Math.min(1, (now - dot.at) / glide);
    return { x: dot.fromX + (dot.x - dot.fromX) * part, y: dot.fromY + (dot.y - dot.fromY) * part };
  }

  /** Tells which dot is under the pointer. */
  pointOut() {
    let nearest = null;
    if (this.pointer !== null && !this.isDragging) {
      const { x: left, y: below, size } = this.view;
      const scale = this.canvas.clientWidth / size;
      let least = reach;
      for (const [id, dot] of this.dots) {
        const distance = Math.hypot((dot.x - left) * scale - this.pointer.x, this.canvas.clientWidth - (dot.y - below) * scale - this.pointer.y);
        if (distance < least) [least, nearest] = [distance, id];
      }
    }
    if (nearest === null && this.pointed === null) return;
    this.pointed = nearest;
    this.onPoint?.(nearest, this.dots.get(nearest)?.transport);
  }

  /** The pointer moves the area of interest, or calls one's own dot. */
  pull(event) {
    const { x: left, y: below, size } = this.view;
    const scale = size / this.canvas.clientWidth;
    const x = left + event.offsetX * scale;
    const y = below + size - event.offsetY * scale;
    if (!this.isPlaying) {
      this.goTo(x, y);
      return;
    }
    const way = { x: x - this.own.x, y: y - this.own.y };
    const length = Math.hypot(way.x, way.y);
    const still = 0.03 * size;
    if (length < still) this.steer(0, 0);
    else this.steer(way.x / length, way.y / length);
  }

  steer(x, y) {
    this.onSteer?.(x, y);
  }

  goTo(x, y) {
    const inside = (value) => Math.min(this.size, Math.max(0, value));
    this.center = { x: inside(x), y: inside(y) };
    this.look();
  }

  press(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const way = wayOf(event);
    if (way !== null && this.isPlaying) {
      if (!event.repeat) {
        this.keys.add(way);
        this.steerByKeys();
      }
    } else if (way !== null && event.key.startsWith("Arrow")) {
      this.goTo(this.center.x + way.x * keyStep, this.center.y + way.y * keyStep);
    } else if (event.key === "+" || event.key === "-") {
      this.radiusInput.value = this.radius + (event.key === "+" ? radiusStep : -radiusStep);
      this.look();
    } else return;
    event.preventDefault();
  }

  release(event) {
    const way = wayOf(event);
    if (way !== null && this.keys.delete(way) && this.isPlaying) this.steerByKeys();
  }

  /** Keys that are let go elsewhere are never heard of. */
  releaseAll() {
    if (this.keys.size === 0) return;
    this.keys.clear();
    if (this.isPlaying) this.steer(0, 0);
  }

  steerByKeys() {
    let x = 0;
    let y = 0;
    for (const way of this.keys) {
      x += way.x;
      y += way.y;
    }
    const length = Math.hypot(x, y);
    this.steer(length > 0 ? x / length : 0, length > 0 ? y / length : 0);
  }

  draw(now) {
    const width = this.canvas.clientWidth;
    if (width === 0) return;
    const pixels = Math.round(width * devicePixelRatio);
    if (this.canvas.width !== pixels) this.canvas.width = this.canvas.height = pixels;
    const context = this.canvas.getContext("2d");
    const style = getComputedStyle(this.canvas);
    const color = (name) => style.getPropertyValue(name);
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, width, width);
    const { x, y, size } = this.view;
    const scale = width / size;
    const place = (point) => ({ x: (point.x - x) * scale, y: width - (point.y - y) * scale });
    if (this.isPlaying) {
      this.drawGround(context, place, width, color);
    } else {
      this.drawOverview(context, 0, 0, width, 2, color);
      this.drawArea(context, place(this.center), this.radius * scale, color);
    }
    this.drawDots(context, place, now, color);
    if (this.isPlaying) {
      this.drawOwn(context, place, color);
      this.drawMap(context, width, color);
    }
  }

  drawOverview(context, left, top, width, dot, color) {
    context.fillStyle = color("--dot");
    for (let i = 0; i + 1 < this.overview.length; i += 2) {
      context.fillRect(left + (this.overview[i] / 255) * width - dot / 2, top + width - (this.overview[i + 1] / 255) * width - dot / 2, dot, dot);
    }
  }

  drawArea(context, { x, y }, radius, color) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fillStyle = color("--panel");
    context.fill();
    context.strokeStyle = color("--second");
    context.lineWidth = 1.5;
    context.stroke();
  }

  /** Lines on the ground, without which nobody sees that they move, and the walls. */
  drawGround(context, place, width, color) {
    context.strokeStyle = color("--grid");
    context.lineWidth = 1;
    for (let at = 0; at <= this.size; at += gridStep) {
      const { x, y } = place({ x: at, y: at });
      stroke(context, [{ x, y: 0 }, { x, y: width }]);
      stroke(context, [{ x: 0, y }, { x: width, y }]);
    }
    context.strokeStyle = color("--bad");
    context.lineWidth = 2;
    stroke(context, [{ x: 0, y: 0 }, { x: this.size, y: 0 }, { x: this.size, y: this.size }, { x: 0, y: this.size }, { x: 0, y: 0 }].map(place));
  }

  drawDots(context, place, now, color) {
    const isNamed = this.isPlaying && this.dots.size <= mostNames;
    context.font = "10px system-ui, sans-serif";
    for (const [id, dot] of this.dots) {
      if (id === this.own?.id) continue;
      const { x, y } = place(this.placeOf(dot, now));
      const own = color(transports[dot.transport].color);
      context.strokeStyle = own;
      context.globalAlpha = 0.35;
      context.lineWidth = this.isPlaying ? 2 : 1;
      stroke(context, [...dot.trail.slice(0, -1).map(place), { x, y }]);
      context.globalAlpha = 1;
      context.fillStyle = own;
      context.beginPath();
      context.arc(x, y, (this.isPlaying ? 4 : 3) + (id === this.pointed ? 2 : 0), 0, 2 * Math.PI);
      context.fill();
      if (isNamed) {
        context.fillStyle = color("--soft");
        context.fillText(`#${id}`, x + 6, y - 5);
      }
    }
  }

  drawOwn(context, place, color) {
    const { x, y } = place(this.own);
    context.strokeStyle = color("--second");
    context.globalAlpha = 0.5;
    context.lineWidth = 3;
    stroke(context, this.own.trail.map(place));
    context.globalAlpha = 1;
    context.fillStyle = color("--second");
    context.beginPath();
    context.arc(x, y, 6, 0, 2 * Math.PI);
    context.fill();
    context.lineWidth = 1.5;
    context.beginPath();
    context.arc(x, y, 11, 0, 2 * Math.PI);
    context.stroke();
    context.font = "bold 12px system-ui, sans-serif";
    context.fillStyle = color("--ink");
    context.fillText("you", x + 14, y + 4);
  }

  /** All of the arena, in a corner. */
  drawMap(context, width, color) {
    const left = width - mapSize - 8;
    const top = 8;
    context.fillStyle = color("--panel");
    context.fillRect(left, top, mapSize, mapSize);
    this.drawOverview(context, left, top, mapSize, 1, color);
    context.strokeStyle = color("--edge");
    context.lineWidth = 1;
    context.strokeRect(left + 0.5, top + 0.5, mapSize - 1, mapSize - 1);
    context.fillStyle = color("--second");
    context.beginPath();
    context.arc(left + (this.own.x / this.size) * mapSize, top + mapSize - (this.own.y / this.size) * mapSize, 3, 0, 2 * Math.PI);
    context.fill();
  }
}

const ways = {
  left: { x: -1, y: 0 },
  right: { x: 1, y: 0 },
  up: { x: 0, y: 1 },
  down: { x: 0, y: -1 },
};

/** By the place of the key, so that WASD is where it is on every keyboard. */
function wayOf({ code }) {
  switch (code) {
    case "ArrowLeft": case "KeyA": return ways.left;
    case "ArrowRight": case "KeyD": return ways.right;
    case "ArrowUp": case "KeyW": return ways.up;
    case "ArrowDown": case "KeyS": return ways.down;
    default: return null;
  }
}

function stroke(context, points) {
  context.beginPath();
  points.forEach(({ x, y }, number) => (number === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
  context.stroke();
}
