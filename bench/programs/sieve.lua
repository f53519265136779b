-- Array reads and writes: the sieve of Eratosthenes.
local function sieve(n)
  local composite = {}
  for i = 1, n do composite[i] = false end
  local count = 0
  for i = 2, n do
    if not composite[i] then
      count = count + 1
      local j = i * i
      while j <= n do
        composite[j] = true
        j = j + i
      end
    end
  end
  return count
end

local function main(n)
  print("primes up to " .. n .. ": " .. sieve(n))
end

main(tonumber(arg[1]) or 6000000)
