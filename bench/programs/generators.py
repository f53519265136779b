# Generators: a pipeline of three, an endless one, and many short ones.
import sys


def count(n):
    for i in range(1, n + 1):
        yield i


def odd(source):
    for x in source:
        if x % 2 == 1:
            yield x


def squares(source):
    for x in source:
        yield x * x


def fibonacci(modulus):
    a = 0
    b = 1
    while True:
        yield a
        c = (a + b) % modulus
        a = b
        b = c


def pipeline(n):
    total = 0
    for x in squares(odd(count(n))):
        total += x % 10
    return total


def endless(n):
    total = 0
    left = n
    for x in fibonacci(1000):
        if left == 0:
            break
        left -= 1
        total += x
    return total


def short(n):
    total = 0
    for _ in range(n):
        g = count(3)
        total += next(g) + next(g)
    return total


def main(n):
    print("pipeline", pipeline(n))
    print("endless", endless(n))
    print("short", short(n))


main(int(sys.argv[1]) if len(sys.argv) > 1 else 400000)
