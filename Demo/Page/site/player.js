// A visitor's own dot. It is a client like each of the bots, with its own session, the same messages and the same server.

import { Entered, Join, Nearby, NetLoopClient, Steer } from "./client.js";
import * as format from "./format.js";

const pingInterval = 1000;
const steerPause = 50;
const mostUnacknowledged = 256;
const smoothing = 0.3;

export class Player {
  constructor(url, arena, button, text, hint) {
    Object.assign(this, { url, arena, button, text, hint });
    this.hintBefore = hint.textContent;
    this.client = null;
    button.addEventListener("click", () => (this.client === null ? this.join() : this.leave()));
  }

  join() {
    const client = new NetLoopClient(this.url, { reconnect: false, pingInterval });
    this.client = client;
    this.id = 0;
    this.sequence = 0;
    this.sentAt = new Map();
    this.direction = { x: 0, y: 0 };
    this.steeredAt = 0;
    this.timer = null;
    this.reaction = null;
    client.on(Entered, ({ id, x, y }) => this.enter(id, x, y));
    client.on(Nearby, (snapshot) => this.see(snapshot));
    client.onOpened = () => client.send(Join, {});
    client.onClosed = ({ text }) => {
      if (this.client === client) this.end(text);
    };
    this.button.textContent = "Leave";
    this.text.textContent = "joining";
    client.connect();
  }

  leave() {
    const { client } = this;
    this.end("You left. Come back whenever you like.");
    client.close();
  }

  /** There is no session any more: nothing to leave. */
  end(text) {
    clearTimeout(this.timer);
    this.client = null;
    this.arena.onSteer = null;
    this.arena.showOwn(null);
    this.button.textContent = "Join the game";
    this.hint.textContent = this.hintBefore;
    this.text.textContent = text;
  }

  enter(id, x, y) {
    this.id = id;
    this.arena.onSteer = (right, up) => this.steer(right, up);
    this.arena.showOwn({ id, x, y });
    this.hint.textContent = "The view follows you. Steer with WASD or the arrow keys, or press on the ground and hold. You send the same messages as a bot.";
    this.text.textContent = `You are dot #${id}.`;
    this.arena.canvas.focus({ preventScroll: true });
  }

  /** Goes another way: at once, and at most twenty times a second. */
  steer(x, y) {
    if (x === this.direction.x && y === this.direction.y) return;
    this.direction = { x, y };
    this.timer ??= setTimeout(() => this.send(), Math.max(0, this.steeredAt + steerPause - performance.now()));
  }

  send() {
    this.timer = null;
    if (this.sentAt.size >= mostUnacknowledged) return;
    const { x, y } = this.direction;
    if (!this.client.send(Steer, { sequence: this.sequence + 1, x, y })) return;
    this.sequence++;
    this.steeredAt = performance.now();
    this.sentAt.set(this.sequence, this.steeredAt);
  }

  see({ x, y, acknowledged }) {
    this.arena.showOwn({ id: this.id, x, y });
    for (const [sequence, at] of this.sentAt) {
      if (sequence > acknowledged) break;
      this.sentAt.delete(sequence);
      const took = performance.now() - at;
      this.reaction = this.reaction === null ? took : this.reaction + (took - this.reaction) * smoothing;
    }
    if (this.client.roundTrip === null) return;
    const reaction = this.reaction === null ? "" : `; your key moves you after ${format.time(this.reaction)}`;
    const text = `You are dot #${this.id}. Round trip ${format.time(this.client.roundTrip)}${reaction}.`;
    if (this.text.textContent !== text && this.mayTell()) this.text.textContent = text;
  }

  /** A figure that changes sixty times a second is none. */
  mayTell() {
    const now = performance.now();
    if (now - (this.toldAt ?? 0) < 1000) return false;
    this.toldAt = now;
    return true;
  }
}
