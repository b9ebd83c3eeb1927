// What the camera itself wrote into a JPEG: maker, time and place. Read before the photo is made smaller, which loses it.

const MAKE = 0x010f, MODEL = 0x0110, PHOTO = 0x8769, GPS = 0x8825, TAKEN = 0x9003, OFFSET = 0x9011;
const WIDTHS = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];

/** {make, model, taken_at, position} of strings, without what is not there; null where there is nothing. */
export function cameraExif(buffer) {
  try {
    const view = new DataView(buffer);
    const at = tiffIn(view);
    return at === null ? null : read(new DataView(buffer, at));
  } catch {
    return null; // Written wrongly: the server hears of no camera, which is neutral.
  }
}

function tiffIn(view) {
  if (view.getUint16(0) !== 0xffd8) return null;
  for (let at = 2; at + 10 < view.byteLength; at += 2 + view.getUint16(at + 2)) {
    const marker = view.getUint16(at);
    if (marker === 0xffe1 && view.getUint32(at + 4) === 0x45786966) return at + 10;
    if (marker >> 8 !== 0xff || marker === 0xffda) return null;
  }
  return null;
}

function read(tiff) {
  const little = tiff.getUint16(0) === 0x4949;
  const root = directory(tiff, tiff.getUint32(4, little), little);
  const photo = root[PHOTO] ? directory(tiff, root[PHOTO].number(), little) : {};
  const gps = root[GPS] ? directory(tiff, root[GPS].number(), little) : {};
  const found = { make: root[MAKE]?.text(), model: root[MODEL]?.text(), taken_at: moment(photo), position: place(gps) };
  const said = Object.entries(found).filter(([, value]) => value);
  return said.length ? Object.fromEntries(said) : null;
}

function directory(tiff, at, little) {
  const entries = {};
  for (let n = tiff.getUint16(at, little), one = at + 2; n > 0; n -= 1, one += 12) {
    const type = tiff.getUint16(one + 2, little), count = tiff.getUint32(one + 4, little);
    const value = WIDTHS[type] * count > 4 ? tiff.getUint32(one + 8, little) : one + 8;
    entries[tiff.getUint16(one, little)] = {
      number: () => (type === 3 ? tiff.getUint16(value, little) : tiff.getUint32(value, little)),
      text: () => {
        const bytes = new Uint8Array(tiff.buffer, tiff.byteOffset + value, Math.min(count, 64));
        return new TextDecoder().decode(bytes).replace(/\0.*$/s, "").trim();
      },
      ratio: (place) => tiff.getUint32(value + 8 * place, little) / tiff.getUint32(value + 8 * place + 4, little),
    };
  }
  return entries;
}

function moment(photo) {
  const said = photo[TAKEN]?.text().match(/^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)$/);
  return said && `${said[1]}-${said[2]}-${said[3]}T${said[4]}${photo[OFFSET]?.text() ?? ""}`;
}

function place(gps) {
  if (!gps[2] || !gps[4]) return null;
  const degrees = (entry, side, negative) => {
    const value = entry.ratio(0) + entry.ratio(1) / 60 + entry.ratio(2) / 3600;
    return side?.text() === negative ? -value : value;
  };
  const lat = degrees(gps[2], gps[1], "S"), lon = degrees(gps[4], gps[3], "W");
  return Number.isFinite(lat) && Number.isFinite(lon) && (lat || lon) ? { lon: lon.toFixed(7), lat: lat.toFixed(7) } : null;
}
