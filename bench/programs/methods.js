// Methods and fields: three classes in a chain, dynamic dispatch, super.
class Counter {
  constructor(start) { this.value = start; }
  step() { return 1; }
  advance() {
    this.value += this.step();
    return this;
  }
  current() { return this.value; }
}

class Doubler extends Counter {
  step() { return 2; }
}

class Tripler extends Doubler {
  step() { return super.step() + 1; }
}

function drive(counters, n) {
  let sum = 0;
  for (let i = 1; i <= n; i++) {
    for (const c of counters) {
      c.advance();
      if (c.current() > 1000) {
        c.value = i % 10;
      }
      sum += c.current();
    }
  }
  return sum;
}

function main(n) {
  const counters = [new Counter(0), new Doubler(1), new Tripler(2), new Counter(3)];
  console.log(`sum ${drive(counters, n)}`);
}

main(Number(process.argv[2] ?? 600000));
