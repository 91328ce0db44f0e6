// Puts the page together: what is drawn is asked about once a frame, and the answers are shown.

(() => {
  const at = (id) => document.getElementById(id);
  const page = JSON.parse(at("page").textContent);
  const [height, width] = page.shape;

  // What a screen reader says. The answers wait for the pen to rest.
  const say = (words) => (at("said").textContent = words);
  const fail = (words) => (at("failed").textContent = words);
  // Warnings wait for that, too: half a stroke is rarely clear.
  const warn = (words) => (at("warning").textContent = words);

  const answers = page.models.map((model, i) => new Answer(at(`answer-${i}`), model.classes));
  const maps = new Maps(at("layer"), at("maps"), at("maps-words"), page.models, page.palette);
  const models = page.models.map((description, i) => ({ description, weights: at(`weights-${i}`).textContent }));
  const asker = new Asker(models, at("network").textContent, show);

  let frame = null;
  let rest = null;
  const pad = new Pad(at("pad"), page.shape, page.ground, changed);
  pad.pen.colour = page.ink;
  drawByPointer(pad);
  const keyboard = new KeyboardPen(pad, at("cursor"), page.shape, say);

  // Whether the answers that are shown are those to an older picture.
  const isBusy = (busy) => at("answers-all").setAttribute("aria-busy", busy);

  function changed() {
    fail("");
    warn("");
    isBusy(true);
    if (frame === null) frame = requestAnimationFrame(look);
  }

  function look() {
    frame = null;
    const { isBlank, isExact, shown } = pad;
    at("hint").hidden = !isBlank;
    at("source").textContent = (!isBlank && shown?.words) || "";
    // They can be pressed all the same: a button that is disabled while it has the focus loses it.
    at("undo").setAttribute("aria-disabled", pad.items.length === 0);
    at("clear").setAttribute("aria-disabled", isBlank);
    clearTimeout(rest);
    if (isBlank) {
      asker.forget();
      isBusy(false);
      clearAnswers();
      const empty = new Uint8Array(3 * height * width).fill(page.ground === "#ffffff" ? 255 : 0);
      for (const seen of document.querySelectorAll(".seen canvas")) paintSample(seen, empty, page.shape);
      return;
    }
    const prepared = at("prepared")?.checked ?? false;
    // On a pad of its own colour the pen's is known; what is on a picture must be found out.
    const polarity = shown?.kind === "image" ? null : page.polarity;
    asker.ask({ picture: pad.picture, exact: isExact, prepared, polarity, layer: maps.layer });
  }

  function show({ layer, prepared, exact }, answer) {
    isBusy(frame !== null || !asker.isIdle);
    page.seen.forEach((network, i) => paintSample(at(`seen-${i}`), answer.seen[network], page.models[network].input));
    clearTimeout(rest);
    // A network that is asked about nothing is sure of something all the same.
    if (prepared && !exact && answer.seen.every((pixels) => pixels.every((pixel) => pixel === 0))) {
      clearAnswers();
      fail("No strokes were found in the picture.");
      return;
    }
    answers.forEach((panel, i) => panel.show(answer.answers[i]));
    if (answer.maps) maps.draw(layer, answer.maps);
    rest = setTimeout(() => {
      say(page.models.map((model, i) => sentence(model, answer.answers[i])).join(" "));
      warn(warningOf(page.models.map(({ name }) => name), answer.doubts));
    }, 900);
  }

  function clearAnswers() {
    answers.forEach((answer) => answer.clear());
    maps.clear();
  }

  function sentence({ name, classes }, probabilities) {
    const best = probabilities.indexOf(Math.max(...probabilities));
    return `${name} says ${classes[best]}, ${percent(probabilities[best])}.`;
  }

  at("undo").addEventListener("click", () => keyboard.takeBack());
  at("clear").addEventListener("click", () => keyboard.wipe());
  at("fill")?.addEventListener("click", () => pad.fill());
  at("colour")?.addEventListener("input", ({ target }) => (pad.pen.colour = target.value));
  at("width").addEventListener("input", ({ target }) => setWidth(target));
  at("layer").addEventListener("change", changed);
  for (const choice of document.querySelectorAll("input[name=input]")) choice.addEventListener("change", changed);

  function setWidth(slider) {
    pad.pen.width = slider.value / 100;
    slider.setAttribute("aria-valuetext", `${slider.value} % of the pad`);
  }
  setWidth(at("width"));

  acceptPictures(
    at("chooser"),
    at("easel"),
    (picture, name) => pad.show(picture, { words: name ? `The picture ${name}.` : "A picture of yours." }),
    fail,
  );
  at("choose").addEventListener("click", () => at("chooser").click());

  for (const button of document.querySelectorAll(".mistake")) {
    const pixels = bytesOf(button.dataset.pixels);
    const image = paintSample(button.querySelector("canvas"), pixels, page.shape);
    button.addEventListener("click", () => {
      pad.show(image, { exact: true, words: button.dataset.words });
      at("easel").scrollIntoView({ block: "nearest" });
    });
  }

  changed();
})();
