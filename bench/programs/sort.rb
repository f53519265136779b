# Sorting by hand: quicksort in place, and a merge sort that makes new arrays.
def random_numbers(n)
  seed = 42
  xs = []
  n.times do
    seed = (seed * 16807) % 2147483647
    xs << seed % 100000
  end
  xs
end

def quick_sort(a, lo, hi)
  i = lo
  j = hi
  pivot = a[(lo + hi) >> 1]
  while i <= j
    i += 1 while a[i] < pivot
    j -= 1 while a[j] > pivot
    if i <= j
      held = a[i]
      a[i] = a[j]
      a[j] = held
      i += 1
      j -= 1
    end
  end
  quick_sort(a, lo, j) if lo < j
  quick_sort(a, i, hi) if i < hi
end

def merge(left, right)
  out = []
  i = 0
  j = 0
  m = left.size
  n = right.size
  while i < m && j < n
    x = left[i]
    y = right[j]
    if x <= y
      out << x
      i += 1
    else
      out << y
      j += 1
    end
  end
  while i < m
    out << left[i]
    i += 1
  end
  while j < n
    out << right[j]
    j += 1
  end
  out
end

# Sorts the elements lo..hi, both included.
def merge_sort(a, lo, hi)
  if lo == hi
    [a[lo]]
  else
    mid = (lo + hi) >> 1
    merge(merge_sort(a, lo, mid), merge_sort(a, mid + 1, hi))
  end
end

def checksum(xs)
  sum = 0
  for x in xs
    sum = (sum * 31 + x) % 1000003
  end
  sum
end

def main(n)
  merged = merge_sort(random_numbers(n), 0, n - 1)
  puts "merge #{merged[0]} #{merged[-1]} #{checksum(merged)}"
  sorted = random_numbers(n)
  quick_sort(sorted, 0, n - 1)
  puts "quick #{sorted[0]} #{sorted[-1]} #{checksum(sorted)}"
end

main(Integer(ARGV[0] || 150000))
