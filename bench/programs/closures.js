// Closures: made, composed, called back, and with state of their own.
function adder(a) {
  return (b) => a + b;
}

function compose(f, g) {
  return (x) => f(g(x));
}

function counter() {
  let total = 0;
  return (step) => {
    total += step;
    return total;
  };
}

function fold(xs, start, f) {
  let acc = start;
  for (const x of xs) {
    acc = f(acc, x);
  }
  return acc;
}

function main(n) {
  const xs = [1, 2, 3, 4, 5, 6, 7, 8];
  const count = counter();
  let sum = 0;
  for (let i = 1; i <= n; i++) {
    const shift = compose(adder(i), adder(1));
    sum += fold(xs, 0, (acc, x) => acc + shift(x));
    count(sum % 10);
  }
  console.log(`sum ${sum} count ${count(0)}`);
}

main(Number(process.argv[2] ?? 250000));
