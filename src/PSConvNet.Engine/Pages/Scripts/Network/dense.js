// A dense layer: every output is a weighted sum of every input.

class Dense {
  constructor(layer, input, weights) {
    this.units = layer.units;
    this.columns = input[0];
    this.kernel = weights.matrix(this.units, this.columns);
    this.bias = layer.bias ? weights.vector(this.units) : new Float32Array(this.units);
  }

  run(vector) {
    const output = new Float32Array(this.units);
    multiplyRows(this.kernel, this.columns, 0, this.units, vector, this.bias, output, 0);
    return output;
  }
}
