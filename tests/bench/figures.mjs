// Formats ratios of paired rounds as a table.

const shown = (ratio) => ratio.toFixed(2);

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Least, median and greatest of `ours[i] / theirs[i]`, where `i` is a round. */
export function ratios(ours, theirs) {
  const rounds = ours.map((value, index) => value / theirs[index]);
  return [Math.min(...rounds), median(rounds), Math.max(...rounds)];
}

/** One line of the table. `better` says whether more or less is better. */
export function row(name, [least, middle, greatest], better = "") {
  return `  ${name.padEnd(44)} ${[least, middle, greatest].map((value) => shown(value).padStart(6)).join(" ")}  ${better}`.trimEnd();
}

export function heading(title) {
  return `\n${title.padEnd(46)} ${["min", "median", "max"].map((word) => word.padStart(6)).join(" ")}`;
}

/** The order in a round. It rotates. */
export function rotated(list, round) {
  return list.map((_, index) => list[(round + index) % list.length]);
}
