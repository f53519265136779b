"use strict";
const announcement = document.getElementById("status");

// A cell's value: a number where the column has figures, else its text.
function valueOf(row, column) {
  const cell = row.cells[column];
  return "sort" in cell.dataset ? Number(cell.dataset.sort) : cell.textContent;
}

function compare(a, b) {
  return typeof a === "number" ? a - b : a.localeCompare(b, "en", { numeric: true });
}

function sortBy(header) {
  const table = header.closest("table");
  const column = header.cellIndex;
  const descending = header.getAttribute("aria-sort") === "ascending";
  const rows = Array.from(table.tBodies[0].rows);
  rows.sort((a, b) => compare(valueOf(a, column), valueOf(b, column)) * (descending ? -1 : 1));
  for (const other of header.parentElement.cells) other.removeAttribute("aria-sort");
  header.setAttribute("aria-sort", descending ? "descending" : "ascending");
  table.tBodies[0].append(...rows);
  announcement.textContent = "Sorted by " + header.textContent + ", " + header.getAttribute("aria-sort");
}

for (const header of document.querySelectorAll("th")) {
  header.firstElementChild.addEventListener("click", () => sortBy(header));
}

// The raw data leave the page as a file of their own.
const download = document.getElementById("download");
download.addEventListener("click", () => {
  const data = new Blob([document.getElementById("results").textContent], { type: "application/json" });
  download.href = URL.createObjectURL(data);
});
