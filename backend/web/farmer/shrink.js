// Photos as they are sent: a JPEG of at most 110 KB with a long side of at most 1280 pixels.

export const MOST_BYTES = 110_000;
export const JPEG = "image/jpeg";
/** Of a photo that this browser cannot draw: ten minutes at 64 kbit/s, resumed where the line broke. */
const MOST_AS_IT_IS = 5_000_000;
const SIDES = [1280, 1024, 800];
const QUALITIES = [0.82, 0.7, 0.58, 0.46, 0.36];

function drawn(source, width, height, side) {
  const factor = Math.min(1, side / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * factor);
  canvas.height = Math.round(height * factor);
  canvas.getContext("2d").drawImage(source, 0, 0, canvas.width, canvas.height);
  return canvas;
}

const jpeg = (canvas, quality) => new Promise((resolve) => canvas.toBlob(resolve, JPEG, quality));

/** The bytes to send of a video frame or a decoded picture. */
export async function shrink(source, width, height) {
  for (const side of SIDES) {
    const canvas = drawn(source, width, height, side);
    for (const quality of QUALITIES) {
      const blob = await jpeg(canvas, quality);
      // Some browsers give a PNG instead of what they cannot write.
      if (blob?.type !== JPEG) throw new Error("this browser writes no JPEG");
      if (blob.size <= MOST_BYTES) return blob.arrayBuffer();
    }
  }
  throw new Error("the photo stays too large");
}

/** What iPhones save: few browsers draw it, the server reads it. */
const isHeif = (bytes) => /^ftyp(hei[cxms]|hev[cxms]|mif1|msf1)$/.test(new TextDecoder("latin1").decode(bytes.slice(4, 12)));

/** A photo of the phone's own camera or gallery as it is sent: {content, mediaType}. */
export async function fromFile(file, bytes) {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => null);
  if (bitmap) return { content: await shrink(bitmap, bitmap.width, bitmap.height), mediaType: JPEG };
  if (!isHeif(bytes)) throw new Error("no photo");
  if (bytes.byteLength > MOST_AS_IT_IS) throw Object.assign(new Error("cannot be made smaller"), { name: "TooLarge" });
  return { content: bytes, mediaType: "image/heic" };
}

/** The frame as good as the camera gave it. */
export async function original(source, width, height) {
  const blob = await jpeg(drawn(source, width, height, Math.max(width, height)), 0.95);
  return blob.arrayBuffer();
}

/** What is wrong with the light or the focus of a frame: "dark", "blurred" or "". */
export function fault(source) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [64, 48];
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(source, 0, 0, 64, 48);
  const pixels = context.getImageData(0, 0, 64, 48).data;
  const grey = Array.from({ length: 64 * 48 }, (_, n) => 0.3 * pixels[4 * n] + 0.6 * pixels[4 * n + 1] + 0.1 * pixels[4 * n + 2]);
  const mean = grey.reduce((sum, one) => sum + one, 0) / grey.length;
  if (mean < 40) return "dark";
  let edges = 0;
  for (let n = 65; n < grey.length - 65; n += 1) {
    edges += Math.abs(4 * grey[n] - grey[n - 1] - grey[n + 1] - grey[n - 64] - grey[n + 64]);
  }
  return edges / grey.length < 6 ? "blurred" : "";
}
