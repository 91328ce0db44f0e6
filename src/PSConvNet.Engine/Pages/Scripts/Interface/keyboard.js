// Drawing with the keyboard: a cursor that the arrow keys move, and a pen that the space bar puts down and lifts.

class KeyboardPen {
  /**
   * @param {Pad} pad
   * @param {HTMLElement} marker shows where the cursor is.
   * @param {number[]} shape the height and width of the networks' images: a step of the cursor is a pixel of those, or of 28 of larger ones.
   * @param {function} say tells what happened to those who don't see it.
   */
  constructor(pad, marker, [height, width], say) {
    this.pad = pad;
    this.marker = marker;
    this.say = say;
    this.rows = Math.min(28, height);
    this.columns = Math.min(28, width);
    this.row = Math.floor(this.rows / 2);
    this.column = Math.floor(this.columns / 2);
    this.isDown = false;
    pad.canvas.addEventListener("keydown", (event) => this.press(event));
    pad.canvas.addEventListener("pointerdown", () => this.hide());
    pad.canvas.addEventListener("blur", () => this.hide());
    document.addEventListener("keydown", (event) => this.undo(event));
  }

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = event.shiftKey ? 4 : 1;
    const keys = {
      ArrowUp: () => this.move(-step, 0),
      ArrowDown: () => this.move(step, 0),
      ArrowLeft: () => this.move(0, -step),
      ArrowRight: () => this.move(0, step),
      " ": () => (this.isDown ? this.lift() : this.putDown()),
      Enter: () => (this.isDown ? this.lift() : this.putDown()),
      Escape: () => this.lift(),
      Backspace: () => this.takeBack(),
      Delete: () => this.wipe(),
    };
    if (!(event.key in keys)) return;
    event.preventDefault();
    keys[event.key]();
    this.show();
  }

  /** Ctrl-Z works wherever the reader is on the page. */
  undo(event) {
    if (event.key !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey) return;
    event.preventDefault();
    this.takeBack();
  }

  move(down, right) {
    const within = (value, most) => Math.max(0, Math.min(most - 1, value));
    this.row = within(this.row + down, this.rows);
    this.column = within(this.column + right, this.columns);
    if (this.isDown) this.pad.extend(...this.place());
    this.say(`Row ${this.row + 1}, column ${this.column + 1}${this.isDown ? ", drawing" : ""}`);
  }

  putDown() {
    this.isDown = true;
    this.pad.begin(...this.place());
    this.say(`Pen down at row ${this.row + 1}, column ${this.column + 1}`);
  }

  lift() {
    if (!this.isDown) return;
    this.isDown = false;
    this.pad.end();
    this.say("Pen up");
  }

  takeBack() {
    this.isDown = false;
    this.say(this.pad.undo() ? "Undone" : "There is nothing to undo");
    this.show();
  }

  wipe() {
    this.isDown = false;
    this.pad.clear();
    this.say("Cleared");
  }

  place() {
    return [(this.column + 0.5) / this.columns, (this.row + 0.5) / this.rows];
  }

  show() {
    this.marker.hidden = document.activeElement !== this.pad.canvas;
    this.marker.dataset.pen = this.isDown ? "down" : "up";
    this.marker.style.left = `${(100 * this.column) / this.columns}%`;
    this.marker.style.top = `${(100 * this.row) / this.rows}%`;
    this.marker.style.width = `${100 / this.columns}%`;
    this.marker.style.height = `${100 / this.rows}%`;
  }

  hide() {
    this.lift();
    this.marker.hidden = true;
  }
}
