"use strict";
// The list of reports: find, sort, choose columns. Everything is in the page; nothing is fetched but the small pictures.
// What is found, sorted and chosen stands in the address behind the #, so that a link can be shared.
const STEP = 50;  // rows drawn at a time: laying them out is most of what a reader waits for
const MOST = 5;  // settings shown if nobody chose: more would push the results out of sight
const $ = id => document.getElementById(id);
const data = JSON.parse($("data").textContent);
const collator = new Intl.Collator("en", {numeric: true});
const themes = Object.keys(data.themes);
const state = {find: "", theme: "", sort: "", columns: []};
let query = {tests: [], words: []};  // the last one that was understood
let matching = [], columns = [], shown = 0;

function element(tag, attributes = {}, ...content) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...content);
  return made;
}
const small = text => element("span", {class: "small"}, text);
const capital = text => text.charAt(0).toUpperCase() + text.slice(1);

// -- columns ---------------------------------------------------------------------------------------------------------

// A number as a reader sees it: settings as they were set, results with three digits.
function written(value, digits = 3) {
  if (value === undefined || value === null) return "–";
  if (typeof value !== "number") return String(value);
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (digits > 3) return String(value).replace("-", "−");
  if (size < 1e-12) return "0";
  return (size < 1e-4 || size >= 1e6 ? value.toExponential(2)
          : size >= 100 ? String(Number(value.toPrecision(size < 1000 ? 3 : 4))) : value.toPrecision(3)).replace("-", "−");
}

for (const [name, theme] of Object.entries(data.themes)) theme.place = new Map(theme.columns.map((column, at) => [column, at]));
for (const report of data.reports) {
  report.values = report.values.map(v => v === "Infinity" || v === "-Infinity" ? Number(v) : v ?? undefined);
}

const quantities = data.columns.map(([kind, name, unit, label, meaning], at) => ({
  id: data.columns.findIndex(other => other[1] === name) === at ? name : `${name} (${unit})`,
  name, unit, label, meaning, kind,
  value: report => report.values[data.themes[report.theme].place.get(at)],
  cell(report) {
    const text = written(this.value(report), kind === "setting" ? 6 : 3);
    return [name in report.changed ? element("strong", {title: `default ${report.changed[name]}`}, text) : text];
  },
}));
const named = new Map(quantities.map(column => [column.name, column]));

function lines(all, most = 4) {
  return [...all.slice(0, most).map(line => element("div", {}, ...line)),
          ...(all.length > most ? [small(`and ${all.length - most} more`)] : [])];
}
function quantity(report, name, digits) {
  const column = named.get(name);
  return [`${column.label} `, element("strong", {}, `${written(column.value(report), digits)}\u00a0${column.unit}`.trim())];
}
const ABOUT = [
  {id: "picture", label: "Picture", value: () => undefined,
   cell: report => report.picture ? [element("img", {loading: "lazy", width: 160, src: encodeURI(report.picture),
                                                     alt: `A figure of ${report.name}, small`})] : []},
  {id: "theme", label: "Theme", value: report => report.theme, cell: report => [report.theme]},
  {id: "name", label: "Name", value: report => report.name, cell: report => [report.name]},
  {id: "changed", label: "Changed from the default", value: report => Object.keys(report.changed).length,
   cell: report => Object.keys(report.changed).length
     ? lines(Object.keys(report.changed).filter(name => named.has(name)).map(name => quantity(report, name, 6))) : [small("nothing")]},
  {id: "key", label: "Key results", value: () => undefined,
   cell: report => lines(data.themes[report.theme].key.filter(name => named.has(name)).map(name => quantity(report, name, 3)))},
  {id: "drift", label: "Drift", meaning: "results that differ from those of the run before, if that had the same settings",
   value: report => report.moved, cell: report => report.drift.length ? lines(report.drift.map(text => [text]), 3) : [small("none")]},
];
const narrow = matchMedia("(max-width: 40rem)");
const TITLE = {id: "title", label: "Report", value: report => report.title};
const all = [...ABOUT, ...quantities];
const known = new Map([TITLE, ...all].map(column => [column.id, column]));

