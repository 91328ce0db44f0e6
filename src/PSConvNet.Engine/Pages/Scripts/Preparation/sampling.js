// From a picture of any size to a network's input.

/**
 * Shrinks or stretches a picture to some pixels, each the mean of what lies under it; what is transparent is paper, white.
 * @param picture width, height and data: red, green, blue and alpha of each pixel, 0 to 255.
 * @param {number[]} shape height and width, and 3 for colour; anything else is grey.
 */
function sample(picture, [height, width, channels]) {
  const colour = channels === 3;
  const planes = colour ? 3 : 1;
  const output = new Uint8Array(height * width * planes);
  const rows = shares(picture.height, height);
  const columns = shares(picture.width, width);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const sums = [0, 0, 0];
      for (const [row, rowShare] of rows[y]) {
        for (const [column, columnShare] of columns[x]) addPixel(picture, row, column, rowShare * columnShare, sums);
      }
      if (!colour) sums[0] = 0.299 * sums[0] + 0.587 * sums[1] + 0.114 * sums[2];
      for (let c = 0; c < planes; c++) output[at++] = Math.min(255, Math.round(sums[c]));
    }
  }
  return output;
}

/** Which of so many pixels lie under each of so many others, side by side on the same length, and with what share. */
function shares(from, to) {
  return Array.from({ length: to }, (_, i) => {
    const start = (i * from) / to;
    const end = ((i + 1) * from) / to;
    const under = [];
    for (let pixel = Math.floor(start); pixel < Math.min(from, Math.ceil(end)); pixel++) {
      under.push([pixel, (Math.min(end, pixel + 1) - Math.max(start, pixel)) / (end - start)]);
    }
    return under;
  });
}

function addPixel(picture, row, column, share, sums) {
  const at = 4 * (row * picture.width + column);
  const alpha = picture.data[at + 3] / 255;
  for (let c = 0; c < 3; c++) sums[c] += share * (picture.data[at + c] * alpha + 255 * (1 - alpha));
}
