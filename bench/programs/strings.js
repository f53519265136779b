// Strings: build, join, split, replace, find, cut, change case.
function buildLine(i) {
  const words = [];
  for (let k = 1; k <= 10; k++) {
    words.push(`w${(i * k) % 97}`);
  }
  return words.join(" ");
}

function initials(words) {
  let out = "";
  for (const w of words) {
    out = out + w.slice(0, 1);
  }
  return out;
}

function main(n) {
  let sizes = 0;
  let found = 0;
  let last = "";
  for (let i = 1; i <= n; i++) {
    const line = buildLine(i);
    const words = line.split(" ");
    const upper = line.toUpperCase();
    const long = upper.replaceAll("W", "word-");
    if (long.indexOf("word-42") >= 0) {
      found += 1;
    }
    last = initials(words) + long.slice(0, 10);
    sizes += words.length + long.length + last.length;
  }
  console.log(`sizes ${sizes} found ${found} last ${last}`);
}

main(Number(process.argv[2] ?? 60000));
