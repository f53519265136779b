# Integer loops: a counted loop around a while loop, sums and remainders.
def main(n)
  sum = 0
  for i in 1..n
    j = i % 9
    while j > 0
      sum += (i * j) % 7
      j -= 1
    end
  end
  puts "loop #{n} -> #{sum}"
end

main(Integer(ARGV[0] || 8000000))
