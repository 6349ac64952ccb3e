// The insight centre: each chart is drawn from the table beside it, and the page keeps itself new.

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const size = () => parseFloat(getComputedStyle(document.documentElement).fontSize);

/** The rows of a figure's table: name, address, now and before. */
function read(figure) {
  return [...figure.querySelectorAll("tbody tr")].map((row) => {
    const [name, now, before] = row.cells;
    const value = (cell) => (cell.dataset.value === undefined ? null : Number(cell.dataset.value));
    return { name: name.firstChild.textContent.trim(), isOpen: row.matches("[data-open]"), address: name.querySelector("a")?.href, now: value(now), before: value(before) };
  });
}

const heads = (figure) => [...figure.querySelectorAll("thead th")].map((cell) => cell.textContent.trim());
const words = () => ({ color: token("--ink"), fontSize: size() * 0.87, fontFamily: token("--font") });
const quiet = () => ({ ...words(), color: token("--ink-soft") });

function common(figure) {
  const onWall = Boolean(figure.closest(".wall__main"));
  return {
    animation: !onWall && !matchMedia("(prefers-reduced-motion: reduce)").matches,
    animationDuration: 200,
    textStyle: words(),
    tooltip: { confine: true, backgroundColor: token("--raised"), borderColor: token("--line"), textStyle: words() },
  };
}

/** Bars from zero, the longest on top, each with its number; what was before as a thin line. */
function bars(figure) {
  const rows = read(figure).reverse();
  const [, now, before] = heads(figure);
  const line = size() * 2.2;
  return {
    high: rows.length * line + 16,
    option: {
      ...common(figure),
      grid: { left: 4, right: size() * 3.6, top: 4, bottom: 4, containLabel: true },
      xAxis: { type: "value", min: 0, show: false },
      yAxis: { type: "category", data: rows.map((row) => row.name), axisLine: { show: false }, axisTick: { show: false }, axisLabel: { ...words(), width: size() * (figure.clientWidth > 480 ? 13 : 8), overflow: "truncate" } },
      tooltip: { ...common(figure).tooltip, trigger: "axis", axisPointer: { type: "none" } },
      series: [
        { name: now, type: "bar", data: rows.map((row) => row.now), barWidth: "52%", barMaxWidth: size() * 1.6, itemStyle: { color: token("--jade"), borderRadius: [0, 3, 3, 0] }, label: { show: true, position: "right", ...words() } },
        { name: before, type: "bar", data: rows.map((row) => row.before), barWidth: 3, barGap: "10%", itemStyle: { color: token("--edge") } },
      ],
    },
    addresses: rows.map((row) => row.address),
  };
}

/** Now as a full line up to what is over, then dotted to what is not; a year earlier dashed. */
function lines(figure) {
  const rows = read(figure);
  const done = (row) => (row.isOpen ? null : row.now);
  const going = (row, at) => (row.isOpen || rows[at + 1]?.isOpen ? row.now : null);
  const [, now, before] = heads(figure);
  const hasBefore = rows.some((row) => row.before !== null);
  const names = hasBefore ? [now, before] : [now];
  return {
    high: 320,
    option: {
      ...common(figure),
      grid: { left: 4, right: size(), top: size() * 2.4, bottom: 4, containLabel: true },
      legend: { data: names, top: 0, left: 0, textStyle: words(), itemWidth: size() * 2 },
      tooltip: { ...common(figure).tooltip, trigger: "axis" },
      xAxis: { type: "category", data: rows.map((row) => row.name), boundaryGap: false, axisLabel: quiet(), axisLine: { lineStyle: { color: token("--line") } }, axisTick: { show: false } },
      yAxis: { type: "value", min: 0, minInterval: 1, axisLabel: quiet(), splitLine: { lineStyle: { color: token("--line") } } },
      series: [
        { name: now, type: "line", data: rows.map(done), showSymbol: rows.length < 3, lineStyle: { width: 2.5 }, color: token("--jade") },
        { name: now, type: "line", data: rows.map(going), symbol: "emptyCircle", symbolSize: (_value, { dataIndex }) => (rows[dataIndex].isOpen ? size() * 0.5 : 0), lineStyle: { width: 2, type: "dotted" }, color: token("--jade") },
        ...(hasBefore ? [{ name: before, type: "line", data: rows.map((row) => row.before), showSymbol: false, lineStyle: { width: 1.5, type: "dashed" }, color: token("--edge") }] : []),
      ],
    },
  };
}

