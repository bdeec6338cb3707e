// The arena on a canvas: everybody as faint dots, and the area of interest with those in it.

const keyStep = 20;
const radiusStep = 10;
/** Milliseconds over which a dot glides to where the last snapshot has it. */
const glide = 60;
const lookPause = 50;

export class Arena {
  constructor(canvas, radius, seenCount, onLook) {
    this.canvas = canvas;
    this.radiusInput = radius;
    this.seenCount = seenCount;
    this.onLook = onLook;
    this.size = 1000;
    this.center = { x: 500, y: 500 };
    this.overview = new Uint8Array(0);
    this.dots = new Map();
    this.isDragging = false;
    this.lookTimer = null;
    canvas.addEventListener("pointerdown", (event) => {
      this.isDragging = true;
      canvas.setPointerCapture(event.pointerId);
      this.moveTo(event);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (this.isDragging) this.moveTo(event);
    });
    for (const end of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(end, () => {
        this.isDragging = false;
      });
    }
    canvas.addEventListener("keydown", (event) => this.press(event));
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

  /** Asks the server for what is around the center, at most twenty times a second. */
  look() {
    if (this.lookTimer !== null) return;
    this.lookTimer = setTimeout(() => {
      this.lookTimer = null;
      this.onLook({ x: this.center.x, y: this.center.y, radius: this.radius });
    }, lookPause);
  }

  showOverview(positions) {
    this.overview = positions;
  }

  showSeen(entities) {
    const now = performance.now();
    const dots = new Map();
    for (const { id, x, y } of entities) {
      const old = this.dots.get(id);
      const from = old === undefined ? { x, y } : this.placeOf(old, now);
      dots.set(id, { fromX: from.x, fromY: from.y, x, y, at: now });
    }
    this.dots = dots;
    this.seenCount.textContent = `${dots.size} seen`;
  }

  placeOf(dot, now) {
    const part = Math.min(1, (now - dot.at) / glide);
    return { x: dot.fromX + (dot.x - dot.fromX) * part, y: dot.fromY + (dot.y - dot.fromY) * part };
  }

  moveTo(event) {
    const scale = this.size / this.canvas.clientWidth;
    this.goTo(event.offsetX * scale, this.size - event.offsetY * scale);
  }

  goTo(x, y) {
    const inside = (value) => Math.min(this.size, Math.max(0, value));
    this.center = { x: inside(x), y: inside(y) };
    this.look();
  }

  press(event) {
    const { x, y } = this.center;
    switch (event.key) {
      case "ArrowLeft": this.goTo(x - keyStep, y); break;
      case "ArrowRight": this.goTo(x + keyStep, y); break;
      case "ArrowUp": this.goTo(x, y + keyStep); break;
      case "ArrowDown": this.goTo(x, y - keyStep); break;
      case "+": this.resize(radiusStep); break;
      case "-": this.resize(-radiusStep); break;
      default: return;
    }
    event.preventDefault();
  }

  resize(step) {
    this.radiusInput.value = this.radius + step;
    this.look();
  }

  draw(now) {
    const width = this.canvas.clientWidth;
    if (width === 0) return;
    const pixels = Math.round(width * devicePixelRatio);
    if (this.canvas.width !== pixels) this.canvas.width = this.canvas.height = pixels;
    const context = this.canvas.getContext("2d");
    const style = getComputedStyle(this.canvas);
    const scale = width / this.size;
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, width, width);

    context.fillStyle = style.getPropertyValue("--dot");
    for (let i = 0; i + 1 < this.overview.length; i += 2) {
      context.fillRect((this.overview[i] / 255) * width - 1, width - (this.overview[i + 1] / 255) * width - 1, 2, 2);
    }

    const x = this.center.x * scale;
    const y = width - this.center.y * scale;
    context.beginPath();
    context.arc(x, y, this.radius * scale, 0, 2 * Math.PI);
    context.fillStyle = style.getPropertyValue("--panel");
    context.fill();
    context.strokeStyle = style.getPropertyValue("--second");
    context.lineWidth = 1.5;
    context.stroke();

    context.fillStyle = style.getPropertyValue("--first");
    for (const dot of this.dots.values()) {
      const place = this.placeOf(dot, now);
      context.beginPath();
      context.arc(place.x * scale, width - place.y * scale, 3, 0, 2 * Math.PI);
      context.fill();
    }
  }
}
