"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const data = JSON.parse($("packed").textContent);
  const SVG = $("country").namespaceURI;
  const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
  const STEPS = ["#fee391", "#fe9929", "#d95f0e", "#8c2d04"];
  const EDGES = [0.001, 0.01, 0.05];
  const HOUR_MS = 3600000;
  const number = new Intl.NumberFormat("en-GB");
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let hour = 0, chosen = null, timer = null;

  const element = (name, attributes = {}, text = null) => {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== null) made.textContent = text;
    return made;
  };
  const two = (n) => String(n).padStart(2, "0");
  const stamp = (ms) => new Date(ms);  // the clock time is already local: read it with the UTC getters
  const short = (ms) => {
    const t = stamp(ms);
    return `${t.getUTCDate()} ${MONTHS[t.getUTCMonth()]} ${two(t.getUTCHours())}:${two(t.getUTCMinutes())}`;
  };
  const guarded = (n) => (n === 0 ? "0" : n < 10 ? "under 10" : number.format(n));

  // A place's hours come as: first hour, then differences. Arrests come as pairs of hour and running total.
  for (const place of data.places) {
    place.street = new Int32Array(data.hours);
    let people = 0;
    for (let k = 1; k < place.s.length; k += 1) {
      people += place.s[k];
      place.street[place.s[0] + k - 1] = people;
    }
    place.peak = place.street.reduce((best, v, i, all) => (v > all[best] ? i : best), 0);
  }
  const arrestedAt = (place, at) => {
    let total = 0;
    for (let k = 0; k < place.c.length && place.c[k] <= at; k += 2) total = place.c[k + 1];
    return total;
  };

  const layer = $("circles");
  const radius = (people) => data.circle * Math.sqrt(people / data.largest);
  for (const place of data.places) {
    place.dot = element("circle", { cx: place.x, cy: place.y, r: 0, tabindex: -1, role: "img" });
    place.dot.style.display = "none";
    place.dot.addEventListener("pointerenter", () => choose(place));
    place.dot.addEventListener("click", () => { choose(place); tell(); });
    place.dot.addEventListener("focus", () => choose(place));
    layer.append(place.dot);
  }
  const visible = () => data.places.filter((p) => p.street[hour] > 0)
    .sort((a, b) => b.street[hour] - a.street[hour]);

  $("country").addEventListener("keydown", (event) => {
    const way = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!way) return;
    const order = visible();
    if (!order.length) return;
    event.preventDefault();
    const next = order[(order.indexOf(chosen) + way + order.length) % order.length];
    next.dot.focus();
  });

  function choose(place) {
    if (chosen) chosen.dot.classList.remove("chosen");
    chosen = place;
    place.dot.classList.add("chosen");
    for (const p of data.places) p.dot.setAttribute("tabindex", p === place ? 0 : -1);
    describe();
  }
  function describe() {
    if (!chosen) return;
    const now = chosen.street[hour];
    $("p-name").textContent = chosen.n;
    $("p-hint").hidden = true;
    $("p-list").hidden = false;
    $("p-region").textContent = chosen.r;
    $("p-people").textContent = number.format(chosen.p);
    $("p-street").textContent = guarded(now);
    $("p-share").textContent = now < 10 || !chosen.a ? (now ? "too few to tell" : "0 %")
      : `${(100 * now / chosen.a).toPrecision(2)} %`;
    $("p-arrested").textContent = guarded(arrestedAt(chosen, hour));
    $("p-peak").textContent = `${guarded(chosen.street[chosen.peak])}, ${short(data.start + (chosen.peak + 1) * HOUR_MS)}`;
  }

  function drawMap() {
    const order = visible();
    for (const place of data.places) {
      const people = place.street[hour];
      place.dot.style.display = people ? "" : "none";
      if (!people) continue;
      const share = place.a ? people / place.a : 0;
      place.dot.setAttribute("r", Math.max(radius(people), 2).toFixed(1));
      place.dot.setAttribute("fill", STEPS[EDGES.filter((edge) => share >= edge).length]);
      place.dot.setAttribute("aria-label", `${place.n}: ${guarded(people)} people on the street`);
    }
    for (const place of order) layer.append(place.dot);  // small circles on top of large ones
    if (!(chosen && chosen.street[hour]) && order.length) {
      for (const p of data.places) p.dot.setAttribute("tabindex", p === order[0] ? 0 : -1);
    }
    drawLabels(order);
    const list = $("largest");
    list.replaceChildren(...order.slice(0, 8).map((place) => {
      const row = document.createElement("li"), line = document.createElement("div");
      for (const word of [place.n, guarded(place.street[hour])]) {
        const part = document.createElement("span");
        part.textContent = word;
        line.append(part);
      }
      row.append(line);
      return row;
    }));
    if (!order.length) {
      const row = document.createElement("li");
      row.textContent = "nobody on the street";
      row.style.listStyle = "none";
      list.append(row);
    }
    return order;
  }
  function drawLabels(order) {
    const narrow = $("country").getBoundingClientRect().width < 560;
    const size = narrow ? 30 : 15;
    const taken = [];
    for (const place of order) {
      if (taken.length >= (narrow ? 4 : 9) || place.street[hour] < data.onset) break;
      const half = place.n.length * size * 0.27 + 4;
      const x = Math.min(Math.max(place.x, half), data.width - half);
      const y = place.y - radius(place.street[hour]) - size * 0.35;
      if (taken.every((t) => Math.abs(t.y - y) > size * 1.1 || Math.abs(t.x - x) > half + t.half)) {
        taken.push({ x, y, half, n: place.n });
      }
    }
    $("labels").replaceChildren(...taken.map((t) => element("text", { x: t.x, y: t.y }, t.n)));
  }

  const nice = (most) => {
    const power = 10 ** Math.floor(Math.log10(Math.max(most, 10)));
    return most / power >= 5 ? 2 * power : most / power >= 2 ? power : power / 2;
  };
  let scale = null;
  function drawCurve() {
    const svg = $("curve"), line = data.country.street;
    const width = svg.getBoundingClientRect().width || 800;
    const left = 62, right = 8, top = 8 + 18 * rows(width - left - right), bottom = 26;
    const height = top + bottom + 170;
    svg.style.height = `${height}px`;
    const most = Math.max(...line, 10), step = nice(most);
    const x = (h) => left + (width - left - right) * h / data.hours;
    const y = (v) => top + (height - top - bottom) * (1 - v / (most * 1.04));
    scale = { x, y, left, width: width - left - right, height, bottom };
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const parts = [];
    for (let v = 0; v <= most; v += step) {
      parts.push(element("line", { class: "tick", x1: left, x2: width - right, y1: y(v), y2: y(v) }));
      parts.push(element("text", { x: left - 6, y: y(v) + 4, "text-anchor": "end" }, number.format(v)));
    }
    const day = 24 * HOUR_MS, days = data.hours / 24;
    const every = [1, 2, 3, 4, 7, 14, 28].find((s) => days / s <= width / 64) || 56;
    for (let t = Math.ceil(data.start / day) * day, k = 0; t <= data.start + data.hours * HOUR_MS; t += day, k += 1) {
      if (k % every) continue;
      const at = x((t - data.start) / HOUR_MS), when = stamp(t);
      parts.push(element("line", { class: "tick", x1: at, x2: at, y1: top, y2: height - bottom }));
      if (at < width - 18) {
        parts.push(element("text", { x: at, y: height - 8, "text-anchor": at < left + 14 ? "start" : "middle" },
          `${when.getUTCDate()} ${MONTHS[when.getUTCMonth()]}`));
      }
    }
    const points = line.map((v, h) => `${x(h + 1).toFixed(1)},${y(v).toFixed(1)}`).join("L");
    parts.push(element("path", { class: "area", d: `M${x(1)},${y(0)}L${points}L${x(data.hours)},${y(0)}Z` }));
    parts.push(element("path", { class: "line", d: `M${points}` }));
    data.measures.forEach((measure, k) => {
      const at = x(measure.h), high = 10 + 18 * measure.row;
      parts.push(element("line", { class: "mark", x1: at, x2: at, y1: high, y2: height - bottom }));
      parts.push(element("circle", { class: "badge-dot", cx: at, cy: high, r: 8 }));
      parts.push(element("text", { class: "badge-text", x: at, y: high + 3.5 }, k + 1));
    });
    parts.push(element("line", { class: "cursor", id: "cursor", y1: top, y2: height - bottom }));
    parts.push(element("circle", { class: "dot", id: "cursor-dot", r: 5 }));
    svg.replaceChildren(...parts);
  }
  function rows(width) {  // numbers of measures that come close together stand below each other
    const ends = [];
    for (const measure of data.measures) {
      const at = width * measure.h / data.hours;
      let row = ends.findIndex((end) => end <= at - 18);
      if (row < 0) row = ends.length;
      ends[row] = at;
      measure.row = row;
    }
    return Math.max(ends.length, 0);
  }
  function moveCursor() {
    const at = scale.x(hour + 1), street = data.country.street[hour];
    for (const end of ["x1", "x2"]) $("cursor").setAttribute(end, at);
    $("cursor-dot").setAttribute("cx", at);
    $("cursor-dot").setAttribute("cy", scale.y(street));
  }

  function show(next, from = "") {
    hour = Math.min(Math.max(Math.round(next), 0), data.hours - 1);
    const end = data.start + (hour + 1) * HOUR_MS, t = stamp(end);
    const text = `${DAYS[t.getUTCDay()]} ${t.getUTCDate()} ${MONTHS[t.getUTCMonth()]} ${t.getUTCFullYear()}, `
      + `${two(t.getUTCHours())}:${two(t.getUTCMinutes())}`;
    const small = document.createElement("small");
    small.textContent = ` local time (${data.zone}), hour ${hour + 1} of ${data.hours}`;
    $("clock").replaceChildren(text, small);
    const slider = $("hour");
    if (from !== "slider") slider.value = hour;
    slider.setAttribute("aria-valuetext", `${text}, ${number.format(data.country.street[hour])} on the street`);
    const order = drawMap();
    for (const key of ["street", "injured", "arrested", "held", "dead"]) {
      const line = data.country[key];
      if (line) $(`n-${key}`).textContent = number.format(line[hour]);
    }
    $("n-places").textContent = number.format(order.filter((p) => p.street[hour] >= data.onset).length);
    moveCursor();
    describe();
    document.body.dataset.hour = hour;
  }

  function stop() {
    clearInterval(timer);
    timer = null;
    $("play").textContent = "Play";
    $("play").setAttribute("aria-pressed", "false");
    $("place").setAttribute("aria-live", "polite");
    tell();
  }
  function play() {
    if (timer) { stop(); return; }
    if (hour >= data.hours - 1) show(0);
    $("play").textContent = "Pause";
    $("play").setAttribute("aria-pressed", "true");
    $("place").setAttribute("aria-live", "off");
    timer = setInterval(() => (hour >= data.hours - 1 ? stop() : show(hour + 1)), calm ? 600 : 120);
  }

  $("hour").addEventListener("input", (event) => { show(Number(event.target.value), "slider"); tell(); });
  $("play").addEventListener("click", play);
  $("back").addEventListener("click", () => { show(hour - 1); tell(); });
  $("forth").addEventListener("click", () => { show(hour + 1); tell(); });
  let dragging = false;
  const fromPointer = (event) => {
    const box = $("curve").getBoundingClientRect();
    show((event.clientX - box.left - scale.left) / scale.width * data.hours - 1);
  };
  $("curve").addEventListener("pointerdown", (event) => { dragging = true; fromPointer(event); });
  $("curve").addEventListener("pointermove", (event) => { if (dragging) fromPointer(event); });
  addEventListener("pointerup", () => { if (dragging) tell(); dragging = false; });

  for (const measure of data.measures) {
    const when = short(data.start + measure.h * HOUR_MS);
    const option = document.createElement("option");
    option.value = measure.h;
    option.textContent = `${when}  ${measure.l}`;
    $("jump").append(option);
    const row = document.createElement("li"), button = document.createElement("button"), note = document.createElement("span");
    button.type = "button";
    button.textContent = measure.l;
    button.addEventListener("click", () => { show(measure.h - 1); tell(); });
    note.textContent = `, ${when}`;
    row.append(button, note);
    $("marks").append(row);
  }
  $("jump").addEventListener("change", (event) => { if (event.target.value !== "") { show(Number(event.target.value) - 1); tell(); } });

  function drawSizes() {
    const ratio = $("country").getBoundingClientRect().width / data.width;
    const top = 10 ** Math.floor(Math.log10(Math.max(data.largest, 10)));
    const svg = element("svg", { width: 210, "aria-hidden": "true" });
    let x = 2;
    const tall = 2 * radius(top) * ratio + 4;
    for (const people of [top / 10, top]) {
      const r = Math.max(radius(people) * ratio, 1.5);
      svg.append(element("circle", { cx: x + r, cy: tall / 2, r }));
      svg.append(element("text", { x: x + 2 * r + 6, y: tall / 2 + 4 }, number.format(people)));
      x += 2 * r + 70;
    }
    svg.setAttribute("height", Math.max(tall, 18));
    const old = $("sizes").querySelector("svg");
    if (old) old.remove();
    $("sizes").append(svg);
  }
  function redraw() { drawCurve(); drawSizes(); show(hour); }
  // The address holds hour and place, so that a link brings the same view back; #SECTION opens a folded section.
  function wanted() {
    const asked = new URLSearchParams(location.hash.slice(1));
    return { hour: /^\d+$/.test(asked.get("hour") ?? "") ? Number(asked.get("hour")) : null,
      place: data.places.find((place) => place.i === asked.get("place")) ?? null };
  }
  function follow() {
    const { hour: at, place } = wanted();
    if (place) choose(place);
    if (at !== null) show(at);
    const folded = location.hash.length > 1 && at === null ? document.getElementById(location.hash.slice(1)) : null;
    const part = folded?.querySelector("details.part") ?? folded?.closest("details.part");
    if (part) { part.open = true; folded.scrollIntoView(); }
  }
  function tell() {
    const place = chosen ? `&place=${encodeURIComponent(chosen.i)}` : "";
    history.replaceState(null, "", `#hour=${hour}${place}`);
  }
  addEventListener("hashchange", follow);
  for (const box of document.querySelectorAll("input[data-rows]")) {
    box.addEventListener("input", () => {
      const word = box.value.trim().toLowerCase();
      for (const row of document.querySelectorAll(`#${box.dataset.rows} tbody tr`)) {
        row.hidden = word !== "" && !row.textContent.toLowerCase().includes(word);
      }
    });
  }
  let waiting = null;
  addEventListener("resize", () => { clearTimeout(waiting); waiting = setTimeout(redraw, 120); });
  const peak = data.country.street.reduce((best, v, i, all) => (v > all[best] ? i : best), 0);
  hour = wanted().hour ?? peak;
  redraw();
  follow();
})();
