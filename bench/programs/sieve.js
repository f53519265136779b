// Array reads and writes: the sieve of Eratosthenes.
function sieve(n) {
  const composite = [];
  for (let i = 0; i <= n; i++) composite.push(false);
  let count = 0;
  for (let i = 2; i <= n; i++) {
    if (!composite[i]) {
      count += 1;
      let j = i * i;
      while (j <= n) {
        composite[j] = true;
        j += i;
      }
    }
  }
  return count;
}

function main(n) {
  console.log(`primes up to ${n}: ${sieve(n)}`);
}

main(Number(process.argv[2] ?? 6000000));
