/**
 * What a document has to be to be OpenAPI 3.1.0 with schemas of JSON Schema 2020-12: a structural check, as the meta
 * schemas of both have it, and stricter: fields and keywords that neither knows are faults.
 */

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type Fields = Record<string, Json>;
/** Adds what is wrong with a value at a place of the document. */
type Check = (value: Json, at: string, found: Found) => void;

interface Found {
  faults: string[];
  root: Json;
}

/** All faults, a line each, beginning with the place as a JSON pointer. */
export function openapiFaults(document: unknown): string[] {
  const root = JSON.parse(JSON.stringify(document)) as Json;
  const found: Found = { faults: [], root };
  DOCUMENT(root, "", found);
  return found.faults;
}

const isObject = (value: Json): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);
const fault = ({ faults }: Found, at: string, what: string) => void faults.push(`${at || "/"}: ${what}`);
const below = (at: string, name: string | number) =>
  `${at}/${String(name).replaceAll("~", "~0").replaceAll("/", "~1")}`;

const when =
  (what: string, holds: (value: Json) => boolean): Check =>
  (value, at, found) => {
    if (!holds(value)) fault(found, at, `is not ${what}`);
  };
const any: Check = () => {};
const text = when("a text", (value) => typeof value === "string");
const flag = when("true or false", (value) => typeof value === "boolean");
const number = when("a number", (value) => typeof value === "number");
const whole = when("a whole number, 0 or more", (value) => Number.isInteger(value) && (value as number) >= 0);
const positive = when("a number above 0", (value) => typeof value === "number" && value > 0);
const oneOf = (...texts: string[]) => when(`one of ${texts.join(", ")}`, (value) => texts.includes(value as string));
const like = (pattern: RegExp) => when(`like ${pattern}`, (value) => typeof value === "string" && pattern.test(value));
const uri = when("a URI", (value) => typeof value === "string" && URL.canParse(value, "https://x.example"));
const compiles = when("a regular expression (ECMA-262)", (value) => {
  try {
    return typeof value === "string" && new RegExp(value, "u") instanceof RegExp;
  } catch {
    return false;
  }
});

const list =
  (of: Check, { least = 0, unique = false } = {}): Check =>
  (value, at, found) => {
    if (!Array.isArray(value)) return fault(found, at, "is not a list");
    if (value.length < least) fault(found, at, `has fewer than ${least} items`);
    if (unique && new Set(value.map((one) => JSON.stringify(one))).size < value.length) fault(found, at, "repeats");
    value.forEach((one, i) => of(one, below(at, i), found));
  };
const map =
  (of: Check, names = /^/): Check =>
  (value, at, found) => {
    if (!isObject(value)) return fault(found, at, "is no object");
    for (const [name, one] of Object.entries(value)) {
      if (!names.test(name)) fault(found, below(at, name), `its name is not like ${names}`);
      of(one, below(at, name), found);
    }
  };
/** An object with these fields and no others; names that end in `!` have to be there. */
const object = (fields: Record<string, Check>, more: Check = any): Check => {
  const known = new Map(Object.entries(fields).map(([name, check]) => [name.replace("!", ""), check]));
  const needed = Object.keys(fields).filter((name) => name.endsWith("!"));
  return (value, at, found) => {
    if (!isObject(value)) return fault(found, at, "is no object");
    for (const name of needed) if (!(name.slice(0, -1) in value)) fault(found, at, `has no ${name.slice(0, -1)}`);
    for (const [name, one] of Object.entries(value)) {
      const check = known.get(name);
      if (check) check(one, below(at, name), found);
      else if (!name.startsWith("x-")) fault(found, below(at, name), "is not known");
    }
    more(value, at, found);
  };
};
const later =
  (check: () => Check): Check =>
  (value, at, found) =>
    check()(value, at, found);
const either =
  (...checks: Check[]): Check =>
  (value, at, found) => {
    const tried = checks.map((check) => {
      const own: Found = { faults: [], root: found.root };
      check(value, at, own);
      return own.faults;
    });
    if (tried.every((faults) => faults.length > 0)) found.faults.push(...tried.at(-1)!);
  };

/** A reference leads to a place of the same document (RFC 6901). */
const reference: Check = (value, at, found) => {
  if (typeof value !== "string" || !value.startsWith("#/")) return fault(found, at, "leads out of the document");
  let place: Json | undefined = found.root;
  for (const step of value.slice(2).split("/")) {
    const name = decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~");
    place = isObject(place ?? null) ? (place as Fields)[name] : Array.isArray(place) ? place[Number(name)] : undefined;
  }
  if (place === undefined) fault(found, at, `leads to nothing: ${value}`);
};

const TYPES = ["null", "boolean", "object", "array", "number", "string", "integer"];
const schema = later(() => either(flag, SCHEMA));
const schemas = list(schema, { least: 1 });
const schemaMap = map(schema);
const typeName = oneOf(...TYPES);

