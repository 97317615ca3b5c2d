"""Arrays of plain values are read from numpy's files; a pickle is never run."""

import contextlib
import io
import os
import pickle
import struct
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from affect_llm.errors import DataError
from affect_llm.labels.official import plain_arrays, plain_pickle, plain_values
from affect_llm.labels.official.plain_arrays import plain_array, read_plain_npz
from affect_llm.labels.official.plain_pickle import read_plain_pickle

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(), inner, max_size=4)
        | st.tuples(inner, inner)
    ),
    max_leaves=30,
)


def stored(payload: bytes) -> bytes:
    """An `.npy` file of objects whose pickle is `payload`."""
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(file, {"descr": "|O", "fortran_order": False, "shape": ()})
    return file.getvalue() + payload


def test_the_official_layouts_are_read(tmp_path):
    path = tmp_path / "predictions.npz"
    np.savez_compressed(
        path,
        name2reason={"clip_1": "looks pale", "clip_2": "笑了"},
        filenames=["clip_1", "clip_2"],
        fileitems=np.array([["sad", "tired"], ["happy"]], dtype=object),
        test1_corpus={"clip_1": {"emo": "sad", "val": -1.5}},
        reply=np.array("[['a']]"),
        scores=np.array([0.5, 2.0]),
    )
    read = read_plain_npz(path)
    assert read["name2reason"] == {"clip_1": "looks pale", "clip_2": "笑了"}
    assert read["filenames"] == ["clip_1", "clip_2"]
    assert read["fileitems"] == [["sad", "tired"], ["happy"]]
    assert read["test1_corpus"] == {"clip_1": {"emo": "sad", "val": -1.5}}
    assert read["reply"] == "[['a']]"
    assert np.array_equal(read["scores"], [0.5, 2.0])


def test_numpy_values_inside_become_plain(tmp_path):
    value = {
        "text": np.str_("hé"),
        "empty": np.str_(""),
        "number": np.float64(2.5),
        "big_endian": np.array([1, 2], dtype=">i4"),
        "words": np.array(["u", "vv"]),
        "table": np.arange(6).reshape(2, 3),
        "mixed": np.array(["a", ["b"]], dtype=object),
        "none": np.array([], dtype=object),
        "long": -(2**70),
    }
    np.savez(tmp_path / "a.npz", value=value)
    assert read_plain_npz(tmp_path / "a.npz")["value"] == {
        "text": "hé",
        "empty": "",
        "number": 2.5,
        "big_endian": [1, 2],
        "words": ["u", "vv"],
        "table": [[0, 1, 2], [3, 4, 5]],
        "mixed": ["a", ["b"]],
        "none": [],
        "long": -(2**70),
    }


@settings(max_examples=50, deadline=None)
@given(PLAIN, st.sampled_from([2, 3, 4]))
def test_any_plain_value_comes_back_as_pickle_would_give_it(value, protocol):
    assert read_plain_pickle(pickle.dumps(value, protocol), "it") == value


@settings(max_examples=50, deadline=None)
@given(PLAIN, st.data())
def test_a_damaged_pickle_is_refused_or_plain_but_never_a_crash(value, data):
    raw = bytearray(pickle.dumps(value, 4))
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] = data.draw(st.integers(0, 255))
    with contextlib.suppress(DataError):
        plain_values.check_plain(read_plain_pickle(bytes(raw), "it"))


def test_sharing_is_kept_within_an_array(tmp_path):
    labels = ["happy", "sad"]
    np.savez(tmp_path / "a.npz", value={"a": labels, "b": labels})
    assert read_plain_npz(tmp_path / "a.npz")["value"] == {"a": labels, "b": labels}


class Runs:
    """Its pickle calls a function of our choice when it is loaded."""

    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4, 5])
@pytest.mark.parametrize(
    "wrap", [lambda bad: bad, lambda bad: {"name2reason": [bad]}, lambda bad: {"a": (1, bad)}]
)
def test_a_command_in_a_pickle_is_not_run(tmp_path, protocol, wrap):
    witness = tmp_path / "ran"
    bad = wrap(Runs(os.system, f"touch {witness}"))
    with pytest.raises(DataError, match="is not read"):
        plain_array(stored(pickle.dumps(bad, protocol)), "the array")
    assert not witness.exists()


@pytest.mark.parametrize(
    "bad",
    [
        Runs(eval, "1"),
        Runs(exec, "x=1"),
        Runs(__import__, "os"),
        Runs(getattr, "a", "b"),
        Runs(np.load, "x"),
        Runs(np.fromfile, "x"),
        Runs(np.testing.assert_equal, 1, 1),
        Runs(bytearray, 10),
        np.float64,
        np.ndarray,
        {1, 2},
        1j,
        b"bytes",
        object(),
        range(3),
        np.datetime64("2020-01-01"),
        np.ma.array([1]),
        np.array([(1, 2)], dtype=[("a", "i4"), ("b", "i4")]),
        np.array([[1, 2], [3, 4]], order="F"),
    ],
    ids=lambda bad: type(bad).__name__,
)
def test_what_is_not_plain_is_refused(bad):
    with pytest.raises(DataError, match="is not read"):
        plain_array(stored(pickle.dumps({"a": bad}, 4)), "the array")


