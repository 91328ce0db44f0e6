// A network: its layers, one after another. Images lie in memory row by row, the channels of a pixel side by side.

const layerKinds = {
  Conv: Convolution,
  Dense: Dense,
  Pool: Pool,
  GlobalPool: GlobalPool,
  BatchNorm: BatchNorm,
  LayerNorm: LayerNorm,
  // Memory is in a vector's order already, and dropout is for training only.
  Flatten: class {
    run(values) {
      return values.slice();
    }
  },
  Dropout: class {
    run(values) {
      return values.slice();
    }
  },
  Activation: class {
    run(values) {
      return values.slice();
    }
  },
  Sequence: class {
    constructor(layer, input, weights) {
      this.body = new LayerSequence(layer.layers, input, weights);
    }

    run(values) {
      return this.body.run(values);
    }
  },
  Residual: class {
    constructor(layer, input, weights) {
      this.body = new LayerSequence(layer.layers, input, weights);
      this.projection = layer.projection ? new LayerSequence([layer.projection], input, weights) : null;
    }

    /** The sum of what the layers within make of the input and the input itself, or its projection. */
    run(values) {
      const output = this.body.run(values);
      const shortcut = this.projection ? this.projection.run(values) : values;
      for (let i = 0; i < output.length; i++) output[i] += shortcut[i];
      return output;
    }
  },
};

class LayerSequence {
  constructor(layers, input, weights) {
    this.layers = layers;
    this.steps = [];
    for (const layer of layers) {
      this.steps.push(new layerKinds[layer.kind](layer, input, weights));
      input = layer.shape;
    }
  }

  /** @param {function} [see] receives each layer's number and its outputs. */
  run(values, see) {
    this.layers.forEach((layer, i) => {
      values = this.steps[i].run(values);
      if (layer.activation) activate(values, layer.activation, layer.alpha, layer.shape[layer.shape.length - 1]);
      if (see) see(i, values);
    });
    return values;
  }
}

class Network {
  /** @param description the layers, the input's shape, and what makes probabilities of what the last layer gives. */
  constructor(description, weights) {
    this.description = description;
    this.layers = new LayerSequence(description.layers, description.input, new WeightReader(weights, description.bits));
  }

  /**
   * The network's answer to one image: a number for each class.
   * @param {Uint8Array} pixels 0 to 255.
   * @param {function} [see] receives each layer's number and its outputs.
   */
  answer(pixels, see) {
    const output = this.layers.run(Float32Array.from(pixels, (pixel) => pixel / 255), see).slice();
    switch (this.description.ending) {
      case "Softmax":
        return activate(output, "Softmax", 0, output.length);
      case "Exponential":
        return output.map(Math.exp);
      default:
        return output;
    }
  }
}
