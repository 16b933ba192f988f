/* Ledgers: a field that finds rows, and heads that sort. Without this script the tables are whole and in their own order. */
"use strict";

const words = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").split(/\s+/).filter(Boolean);

function finder(table, label) {
  const rows = [...table.tBodies[0].rows];
  const texts = rows.map((row) => words(row.textContent).join(" "));
  const tools = document.createElement("div");
  tools.className = "tools";
  const id = `find-${document.querySelectorAll(".tools").length + 1}`;
  tools.innerHTML = `<label for="${id}">${label}</label><input id="${id}" type="search" autocomplete="off"><p role="status"></p>`;
  const [input, told] = [tools.querySelector("input"), tools.querySelector("p")];
  const show = () => {
    const wanted = words(input.value);
    let found = 0;
    rows.forEach((row, index) => {
      row.hidden = !wanted.every((word) => texts[index].includes(word));
      found += !row.hidden;
    });
    told.textContent = `${found} of ${rows.length}`;
  };
  input.addEventListener("input", show);
  // A link to a row that is filtered away brings it back.
  addEventListener("hashchange", () => {
    const row = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (row?.hidden) { input.value = ""; show(); row.scrollIntoView(); }
  });
  show();
  table.closest(".scrolling").before(tools);
}

function sorter(table) {
  const heads = [...table.tHead.rows[0].cells];
  const key = (row, column) => row.cells[column].dataset.sort ?? row.cells[column].textContent.trim();
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const numeric = head.classList.contains("number");
      const rows = [...table.tBodies[0].rows].map((row) => [key(row, column), row]);
      rows.sort(([a], [b]) => {
        const order = numeric ? a - b : a.localeCompare(b, "en", { numeric: true });
        // What is no number comes last, whichever way.
        if (numeric && (isNaN(a) || isNaN(b))) return isNaN(a) - isNaN(b);
        return down ? -order : order;
      });
      table.tBodies[0].append(...rows.map(([, row]) => row));
    });
  });
}

// On a phone each cell stands below the one before, so it carries the name of its column.
function label(table) {
  const names = [...table.tHead.rows[0].cells].map((head) => head.textContent.trim());
  for (const row of table.tBodies[0].rows) [...row.cells].forEach((cell, column) => { cell.dataset.label = names[column]; });
  table.classList.add("labelled");
}

document.addEventListener("DOMContentLoaded", () => {
  for (const table of document.querySelectorAll("table.ledger")) {
    label(table);
    if (table.dataset.find) finder(table, table.dataset.find);
    if (table.tBodies[0].rows.length > 2) sorter(table);
  }
  // Paper shows what is folded.
  addEventListener("beforeprint", () => document.querySelectorAll("details:not(.code)").forEach((fold) => { fold.open = true; }));
  if (location.hash) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
});