def test_the_name_asked_for_is_in_the_sentence():
    with pytest.raises(DataError, match=r"asks for posix\.system; .* nothing .* is ever run"):
        plain_array(stored(pickle.dumps(Runs(os.system, "true"), 4)), "the array")


HEADER = b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\n"
RECONSTRUCT = HEADER + b"K\x00\x85C\x01b\x87R"
DTYPE = b"cnumpy\ndtype\nX\x02\x00\x00\x00O8\x89\x88\x87R"


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"N",
        b".",
        b"(.",
        b"NN.",
        b"R.",
        b"b.",
        b"]]b.",
        b"NNR.",
        b"h\x05.",
        b"j\xff\xff\xff\xff.",
        b"e.",
        b"u.",
        b"(Nu.",
        b"}(Nu.",
        b"}(]Nu.",  # a list as a key
        b"}Ns.",
        b"Na.",
        b"\x87.",
        b"X\xff\xff\xff\xffhi.",
        b"\x8d\xff\xff\xff\xff\xff\xff\xff\xff.",
        b"\x8e\xff\xff\xff\xff\xff\xff\xff\x7f.",
        b"X\x02\x00\x00\x00\xff\xfe.",
        b"X\x03\x00\x00\x00\xed\xa0\x80.",  # half a character
        b"G\x00.",
        b"cos",
        b"cnumpy\nndarray\n.",
        b"]cnumpy\nndarray\na.",
        DTYPE + b".",
        RECONSTRUCT + b".",  # an array that was never filled
        b"]" + RECONSTRUCT + b"a.",
        RECONSTRUCT + b"Nb.",
        RECONSTRUCT + b"(K\x01)" + DTYPE + b"\x89]tb.",  # one item announced, none given
        RECONSTRUCT + b"(K\x01J\xff\xff\xff\xff\x85" + DTYPE + b"\x89]tb.",  # a negative side
        RECONSTRUCT + b"(K\x01\x88\x85" + DTYPE + b"\x89]tb.",
        RECONSTRUCT + b"q\x00(K\x01)" + DTYPE + b"\x89]h\x00atb.",  # an array inside itself
        b"cnumpy\ndtype\nX\x04\x00\x00\x00U9e9\x85R.",
        b"cnumpy\ndtype\nX\x08\x00\x00\x00U9999999\x85R.",
        b"cnumpy\ndtype\nN\x85R.",
        b"cnumpy\ndtype\n)R.",
        b"cnumpy.core.multiarray\nscalar\n" + DTYPE + b"C\x01\x00\x86R.",
        b"cnumpy.core.multiarray\nscalar\n)R.",
        b"cnumpy.core.multiarray\n_reconstruct\n)R.",
        b"cnumpy\nndarray\nK\x01\x85R.",  # the class itself as a function
        b"]q\x00h\x00a.",  # a list inside itself
        b"(((((",
        b"\x80\x04\x95",
        b"i",
        b"Pid\n.",
        b"cos\nsystem\n(S'true'\ntR.",
        b"\x8c\x02os\x8c\x06system\x93.",
        b"K\x01K\x02\x93.",
        b"\x82\x01.",
    ],
)  # fmt: skip
def test_malformed_pickles_are_refused(payload):
    with pytest.raises(DataError, match="it is not read"):
        read_plain_pickle(payload, "it")


def test_a_bomb_of_shared_lists_is_refused():
    """Thirty pairs of a pair are a few hundred bytes and a billion items."""
    bomb = b"]q\x00" + b"".join(b"h%c\x86q%c" % (i, i + 1) for i in range(30)) + b"."
    with pytest.raises(DataError, match="more than 20000000 items"):
        read_plain_pickle(bomb, "it")


def test_a_flood_of_instructions_is_refused(monkeypatch):
    monkeypatch.setattr(plain_pickle, "MAX_STEPS", 1000)
    with pytest.raises(DataError, match="more than 1000 instructions"):
        read_plain_pickle(b"(" + b"]" * 2000 + b"t.", "it")


def test_a_flood_of_empty_strings_is_refused():
    header = b"{'descr': '|S0', 'fortran_order': False, 'shape': (9999999999,), }\n"
    with pytest.raises(DataError, match="is not read"):
        plain_array(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header, "the array")
    flood = DTYPE.replace(b"O8", b"U0") + b"\x89C\x00tb."
    with pytest.raises(DataError, match="damaged"):
        read_plain_pickle(RECONSTRUCT + b"(K\x01J\xff\xff\xff\x7f\x85" + flood, "it")


PAIRS_OF_PAIRS = b")q\x00" + b"".join(b"h%c\x86q%c" % (i, i + 1) for i in range(200))
DEEP = b")" + b"\x85" * 200_000


