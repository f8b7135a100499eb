// Keeps the phone's page on the phone, so that a link that was open before opens without a network too.
// Pages and files come from the network where there is one; answers about orders are never kept here.

const kKept = 'watchfire-phone';
const kOurs = [/^\/m\/[\w.-]+$/, /^\/(phone\/)?[\w.-]+\.(js|css|svg)$/];

addEventListener('install', () => self.skipWaiting());
addEventListener('activate', (event) => event.waitUntil(clients.claim()));
addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method === 'GET' && url.origin === location.origin && kOurs.some((form) => form.test(url.pathname)))
    event.respondWith(answer(event.request));
});

async function answer(request) {
  const kept = await caches.open(kKept);
  try {
    const response = await fetch(request);
    if (response.ok) await kept.put(request.url, response.clone());
    return response;
  } catch (error) {
    const before = await kept.match(request.url);
    if (before) return before;
    throw error;
  }
}