// The columns of the reports shown, if nobody chose others: what differs among them, and the key results of their theme.
function usual(reports) {
  const drifted = data.reports.some(report => report.drift.length) ? ["drift"] : [];
  const picture = !narrow.matches && reports.some(report => report.picture) ? ["picture"] : [];
  const theme = data.themes[reports[0]?.theme];
  if (!theme || reports.some(report => report.theme !== reports[0].theme)) return [...picture, "changed", "key", ...drifted];
  const own = theme.columns.map(at => quantities[at]);
  const settings = own.filter(column => column.kind === "setting" && reports.some(r => column.value(r) !== column.value(reports[0])));
  const often = new Map(settings.map(column => [column, reports.filter(report => column.name in report.changed).length]));
  const most = [...settings].sort((a, b) => often.get(b) - often.get(a)).slice(0, MOST);
  const differing = settings.filter(column => most.includes(column));
  const results = own.filter(column => column.kind === "result");
  const key = results.filter(column => theme.key.includes(column.name));
  return [...picture, ...[...differing, ...(key.length ? key : results.slice(0, 4))].map(column => column.id), ...drifted];
}

// -- finding ---------------------------------------------------------------------------------------------------------

// Words of a report itself, and of its theme: all that can be set, the results and the sections.
for (const theme of Object.values(data.themes)) {
  const quantity = theme.columns.map(at => `${quantities[at].label}\n${quantities[at].name}`);
  theme.words = [...quantity, ...theme.sections.map(([, text]) => text)].join("\n").toLowerCase();
}
for (const report of data.reports) {
  const changed = Object.keys(report.changed).filter(name => named.has(name));
  const settings = changed.map(name => `${name} ${named.get(name).label} ${named.get(name).value(report)}`);
  const said = report.values.filter(value => typeof value === "string");
  report.words = [report.title, report.name, report.theme, ...report.marks, ...settings, ...said].join("\n").toLowerCase();
}

function distance(a, b) {
  let row = [...b, 0].map((_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next[j] = Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (a[i - 1] !== b[j - 1]));
    row = next;
  }
  return row[b.length];
}
function nearest(word, candidates) {
  const far = candidates.map(other => [distance(word.slice(0, 80).toLowerCase(), other.toLowerCase()), other]).sort((a, b) => a[0] - b[0]);
  return far.length && far[0][0] <= Math.max(1, word.length / 3) ? ` Did you mean ${far[0][1]}?` : "";
}
function meant(name) {
  const wanted = name.toLowerCase();
  return [TITLE, ...all].filter(column => [column.id, column.name, column.label].some(each => each?.toLowerCase() === wanted));
}

// One comparison as a test of a report. Throws an Error that says in words what cannot be understood.
function comparison(columns, name, sign, word) {
  if (word === undefined) throw Error(`${name}${sign} lacks what to compare with, such as ${name}${sign}1.`);
  const values = data.reports.flatMap(report => columns.map(column => column.value(report))).filter(value => value !== undefined);
  if (!values.some(value => typeof value === "number")) {
    if (sign !== "=") throw Error(`${name} is a word, not a number: compare it with =, such as ${name}=${values[0] ?? "x"}.`);
    const wanted = word.toLowerCase(), texts = [...new Set(values.map(String))];
    if (!texts.some(text => text.toLowerCase() === wanted))
      throw Error(`No report has ${name}=${word}.${nearest(word, texts)}`);
    return report => columns.some(column => String(column.value(report)).toLowerCase() === wanted);
  }
  const [, number, unit] = /^([-+−]?[\d.]+(?:e[-+]?\d+)?|[-+]?Infinity)(.*)$/i.exec(word) ?? [], limit = Number(number?.replace("−", "-"));
  if (number === undefined || Number.isNaN(limit) || (unit && !columns.some(column => column.unit === unit)))
    throw Error(/^-?\d+,\d+$/.test(word) ? `Write ${word} with a point: ${name}${sign}${word.replace(",", ".")}.`
      : unit && columns[0].unit !== undefined ? `${name} is ${columns[0].unit ? `in ${columns[0].unit}` : "a pure number"}: ${word} cannot be compared with it.`
      : `${name} is a number, and “${word}” is none: write, for example, ${name}${sign}0.5.`);
  const holds = {"<": v => v < limit, ">": v => v > limit, "<=": v => v <= limit, ">=": v => v >= limit,
                 "=": v => v === limit || Math.abs(v - limit) <= 1e-5 * Math.min(Math.abs(v), Math.abs(limit))}[sign];
  return report => columns.some(column => typeof column.value(report) === "number" && holds(column.value(report)));
}

// A unit that stands behind a number, and is not that of the column.
const UNIT = /^([fpnumk]?(M|s|g|h|Hz|A|S)|min|%)$/;

