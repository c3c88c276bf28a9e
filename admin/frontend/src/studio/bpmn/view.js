// How the diagram lies in its window.
const PALETTE = 64; // it lies over the canvas, at the left
const LEAST = 0.7; // below it the words cannot be read

// The whole diagram beside the palette, as large as fits and not larger than drawn.
export function whole(canvas, least = 0.2) {
  const { inner, outer } = canvas.viewbox();
  const wanted = Math.min(1, (outer.width - PALETTE - 16) / inner.width, (outer.height - 32) / inner.height);
  const scale = Math.max(wanted, least);
  const width = outer.width / scale;
  const height = outer.height / scale;
  const left = PALETTE / scale;
  const x = inner.x - left - Math.max(0, (width - left - inner.width) / 2);
  const y = inner.height < height ? inner.y - (height - inner.height) / 2 : inner.y - 16 / scale;
  canvas.viewbox({ x, y, width, height });
}

// How it is first shown: large enough to read; what does not fit is scrolled to.
export const opening = (canvas) => whole(canvas, LEAST);
