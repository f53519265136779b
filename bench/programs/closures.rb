# Closures: made, composed, called back, and with state of their own.
def adder(a)
  ->(b) { a + b }
end

def compose(f, g)
  ->(x) { f.(g.(x)) }
end

def counter
  total = 0
  ->(step) { total += step }
end

def fold(xs, start, f)
  acc = start
  for x in xs
    acc = f.(acc, x)
  end
  acc
end

def main(n)
  xs = [1, 2, 3, 4, 5, 6, 7, 8]
  count = counter
  sum = 0
  for i in 1..n
    shift = compose(adder(i), adder(1))
    sum += fold(xs, 0, ->(acc, x) { acc + shift.(x) })
    count.(sum % 10)
  end
  puts "sum #{sum} count #{count.(0)}"
end

main(Integer(ARGV[0] || 250000))
