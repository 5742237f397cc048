/** Small clients of the API, written for tests, as the archives that registries give. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';

/** Python reads the archives, and here writes them: its writers take any name. */
export const hasPython = spawnSync('python3', ['--version']).status === 0;

/** A text, so many zeros, or a link to somewhere else. */
export type Entry = string | { readonly zeros: number } | { readonly link: string };

const writer = `
import io, json, sys, tarfile, zipfile
path, entries = json.load(sys.stdin)
data = lambda entry: entry.encode() if isinstance(entry, str) else bytes(entry["zeros"])
if path.endswith(".whl"):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, entry in entries:
            archive.writestr(name, data(entry))
else:
    with tarfile.open(path, "w:gz") as archive:
        for name, entry in entries:
            info = tarfile.TarInfo(name)
            if isinstance(entry, dict) and "link" in entry:
                info.type, info.linkname = tarfile.SYMTYPE, entry["link"]
                archive.addfile(info)
            else:
                info.size = len(data(entry))
                archive.addfile(info, io.BytesIO(data(entry)))
`;

/** Writes an archive, a wheel or an npm package by its name, and gives its path. It is gone after the test. */
export const archiveOf = async (
  name: string,
  entries: readonly (readonly [string, Entry])[],
): Promise<string> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'polytomic-archive-'));
  onTestFinished(async () => rm(folder, { recursive: true }));
  const file = path.join(folder, name);
  await execa('python3', ['-I', '-W', 'ignore', '-c', writer], { input: JSON.stringify([file, entries]) });
  return file;
};

export const wheelName = 'polytomic-2.0.0-py3-none-any.whl';
export const packageName = 'polytomic-1.0.0.tgz';

