// Exceptions: thrown three calls deep, caught by class, thrown again.
class Refused {
  constructor(message, amount) {
    this.message = message;
    this.amount = amount;
  }
}

function check(n) {
  if (n % 3 === 0) {
    throw new Refused("multiple of three", n);
  }
  return n * 2;
}

function relay(n) { return check(n) + 1; }

function attempt(n) {
  try {
    return relay(n);
  } catch (e) {
    if (!(e instanceof Refused)) throw e;
    if (e.amount % 2 === 0) {
      throw e;
    }
    return e.amount % 7;
  }
}

function main(n) {
  let sum = 0;
  let rethrown = 0;
  for (let i = 1; i <= n; i++) {
    try {
      sum += attempt(i);
    } catch (e) {
      rethrown += 1;
      sum -= e.amount % 5;
    }
  }
  console.log(`sum ${sum} rethrown ${rethrown}`);
}

main(Number(process.argv[2] ?? 1200000));
