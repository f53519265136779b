# Exceptions: thrown three calls deep, caught by class, thrown again.
import sys


class Refused(Exception):
    def __init__(self, message, amount):
        self.message = message
        self.amount = amount


def check(n):
    if n % 3 == 0:
        raise Refused("multiple of three", n)
    return n * 2


def relay(n):
    return check(n) + 1


def attempt(n):
    try:
        return relay(n)
    except Refused as e:
        if e.amount % 2 == 0:
            raise
        return e.amount % 7


def main(n):
    total = 0
    rethrown = 0
    for i in range(1, n + 1):
        try:
            total += attempt(i)
        except Refused as e:
            rethrown += 1
            total -= e.amount % 5
    print("sum", total, "rethrown", rethrown)


main(int(sys.argv[1]) if len(sys.argv) > 1 else 1200000)
