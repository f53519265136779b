-- Recursive calls: doubly recursive Fibonacci numbers.
local function fib(n)
  if n < 2 then
    return n
  else
    return fib(n - 1) + fib(n - 2)
  end
end

local function main(n)
  print("fib(" .. n .. ") = " .. fib(n))
end

main(tonumber(arg[1]) or 34)
