const maxLength = 2000;
const somewhere = "http://console.invalid";

/**
 * A path of the console to come back to after signing in, or `/` for anything else: another
 * origin in whatever disguise (`//evil`, `/\evil`, tabs, `https:evil`), or what is no page.
 */
export function returnPath(asked: string | undefined): string {
  if (asked === undefined || asked.length > maxLength || !asked.startsWith("/")) return "/";
  // Browsers drop tabs and line feeds from URLs and read a backslash as a slash.
  if (/[\p{Cc}\\\s]/u.test(asked)) return "/";
  const url = URL.parse(asked, somewhere);
  if (url === null || url.origin !== somewhere) return "/";
  const path = `${url.pathname}${url.search}${url.hash}`;
  // `/.//evil` is a path of ours that normalises to another origin.
  if (path.startsWith("//") || /^\/(api|auth|oauth|login|internal)(\/|$|\?)/.test(path)) return "/";
  return path;
}
