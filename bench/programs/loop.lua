-- Integer loops: a counted loop around a while loop, sums and remainders.
local function main(n)
  local sum = 0
  for i = 1, n do
    local j = i % 9
    while j > 0 do
      sum = sum + (i * j) % 7
      j = j - 1
    end
  end
  print("loop " .. n .. " -> " .. sum)
end

main(tonumber(arg[1]) or 8000000)
