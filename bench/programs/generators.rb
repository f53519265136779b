# Generators: a pipeline of three, an endless one, and many short ones.
def count(n)
  Enumerator.new do |out|
    for i in 1..n
      out << i
    end
  end
end

def odd(source)
  Enumerator.new do |out|
    for x in source
      if x % 2 == 1
        out << x
      end
    end
  end
end

def squares(source)
  Enumerator.new do |out|
    for x in source
      out << x * x
    end
  end
end

def fibonacci(modulus)
  Enumerator.new do |out|
    a = 0
    b = 1
    loop do
      out << a
      c = (a + b) % modulus
      a = b
      b = c
    end
  end
end

def pipeline(n)
  sum = 0
  for x in squares(odd(count(n)))
    sum += x % 10
  end
  sum
end

def endless(n)
  sum = 0
  left = n
  for x in fibonacci(1000)
    break if left == 0
    left -= 1
    sum += x
  end
  sum
end

def short(n)
  sum = 0
  for _ in 1..n
    g = count(3)
    sum += g.next + g.next
  end
  sum
end

def main(n)
  puts "pipeline #{pipeline(n)}"
  puts "endless #{endless(n)}"
  puts "short #{short(n)}"
end

main(Integer(ARGV[0] || 400000))
