// Reads a network's weights: bytes in base64, parameter after parameter, in the order of the layers.

/** The bytes that a text in base64 stands for. */
function bytesOf(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

class WeightReader {
  /**
   * @param {string} base64 the weights.
   * @param {number} bits how many bits each number of a matrix takes; 32 for fp32.
   */
  constructor(base64, bits) {
    this.bytes = bytesOf(base64);
    this.bits = bits;
    this.position = 0;
  }

  /** The next parameter, one that is kept in fp32: a bias, the statistics of a batch norm. */
  vector(count) {
    const end = this.position + 4 * count;
    const values = new Float32Array(this.bytes.slice(this.position, end).buffer);
    this.position = end;
    return values;
  }

  /**
   * The next parameter, a row for each output: a scale for every row, then whole numbers of a few bits each, lowest bit first. A weight is
   * its number times its row's scale; the numbers are stored with half their range added, so that none is negative.
   */
  matrix(rows, columns) {
    if (this.bits === 32) return this.vector(rows * columns);
    const scales = this.vector(rows);
    const values = new Float32Array(rows * columns);
    const zero = 2 ** (this.bits - 1) - 1;
    const mask = 2 ** this.bits - 1;
    let waiting = 0;
    let held = 0;
    for (let row = 0, i = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++, i++) {
        while (held < this.bits) {
          waiting |= this.bytes[this.position++] << held;
          held += 8;
        }
        values[i] = ((waiting & mask) - zero) * scales[row];
        waiting >>>= this.bits;
        held -= this.bits;
      }
    }
    return values;
  }
}
