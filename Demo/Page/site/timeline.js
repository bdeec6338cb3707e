// The server's data on this browser's clock: samples of the last minute, and the times at which somebody changed something.

export const minute = 60000;

export class Timeline {
  constructor() {
    this.samples = [];
    this.marks = [];
    this.epoch = 0;
  }

  /** When the last sample was taken; 0 before the first. */
  get now() {
    return this.samples.at(-1)?.at ?? 0;
  }

  /** A session began: its server's past takes the place of what is known of the same time. */
  begin(history) {
    const latest = history.at(-1)?.elapsedMilliseconds ?? 0;
    this.epoch = performance.now() - latest;
    const from = this.timeOf(history[0]?.elapsedMilliseconds ?? latest);
    this.samples = this.samples.filter(({ at }) => at < from - 1);
    this.marks = this.marks.filter((at) => at < from - 1);
    for (const vitals of history) this.samples.push({ at: this.timeOf(vitals.elapsedMilliseconds), vitals });
    this.forget();
  }

  /** Adds a sample; false when it is known already. */
  add(vitals) {
    const at = this.timeOf(vitals.elapsedMilliseconds);
    if (at <= this.now) return false;
    this.samples.push({ at, vitals });
    this.forget();
    return true;
  }

  mark(elapsedMilliseconds) {
    const at = this.timeOf(elapsedMilliseconds);
    if (!this.marks.includes(at)) this.marks.push(at);
  }

  /** A time of the server as one of performance.now(). */
  timeOf(elapsedMilliseconds) {
    return this.epoch + elapsedMilliseconds;
  }

  /** The index of the sample that is nearest to a moment; -1 when there is none. */
  nearest(at) {
    let best = this.samples.length - 1;
    for (let i = best; i >= 0; i--) {
      if (Math.abs(this.samples[i].at - at) <= Math.abs(this.samples[best].at - at)) best = i;
      else break;
    }
    return best;
  }

  forget() {
    const oldest = this.now - minute - 1000;
    while (this.samples.length > 0 && this.samples[0].at < oldest) this.samples.shift();
    while (this.marks.length > 0 && this.marks[0] < oldest) this.marks.shift();
  }
}
