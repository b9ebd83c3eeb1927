// Charts over figures that stand in a table beside them: for eyes, not for what can be known.
"use strict";

(() => {
  const ink = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  const long = (seconds, units) => {
    const sizes = [[86400, units.d], [3600, units.h], [60, units.m], [1, units.s]];
    const [size, unit] = sizes.find(([length]) => seconds >= length) || sizes[3];
    return `${Math.round((seconds / size) * 10) / 10} ${unit}`;
  };

  const axis = (more) => ({
    stroke: ink("--quiet"), grid: { stroke: ink("--line"), width: 1 }, ticks: { stroke: ink("--line") }, ...more,
  });

  // Marks that people count in, within the figures' span.
  const marks = (low, high) =>
    [10, 60, 300, 900, 3600, 6 * 3600, 86400, 3 * 86400, 10 * 86400, 30 * 86400].filter((at) => at >= low && at <= high);

  const target = (at, isAcross) => (plot) => {
    const { ctx, bbox } = plot;
    const place = plot.valToPos(at, isAcross ? "y" : "x", true);
    ctx.save();
    ctx.strokeStyle = ink("--bad");
    ctx.setLineDash([6, 4]);
    ctx.beginPath();
    if (isAcross) { ctx.moveTo(bbox.left, place); ctx.lineTo(bbox.left + bbox.width, place); }
    else { ctx.moveTo(place, bbox.top); ctx.lineTo(place, bbox.top + bbox.height); }
    ctx.stroke();
    ctx.restore();
  };

  const curve = ({ points, labels, units }) => {
    const at = points.map((one) => Math.max(one.seconds, 1));
    const stepped = uPlot.paths.stepped({ align: 1 });
    const percent = (_plot, value) => (value === null ? "–" : `${(value * 100).toFixed(1)} %`);
    const line = (label, more) => ({ label, paths: stepped, points: { show: false }, value: percent, ...more });
    return {
      // The curve is drawn last: the band's filling would lie over it.
      data: [at, points.map((one) => one.paid_high), points.map((one) => one.paid_low), points.map((one) => one.paid)],
      options: {
        scales: { x: { time: false, distr: 3, range: (_p, low, high) => [Math.min(low, 300), Math.max(high, 3600)] }, y: { range: [0, 1] } },
        series: [
          { label: labels.x, value: (_plot, value) => (value === null ? "–" : long(value, units)) },
          line(`${labels.band} ↑`, { stroke: ink("--c0"), width: 0.5, dash: [3, 3] }),
          line(`${labels.band} ↓`, { stroke: ink("--c0"), width: 0.5, dash: [3, 3] }),
          line(labels.y, { stroke: ink("--c0"), width: 2 }),
        ],
        bands: [{ series: [1, 2], fill: ink("--soft") }],
        axes: [
          axis({ splits: (plot) => marks(plot.scales.x.min, plot.scales.x.max), values: (_p, all) => all.map((one) => long(one, units)), filter: (_p, all) => all }),
          axis({ values: (_p, all) => all.map((one) => `${Math.round(one * 100)} %`), size: 56 }),
        ],
        hooks: { draw: [target(900, false)] },
      },
    };
  };

  const trend = ({ weeks, p50, p90, labels, units }) => {
    const line = (label, stroke) => ({
      label, stroke, width: 2, spanGaps: false, points: { show: true, size: 7, fill: stroke },
      value: (_plot, value) => (value === null ? "–" : long(value, units)),
    });
    return {
      data: [weeks.map((_week, place) => place), p50, p90],
      options: {
        scales: { x: { time: false, range: [-0.3, weeks.length - 0.7] }, y: { distr: 3, range: (_p, low, high) => [Math.min(low ?? 600, 600) * 0.8, Math.max(high ?? 3600, 1200) * 1.25] } },
        series: [{ label: "", value: (_plot, value) => (value === null ? "–" : weeks[value]) }, line(labels.p50, ink("--c0")), line(labels.p90, ink("--c3"))],
        axes: [
          axis({ splits: () => weeks.map((_week, place) => place).filter((place) => (weeks.length - 1 - place) % Math.ceil(weeks.length / 8) === 0), values: (_p, all) => all.map((one) => weeks[one] ?? "") }),
          axis({ splits: (plot) => marks(plot.scales.y.min, plot.scales.y.max), values: (_p, all) => all.map((one) => long(one, units)), filter: (_p, all) => all, size: 72 }),
        ],
        hooks: { draw: [target(900, true)] },
      },
    };
  };

  const kinds = { curve, trend };

  const draw = (place) => {
    const { data, options } = kinds[place.dataset.chart](JSON.parse(document.getElementById(place.dataset.from).textContent));
    if (!data[0].length) { place.remove(); return; }
    const size = () => ({ width: place.clientWidth, height: Math.min(320, Math.max(220, place.clientWidth * 0.5)) });
    place.replaceChildren();
    const plot = new uPlot({ ...size(), cursor: { y: false }, legend: { live: true }, ...options }, data, place);
    new ResizeObserver(() => { if (place.clientWidth !== plot.width) plot.setSize(size()); }).observe(place);
  };

  const all = () => document.querySelectorAll("[data-chart]").forEach(draw);
  all();
  // Colours are read when a chart is drawn: another appearance draws it again.
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", all);
})();