const KINDS = { bars, lines };

function draw(figure) {
  const holder = figure.querySelector(".chart__drawing");
  if (!holder || !window.echarts || !figure.querySelector("tbody tr")) return;
  const { option, high, addresses } = KINDS[figure.dataset.chart](figure);
  if (!figure.closest(".wall__main")) holder.style.height = `${high}px`;
  let chart = window.echarts.getInstanceByDom(holder);
  if (!chart) {
    chart = window.echarts.init(holder, null, { renderer: "canvas" });
    if (addresses) chart.on("click", ({ dataIndex }) => addresses[dataIndex] && location.assign(addresses[dataIndex]));
  }
  chart.setOption(option, true);
  chart.resize();
}

// ---- A chart or drawing as a picture ----

/** The drawing with its colours written into it, since a picture knows no style sheet. */
function written(svg) {
  const copy = svg.cloneNode(true);
  const pairs = [...svg.querySelectorAll("*")].map((one, at) => [one, copy.querySelectorAll("*")[at]]);
  for (const [from, to] of pairs) {
    const style = getComputedStyle(from);
    for (const name of ["fill", "fill-opacity", "stroke", "stroke-width", "font-size", "font-family", "text-anchor", "dominant-baseline", "paint-order"]) to.style.setProperty(name, style.getPropertyValue(name));
  }
  const { width, height } = svg.viewBox.baseVal;
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", width);
  copy.setAttribute("height", height);
  return { text: new XMLSerializer().serializeToString(copy), width, height };
}

async function picture(figure) {
  const holder = figure.querySelector(".chart__drawing");
  const chart = holder && window.echarts?.getInstanceByDom(holder);
  if (chart) return chart.getDataURL({ pixelRatio: 2, backgroundColor: token("--paper") });
  const { text, width, height } = written(figure.querySelector("svg"));
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: width * 2, height: height * 2 });
  const pen = canvas.getContext("2d");
  pen.fillStyle = token("--paper");
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/png");
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-picture]");
  if (!button) return;
  const figure = button.closest("section").querySelector("figure");
  const link = document.createElement("a");
  link.href = await picture(figure);
  link.download = `${button.closest("section").querySelector("h2").textContent.trim()}.png`;
  link.click();
});

// ---- Fresh figures where they stand ----

/** Put what changed in its place; what somebody has the focus in, or opened, stays as it is. */
async function renew(root) {
  if (document.hidden) return;
  const answer = await fetch(location.href, { headers: { "X-Requested-With": "fetch" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const region of root.querySelectorAll("[data-region]")) {
    const other = fresh.querySelector(`[data-region="${region.dataset.region}"]`);
    if (!other || region.contains(document.activeElement)) continue;
    const table = region.querySelector("table") ?? region;
    const newer = other.querySelector("table") ?? other;
    if (table.innerHTML === newer.innerHTML) continue;
    if (region.dataset.chart) {
      table.replaceWith(newer);
      draw(region);
    } else region.innerHTML = other.innerHTML;
    region.classList.remove("is-new");
    requestAnimationFrame(() => region.classList.add("is-new"));
  }
}

document.addEventListener("DOMContentLoaded", () => {
  const root = document.querySelector("[data-live]");
  const figures = [...document.querySelectorAll("figure[data-chart]")];
  const drawAll = () => figures.forEach(draw);
  drawAll();
  for (const button of document.querySelectorAll("[data-picture]")) button.hidden = false;
  addEventListener("resize", drawAll);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  if (!root) return;
  setInterval(() => renew(root), Number(root.dataset.live) * 1000);
  document.addEventListener("visibilitychange", () => renew(root));
});
