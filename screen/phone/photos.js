// Pictures on this phone that the server has not got yet: made small enough for a poor network, and kept
// in the browser's store, because they are too large for what keeps the steps.

const kLongestSide = 1600;
const kQuality = 0.85;

let opening = null;
function store() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open('watchfire', 1);
    request.onupgradeneeded = () => request.result.createObjectStore('photos');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opening;
}
async function inStore(mode, work) {
  const database = await store();
  return new Promise((resolve, reject) => {
    const request = work(database.transaction('photos', mode).objectStore('photos'));
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

const held = new Map();  // where the browser keeps nothing, for as long as the page is open

export async function keepPhoto(key, blob) {
  const bytes = await blob.arrayBuffer();
  try { await inStore('readwrite', (photos) => photos.put(bytes, key)); } catch { held.set(key, bytes); }
}
export async function keptPhoto(key) {
  if (held.has(key)) return held.get(key);
  try { return await inStore('readonly', (photos) => photos.get(key)); } catch { return undefined; }
}
export async function forgetPhoto(key) {
  held.delete(key);
  try { await inStore('readwrite', (photos) => photos.delete(key)); } catch { /* it was never there */ }
}

/// A JPEG of at most 1600 px, upright, without where and by what it was taken.
export async function smaller(file) {
  const image = await createImageBitmap(file, { imageOrientation: 'from-image' });
  const scale = Math.min(1, kLongestSide / Math.max(image.width, image.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/jpeg', kQuality);
  });
}
