# Integer loops: a counted loop around a while loop, sums and remainders.
import sys


def main(n):
    total = 0
    for i in range(1, n + 1):
        j = i % 9
        while j > 0:
            total += (i * j) % 7
            j -= 1
    print(f"loop {n} -> {total}")


main(int(sys.argv[1]) if len(sys.argv) > 1 else 8000000)
