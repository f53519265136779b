# Methods and fields: three classes in a chain, dynamic dispatch, super.
class Counter
  attr_writer :value

  def initialize(start)
    @value = start
  end

  def step = 1

  def advance
    @value += step
    self
  end

  def current = @value
end

class Doubler < Counter
  def step = 2
end

class Tripler < Doubler
  def step = super + 1
end

def drive(counters, n)
  sum = 0
  for i in 1..n
    for c in counters
      c.advance
      if c.current > 1000
        c.value = i % 10
      end
      sum += c.current
    end
  end
  sum
end

def main(n)
  counters = [Counter.new(0), Doubler.new(1), Tripler.new(2), Counter.new(3)]
  puts "sum #{drive(counters, n)}"
end

main(Integer(ARGV[0] || 600000))
