// The nearest offices. Where the citizen stands is asked on a tap, used here, and sent nowhere:
// the places of all offices come to the browser, and the distance is reckoned in it.

const SHOWN = 3;
const RADIUS = 6371;

/** Kilometres between two [latitude, longitude] pairs, along the great circle. */
export function distance(from, to) {
  const [a, b, c, d] = [...from, ...to].map((degrees) => (degrees * Math.PI) / 180);
  const h = Math.sin((c - a) / 2) ** 2 + Math.cos(a) * Math.cos(c) * Math.sin((d - b) / 2) ** 2;
  return 2 * RADIUS * Math.asin(Math.min(1, Math.sqrt(h)));
}

function words(km) {
  const unit = km < 1 ? "meter" : "kilometer";
  const value = km < 1 ? Math.round(km * 100) * 10 : km;
  const digits = km >= 10 || km < 1 ? 0 : 1;
  const style = { style: "unit", unit, maximumFractionDigits: digits };
  return new Intl.NumberFormat(document.documentElement.lang, style).format(value);
}

const place = () =>
  new Promise((resolve, reject) => {
    // A rough place is enough, and quicker; one of the last ten minutes will do.
    const options = { timeout: 15000, maximumAge: 600000 };
    navigator.geolocation.getCurrentPosition(resolve, reject, options);
  });

function list(box, here, offices) {
  const near = offices
    .map((office) => ({ ...office, km: distance(here, office.at) }))
    .sort((one, other) => one.km - other.km)
    .slice(0, SHOWN);
  const items = near.map((office) => {
    const link = document.createElement("a");
    const query = new URLSearchParams({ office: office.slug });
    if (box.dataset.back) query.set("chon", box.dataset.back);
    link.href = `${box.dataset.pick}?${query}`;
    link.textContent = office.name;
    link.lang = "vi";
    const item = document.createElement("li");
    item.append(link, ` · ${words(office.km)} · ${office.address}`);
    return item;
  });
  const found = document.createElement("ol");
  found.append(...items);
  return found;
}

async function look(box, status) {
  status.textContent = box.dataset.asking;
  let position;
  try {
    position = await place();
  } catch {
    status.textContent = box.dataset.denied;
    return;
  }
  try {
    const answer = await fetch(box.dataset.nearest);
    if (!answer.ok) throw new Error(answer.status);
    const { offices } = await answer.json();
    const here = [position.coords.latitude, position.coords.longitude];
    if (offices.length) status.replaceChildren(list(box, here, offices));
    else status.textContent = box.dataset.none;
  } catch {
    status.textContent = box.dataset.failed;
  }
}

for (const box of document.querySelectorAll("[data-nearest]")) {
  if (!navigator.geolocation || !window.isSecureContext) continue;
  box.hidden = false;
  const status = box.querySelector("[role=status]");
  box.querySelector("button").addEventListener("click", () => look(box, status));
}