// Words that must all occur, and comparisons with a name or a label, such as net_occupancy>0.5 or basal_ne <= 6 nM.
function understood(text) {
  const parts = text.match(/"[^"]*"?|<=|>=|[<>=]|[^\s<>="]+/g) ?? [], tests = [];
  const plain = part => part.replaceAll('"', "");
  let before = [];
  for (let at = 0; at < parts.length; at++) {
    if (!/^[<>=]/.test(parts[at])) { before.push(plain(parts[at])); continue; }
    let from = before.findIndex((_, i) => meant(before.slice(i).join(" ")).length);
    if (from < 0) from = Math.max(before.length - 1, 0);
    const name = before.slice(from).join(" "), sign = parts[at], columns = meant(name);
    if (!name) throw Error(`Write a name before ${sign}, such as net_occupancy${sign}0.5.`);
    if (!columns.length) throw Error(`No column is called ${name}.${nearest(name, all.flatMap(column => [column.id, column.label]))}`);
    before = before.slice(0, from);
    tests.push(comparison(columns, name, sign, parts[++at] && plain(parts[at])));
    const unit = columns.map(column => column.unit?.split(" ") ?? []).find(unit => unit[0] && unit.every((word, i) => parts[at + 1 + i] === word));
    at += unit?.length ?? 0;
    if (!unit && UNIT.test(parts[at + 1] ?? "")) comparison(columns, name, sign, parts[at] + parts[at + 1]);
  }
  return {tests, words: before.map(word => word.toLowerCase()).filter(Boolean)};
}

// -- what is shown ---------------------------------------------------------------------------------------------------

// Returns what cannot be understood, in words; then the last query that could holds on.
function find() {
  let refusal = "";
  try { query = understood(state.find); } catch (refused) { refusal = refused.message; }
  const {tests, words} = query;
  const own = [], others = [];
  for (const report of data.reports) {
    if (state.theme && report.theme !== state.theme || !tests.every(test => test(report))) continue;
    if (words.every(word => report.words.includes(word))) own.push(report);
    else if (words.every(word => report.words.includes(word) || data.themes[report.theme].words.includes(word))) others.push(report);
  }
  matching = [...own, ...others];  // what a theme's sections and results say of all its reports comes after what is said of one
  return refusal;
}

function sort() {
  const column = known.get(state.sort.replace(/^-/, ""));
  if (!column) return;
  const sign = state.sort.startsWith("-") ? -1 : 1;
  const keyed = matching.map(report => [column.value(report), report]);
  keyed.sort(([x], [y]) => {
    if (x === undefined || y === undefined) return (x === undefined) - (y === undefined);  // what has none comes last
    return sign * (typeof x === "number" && typeof y === "number" ? x - y || 0 : collator.compare(x, y));
  });
  matching = keyed.map(([, report]) => report);
}

function numeric(column) {
  column.numeric ??= Boolean(column.kind) && data.reports.some(report => typeof column.value(report) === "number");
  return column.numeric;
}

function head(column) {
  if (column.id === "picture" || column.id === "key") return element("th", {scope: "col"}, column.label);
  const sorted = state.sort.replace(/^-/, "") === column.id, down = state.sort.startsWith("-");
  const button = element("button", {type: "button", title: column.meaning || column.label}, column.label);
  if (column.unit) button.append(` (${column.unit})`);
  button.addEventListener("click", () => {
    change({sort: !sorted ? column.id : down ? "" : `-${column.id}`});
    $("list").querySelector(`th[data-id="${CSS.escape(column.id)}"] button`)?.focus();
  });
  const made = element("th", {scope: "col", "data-id": column.id, "aria-sort": sorted ? (down ? "descending" : "ascending") : "none"}, button);
  if (column.name) made.append(element("code", {}, ...column.id.split(/(?<=_)/).flatMap(part => [part, element("wbr")])));
  if (numeric(column)) made.className = "number";
  return made;
}

// Where words were found that are not of the report itself: sections to open, and results.
function places(report) {
  const theme = data.themes[report.theme], found = [];
  for (const word of query.words.filter(word => !report.words.includes(word))) {
    for (const [id, text] of theme.sections.filter(([, text]) => text.toLowerCase().includes(word)).slice(0, 2)) {
      const link = {href: `${encodeURI(report.page)}#${encodeURIComponent(id)}`, "aria-label": `${text}, in ${report.name}`};
      found.push(["Section: ", report.page ? element("a", link, text) : text]);
    }
    const column = theme.columns.map(at => quantities[at]).find(c => `${c.label}\n${c.name}`.toLowerCase().includes(word));
    if (column) found.push([`${capital(column.kind)}: ${column.label}`]);
  }
  return found.slice(0, 3).map(place => element("span", {class: "small"}, ...place));
}

