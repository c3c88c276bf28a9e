import base64
import io
import struct
import zlib

import pytest
from werkzeug.datastructures import FileStorage, MultiDict

from engine import files, secrets

PHOTO = {
    "type": "upload",
    "key": "x",
    "label": "照片",
    "validate": {"required": True},
    "properties": {"accept": "jpg, png", "max_mb": "0.1", "count": "2"},
}
JPEG = b"\xff\xd8" + b"\xff\xe0" + struct.pack(">H", 6) + b"JFIF" + b"\xff\xda" + b"\x00\x04ab" + b"picture"
EXIF = b"\xff\xd8" + b"\xff\xe1" + struct.pack(">H", 12) + b"Exif\0\0GPS!" + JPEG[2:]


def png(*chunks):
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def sent(*contents):
    names = [f"第{i}页.jpg" for i in range(len(contents))]
    pairs = zip(names, contents, strict=True)
    return MultiDict([("x", FileStorage(io.BytesIO(content), filename=name)) for name, content in pairs])


@pytest.fixture
def store(tmp_path):
    secrets.configure("1:" + "5c" * 32)
    files.configure(tmp_path.as_uri())


@pytest.fixture
def photo(form, store):
    return form(PHOTO)


def test_a_file_is_stored_by_its_content_without_what_the_camera_adds(photo):
    bound = photo.bind(sent(EXIF))
    assert bound.validate()
    (answer,) = bound.answers()["x"]
    assert files.get(answer["blob"]) == JPEG
    assert (answer["name"], answer["type"], answer["size"]) == ("第0页.jpg", "jpg", len(JPEG))


def test_nothing_is_stored_before_the_form_holds(photo):
    photo.bind(sent(JPEG)).validate()
    assert files.all_digests() == []


def test_a_png_loses_its_texts(photo):
    bound = photo.bind(sent(png((b"IHDR", b"1"), (b"eXIf", b"GPS"), (b"tEXt", b"me"), (b"IEND", b""))))
    (answer,) = bound.answers()["x"]
    assert files.get(answer["blob"]) == png((b"IHDR", b"1"), (b"IEND", b""))


@pytest.mark.parametrize(
    ("contents", "sentence"),
    [
        ([JPEG + b"x" * 2**17], "第0页.jpg 有 0.2 MB，最多 0.1 MB，请压缩后再上传。"),
        ([b"MZ\x90\x00"], "第0页.jpg 不是 JPG、PNG 文件，请另存后再上传。"),
        ([b"%PDF-1.7"], "第0页.jpg 不是 JPG、PNG 文件，请另存后再上传。"),
        ([b""], "第0页.jpg 不是 JPG、PNG 文件，请另存后再上传。"),
        ([JPEG, JPEG, JPEG], "最多 2 个，现在是 3 个。"),
        ([], "请上传文件。"),
    ],
)
def test_a_bad_file_is_named_with_the_way_out(photo, contents, sentence):
    bound = photo.bind(MultiDict([*sent(*contents).items(multi=True), ("csrf_token", "t")]))
    assert not bound.validate()
    assert bound.errors["x"] == [sentence]


def test_an_empty_control_is_no_file(photo):
    assert not photo.bind(MultiDict({"x": FileStorage(io.BytesIO(), filename="")})).validate()


def test_text_is_no_file(photo):
    assert not photo.bind(MultiDict({"x": "不是文件"})).validate()


@pytest.mark.parametrize(
    "broken", [b"\xff\xd8\xff", b"\xff\xd8\xff\xe1\xff\xff", b"\x89PNG\r\n\x1a\n\xff\xff\xff\xff"]
)
def test_a_broken_picture_is_stored_as_it_is_or_refused(photo, broken):
    bound = photo.bind(sent(broken))
    if bound.validate():
        bound.answers()


def test_a_file_in_json(photo):
    content = base64.b64encode(JPEG).decode()
    assert photo.bind_json({"x": [{"name": "a.jpg", "content": content}]}).validate()
    for bad in ("x", [{"name": "a"}], [{"name": "a", "content": "***"}], [1]):
        assert not photo.bind_json({"x": bad}).validate()


def test_limits_are_said_before(photo):
    field = photo.bind().form["x"]
    assert field.limit == "JPG、PNG，每个不超过 0.1 MB，最多 2 个"
    assert field.accept == ".jpg,.png"
    assert field.multiple


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("../../etc/照片.JPEG", "照片.JPEG"),
        ("C:\\桌面\\page.html", "page.html.jpg"),
        ("a\r\nX: y.jpg", "aX y.jpg"),
        ("", "file.jpg"),
        ("长" * 300 + ".jpg", "长" * 90 + ".jpg"),
    ],
)
def test_a_name_is_a_plain_name_with_the_ending_of_what_the_file_is(photo, said, kept):
    bound = photo.bind_json({"x": [{"name": said or " ", "content": base64.b64encode(JPEG).decode()}]})
    (answer,) = bound.answers()["x"]
    assert answer["name"] == kept
