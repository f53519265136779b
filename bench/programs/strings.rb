# Strings: build, join, split, replace, find, cut, change case.
def build_line(i)
  words = []
  for k in 1..10
    words << "w#{(i * k) % 97}"
  end
  words.join(" ")
end

def initials(words)
  out = ""
  for w in words
    out = out + w[0, 1]
  end
  out
end

def main(n)
  sizes = 0
  found = 0
  last = ""
  for i in 1..n
    line = build_line(i)
    words = line.split(" ")
    upper = line.upcase
    long = upper.gsub("W", "word-")
    if long.index("word-42")
      found += 1
    end
    last = initials(words) + long[0, 10]
    sizes += words.size + long.size + last.size
  end
  puts "sizes #{sizes} found #{found} last #{last}"
end

main(Integer(ARGV[0] || 60000))
