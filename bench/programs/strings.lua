-- Strings: build, join, split, replace, find, cut, change case.
local function build_line(i)
  local words = {}
  for k = 1, 10 do
    words[#words + 1] = "w" .. (i * k) % 97
  end
  return table.concat(words, " ")
end

local function split(line)
  local words = {}
  for w in string.gmatch(line, "[^ ]+") do
    words[#words + 1] = w
  end
  return words
end

local function initials(words)
  local out = ""
  for _, w in ipairs(words) do
    out = out .. w:sub(1, 1)
  end
  return out
end

local function main(n)
  local sizes = 0
  local found = 0
  local last = ""
  for i = 1, n do
    local line = build_line(i)
    local words = split(line)
    local upper = line:upper()
    local long = upper:gsub("W", "word-")
    if long:find("word-42", 1, true) then
      found = found + 1
    end
    last = initials(words) .. long:sub(1, 10)
    sizes = sizes + #words + #long + #last
  end
  print("sizes " .. sizes .. " found " .. found .. " last " .. last)
end

main(tonumber(arg[1]) or 60000)
