// The name of the cache in which the service worker keeps the site's files.

export const SITE_CACHE = "latent-lab-site";
