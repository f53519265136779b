-- Sorting by hand: quicksort in place, and a merge sort that makes new arrays.
-- For Lua 5.1, which has no shift operators.
local floor = math.floor

local function random_numbers(n)
  local seed = 42
  local xs = {}
  for _ = 1, n do
    seed = (seed * 16807) % 2147483647
    xs[#xs + 1] = seed % 100000
  end
  return xs
end

local function quick_sort(a, lo, hi)
  local i = lo
  local j = hi
  local pivot = a[floor((lo + hi) / 2)]
  while i <= j do
    while a[i] < pivot do i = i + 1 end
    while a[j] > pivot do j = j - 1 end
    if i <= j then
      local held = a[i]
      a[i] = a[j]
      a[j] = held
      i = i + 1
      j = j - 1
    end
  end
  if lo < j then quick_sort(a, lo, j) end
  if i < hi then quick_sort(a, i, hi) end
end

local function merge(left, right)
  local out = {}
  local i = 1
  local j = 1
  local m = #left
  local n = #right
  while i <= m and j <= n do
    local x = left[i]
    local y = right[j]
    if x <= y then
      out[#out + 1] = x
      i = i + 1
    else
      out[#out + 1] = y
      j = j + 1
    end
  end
  while i <= m do
    out[#out + 1] = left[i]
    i = i + 1
  end
  while j <= n do
    out[#out + 1] = right[j]
    j = j + 1
  end
  return out
end

-- Sorts the elements lo..hi, both included.
local function merge_sort(a, lo, hi)
  if lo == hi then
    return { a[lo] }
  else
    local mid = floor((lo + hi) / 2)
    return merge(merge_sort(a, lo, mid), merge_sort(a, mid + 1, hi))
  end
end

local function checksum(xs)
  local sum = 0
  for _, x in ipairs(xs) do
    sum = (sum * 31 + x) % 1000003
  end
  return sum
end

local function main(n)
  local merged = merge_sort(random_numbers(n), 1, n)
  print("merge " .. merged[1] .. " " .. merged[n] .. " " .. checksum(merged))
  local sorted = random_numbers(n)
  quick_sort(sorted, 1, n)
  print("quick " .. sorted[1] .. " " .. sorted[n] .. " " .. checksum(sorted))
end

main(tonumber(arg[1]) or 150000)
