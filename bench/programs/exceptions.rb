# Exceptions: thrown three calls deep, caught by class, thrown again.
class Refused < StandardError
  attr_reader :amount

  def initialize(message, amount)
    super(message)
    @amount = amount
  end
end

def check(n)
  if n % 3 == 0
    raise Refused.new("multiple of three", n)
  end
  n * 2
end

def relay(n) = check(n) + 1

def attempt(n)
  relay(n)
rescue Refused => e
  if e.amount % 2 == 0
    raise
  end
  e.amount % 7
end

def main(n)
  sum = 0
  rethrown = 0
  for i in 1..n
    begin
      sum += attempt(i)
    rescue Refused => e
      rethrown += 1
      sum -= e.amount % 5
    end
  end
  puts "sum #{sum} rethrown #{rethrown}"
end

main(Integer(ARGV[0] || 1200000))
