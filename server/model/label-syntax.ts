const SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const NAME = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

/** Is it a DNS subdomain name, as names of most objects are (apimachinery `IsDNS1123Subdomain`)? */
export function isSubdomain(text: string): boolean {
  return text.length <= 253 && SUBDOMAIN.test(text);
}

/** Is it the name part of a label key, which a label value that is not empty looks like, too? */
function isLabelName(text: string): boolean {
  return text.length <= 63 && NAME.test(text);
}

/** Is it made of the characters of a label value, whatever its length? */
export function isLabelNameOfAnyLength(text: string): boolean {
  return NAME.test(text);
}

/** Is it a label value (apimachinery `IsValidLabelValue`)? */
export function isLabelValue(text: string): boolean {
  return text === '' || isLabelName(text);
}

/** Is it a label key (apimachinery `IsQualifiedName`): a name, or a domain, a slash and a name? */
export function isQualifiedName(text: string): boolean {
  const parts = text.split('/');
  const [prefix = '', name = ''] = parts.length === 1 ? ['', text] : parts;
  return parts.length <= 2 && isLabelName(name) && (parts.length === 1 || isSubdomain(prefix));
}
