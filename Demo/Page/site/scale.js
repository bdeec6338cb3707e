// The grid lines of a chart: at round values, and so that a short spike does not flatten the rest.

const leastSamplesToClip = 40;
const spikeSamples = 3;
const spikeFactor = 3;

/** A scale from 0 to a round value. */
export function linear(values, floor, steps) {
  const { most, isClipped } = withoutSpikes(values);
  const step = niceStep(Math.max(most, floor) / 3, steps);
  const lines = [0];
  while (lines.at(-1) < Math.max(most, floor)) lines.push(lines.length * step);
  const top = lines.at(-1);
  return { lines, isClipped, of: (value) => Math.min(1, Math.max(0, value / top)) };
}

/** A scale whose lines are ten times each other: a microsecond and a second are both seen. */
export function logarithmic(values, least, floor) {
  const top = values.reduce((most, value) => Math.max(most, value * 1.15), floor);
  const decades = Math.log10(top / least);
  const lines = [];
  for (let line = least; line < top * 1.001; line *= 10) lines.push(line);
  return { lines, isClipped: false, of: (value) => Math.max(0, Math.log10(Math.max(value, least) / least) / decades) };
}

/** The greatest value, or, where a few stand out, the greatest of the others. */
function withoutSpikes(values) {
  const sorted = Float64Array.from(values).sort();
  const most = sorted.at(-1) ?? 0;
  const usual = sorted.at(-1 - spikeSamples) ?? most;
  const isClipped = sorted.length >= leastSamplesToClip && usual > 0 && most > usual * spikeFactor;
  return { most: isClipped ? usual : most, isClipped };
}


/** 1, 2 or 5 times a power of ten, and of bytes a power of two: values that people read at a glance. */
export function niceStep(wanted, steps) {
  if (steps === "bytes") return 2 ** Math.ceil(Math.log2(wanted));
  const power = 10 ** Math.floor(Math.log10(wanted));
  return [1, 2, 5, 10].find((step) => step * power >= wanted * 0.999) * power;
}
