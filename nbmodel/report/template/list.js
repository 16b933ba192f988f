"use strict";
// The list of reports: find, sort, and show more. Everything is in the page; nothing is fetched but the small pictures.
const STEP = 200;
const rows = JSON.parse(document.getElementById("data").textContent);
const body = document.getElementById("rows");
const find = document.getElementById("find"), by = document.getElementById("by"), down = document.getElementById("down");
const more = document.getElementById("more"), told = document.getElementById("told"), sorted = document.getElementById("sorted");
let matching = rows, shown = 0;

// Words that must all occur, and conditions such as net_occupancy>0.5 or theme=reuptake.
function conditions(text) {
  return (text.match(/"[^"]*"\s*(<=|>=|=|<|>)\s*\S+|[^\s<>=]+\s*(<=|>=|=|<|>)\s*\S+|\S+/g) || []).map(part => {
    const found = /^(?:"([^"]*)"|([^\s<>=]+))\s*(<=|>=|=|<|>)\s*(\S+)$/.exec(part);
    if (!found) return row => row.words.includes(part.toLowerCase());
    const name = found[1] || found[2], sign = found[3], wanted = Number(found[4]);
    if (sign === "=" && Number.isNaN(wanted)) return row => String(row.texts[name] ?? "").toLowerCase() === found[4].toLowerCase();
    const holds = {"<": v => v < wanted, ">": v => v > wanted, "<=": v => v <= wanted, ">=": v => v >= wanted,
                   "=": v => v === wanted || Math.abs(v - wanted) <= 1e-9 * Math.min(Math.abs(v), Math.abs(wanted))}[sign];
    return row => name in row.numbers && holds(Number(row.numbers[name]));
  });
}

function value(row) {
  const found = by.value in row.texts ? row.texts[by.value] : row.numbers[by.value];
  return found === "Infinity" || found === "-Infinity" ? Number(found) : found;
}

function compare(a, b) {
  const x = value(a), y = value(b);
  if (x === undefined || y === undefined) return (x === undefined) - (y === undefined);  // what has none comes last
  const order = typeof x === "string" ? x.localeCompare(y) : x - y || 0;  // two infinities are no number apart
  return down.checked ? -order : order;
}

// A value as a reader sees it; the unit stands at the head of the column.
function written(value) {
  if (typeof value !== "number") return String(value ?? "–");
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "-∞";
  const size = Math.abs(value);
  return size < 1e-12 ? "0" : size < 1e-4 || size >= 1e6 ? value.toExponential(2) : String(Number(value.toPrecision(4)));
}

// What the list is sorted by stands in a column of its own, but for what each row shows anyway.
function column() {
  const option = by.selectedOptions[0];
  sorted.hidden = !(option.parentElement instanceof HTMLOptGroupElement);
  sorted.textContent = sorted.hidden ? "" : option.textContent;
  sorted.setAttribute("aria-sort", down.checked ? "descending" : "ascending");
}

function append() {
  const before = body.rows.length;
  body.insertAdjacentHTML("beforeend", matching.slice(shown, shown + STEP).map(row => row.html).join(""));
  for (let i = before; !sorted.hidden && i < body.rows.length; i++) {
    const cell = body.rows[i].insertCell(1);
    cell.className = "number";
    cell.textContent = written(value(matching[i]));
  }
  shown = Math.min(shown + STEP, matching.length);
  more.hidden = shown >= matching.length;
  told.textContent = `${matching.length} of ${rows.length} reports` + (more.hidden ? "" : `, the first ${shown} shown`);
}

function show() {
  const tests = conditions(find.value);
  matching = rows.filter(row => tests.every(test => test(row)));
  if (by.value) matching.sort(compare);
  column();
  body.textContent = "";
  shown = 0;
  append();
}

let waiting;
find.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(show, 120); });
by.addEventListener("change", show);
down.addEventListener("change", show);
more.addEventListener("click", append);
shown = body.rows.length;
more.hidden = shown >= rows.length;
told.textContent = `${rows.length} reports` + (more.hidden ? "" : `, the first ${shown} shown`);
document.getElementById("tools").hidden = false;
