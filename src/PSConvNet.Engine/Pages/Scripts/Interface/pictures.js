// Pictures of the reader's own: chosen, dropped on the page, or pasted.

/** The longest side of a picture on the pad, in pixels: what the preparation works on, and far more than a network needs. */
const longestSide = 640;

/**
 * @param {HTMLInputElement} chooser
 * @param {HTMLElement} target shows that a picture can be dropped.
 * @param {function} loaded is given each picture, upright, as a canvas, and its name.
 * @param {function} failed receives the reason when there is none.
 */
function acceptPictures(chooser, target, loaded, failed) {
  const load = async (file) => {
    try {
      loaded(shrunk(await createImageBitmap(file)), file.name);
    } catch {
      failed(`${file.name || "The file"} isn't a picture that this browser can read; try a PNG or a JPEG.`);
    }
  };
  const loadFirst = (files) => {
    if (files.length > 0) load(files[0]);
  };

  chooser.addEventListener("change", () => {
    loadFirst(chooser.files);
    // The same file can be chosen again.
    chooser.value = "";
  });
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    target.classList.add("dropping");
  });
  document.addEventListener("dragleave", () => target.classList.remove("dropping"));
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    target.classList.remove("dropping");
    loadFirst(event.dataTransfer.files);
  });
  document.addEventListener("paste", (event) => loadFirst(event.clipboardData.files));
}

function shrunk(bitmap) {
  const scale = Math.min(1, longestSide / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return canvas;
}
