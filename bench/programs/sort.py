# Sorting by hand: quicksort in place, and a merge sort that makes new arrays.
import sys


def random_numbers(n):
    seed = 42
    xs = []
    for _ in range(n):
        seed = (seed * 16807) % 2147483647
        xs.append(seed % 100000)
    return xs


def quick_sort(a, lo, hi):
    i = lo
    j = hi
    pivot = a[(lo + hi) >> 1]
    while i <= j:
        while a[i] < pivot:
            i += 1
        while a[j] > pivot:
            j -= 1
        if i <= j:
            held = a[i]
            a[i] = a[j]
            a[j] = held
            i += 1
            j -= 1
    if lo < j:
        quick_sort(a, lo, j)
    if i < hi:
        quick_sort(a, i, hi)


def merge(left, right):
    out = []
    i = 0
    j = 0
    m = len(left)
    n = len(right)
    while i < m and j < n:
        x = left[i]
        y = right[j]
        if x <= y:
            out.append(x)
            i += 1
        else:
            out.append(y)
            j += 1
    while i < m:
        out.append(left[i])
        i += 1
    while j < n:
        out.append(right[j])
        j += 1
    return out


def merge_sort(a, lo, hi):
    """Sorts the elements lo..hi, both included."""
    if lo == hi:
        return [a[lo]]
    mid = (lo + hi) >> 1
    return merge(merge_sort(a, lo, mid), merge_sort(a, mid + 1, hi))


def checksum(xs):
    total = 0
    for x in xs:
        total = (total * 31 + x) % 1000003
    return total


def main(n):
    merged = merge_sort(random_numbers(n), 0, n - 1)
    print("merge", merged[0], merged[-1], checksum(merged))
    numbers = random_numbers(n)
    quick_sort(numbers, 0, n - 1)
    print("quick", numbers[0], numbers[-1], checksum(numbers))


main(int(sys.argv[1]) if len(sys.argv) > 1 else 150000)
