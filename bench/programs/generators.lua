-- Generators: a pipeline of three, an endless one, and many short ones.
local wrap, yield = coroutine.wrap, coroutine.yield

local function count(n)
  return wrap(function()
    for i = 1, n do
      yield(i)
    end
  end)
end

local function odd(source)
  return wrap(function()
    for x in source do
      if x % 2 == 1 then
        yield(x)
      end
    end
  end)
end

local function squares(source)
  return wrap(function()
    for x in source do
      yield(x * x)
    end
  end)
end

local function fibonacci(modulus)
  return wrap(function()
    local a = 0
    local b = 1
    while true do
      yield(a)
      local c = (a + b) % modulus
      a = b
      b = c
    end
  end)
end

local function pipeline(n)
  local sum = 0
  for x in squares(odd(count(n))) do
    sum = sum + x % 10
  end
  return sum
end

local function endless(n)
  local sum = 0
  local left = n
  for x in fibonacci(1000) do
    if left == 0 then break end
    left = left - 1
    sum = sum + x
  end
  return sum
end

local function short(n)
  local sum = 0
  for _ = 1, n do
    local g = count(3)
    sum = sum + g() + g()
  end
  return sum
end

local function main(n)
  print("pipeline " .. pipeline(n))
  print("endless " .. endless(n))
  print("short " .. short(n))
end

main(tonumber(arg[1]) or 400000)
