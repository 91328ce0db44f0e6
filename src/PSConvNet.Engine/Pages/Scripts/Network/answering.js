// The work on each picture: the networks' inputs are made, and the networks asked. It runs in a worker, so that the pen never waits;
// where the browser allows none, in the page.

class Answering {
  /** @param models the description and the weights of each. */
  constructor(models) {
    this.networks = models.map((model) => new Network(model.description, model.weights));
  }

  /**
   * Asks all networks about a picture.
   * @param question the picture; whether it is exact, an image as the networks know them; whether others are prepared first; which of ink
   *   and paper is lighter, where that is known; and which network's layer is to be seen.
   * @returns each network's input and answer, what is odd about the picture as each was given it, and what the layer gave.
   */
  answer({ picture, exact, prepared, polarity, layer }) {
    const inputs = new Map();
    const result = { seen: [], answers: [], doubts: [], maps: null };
    this.networks.forEach((network, number) => {
      const { input, preparation } = network.description;
      const key = JSON.stringify([input, preparation]);
      if (!inputs.has(key)) {
        const settings = preparation && prepared && !exact ? { ...preparation } : null;
        if (settings && polarity && settings.polarity === "Automatic") settings.polarity = polarity;
        inputs.set(key, settings ? prepare(picture, input, settings) : { sample: sample(picture, input), doubts: [] });
      }
      const { sample: pixels, doubts } = inputs.get(key);
      const see = (i, values) => {
        if (layer && layer.network === number && layer.number === i) result.maps = values.slice();
      };
      const answer = network.answer(pixels, see);
      result.seen.push(pixels);
      result.answers.push(answer);
      result.doubts.push(isUnsupported(answer) ? [...doubts, "Unsupported"] : doubts);
    });
    return result;
  }
}

/** The worker's side: the first message brings the networks, each further one a question. */
function serve() {
  let answering = null;
  self.onmessage = ({ data }) => {
    if (answering === null) answering = new Answering(data);
    else self.postMessage(answering.answer(data));
  };
}