function drawn(report) {
  const title = [report.title, small(report.name)];
  const first = element("th", {scope: "row"}, ...(report.page ? [element("a", {href: encodeURI(report.page)}, ...title)] : title));
  const about = state.theme || themes.length < 2 ? small("") : small(`${report.theme}${report.notebook ? " · " : ""}`);
  if (report.notebook) about.append(element("a", {href: encodeURI(report.notebook), "aria-label": `notebook of ${report.name}`}, "notebook"));
  first.append(about, ...report.marks.map(mark => element("span", {class: "mark"}, mark)), ...places(report));
  return element("tr", {}, first, ...columns.map(column => element("td", numeric(column) ? {class: "number"} : {}, ...column.cell(report))));
}

function append() {
  const next = matching.slice(shown, shown + STEP);
  $("rows").append(...next.map(drawn));
  shown += next.length;
  $("more").hidden = shown >= matching.length;
  const none = query.words.length ? ": no title, setting, result or section holds these words" : "";
  $("told").textContent = `${matching.length.toLocaleString("en")} of ${data.reports.length.toLocaleString("en")} reports`
    + (matching.length ? $("more").hidden ? "" : `, the first ${shown} shown` : none);
}

function show() {
  const refusal = find();
  $("refused").textContent = refusal;
  $("find").setAttribute("aria-invalid", refusal !== "");
  sort();
  if (state.columns.length || matching.length || !columns.length)
    columns = (state.columns.length ? all.map(c => c.id).filter(id => state.columns.includes(id)) : usual(matching)).map(id => known.get(id));
  const body = element("tbody", {id: "rows"});
  const table = element("table", {class: "reports"}, element("thead", {}, element("tr", {}, ...[TITLE, ...columns].map(head))), body);
  shown = 0;
  $("list").replaceChildren(table);
  append();
  choices();
}

// The choice of columns; it is made when it is opened, as there are hundreds.
function choices() {
  if (!$("columns").open) return;
  const seen = new Set(state.theme ? [state.theme] : themes);
  const group = (legend, all) => all.length ? [element("fieldset", {}, element("legend", {}, legend), ...all.map(column => {
    const box = element("input", {type: "checkbox", value: column.id});
    box.checked = columns.includes(column);
    const text = `${column.label}${column.unit ? ` (${column.unit})` : ""}`;
    return element("label", {title: column.meaning || text}, box, ` ${text} `, ...(column.name ? [small(column.id)] : []));
  }))] : [];
  const of = (theme, kind) => data.themes[theme].columns.map(at => quantities[at]).filter(column => column.kind === kind);
  const taken = new Set(), once = column => !taken.has(column) && taken.add(column);
  $("choices").replaceChildren(...group("About the report", ABOUT), ...themes.filter(theme => seen.has(theme)).flatMap(theme =>
    [...group(`${theme}: settings`, of(theme, "setting").filter(once)), ...group(`${theme}: results`, of(theme, "result").filter(once))]));
}

// -- state, in the address and in the page ---------------------------------------------------------------------------

function change(what) {
  Object.assign(state, what);
  const set = Object.entries(state).filter(([, value]) => value.length).map(([name, value]) => [name, String(value)]);
  history.replaceState(null, "", `#${new URLSearchParams(set)}`);
  show();
}

function restore() {
  const said = new URLSearchParams(location.hash.slice(1));
  state.find = said.get("find") ?? "";
  state.theme = Object.hasOwn(data.themes, said.get("theme") ?? "") ? said.get("theme") : "";
  state.sort = said.get("sort") ?? "";
  state.columns = (said.get("columns") ?? "").split(",").filter(id => known.has(id));
  $("find").value = state.find;
  $("theme").value = state.theme;
  show();
}

const count = theme => data.reports.filter(report => report.theme === theme).length;
$("theme").append(element("option", {value: ""}, `all (${data.reports.length})`),
                  ...themes.map(theme => element("option", {value: theme}, `${theme} (${count(theme)})`)));
$("themes").hidden = themes.length < 2;
let waiting;
$("find").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(() => change({find: $("find").value}), 120); });
$("theme").addEventListener("change", () => change({theme: $("theme").value}));
$("usual").addEventListener("click", () => change({columns: []}));
$("columns").addEventListener("toggle", choices);
$("choices").addEventListener("change", event => {
  const box = event.target, now = columns.map(column => column.id).filter(id => id !== box.value);
  change({columns: box.checked ? [...now, box.value] : now});
  $("choices").querySelector(`input[value="${CSS.escape(box.value)}"]`)?.focus();
});
$("more").addEventListener("click", append);
addEventListener("hashchange", () => { if (location.hash.includes("=") || !location.hash) restore(); });
$("tools").hidden = false;
restore();
