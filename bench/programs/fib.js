// Recursive calls: doubly recursive Fibonacci numbers.
function fib(n) {
  if (n < 2) {
    return n;
  }
  return fib(n - 1) + fib(n - 2);
}

function main(n) {
  console.log(`fib(${n}) = ${fib(n)}`);
}

main(Number(process.argv[2] ?? 34));
