// Images as networks know them, painted so that each of their pixels is seen.

/** @param {number[]} shape height and width, and 3 for colour. */
function paintSample(canvas, pixels, [height, width, channels]) {
  canvas.width = width;
  canvas.height = height;
  const planes = channels === 3 ? 3 : 1;
  const image = new ImageData(width, height);
  for (let i = 0; i < height * width; i++) {
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = pixels[i * planes + (c % planes)];
    image.data[4 * i + 3] = 255;
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}
