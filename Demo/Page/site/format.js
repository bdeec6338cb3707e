// Numbers for people.

/** 1,234 or 123k. */
export function count(value) {
  if (value >= 100000) return `${(value / 1000).toFixed(0)}k`;
  return Math.round(value).toLocaleString("en");
}

/** 512 B, 3.4 KiB, 12 MiB; a whole number of units has no fraction. */
export function bytes(value) {
  const units = ["B", "KiB", "MiB", "GiB"];
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  const digits = unit === 0 || value >= 100 || Number.isInteger(value) ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit]}`;
}

/** Milliseconds as 12 µs, 0.12 ms, 34 ms or 1.2 s. */
export function time(milliseconds) {
  if (milliseconds === 0) return "0 ms";
  if (milliseconds < 0.1) return `${Math.max(1, Math.round(milliseconds * 1000))} µs`;
  if (milliseconds >= 1000) return `${trim((milliseconds / 1000).toFixed(2))} s`;
  return `${trim(milliseconds.toFixed(milliseconds < 1 ? 2 : milliseconds < 100 ? 1 : 0))} ms`;
}

/** 0 to 1 as a percentage. */
export function percent(share) {
  return `${Math.round(share * 100)} %`;
}

/** A moment of performance.now() as the time of day: 23:46:05. */
export function clock(at) {
  return new Date(performance.timeOrigin + at).toLocaleTimeString("en-GB");
}

/** How long before now something was: now, or 12.3 s ago. */
export function ago(milliseconds) {
  return milliseconds < 50 ? "now" : `${(milliseconds / 1000).toFixed(1)} s ago`;
}

function trim(digits) {
  return digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits;
}
