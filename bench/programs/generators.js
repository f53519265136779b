// Generators: a pipeline of three, an endless one, and many short ones.
function* count(n) {
  for (let i = 1; i <= n; i++) {
    yield i;
  }
}

function* odd(source) {
  for (const x of source) {
    if (x % 2 === 1) {
      yield x;
    }
  }
}

function* squares(source) {
  for (const x of source) {
    yield x * x;
  }
}

function* fibonacci(modulus) {
  let a = 0;
  let b = 1;
  for (;;) {
    yield a;
    const c = (a + b) % modulus;
    a = b;
    b = c;
  }
}

function pipeline(n) {
  let sum = 0;
  for (const x of squares(odd(count(n)))) {
    sum += x % 10;
  }
  return sum;
}

function endless(n) {
  let sum = 0;
  let left = n;
  for (const x of fibonacci(1000)) {
    if (left === 0) break;
    left -= 1;
    sum += x;
  }
  return sum;
}

function short(n) {
  let sum = 0;
  for (let i = 1; i <= n; i++) {
    const g = count(3);
    sum += g.next().value + g.next().value;
  }
  return sum;
}

function main(n) {
  console.log(`pipeline ${pipeline(n)}`);
  console.log(`endless ${endless(n)}`);
  console.log(`short ${short(n)}`);
}

main(Number(process.argv[2] ?? 400000));
