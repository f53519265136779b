# Float arithmetic in locals: the Mandelbrot set on a square grid.
def escape(cr, ci, limit)
  zr = 0.0
  zi = 0.0
  zr2 = 0.0
  zi2 = 0.0
  k = 0
  while k < limit && zr2 + zi2 <= 4.0
    zi = 2.0 * zr * zi + ci
    zr = zr2 - zi2 + cr
    zr2 = zr * zr
    zi2 = zi * zi
    k += 1
  end
  k
end

def main(size)
  limit = 50
  inside = 0
  steps = 0
  for row in 1..size
    ci = 2.0 * row / size - 1.0
    for col in 1..size
      k = escape(2.0 * col / size - 1.5, ci, limit)
      steps += k
      if k == limit
        inside += 1
      end
    end
  end
  puts "inside #{inside} steps #{steps}"
end

main(Integer(ARGV[0] || 600))
