// The drawing: pictures and strokes, one over another, so that each can be undone.

class Pad {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {number[]} shape the height and width of the images that the networks know.
   * @param {string} ground the colour of an empty pad.
   * @param {function} changed is called whenever there is something else to be seen.
   */
  constructor(canvas, [height, width], ground, changed) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d", { willReadFrequently: true });
    // Whole pixels of the pad for each of the image, so that an image can be shown without being changed.
    this.scale = Math.max(1, Math.ceil(320 / Math.max(height, width)));
    this.size = [height * this.scale, width * this.scale];
    this.ground = ground;
    this.changed = changed;
    this.pen = { width: 0.08, colour: "#ffffff" };
    this.items = [];
    this.stroke = null;
    this.paint();
  }

  /** Whether nothing has been drawn. */
  get isBlank() {
    const last = this.items[this.items.length - 1];
    return !last || last.kind === "clear";
  }

  /** The picture below the strokes, or null. */
  get shown() {
    return this.items.findLast((item) => item.kind !== "stroke" && item.kind !== "fill") ?? null;
  }

  /** Whether what is to be seen is an image as the networks know them, and nothing else. */
  get isExact() {
    const last = this.items[this.items.length - 1];
    return last !== undefined && last.kind === "image" && last.exact;
  }

  /** Everything that is to be seen, for the networks. */
  get picture() {
    const { width, height } = this.canvas;
    return { width, height, data: this.context.getImageData(0, 0, width, height).data };
  }

  /** Begins a stroke. Places are shares of the pad's width and height. */
  begin(x, y) {
    this.stroke = { kind: "stroke", pen: { ...this.pen }, points: [[x, y]] };
    this.items.push(this.stroke);
    this.dot(this.stroke, 0);
    this.changed();
  }

  extend(x, y) {
    if (this.stroke === null) return;
    this.stroke.points.push([x, y]);
    this.dot(this.stroke, this.stroke.points.length - 1);
    this.changed();
  }

  end() {
    this.stroke = null;
  }

  /** Shows a picture in place of what is there. */
  show(source, { exact = false, words = "" } = {}) {
    this.add({ kind: "image", source, exact, words });
  }

  fill() {
    this.add({ kind: "fill", colour: this.pen.colour });
  }

  clear() {
    if (!this.isBlank) this.add({ kind: "clear" });
  }

  undo() {
    this.end();
    if (this.items.pop() === undefined) return false;
    this.paint();
    this.changed();
    return true;
  }

  add(item) {
    this.end();
    this.items.push(item);
    this.paint();
    this.changed();
  }

  /** Draws everything again, from the last picture on. */
  paint() {
    const first = this.shown;
    const from = first === null ? 0 : this.items.indexOf(first) + 1;
    const [height, width] = first?.kind === "image" && !first.exact ? [first.source.height, first.source.width] : this.size;
    // Setting the size clears the canvas, too.
    this.canvas.width = width;
    this.canvas.height = height;
    if (first?.kind === "image") {
      this.context.imageSmoothingEnabled = false;
      this.context.drawImage(first.source, 0, 0, width, height);
    } else {
      this.cover(this.ground);
    }
    for (const item of this.items.slice(from)) {
      if (item.kind === "fill") this.cover(item.colour);
      else item.points.forEach((_, i) => this.dot(item, i));
    }
  }

  cover(colour) {
    this.context.fillStyle = colour;
    this.context.fillRect(0, 0, this.canvas.width, this.canvas.height);
  }

  /** A stroke's point, and the line that leads to it. */
  dot({ pen, points }, i) {
    const { width, height } = this.canvas;
    const [x, y] = [points[i][0] * width, points[i][1] * height];
    const thickness = pen.width * Math.max(width, height);
    this.context.fillStyle = pen.colour;
    this.context.beginPath();
    this.context.arc(x, y, thickness / 2, 0, 2 * Math.PI);
    this.context.fill();
    if (i === 0) return;
    this.context.strokeStyle = pen.colour;
    this.context.lineWidth = thickness;
    this.context.lineCap = "round";
    this.context.beginPath();
    this.context.moveTo(points[i - 1][0] * width, points[i - 1][1] * height);
    this.context.lineTo(x, y);
    this.context.stroke();
  }
}
