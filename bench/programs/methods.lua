-- Methods and fields: three classes in a chain, dynamic dispatch, super.
local Counter = {}
Counter.__index = Counter
function Counter.new(start) return setmetatable({ value = start }, Counter) end
function Counter:step() return 1 end
function Counter:advance()
  self.value = self.value + self:step()
  return self
end
function Counter:current() return self.value end

local Doubler = setmetatable({}, { __index = Counter })
Doubler.__index = Doubler
function Doubler.new(start) return setmetatable({ value = start }, Doubler) end
function Doubler:step() return 2 end

local Tripler = setmetatable({}, { __index = Doubler })
Tripler.__index = Tripler
function Tripler.new(start) return setmetatable({ value = start }, Tripler) end
function Tripler:step() return Doubler.step(self) + 1 end

local function drive(counters, n)
  local sum = 0
  for i = 1, n do
    for _, c in ipairs(counters) do
      c:advance()
      if c:current() > 1000 then
        c.value = i % 10
      end
      sum = sum + c:current()
    end
  end
  return sum
end

local function main(n)
  local counters = { Counter.new(0), Doubler.new(1), Tripler.new(2), Counter.new(3) }
  print("sum " .. drive(counters, n))
end

main(tonumber(arg[1]) or 600000)
