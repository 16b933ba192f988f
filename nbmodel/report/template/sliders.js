"use strict";
// Sliders of a page without a kernel. Each box holds a grid: lines and numbers of the model at some settings of its sliders.
// Between these they are interpolated along each slider. The picture is there already; only its lines and names move.
{
  const share = (axis, value) => axis.log
    ? Math.log(Math.max(value, 1e-300) / axis.low) / Math.log(axis.high / axis.low)
    : (value - axis.low) / (axis.high - axis.low);

  // Rows of the grid around a setting, each with its weight.
  function around(sliders, values) {
    let corners = [[0, 1]];
    for (const {name, points} of sliders) {
      let i = points.indexOf(values[name]), part = 0;
      if (i < 0) {
        i = Math.max(points.findLastIndex(point => point <= values[name]), 0);
        part = i + 1 < points.length ? (values[name] - points[i]) / (points[i + 1] - points[i]) : 0;
      }
      corners = corners.flatMap(([place, weight]) => [[i, 1 - part], [i + 1, part]].filter(corner => corner[1])
        .map(([k, of]) => [place * points.length + k, weight * of]));
    }
    return corners;
  }

  const mixed = (corners, at) => corners.reduce((sum, [row, weight]) => sum + weight * at(row), 0);
  const along = (corners, rows) => Array.isArray(rows[0])
    ? rows[corners[0][0]].map((_, i) => mixed(corners, row => rows[row][i])) : rows;

  // Heights of names, moved up where two would touch.
  function apart(names, least) {
    let last = Infinity;
    for (const name of names.sort((a, b) => b.y - a.y)) last = name.y = Math.min(name.y, last - least);
  }

  function start(box) {
    const grid = JSON.parse(box.querySelector("script").textContent);
    const [left, top, wide, high] = grid.frame;
    const svg = box.querySelector("svg"), said = box.querySelector(".said"), drawn = svg.querySelectorAll("polyline");
    const fields = grid.sliders.map(slider => box.querySelector(`[name="${slider.name}"]`));

    function move() {
      const values = {};
      fields.forEach((field, i) => {
        const value = field.value;
        values[grid.sliders[i].name] = field.type === "range" ? Number(value) : value;
        if (field.type === "range") field.nextElementSibling.textContent = value;
      });
      const corners = around(grid.sliders, values), ends = [];
      grid.lines.forEach((line, i) => {
        const y = along(corners, line.y);
        const points = along(corners, line.x).map((x, k) => [share(grid.x, x), Math.min(Math.max(share(grid.y, y[k]), 0), 1)])
          .filter(point => point[0] >= -1e-9 && point[0] <= 1 + 1e-9)
          .map(([x, y]) => [left + x * wide, top + (1 - y) * high]);
        drawn[i].setAttribute("points", points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" "));
        const [x, height] = points.at(-1) ?? [-wide, 0], margin = x > left + grid.edge * wide;
        ends.push({label: drawn[i].nextElementSibling, margin, x: margin ? left + wide + 10 : x, y: height + (margin ? 6 : -10)});
      });
      for (const margin of [true, false]) apart(ends.filter(end => end.margin === margin), grid.least);
      for (const {label, margin, x, y} of ends) {
        label.setAttribute("x", x.toFixed(1));
        label.setAttribute("y", y.toFixed(1));
        label.setAttribute("text-anchor", margin ? "start" : "middle");
      }
      for (const name in grid.numbers) values[name] = mixed(corners, row => grid.numbers[name][row]);
      said.textContent = grid.said.replace(/\{(\w+)(?::\.(\d)f)?\}/g, (_, name, digits) =>
        digits ? values[name].toFixed(digits) : values[name]);
      svg.setAttribute("aria-label", said.textContent);
    }

    for (const field of fields) field.addEventListener("input", move);
    box.querySelector(".controls").hidden = false;
    move();  // a browser may remember where a slider stood
  }

  document.querySelectorAll("[data-sliders]").forEach(start);
}
