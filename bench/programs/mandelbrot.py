# Float arithmetic in locals: the Mandelbrot set on a square grid.
import sys


def escape(cr, ci, limit):
    zr = 0.0
    zi = 0.0
    zr2 = 0.0
    zi2 = 0.0
    k = 0
    while k < limit and zr2 + zi2 <= 4.0:
        zi = 2.0 * zr * zi + ci
        zr = zr2 - zi2 + cr
        zr2 = zr * zr
        zi2 = zi * zi
        k += 1
    return k


def main(size):
    limit = 50
    inside = 0
    steps = 0
    for row in range(1, size + 1):
        ci = 2.0 * row / size - 1.0
        for col in range(1, size + 1):
            k = escape(2.0 * col / size - 1.5, ci, limit)
            steps += k
            if k == limit:
                inside += 1
    print("inside", inside, "steps", steps)


main(int(sys.argv[1]) if len(sys.argv) > 1 else 600)
