// A drawing as PNG, made by the browser: with the page's own letters written into it.

/** Pixels across: 300 dots per inch over 20 cm. */
const PRINT = 2400;

/** An SVG as PNG at the size of print, drawn with the letters that the page has. */
export async function png(svg: string): Promise<Blob> {
  const [, width = "1000", height = "700"] = /width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? [];
  const sized = svg.replace(/width="[\d.]+" height="[\d.]+"/, `width="${PRINT}" height="${Math.round((PRINT * Number(height)) / Number(width))}"`);
  const styled = sized.replace("<title", `<style>${await faces()}</style><title`);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(styled)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
  canvas.getContext("2d")?.drawImage(image, 0, 0);
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("PNG"))), "image/png"));
}

/** The letters of a picture, written into it: an image inside a page sees no font of that page. */
async function faces(): Promise<string> {
  const found: string[] = [];
  for (const sheet of document.styleSheets) {
    for (const rule of sheet.cssRules) {
      if (!(rule instanceof CSSFontFaceRule) || !rule.style.getPropertyValue("font-family").includes("Inter")) continue;
      const source = /url\("?([^")]+\.woff2)"?\)/.exec(rule.style.getPropertyValue("src"))?.[1];
      if (!source) continue;
      const answer = await fetch(new URL(source, sheet.href ?? document.baseURI));
      const bytes = new Uint8Array(await answer.arrayBuffer());
      let binary = "";
      for (const one of bytes) binary += String.fromCharCode(one);
      const range = rule.style.getPropertyValue("unicode-range");
      found.push(`@font-face{font-family:Inter;font-weight:${rule.style.getPropertyValue("font-weight")};src:url(data:font/woff2;base64,${btoa(binary)});${range ? `unicode-range:${range}` : ""}}`);
    }
  }
  return found.join("");
}

