// Numbers for people.

/** 1,234 or 12.3k. */
export function count(value) {
  if (value >= 100000) return `${(value / 1000).toFixed(0)}k`;
  return Math.round(value).toLocaleString("en");
}

/** 512 B, 3.4 KiB, 12 MiB. */
export function bytes(value) {
  const units = ["B", "KiB", "MiB", "GiB"];
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value.toFixed(unit === 0 || value >= 100 ? 0 : 1)} ${units[unit]}`;
}

/** Milliseconds as 0.12 ms or 34 ms. */
export function time(milliseconds) {
  return `${milliseconds.toFixed(milliseconds < 1 ? 2 : milliseconds < 100 ? 1 : 0)} ms`;
}

/** 0 to 1 as a percentage. */
export function percent(share) {
  return `${Math.round(share * 100)} %`;
}

/** Milliseconds since the server began, as 1:02:03. */
export function clock(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  const two = (value) => String(value).padStart(2, "0");
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
