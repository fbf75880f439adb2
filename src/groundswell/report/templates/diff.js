"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const data = JSON.parse($("packed").textContent);
  const SVG = $("country").namespaceURI;
  const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  const number = new Intl.NumberFormat("en-GB");
  const signed = new Intl.NumberFormat("en-GB", { signDisplay: "exceptZero" });
  let hour = 0, timer = null;

  // A place's hours come as: first hour, then differences.
  const unpacked = (packed) => {
    const line = new Int32Array(data.hours);
    let people = 0;
    for (let k = 1; k < packed.length; k += 1) {
      people += packed[k];
      line[packed[0] + k - 1] = people;
    }
    return line;
  };
  for (const place of data.places) {
    const a = unpacked(place.a), b = unpacked(place.b);
    place.gap = b.map((v, k) => v - a[k]);
    place.dot = document.createElementNS(SVG, "circle");
    place.dot.setAttribute("cx", place.x);
    place.dot.setAttribute("cy", place.y);
    place.name = document.createElementNS(SVG, "title");
    place.dot.append(place.name);
    $("circles").append(place.dot);
  }

  const two = (n) => String(n).padStart(2, "0");
  const when = (k) => {
    const t = new Date(data.start + (k + 1) * data.step * 3600000);  // local already: read with the UTC getters
    return `${t.getUTCDate()} ${MONTHS[t.getUTCMonth()]} ${t.getUTCFullYear()}, ${two(t.getUTCHours())}:${two(t.getUTCMinutes())}`;
  };
  const about = (gap) => (Math.abs(gap) < 10 ? "under 10" : signed.format(gap));

  function show(to) {
    hour = Math.max(0, Math.min(data.hours - 1, to));
    $("hour").value = hour;
    $("clock").textContent = when(hour);
    $("n-a").textContent = number.format(data.a[hour]);
    $("n-b").textContent = number.format(data.b[hour]);
    $("n-gap").textContent = signed.format(data.b[hour] - data.a[hour]);
    for (const place of data.places) {
      const gap = place.gap[hour];
      place.dot.setAttribute("r", data.circle * Math.sqrt(Math.abs(gap) / data.largest));
      place.dot.setAttribute("class", gap > 0 ? "more" : "less");
      place.dot.style.display = gap ? "" : "none";
      place.name.textContent = `${place.n}, ${place.r}: ${about(gap)}`;
    }
    const rows = data.places.filter((p) => p.gap[hour]).sort((x, y) => Math.abs(y.gap[hour]) - Math.abs(x.gap[hour]));
    $("largest").replaceChildren(...rows.slice(0, 8).map((place) => {
      const item = document.createElement("li"), row = document.createElement("div");
      for (const text of [place.n, about(place.gap[hour])]) {
        const part = document.createElement("span");
        part.textContent = text;
        row.append(part);
      }
      item.append(row);
      return item;
    }));
    history.replaceState(null, "", `#hour=${hour}`);
  }
  function stop() {
    clearInterval(timer);
    timer = null;
    $("play").textContent = "Play";
    $("play").setAttribute("aria-pressed", "false");
  }
  $("hour").addEventListener("input", (event) => show(Number(event.target.value)));
  $("back").addEventListener("click", () => show(hour - 1));
  $("forth").addEventListener("click", () => show(hour + 1));
  $("play").addEventListener("click", () => {
    if (timer) { stop(); return; }
    $("play").textContent = "Stop";
    $("play").setAttribute("aria-pressed", "true");
    timer = setInterval(() => (hour + 1 < data.hours ? show(hour + 1) : stop()), 120);
  });
  const asked = /^#hour=(\d+)$/.exec(location.hash);
  const gaps = data.a.map((v, k) => Math.abs(data.b[k] - v));
  if (data.hours) show(asked ? Number(asked[1]) : gaps.indexOf(Math.max(...gaps)));
})();
