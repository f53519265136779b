# Methods and fields: three classes in a chain, dynamic dispatch, super.
import sys


class Counter:
    def __init__(self, start):
        self.value = start

    def step(self):
        return 1

    def advance(self):
        self.value += self.step()
        return self

    def current(self):
        return self.value


class Doubler(Counter):
    def step(self):
        return 2


class Tripler(Doubler):
    def step(self):
        return super().step() + 1


def drive(counters, n):
    total = 0
    for i in range(1, n + 1):
        for c in counters:
            c.advance()
            if c.current() > 1000:
                c.value = i % 10
            total += c.current()
    return total


def main(n):
    counters = [Counter(0), Doubler(1), Tripler(2), Counter(3)]
    print("sum", drive(counters, n))


main(int(sys.argv[1]) if len(sys.argv) > 1 else 600000)