/** JSON Schema 2020-12, all vocabularies. `$dynamicRef` and other resources within one are not used here. */
const SCHEMA: Check = object(
  {
    $schema: uri,
    $ref: reference,
    $defs: schemaMap,
    $comment: text,
    allOf: schemas,
    anyOf: schemas,
    oneOf: schemas,
    not: schema,
    if: schema,
    // oxlint-disable-next-line unicorn/no-thenable
    then: schema,
    else: schema,
    dependentSchemas: schemaMap,
    prefixItems: schemas,
    items: schema,
    contains: schema,
    properties: schemaMap,
    patternProperties: map(schema),
    additionalProperties: schema,
    propertyNames: schema,
    unevaluatedItems: schema,
    unevaluatedProperties: schema,
    type: either(list(typeName, { least: 1, unique: true }), typeName),
    const: any,
    enum: list(any, { least: 1, unique: true }),
    multipleOf: positive,
    maximum: number,
    exclusiveMaximum: number,
    minimum: number,
    exclusiveMinimum: number,
    maxLength: whole,
    minLength: whole,
    pattern: compiles,
    maxItems: whole,
    minItems: whole,
    uniqueItems: flag,
    maxContains: whole,
    minContains: whole,
    maxProperties: whole,
    minProperties: whole,
    required: list(text, { unique: true }),
    dependentRequired: map(list(text, { unique: true })),
    title: text,
    description: text,
    default: any,
    deprecated: flag,
    readOnly: flag,
    writeOnly: flag,
    examples: list(any),
    format: text,
    contentEncoding: text,
    contentMediaType: text,
    contentSchema: schema,
  },
  (value, at, found) => {
    const { properties, required, additionalProperties } = value as Fields;
    if (additionalProperties !== false || !Array.isArray(required)) return;
    for (const name of required) {
      if (!isObject(properties ?? null) || !(String(name) in (properties as Fields))) {
        fault(found, at, `asks for ${String(name)}, which nothing allows`);
      }
    }
  },
);

const media = object({ schema, example: any, examples: map(any), encoding: map(any) });
const MEDIA_TYPE = /^[\w.+-]+\/[\w.+*-]+$/;
const parameter = object(
  {
    "name!": text,
    "in!": oneOf("path", "query", "header", "cookie"),
    description: text,
    required: flag,
    deprecated: flag,
    schema,
    content: map(media, MEDIA_TYPE),
    style: text,
    explode: flag,
    example: any,
  },
  (value, at, found) => {
    const fields = value as Fields;
    if ("schema" in fields === "content" in fields) fault(found, at, "needs a schema or a content, and not both");
    if (fields["in"] === "path" && fields["required"] !== true) fault(found, at, "is in the path and not required");
  },
);
const header = object({ description: text, required: flag, schema, content: map(media, MEDIA_TYPE) });
const response = object({ "description!": text, headers: map(header), content: map(media, MEDIA_TYPE) });
const security = list(map(list(text)));
const operation = object({
  tags: list(text, { unique: true }),
  summary: text,
  description: text,
  "operationId!": text,
  parameters: list(parameter),
  requestBody: object({ description: text, "content!": map(media, MEDIA_TYPE), required: flag }),
  "responses!": map(response, /^([1-5](\d\d|XX)|default)$/),
  deprecated: flag,
  security,
});
const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
const pathItem = object({
  summary: text,
  description: text,
  parameters: list(parameter),
  ...Object.fromEntries(METHODS.map((method) => [method, operation])),
});
const securityScheme = either(
  object({ "type!": oneOf("http"), "scheme!": text, bearerFormat: text, description: text }),
  object({ "type!": oneOf("apiKey"), "name!": text, "in!": oneOf("query", "header", "cookie"), description: text }),
);
const license = object({ "name!": text, identifier: text, url: uri }, (value, at, found) => {
  if ("identifier" in (value as Fields) && "url" in (value as Fields)) fault(found, at, "has an identifier and a url");
});
const NAME = /^[a-zA-Z0-9._-]+$/;

const DOCUMENT: Check = object(
  {
    "openapi!": like(/^3\.1\.\d+$/),
    "info!": object({ "title!": text, "version!": text, summary: text, description: text, license }),
    jsonSchemaDialect: uri,
    servers: list(object({ "url!": text, description: text })),
    "paths!": map(pathItem, /^\//),
    components: object({
      schemas: map(schema, NAME),
      securitySchemes: map(securityScheme, NAME),
      responses: map(response, NAME),
      parameters: map(parameter, NAME),
    }),
    security,
    tags: list(object({ "name!": text, description: text })),
  },
  (value, _, found) => across(value as Fields, found),
);

/** What no part of a document can say alone. */
function across(document: Fields, found: Found): void {
  const paths = isObject(document["paths"] ?? null)
    ? (document["paths"] as Record<string, Record<string, Fields>>)
    : {};
  const schemes = (document["components"] as Record<string, Fields> | undefined)?.["securitySchemes"] ?? {};
  const ids = new Set<Json | undefined>();
  const shapes = new Map<string, string>();
  for (const [path, item] of Object.entries(paths)) {
    const at = below("/paths", path);
    const shape = path.replaceAll(/\{[^}]*\}/g, "{}");
    if (shapes.has(shape)) fault(found, at, `cannot be told from ${shapes.get(shape)}`);
    shapes.set(shape, path);
    const named = [...path.matchAll(/\{([^}]*)\}/g)].map((match) => match[1]!);
    for (const [method, one] of Object.entries(item)) {
      const place = below(at, method);
      if (ids.has(one["operationId"])) fault(found, place, `is not the only ${String(one["operationId"])}`);
      ids.add(one["operationId"]);
      const parameters = (one["parameters"] ?? []) as Fields[];
      const inPath = parameters.filter((two) => two["in"] === "path").map((two) => String(two["name"]));
      if (named.toSorted().join() !== inPath.toSorted().join()) {
        fault(found, place, `declares ${inPath.join() || "nothing"} of the path's ${named.join() || "nothing"}`);
      }
      const keys = parameters.map((two) => `${String(two["in"])} ${String(two["name"])}`);
      if (new Set(keys).size < keys.length) fault(found, place, "has a parameter twice");
      if (Object.keys((one["responses"] ?? {}) as Fields).length === 0) fault(found, place, "has no response");
      for (const wanted of (one["security"] ?? []) as Fields[]) {
        for (const name of Object.keys(wanted)) if (!(name in schemes)) fault(found, place, `knows no ${name}`);
      }
    }
  }
}
