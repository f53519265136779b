// Float arithmetic in locals: the Mandelbrot set on a square grid.
function escape_(cr, ci, limit) {
  let zr = 0.0;
  let zi = 0.0;
  let zr2 = 0.0;
  let zi2 = 0.0;
  let k = 0;
  while (k < limit && zr2 + zi2 <= 4.0) {
    zi = 2.0 * zr * zi + ci;
    zr = zr2 - zi2 + cr;
    zr2 = zr * zr;
    zi2 = zi * zi;
    k += 1;
  }
  return k;
}

function main(size) {
  const limit = 50;
  let inside = 0;
  let steps = 0;
  for (let row = 1; row <= size; row++) {
    const ci = 2.0 * row / size - 1.0;
    for (let col = 1; col <= size; col++) {
      const k = escape_(2.0 * col / size - 1.5, ci, limit);
      steps += k;
      if (k === limit) {
        inside += 1;
      }
    }
  }
  console.log(`inside ${inside} steps ${steps}`);
}

main(Number(process.argv[2] ?? 600));