/** What `pip` wants to see in a wheel. */
export const wheelFacts: readonly (readonly [string, string])[] = [
  ['polytomic-2.0.0.dist-info/METADATA', 'Metadata-Version: 2.1\nName: polytomic\nVersion: 2.0.0\n'],
  ['polytomic-2.0.0.dist-info/WHEEL', 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n'],
  ['polytomic-2.0.0.dist-info/RECORD', ''],
];

/** An API of things, as the client for Python has it. */
export const pythonClient: readonly (readonly [string, string])[] = [
  [
    'polytomic/things/raw_client.py',
    `
import typing
from ..core.http_response import HttpResponse
from ..types.part import Part as types_part_Part
from ..types.thing_envelope import ThingEnvelope

OMIT = typing.cast(typing.Any, ...)


class RawThingsClient:
    def __init__(self, *, client_wrapper):
        self._client_wrapper = client_wrapper

    def create(
        self,
        *,
        name: str,
        parts: typing.Optional[typing.Sequence[types_part_Part]] = OMIT,
        async_: typing.Optional[bool] = None,
    ) -> HttpResponse[ThingEnvelope]:
        _response = self._client_wrapper.httpx_client.request(
            "api/things",
            method="POST",
            params={"async": async_},
            json={
                "name": name,
                "parts": convert_and_respect_annotation_metadata(
                    object_=parts, annotation=typing.Sequence[types_part_Part], direction="write"
                ),
            },
        )

    def delete(self, thing_id: str, id: str) -> HttpResponse[None]:
        _response = self._client_wrapper.httpx_client.request(
            f"api/things/{encode_path_param(thing_id)}/parts/{encode_path_param(id)}", method="DELETE"
        )


class AsyncRawThingsClient:
    async def create(self, *, other: str) -> AsyncHttpResponse[ThingEnvelope]:
        _response = await self._client_wrapper.httpx_client.request("api/others", method="POST")
`,
  ],
  [
    'polytomic/types/part.py',
    `
import datetime as dt
import typing

import pydantic
import typing_extensions
from ..core.pydantic_utilities import UniversalBaseModel


class Part(UniversalBaseModel):
    from_: typing_extensions.Annotated[
        typing.Optional[str], FieldMetadata(alias="from"), pydantic.Field(alias="from", description="x")
    ] = None
    made_at: typing.Optional[dt.datetime] = pydantic.Field(default=None)
    size: int = pydantic.Field()
    sizes: typing.Dict[str, typing.List[float]]
    any_thing: typing.Optional[typing.Any] = None
    whole: typing.Optional["Thing"] = None

    model_config: typing.ClassVar[pydantic.ConfigDict] = pydantic.ConfigDict(extra="allow")
`,
  ],
  [
    'polytomic/types/thing.py',
    `
import typing
from .mode import Mode
from .part import Part


class Thing(Part):
    mode: typing.Union[Mode, str, None] = None
    event: typing.Optional[typing.Union[Part, typing.Literal["none"]]] = None
`,
  ],
  [
    'polytomic/types/mode.py',
    'import typing\n\nMode = typing.Union[typing.Literal["on", "off"], typing.Any]\n',
  ],
  [
    'polytomic/types/thing_envelope.py',
    `
import typing
from .thing import Thing


class ThingEnvelope(UniversalBaseModel):
    data: typing.Optional[Thing] = None
`,
  ],
  // No part of the API, and nothing that a reader of types could read.
  ['polytomic/core/types/odd.py', 'odd = lambda: open("/etc/passwd")\n'],
  ['polytomic/__init__.py', 'raise SystemExit("it was run")\n'],
];

/** The same API, as the client for Node has it. */
export const npmClient: readonly (readonly [string, string])[] = [
  [
    'package/package.json',
    '{"name":"polytomic","version":"1.0.0","scripts":{"prepare":"exit 9","preinstall":"exit 9"}}',
  ],
  ['package/index.js', 'throw new Error("it was run");\n'],
  [
    'package/api/resources/things/client/Client.js',
    `
class Things {
    create(request, requestOptions) {
        return __awaiter(this, void 0, void 0, function* () {
            const { async } = request, _body = __rest(request, ["async"]);
            const _queryParams = {};
            if (async != null) {
                _queryParams["async"] = async.toString();
            }
            const _response = yield core.fetcher({
                url: (0, url_join_1.default)(environments.PolytomicEnvironment.Default, "api/things"),
                method: "POST",
                queryParameters: _queryParams,
                body: _body,
            });
        });
    }
    delete(thingId, id, requestOptions) {
        return __awaiter(this, void 0, void 0, function* () {
            const _response = yield core.fetcher({
                url: (0, url_join_1.default)(environments.PolytomicEnvironment.Default, \`api/things/\${encodeURIComponent(thingId)}/parts/\${encodeURIComponent(id)}\`),
                method: "DELETE",
            });
        });
    }
    _getAuthorizationHeader() {
        return "Bearer";
    }
}
exports.Things = Things;
`,
  ],
  [
    'package/api/resources/things/client/Client.d.ts',
    `
export declare class Things {
    create(request: Polytomic.CreateRequest, requestOptions?: Things.RequestOptions): Promise<Polytomic.ThingEnvelope>;
    delete(thingId: string, id: string, requestOptions?: Things.RequestOptions): Promise<void>;
    protected _getAuthorizationHeader(): Promise<string>;
}
`,
  ],
  [
    'package/api/resources/things/client/requests/CreateRequest.d.ts',
    'export interface CreateRequest {\n    async?: boolean;\n    name: string;\n    parts?: Polytomic.Part[];\n}\n',
  ],
  [
    'package/api/types/Part.d.ts',
    `
export interface Part {
    from?: string;
    made_at?: string;
    size: number;
    sizes: Record<string, number[]>;
    any_thing?: unknown;
    whole?: Polytomic.Thing;
}
`,
  ],
  [
    'package/api/types/Thing.d.ts',
    'export interface Thing extends Polytomic.Part {\n    mode?: Polytomic.Mode | string | null;\n    event?: Polytomic.Part | "none";\n}\n',
  ],
  [
    'package/api/types/Mode.d.ts',
    'export declare type Mode = "on" | "off";\nexport declare const Mode: {\n    readonly On: "on";\n};\n',
  ],
  [
    'package/api/types/ThingEnvelope.d.ts',
    'export interface ThingEnvelope {\n    data?: Polytomic.Thing;\n}\n',
  ],
  // The second copy that the package holds.
  ['package/dist/api/types/Part.d.ts', 'export interface Part {\n    other?: string;\n}\n'],
];

/** A client with one of its files written anew. */
export const changed = (
  client: readonly (readonly [string, string])[],
  file: string,
  change: (text: string) => string,
): readonly (readonly [string, string])[] =>
  client.map(([name, text]) => (name.endsWith(file) ? [name, change(text)] : [name, text]));
