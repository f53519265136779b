# Array reads and writes: the sieve of Eratosthenes.
def sieve(n)
  composite = []
  for _ in 0..n
    composite << false
  end
  count = 0
  for i in 2..n
    unless composite[i]
      count += 1
      j = i * i
      while j <= n
        composite[j] = true
        j += i
      end
    end
  end
  count
end

def main(n)
  puts "primes up to #{n}: #{sieve(n)}"
end

main(Integer(ARGV[0] || 6000000))
