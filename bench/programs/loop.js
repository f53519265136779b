// Integer loops: a counted loop around a while loop, sums and remainders.
function main(n) {
  let sum = 0;
  for (let i = 1; i <= n; i++) {
    let j = i % 9;
    while (j > 0) {
      sum += (i * j) % 7;
      j -= 1;
    }
  }
  console.log(`loop ${n} -> ${sum}`);
}

main(Number(process.argv[2] ?? 8000000));
