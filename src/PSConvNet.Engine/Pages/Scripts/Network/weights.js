// Reads a network's weights: bytes as text, parameter after parameter, in the order of the layers.

/** The characters that bytes are written with: all that ASCII prints, in its order, but those that markup escapes. */
const byteCharacters = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).filter((one) => !"<>&\"".includes(one));

/** The bytes that a text stands for: thirteen bits for each two characters, lowest bit first, and six for one that is left. */
function bytesOf(text) {
  const valueOf = new Uint8Array(128);
  byteCharacters.forEach((one, value) => (valueOf[one.charCodeAt(0)] = value));
  const bytes = new Uint8Array(Math.floor((13 * (text.length >> 1) + 6 * (text.length & 1)) / 8));
  let waiting = 0;
  let held = 0;
  for (let i = 0, at = 0; at < bytes.length; i += 2) {
    const second = i + 1 < text.length ? valueOf[text.charCodeAt(i + 1)] : 0;
    waiting |= (valueOf[text.charCodeAt(i)] + byteCharacters.length * second) << held;
    for (held += 13; held >= 8 && at < bytes.length; held -= 8, waiting >>>= 8) bytes[at++] = waiting & 255;
  }
  return bytes;
}

class WeightReader {
  /**
   * @param {string} text the weights.
   * @param {number} bits how many bits each number of a matrix takes; 32 for fp32.
   */
  constructor(text, bits) {
    this.bytes = bytesOf(text);
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
