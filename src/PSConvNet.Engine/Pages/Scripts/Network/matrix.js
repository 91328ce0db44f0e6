// The sum that nearly all of a network's time goes into.

/**
 * Multiplies some rows of a matrix with a vector and adds a bias: output[at + i] = bias[first + i] + row (first + i) . vector.
 * Four rows at a time, so that each number of the vector is read once for all of them.
 */
function multiplyRows(matrix, columns, first, rows, vector, bias, output, at) {
  let row = 0;
  for (; row + 4 <= rows; row += 4) {
    let a = (first + row) * columns;
    let b = a + columns;
    let c = b + columns;
    let d = c + columns;
    let sumA = 0;
    let sumB = 0;
    let sumC = 0;
    let sumD = 0;
    for (let i = 0; i < columns; i++) {
      const x = vector[i];
      sumA += x * matrix[a++];
      sumB += x * matrix[b++];
      sumC += x * matrix[c++];
      sumD += x * matrix[d++];
    }
    output[at + row] = sumA + bias[first + row];
    output[at + row + 1] = sumB + bias[first + row + 1];
    output[at + row + 2] = sumC + bias[first + row + 2];
    output[at + row + 3] = sumD + bias[first + row + 3];
  }
  for (; row < rows; row++) {
    let a = (first + row) * columns;
    let sum = 0;
    for (let i = 0; i < columns; i++) sum += vector[i] * matrix[a++];
    output[at + row] = sum + bias[first + row];
  }
}