@pytest.mark.parametrize("key", [PAIRS_OF_PAIRS, DEEP])
@pytest.mark.parametrize(
    "payload",
    [
        b"}%sNs.",
        b"}(%sNu.",
        b"%sN\x93.",
        b"N%s\x93.",
        b"cnumpy\ndtype\n%s\x85R.",
        DTYPE + b"(K\x03%sNNNK\xffK\xffK?tb.",
        RECONSTRUCT + b"(K\x01%s" + DTYPE + b"\x89]tb.",
        b"cnumpy.core.multiarray\nscalar\n%sC\x00\x86R.",
    ],
)
def test_tuples_that_take_for_ever_to_hash_or_print_are_refused(payload, key):
    with pytest.raises(DataError, match="is not read"):
        read_plain_pickle(payload.replace(b"%s", key), "it")


def test_deep_nesting_is_refused():
    with pytest.raises(DataError, match="more than 32 deep"):
        read_plain_pickle(b"]" * 100_000 + b"a" * 99_999 + b".", "it")


def test_a_huge_memo_number_costs_nothing():
    assert read_plain_pickle(b"Nr\xff\xff\xff\xff.", "it") is None


def test_a_file_that_unpacks_too_large_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(plain_arrays, "MAX_BYTES", 1000)
    np.savez_compressed(tmp_path / "a.npz", a=np.zeros(50), b=np.zeros(100))
    with pytest.raises(DataError, match="unpacks to more than 1000 bytes"):
        read_plain_npz(tmp_path / "a.npz")


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04 no zip", pickle.dumps({"a": 1}), b"\x93NUMPY\x01\x00"],
    ids=["empty", "zip", "pickle", "numpy"],
)
def test_what_is_no_npz_is_named(tmp_path, data):
    path = tmp_path / "a.npz"
    path.write_bytes(data)
    with pytest.raises(DataError, match=r"a\.npz cannot be read as an \.npz file"):
        read_plain_npz(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"gone.*no such file"):
        read_plain_npz(tmp_path / "gone")


def test_a_damaged_member_is_refused(tmp_path):
    np.savez(tmp_path / "a.npz", a=np.arange(100))
    raw = bytearray((tmp_path / "a.npz").read_bytes())
    raw[200:210] = b"x" * 10
    (tmp_path / "a.npz").write_bytes(raw)
    with pytest.raises(DataError, match="damaged"):
        read_plain_npz(tmp_path / "a.npz")


def test_an_encrypted_or_foreign_member_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("note.txt", "hello")
    with pytest.raises(DataError, match=r"'note\.txt' of .* no numpy array"):
        read_plain_npz(tmp_path / "a.npz")


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("{'descr': '<f8', 'fortran_order': False, 'shape': (10000000000,), }", "cut short"),
        ("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }", "cut short"),
        ("{'descr': [('a', '|O')], 'fortran_order': False, 'shape': (), }", "its type is"),
        ("{'descr': '<M8[s]', 'fortran_order': False, 'shape': (), }", "its type is"),
        ("{'descr': 'os', 'fortran_order': False, 'shape': (), }", "no numpy array"),
        ("{'descr': '<f8', 'fortran_order': False, 'shape': (-1, -1), }", "cut short"),
        ("{'descr': '<U0', 'fortran_order': False, 'shape': (10**99,), }", "no numpy array"),
        (
            "{'descr': '|S0', 'fortran_order': False, 'shape': (9" + "9" * 40 + ",), }",
            "is not read",
        ),
        ("{'descr': '|u1', 'fortran_order': False, 'shape': " + str((1,) * 3 + (8,)) + ", }", None),
        (
            "{'descr': '|u1', 'fortran_order': False, 'shape': " + str((1,) * 99 + (8,)) + ", }",
            "impos",
        ),
        ("{'descr': (), 'fortran_order': False, 'shape': (), }", "is not read"),
        ("{'descr': '<f8', 'fortran_order': False, 'shape': (), }\0", "is not read"),
        ("-" * 9000 + "1", "no numpy array"),
        ("[" * 9000, "no numpy array"),
        ("__import__('os')", "no numpy array"),
        ("{'descr': '<f8'}", "no numpy array"),
    ],
)
def test_a_lying_header_is_refused(header, message):
    body = header.encode() + b"\n"
    data = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(body)) + body + b"\x00" * 8
    if message is None:
        assert plain_array(data, "the array").shape == (1, 1, 1, 8)
        return
    with pytest.raises(DataError, match=message):
        plain_array(data, "the array")


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_a_damaged_archive_is_refused_or_read_but_never_a_crash(tmp_path_factory, data):
    file = io.BytesIO()
    np.savez_compressed(file, name2reason={"a": "b" * 40}, numbers=np.arange(9))
    raw = bytearray(file.getvalue())
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("damaged") / "a.npz"
    path.write_bytes(raw)
    with contextlib.suppress(DataError):
        read_plain_npz(path)


def test_an_archive_packed_in_another_way_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.npz", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.npy", stored(pickle.dumps(1, 4)))
    with pytest.raises(DataError, match="damaged"):
        read_plain_npz(tmp_path / "a.npz")
