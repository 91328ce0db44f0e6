// One byte a pixel, row after row. The steps of the preparation make one plane of another, with the same numbers as the engine's.

class Plane {
  constructor(width, height, levels = new Uint8Array(width * height)) {
    Object.assign(this, { width, height, levels });
  }

  /** The plane with light and dark exchanged. */
  inverted() {
    return new Plane(this.width, this.height, this.levels.map((level) => 255 - level));
  }

  /** The plane with rows and columns exchanged. */
  transposed() {
    const turned = new Plane(this.height, this.width);
    for (let y = 0, at = 0; y < this.height; y++) {
      for (let x = 0; x < this.width; x++) turned.levels[x * this.height + y] = this.levels[at++];
    }
    return turned;
  }

  /** The level that a share of the pixels lies at or below. */
  percentile(share) {
    const counts = new Int32Array(256);
    for (const level of this.levels) counts[level]++;
    return percentileOf(counts, share);
  }
}

/** The level that a share of what is counted lies at or below. */
function percentileOf(counts, share) {
  const total = counts.reduce((sum, count) => sum + count, 0);
  let sum = 0;
  for (let level = 0; level < counts.length; level++) {
    sum += counts[level];
    if (sum >= share * total) return level;
  }
  return counts.length - 1;
}

/** A rectangle of pixels. */
class Box {
  constructor(left, top, width, height) {
    Object.assign(this, { left, top, width, height });
  }

  get right() {
    return this.left + this.width;
  }

  get bottom() {
    return this.top + this.height;
  }

  get longSide() {
    return Math.max(this.width, this.height);
  }

  /** The smallest box around this one and another. */
  with(other) {
    const left = Math.min(this.left, other.left);
    const top = Math.min(this.top, other.top);
    return new Box(left, top, Math.max(this.right, other.right) - left, Math.max(this.bottom, other.bottom) - top);
  }

  /** How many pixels lie between this box and another, across or down, whichever is more; negative where they overlap. */
  gapTo(other) {
    return Math.max(this.gapAcross(other), this.gapDown(other));
  }

  /** How many columns lie between this box and another; negative where they overlap. */
  gapAcross(other) {
    return Math.max(this.left, other.left) - Math.min(this.right, other.right);
  }

  /** How many rows lie between this box and another; negative where they overlap. */
  gapDown(other) {
    return Math.max(this.top, other.top) - Math.min(this.bottom, other.bottom);
  }
}

function clamp(value, least, most) {
  return value < least ? least : value > most ? most : value;
}

/** To the nearest whole number, halves to the even one: as the engine rounds. */
function roundEven(value) {
  const rounded = Math.round(value);
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
