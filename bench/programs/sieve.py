# Array reads and writes: the sieve of Eratosthenes.
import sys


def sieve(n):
    composite = []
    for _ in range(n + 1):
        composite.append(False)
    count = 0
    for i in range(2, n + 1):
        if not composite[i]:
            count += 1
            j = i * i
            while j <= n:
                composite[j] = True
                j += i
    return count


def main(n):
    print(f"primes up to {n}: {sieve(n)}")


main(int(sys.argv[1]) if len(sys.argv) > 1 else 6000000)
