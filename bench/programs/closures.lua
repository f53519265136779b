-- Closures: made, composed, called back, and with state of their own.
local function adder(a)
  return function(b) return a + b end
end

local function compose(f, g)
  return function(x) return f(g(x)) end
end

local function counter()
  local total = 0
  return function(step)
    total = total + step
    return total
  end
end

local function fold(xs, start, f)
  local acc = start
  for _, x in ipairs(xs) do
    acc = f(acc, x)
  end
  return acc
end

local function main(n)
  local xs = { 1, 2, 3, 4, 5, 6, 7, 8 }
  local count = counter()
  local sum = 0
  for i = 1, n do
    local shift = compose(adder(i), adder(1))
    sum = sum + fold(xs, 0, function(acc, x) return acc + shift(x) end)
    count(sum % 10)
  end
  print("sum " .. sum .. " count " .. count(0))
end

main(tonumber(arg[1]) or 250000)
