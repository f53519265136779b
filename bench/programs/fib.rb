# Recursive calls: doubly recursive Fibonacci numbers.
def fib(n)
  if n < 2
    n
  else
    fib(n - 1) + fib(n - 2)
  end
end

def main(n)
  puts "fib(#{n}) = #{fib(n)}"
end

main(Integer(ARGV[0] || 34))
