"""An operator sets a sentence encoder up; it finds more, and nothing is lost when it fails."""

import io

import numpy as np
import onnx
import pytest
from django.core.management import call_command
from tokenizers import Tokenizer, models, pre_tokenizers

from tests import encoder, people
from yanlu.dispatch import encoding, similar, traces
from yanlu.textkit import encoders
from yanlu.textkit.encoders import EncoderFailed

pytestmark = pytest.mark.django_db

LAMP = "宝林一村3号楼门口的路灯坏了一个星期，请快点来修路灯。"
DARK = "晚上回家的小道黑漆漆的"


@pytest.fixture
def fake(settings, monkeypatch):
    monkeypatch.setattr(encoders, "WAITS", (0.0, 0.0))
    with encoder.running() as running:
        settings.YANLU_ENCODER, settings.YANLU_ENCODER_KEY = running.url, "secret"
        encoding.forget()
        yield running
    encoding.forget()


def found(typed: str) -> list[int]:
    place = people.place_by_code(people.BAOLIN)
    return [one.submission.pk for one in similar.similar_open(typed, place.id)]


def told() -> str:
    out = io.StringIO()
    call_command("vectors", stdout=out)
    return out.getvalue()


def test_other_words_for_the_same_are_found_by_their_meaning(district, fake):
    lamp = people.hand_in(LAMP)
    assert found(DARK) == [], "the encoder has not seen it yet"
    assert traces.add_meanings() == 1
    assert found(DARK) == [lamp.pk]
    assert traces.add_meanings() == 0
    assert fake.keys[0] == "Bearer secret"
    assert fake.asked[0]["path"] == "/v1/embeddings"
    assert fake.asked[0]["model"] == "tiny"


def test_personal_data_stays_in_the_house(district, fake):
    people.hand_in(f"{LAMP}我叫周兰英，电话13900000001。")
    traces.add_meanings()
    found("我叫周兰英，电话13900000001，路灯坏了")
    sent = str(fake.asked)
    assert "路灯" in sent
    assert "13900000001" not in sent
    assert "周兰英" not in sent


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (401, b""),
        (302, b"http://127.0.0.1:9/"),
        (200, b"no json"),
        (200, b'{"data": []}'),
        (200, b'{"data": [{"index": 0, "embedding": [1, NaN]}]}'),
        (200, b'{"data": [{"index": 0, "embedding": "abc"}]}'),
    ],
)
def test_while_it_fails_words_go_on_finding_and_the_fault_is_shown(district, fake, status, answer):
    lamp = people.hand_in(LAMP)
    fake.answers = [(status, answer)] * 3
    assert found("3号楼门口路灯坏了") == [lamp.pk]
    asked = len(fake.asked)
    assert found("3号楼门口路灯坏了") == [lamp.pk]
    assert len(fake.asked) == asked, "after a failure it is left alone for a while"
    assert "none" not in told()
    assert traces.add_meanings() == 0

    encoding.forget()
    fake.answers = []
    assert "fault       none" in told()


def test_a_busy_encoder_is_asked_again_a_limited_number_of_times(district, fake):
    fake.answers = [(429, b""), (503, b"")]
    assert encoding.meanings([LAMP]) is not None
    fake.answers = [(503, b"")] * 9
    encoding.forget()
    assert encoding.meanings([LAMP]) is None
    assert len(fake.answers) == 6


def test_many_texts_go_in_batches(fake):
    made = encoding.meanings([f"路灯{n}" for n in range(encoders.BATCH + 1)])
    assert made is not None
    assert made.vectors.shape == (encoders.BATCH + 1, 4)
    assert [len(asked["input"]) for asked in fake.asked] == [encoders.BATCH, 1]


def test_nobody_at_the_address_is_a_fault_and_no_model_a_mistake(district, settings):
    settings.YANLU_ENCODER = "http://127.0.0.1:9/v1#tiny"
    encoding.forget()
    assert "ConnectionRefusedError" in told() or "URLError" in told()
    settings.YANLU_ENCODER = "http://127.0.0.1:9/v1"
    encoding.forget()
    assert "name the model" in told()
    encoding.forget()


def test_a_folder_needs_its_files_and_their_library(tmp_path, monkeypatch):
    with pytest.raises(EncoderFailed, match=r"no model\.onnx and no tokenizer\.json"):
        encoders.encoder(str(tmp_path))
    for name in ("model.onnx", "tokenizer.json"):
        (tmp_path / name).write_text("{}", encoding="utf-8")
    with pytest.raises(EncoderFailed, match=r"onnxruntime is not installed|can't be used"):
        encoders.encoder(str(tmp_path))


@pytest.fixture
def folder(tmp_path):
    """A sentence encoder as they are published, if a tiny one: a vector for each of four words."""
    words = {"灯": 0, "亮": 1, "狗": 2, "叫": 3, "[UNK]": 4, "[PAD]": 5}
    table = np.zeros((6, 3), np.float32)
    table[[0, 1]], table[[2, 3]] = (1, 0, 0), (0, 1, 0)
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node("Gather", ["table", "input_ids"], ["states"])],
        "tiny",
        [onnx.helper.make_tensor_value_info("input_ids", onnx.TensorProto.INT64, ["n", "length"])],
        [onnx.helper.make_tensor_value_info("states", onnx.TensorProto.FLOAT, None)],
        [onnx.numpy_helper.from_array(table, "table")],
    )
    opset = onnx.helper.make_opsetid("", 17)
    model = onnx.helper.make_model(graph, opset_imports=[opset], ir_version=9)
    onnx.save(model, str(tmp_path / "model.onnx"))
    return tmp_path


def test_an_encoder_in_a_file_reads_sentences_of_any_length_together(folder):
    lamp, again, dog, nothing = encoders.encoder(str(folder)).embed(
        ["灯亮", "亮灯灯灯" * 900, "狗叫", ""], seconds=1
    )
    assert lamp @ again == pytest.approx(1)
    assert lamp @ dog == pytest.approx(0)
    assert nothing.tolist() == [0, 0, 0]


def test_with_an_encoder_in_a_file_matters_are_found_in_other_words(district, settings, folder):
    settings.YANLU_ENCODER = str(folder)
    encoding.forget()
    said = people.hand_in("宝林一村的灯不亮。")
    assert traces.add_meanings() == 1
    assert [one.submission for one in similar.similar_open("亮亮亮亮灯灯灯灯")] == [said]
    encoding.forget()
