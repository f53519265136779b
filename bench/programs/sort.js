// Sorting by hand: quicksort in place, and a merge sort that makes new arrays.
function randomNumbers(n) {
  let seed = 42;
  const xs = [];
  for (let i = 0; i < n; i++) {
    seed = (seed * 16807) % 2147483647;
    xs.push(seed % 100000);
  }
  return xs;
}

function quickSort(a, lo, hi) {
  let i = lo;
  let j = hi;
  const pivot = a[(lo + hi) >> 1];
  while (i <= j) {
    while (a[i] < pivot) i += 1;
    while (a[j] > pivot) j -= 1;
    if (i <= j) {
      const held = a[i];
      a[i] = a[j];
      a[j] = held;
      i += 1;
      j -= 1;
    }
  }
  if (lo < j) quickSort(a, lo, j);
  if (i < hi) quickSort(a, i, hi);
}

function merge(left, right) {
  const out = [];
  let i = 0;
  let j = 0;
  const m = left.length;
  const n = right.length;
  while (i < m && j < n) {
    const x = left[i];
    const y = right[j];
    if (x <= y) {
      out.push(x);
      i += 1;
    } else {
      out.push(y);
      j += 1;
    }
  }
  while (i < m) {
    out.push(left[i]);
    i += 1;
  }
  while (j < n) {
    out.push(right[j]);
    j += 1;
  }
  return out;
}

// Sorts the elements lo..hi, both included.
function mergeSort(a, lo, hi) {
  if (lo === hi) {
    return [a[lo]];
  }
  const mid = (lo + hi) >> 1;
  return merge(mergeSort(a, lo, mid), mergeSort(a, mid + 1, hi));
}

function checksum(xs) {
  let sum = 0;
  for (const x of xs) {
    sum = (sum * 31 + x) % 1000003;
  }
  return sum;
}

function main(n) {
  const merged = mergeSort(randomNumbers(n), 0, n - 1);
  console.log(`merge ${merged[0]} ${merged[n - 1]} ${checksum(merged)}`);
  const sorted = randomNumbers(n);
  quickSort(sorted, 0, n - 1);
  console.log(`quick ${sorted[0]} ${sorted[n - 1]} ${checksum(sorted)}`);
}

main(Number(process.argv[2] ?? 150000));
