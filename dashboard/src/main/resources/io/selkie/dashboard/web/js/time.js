// Times, sizes and amounts in words.

const UNITS = [["d", 86_400], ["h", 3_600], ["min", 60], ["s", 1]];

/** Two units at most, such as "2 h 5 min". */
export function duration(seconds) {
  const parts = [];
  let rest = Math.max(0, Math.round(seconds));
  for (const [name, size] of UNITS) {
    const n = Math.floor(rest / size);
    rest %= size;
    if (n > 0 && parts.length < 2) {
      parts.push(n + " " + name);
    }
  }
  return parts.length === 0 ? "0 s" : parts.join(" ");
}

export function clock(epochSecond) {
  return new Date(epochSecond * 1000).toLocaleString();
}

export function iso(epochSecond) {
  return new Date(epochSecond * 1000).toISOString();
}

export function size(bytes) {
  const names = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < names.length - 1) {
    value /= 1024;
    unit++;
  }
  return Number(value.toPrecision(4)) + " " + names[unit];
}

/** An amount of attoFIL, given as decimal text, in FIL and without rounding. */
export function fil(atto) {
  const digits = atto.padStart(19, "0");
  const fraction = digits.slice(-18).replace(/0+$/, "");
  return digits.slice(0, -18) + (fraction === "" ? "" : "." + fraction) + " FIL";
}
