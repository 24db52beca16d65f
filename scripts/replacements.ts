/** Modules that are changed on their way into the bundle: what they do at each start, the build has done. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { ApiDocument } from '../mock-server/document.ts';
import { compileSchemas } from './compiled/compile.ts';

export interface Replacement {
  /** File of the module. */
  module: RegExp;
  replace: (code: string) => string;
}

const validator = (path: string) => new RegExp(`express-openapi-validator/dist/${path}$`.replaceAll('/', '[\\\\/]'));

/** Throws unless each text is there. */
export const swap =
  (...changes: [was: string, is: string][]) =>
  (code: string) =>
    changes.reduce((text, [was, is]) => {
      if (!text.includes(was)) throw new Error(`nothing to replace: ${was}`);
      return text.replaceAll(was, is);
    }, code);

export const documentOf = (root: string): unknown => parse(readFileSync(join(root, 'openapi.yaml'), 'utf8'));

/** The page's files by their names. Only these: what browsers load needs no build. */
function inspectorFiles(root: string): Record<string, string> {
  const folder = join(root, 'mock-server/admin/inspector');
  const names = readdirSync(folder).filter((name) => /\.(?:html|css|js|svg)$/.test(name));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

/** Keywords that mean one thing in a request and another in an answer. */
const DIRECTED = /"(?:readOnly|writeOnly|discriminator)":|"format":"date(?:-time)?"/;

/** An answer without a type is looked for by what its client accepts, which may be anything. */
const MOST_TYPES = 1_000;

async function compiledFor(document: unknown): Promise<Replacement> {
  const code = await compileSchemas(document as ApiDocument);
  return { module: /scripts[\\/]compiled[\\/]schemas\.ts$/, replace: () => code };
}

const COMPILER = join(import.meta.dirname, 'compiled/compiler.ts');

const compilerOf = (kind: string): [was: string, is: string] => [
  `(0, ajv_1.${kind})(`,
  `require(${JSON.stringify(COMPILER)}).compilerOf(ajv_1, '${kind}')(`,
];

/** @param document what the bundle is to have for openapi.yaml. */
export const replacementsFor = async (root: string, document: unknown): Promise<Replacement[]> => [
  await compiledFor(document),
  {
    module: /mock-server[\\/]document-source\.ts$/,
    replace: () => `export const readDocument = () => JSON.parse(${JSON.stringify(JSON.stringify(document))});`,
  },
  {
    // The suite judges by the whole document, whatever the fake makes of it.
    module: /contracts[\\/]document-source\.ts$/,
    replace: () => `export const readDocument = () => JSON.parse(${JSON.stringify(JSON.stringify(documentOf(root)))});`,
  },
  {
    // Read when the page is first asked for.
    module: /inspector[\\/]files\.ts$/,
    replace: () => {
      const files = JSON.stringify(JSON.stringify(inspectorFiles(root)));
      return `let files;\nexport const readFile = (name) => (files ??= new Map(Object.entries(JSON.parse(${files})))).get(name);`;
    },
  },
  {
    module: /mock-server[\\/]version\.ts$/,
    replace: () => {
      const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
      return `export const version = ${JSON.stringify(version)};`;
    },
  },
  {
    // It compiles OpenAPI's meta-schema at every start, even when it is told not to use it. A test lints the document.
    module: validator('framework/openapi.schema.validator.js'),
    replace: () => 'exports.OpenAPISchemaValidator = class { validate() { return { errors: [] }; } };',
  },
  {
    // url.parse is deprecated, and Node only keeps quiet about it inside node_modules.
    module: validator('middlewares/parsers/req.parameter.mutator.js'),
    replace: swap(['url.parse(req.originalUrl).query', "(req.originalUrl.split('?')[1] ?? null)"]),
  },
  {
    // For OpenAPI 3.0, which the document is not.
    module: validator('framework/ajv/factory.js'),
    replace: swap(['require("ajv-draft-04")', '{}']),
  },
  {
    // For commands that are programs of their own, which none is.
    module: /[\\/]commander[\\/]lib[\\/]command\.js$/,
    replace: swap(
      ["const childProcess = require('node:child_process');", ''],
      ['childProcess.spawn(', "require('node:child_process').spawn("],
    ),
  },
  {
    // No operation takes files.
    module: validator('middlewares/openapi.multipart.js'),
    replace: () => '',
  },
  {
    // The document has no references left when the validator gets it.
    module: validator('framework/index.js'),
    replace: swap([
      'require("@apidevtools/json-schema-ref-parser")',
      '{ bundle: async (document) => document, dereference: async (document) => document }',
    ]),
  },
  {
    // It is the validator's own copy already.
    module: validator('index.js'),
    replace: swap(['cloneDeep(options.apiSpec)', 'options.apiSpec']),
  },
  {
    // It makes a compiler to look up references, and then two documents, for requests and for answers, that differ in
    // what some keywords mean in either. Where the document has none of these, one will do.
    module: validator('middlewares/parsers/schema.preprocessor.js'),
    replace: (code) => {
      const withoutCompiler = swap(['this.ajv = (0, ajv_1.createRequestAjv)(apiDoc, ajvOptions);', ''])(code);
      if (DIRECTED.test(JSON.stringify(document))) return withoutCompiler;
      return swap(['cloneDeep(this.apiDoc)', 'this.apiDoc'], ['if (r) {', 'if (false) {'])(withoutCompiler);
    },
  },
  {
    // Paths are where references would be looked up: the compiler walks through all of them, for every schema. And where
    // an operation has no parameters or no body, a schema that all requests meet need not be compiled.
    module: validator('middlewares/openapi.request.validator.js'),
    replace: swap(
      ['paths: this.apiDoc.paths,', ''],
      [
        'this.validatorGeneral = (',
        'this.validatorGeneral = Object.values(parametersSchema).every(({ properties }) => !properties) ? () => true : (',
      ],
      ['this.validatorBody = (', 'this.validatorBody = Object.keys(bodySchema).length === 0 ? () => true : ('],
      compilerOf('createRequestAjv'),
    ),
  },
  {
    // What a Content-Type means, and which of an answer's declared types it is, is looked for anew at every message.
    module: validator('middlewares/util.js'),
    replace: swap(
      [
        "return new ContentType(req.headers['content-type']);",
        `const text = req.headers['content-type'];
const read = types.get(text) ?? new ContentType(text);
if (types.size < ${MOST_TYPES}) types.set(text, read);
return read;`,
      ],
      [
        "normalize(excludeParams = ['boundary']) {",
        `normalize(excludeParams) {
if (excludeParams) return this.normalizeAnew(excludeParams);
return (this.normal ??= this.normalizeAnew(['boundary']));
}
normalizeAnew(excludeParams) {`,
      ],
      ['exports.ContentType = ContentType;', 'exports.ContentType = ContentType;\nconst types = new Map();'],
      [
        'exports.findResponseContent = findResponseContent;',
        `const known = new Map();
exports.findResponseContent = (accepts, expectedTypes) => {
  const key = [...accepts, '', ...expectedTypes].join('\\n');
  const found = known.get(key) ?? findResponseContent(accepts, expectedTypes);
  if (known.size < ${MOST_TYPES}) known.set(key, found);
  return found;
};`,
      ],
    ),
  },
  {
    // The same, and an answer's schema is compiled when such an answer is first given, not all of an operation's at once.
    module: validator('middlewares/openapi.response.validator.js'),
    replace: swap(
      ['schema.paths = this.spec.paths;', ''],
      compilerOf('createResponseAjv'),
      ["res.getHeaders()['content-type']", "res.getHeader('content-type')"],
      ['return (mediaTypeParsed.subtype', 'return (this.types ??= {})[contentType] = (mediaTypeParsed.subtype'],
      [
        'canValidateContentType(contentType) {',
        'canValidateContentType(contentType) { if (this.types?.[contentType] !== undefined) return this.types[contentType];',
      ],
      [
        'const validator = (0, util_1.useAjvCache)(',
        'const validator = ((...given) => { let compiled; return function validator(data) { compiled ??= (0, util_1.useAjvCache)(...given); const valid = compiled(data); validator.errors = compiled.errors; return valid; }; })(',
      ],
    ),
  },
];
