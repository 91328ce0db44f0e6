// Stand-in until the preparation is ported: the ink's box fitted into 20 x 20, centred by mass in 28 x 28.

function prepare(picture, [height, width]) {
  const grey = sample(picture, [picture.height, picture.width, 1]);
  let [top, bottom, left, right] = [picture.height, -1, picture.width, -1];
  for (let y = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++) {
      if (grey[y * picture.width + x] < 64) continue;
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
      left = Math.min(left, x);
      right = Math.max(right, x);
    }
  }
  const output = new Uint8Array(height * width);
  if (bottom < 0) return output;
  const boxHeight = bottom - top + 1;
  const boxWidth = right - left + 1;
  const scale = 20 / Math.max(boxHeight, boxWidth);
  const rows = Math.max(1, Math.round(boxHeight * scale));
  const columns = Math.max(1, Math.round(boxWidth * scale));
  const data = new Uint8ClampedArray(4 * boxHeight * boxWidth);
  for (let y = 0; y < boxHeight; y++) {
    for (let x = 0; x < boxWidth; x++) {
      data.fill(grey[(top + y) * picture.width + left + x], 4 * (y * boxWidth + x), 4 * (y * boxWidth + x) + 3);
      data[4 * (y * boxWidth + x) + 3] = 255;
    }
  }
  const fitted = sample({ width: boxWidth, height: boxHeight, data }, [rows, columns, 1]);
  let [mass, sumY, sumX] = [0, 0, 0];
  for (let i = 0; i < fitted.length; i++) {
    mass += fitted[i];
    sumY += fitted[i] * Math.floor(i / columns);
    sumX += fitted[i] * (i % columns);
  }
  const y0 = Math.max(0, Math.min(height - rows, Math.round(height / 2 - 0.5 - sumY / mass)));
  const x0 = Math.max(0, Math.min(width - columns, Math.round(width / 2 - 0.5 - sumX / mass)));
  for (let i = 0; i < fitted.length; i++) output[(y0 + Math.floor(i / columns)) * width + x0 + (i % columns)] = fitted[i];
  return output;
}
