# Closures: made, composed, called back, and with state of their own.
import sys


def adder(a):
    return lambda b: a + b


def compose(f, g):
    return lambda x: f(g(x))


def counter():
    total = 0

    def count(step):
        nonlocal total
        total += step
        return total

    return count


def fold(xs, start, f):
    acc = start
    for x in xs:
        acc = f(acc, x)
    return acc


def main(n):
    xs = [1, 2, 3, 4, 5, 6, 7, 8]
    count = counter()
    total = 0
    for i in range(1, n + 1):
        shift = compose(adder(i), adder(1))
        total += fold(xs, 0, lambda acc, x: acc + shift(x))
        count(total % 10)
    print("sum", total, "count", count(0))


main(int(sys.argv[1]) if len(sys.argv) > 1 else 250000)
