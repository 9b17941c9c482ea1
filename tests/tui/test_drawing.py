"""Drawing without a screen: text layout, widths, calls, engine rows, pages, the editor's colours, settings."""

from __future__ import annotations

import time

import pytest
from sample_views import GOOD, ID, groups, panel

from dockertutor.errors import UsageError
from dockertutor.facts import Call
from dockertutor.tui import folder as disk
from dockertutor.tui import settings
from dockertutor.tui.draw.ages import ago
from dockertutor.tui.draw.calls import Shown, calls_lines, cut_short, json_lines, size
from dockertutor.tui.draw.engine import engine_lines
from dockertutor.tui.draw.ink import content, line, part, spread, text, width
from dockertutor.tui.draw.links import shown_as
from dockertutor.tui.draw.look import Look, key_name
from dockertutor.tui.draw.prose import blocks, flow, picture, prose, typed
from dockertutor.tui.draw.reading import quiz_lines
from dockertutor.tui.highlight import dockerfile_row, language_of
from dockertutor.tui.layout import layout
from dockertutor.tutor.engine_view import CallGroup
from dockertutor.tutor.page_text import fetch, to_text
from dockertutor.tutor.step_view import OptionView, QuestionView

LOOK = Look()


def plain(lines) -> list[str]:
    return [text(row).rstrip() for row in lines]


def test_no_line_is_longer_than_its_room():
    words = "A sentence with `some code in it`, **bold words**, [[terms]] and averyveryverylongwordwithoutanyspace."
    for cells in range(8, 80):
        assert max(width(row) for row in flow(words, cells, LOOK)) <= cells


def test_the_last_line_has_more_than_one_word():
    words = "The old shop program needs version 1 of a part and the new one version 2 of it today"
    for cells in range(30, 70):
        rows = plain(flow(words, cells, LOOK))
        assert len(rows) == 1 or len(rows[-1].split()) > 1


def test_short_code_is_not_broken():
    rows = plain(flow("Two options first: `-p outside:inside` for the door, then more words.", 34, LOOK))
    assert any("-p outside:inside" in row for row in rows)


def test_wide_characters_count_two_cells():
    assert max(width(row) for row in flow("容器" * 30, 21, LOOK)) <= 21


def test_blocks_of_the_lesson_language():
    source = "## Title\n\nText goes\non.\n\n    docker ps\n\n```\n┌─┐\n```\n\n- one\n- two\n  more\n\n> said"
    found = [(block.kind, block.text) for block in blocks(source)]
    assert found == [("heading", "Title"), ("paragraph", "Text goes on."), ("typed", "docker ps"),
                     ("picture", "┌─┐"), ("item", "one"), ("item", "two more"), ("quote", "said")]  # fmt: skip


def test_lists_stand_close_and_blocks_apart():
    assert plain(prose("One.\n\n- a\n- b\n\nTwo.", 40, LOOK)) == ["One.", "", "- a", "- b", "", "Two."]


def test_what_is_typed_is_tinted_or_indented():
    assert typed("docker ps", 20, LOOK)[0][0].style == "$strong on $panel"
    assert plain(typed("docker ps", 20, Look(tints=False))) == ["  docker ps"]


def test_markup_of_others_is_only_text():
    row = line("[red]x[/red] [@click=app.quit]y[/]", part("\x1b[31m\x07red"))
    assert content([row]).plain == "[red]x[/red] [@click=app.quit]y[/][31mred"


def test_names_of_keys_and_panes_are_those_of_this_screen():
    typing = Look(typing=True)
    assert plain(prose("Ask for [[key:hint]] under [[pane:page]].", 60, typing, shown=shown_as(typing))) == [
        "Ask for Ctrl-G h under Page."
    ]
    assert plain(prose("Ask for [[key:hint]].", 60, LOOK, shown=shown_as(LOOK))) == ["Ask for h."]


def test_a_bare_web_address_is_a_link_without_its_full_stop():
    rows = flow("Open (http://localhost:8080/a), or http://localhost:8081.", 78, LOOK, shown=shown_as(LOOK))
    links = [p for p in rows[0] if p.do is not None]
    assert [p.text for p in links] == ["http://localhost:8080/a", "http://localhost:8081"]
    assert [p.do for p in links] == [("browse", p.text) for p in links]
    assert {p.style for p in links} == {"$accent underline"}
    assert text(rows[0]).rstrip() == "Open (http://localhost:8080/a), or http://localhost:8081."


def test_code_is_never_a_link():
    rows = flow("Type `http://localhost:8080` there.", 78, LOOK, shown=shown_as(LOOK))
    assert all(p.do is None for p in rows[0])


def test_both_ends_of_a_line_keep_their_place():
    assert text(spread(12, line("left"), line("right"))) == "left   right"
    assert text(spread(10, line("too long a name"), line("right"))) == "too… right"


@pytest.mark.parametrize(
    ("size", "mode", "lesson"),
    [((160, 48), "beside", 65), ((136, 32), "beside", 49), ((150, 40), "beside", 55), ((135, 48), "stacked", 49),
     ((80, 24), "single", 49), ((200, 31), "single", 65)],
)  # fmt: skip
def test_the_layout_table(size, mode, lesson):
    lay = layout(*size)
    assert (lay.mode, lay.lesson) == (mode, lesson)


def test_engine_rows_that_have_just_changed_stand_out():
    now = time.time()
    rows = engine_lines(panel(now), 88, LOOK, now=now)
    assert text(rows[1]) == ("● quirky_hopper           tutor-blog      running     8317 → 80                 just now")
    assert rows[1][-1].style == "$accent"
    assert rows[2][-1].style == "$text-muted"
    assert all(width(row) == 88 for row in rows)
    assert all(width(row) <= 76 for row in engine_lines(panel(now), 76, LOOK, now=now))


def test_calls_are_rows_in_plain_words():
    now = time.time()
    rows = plain(calls_lines(groups(now), 88, LOOK, shown=Shown(frozenset({now})), at=(0, 0), now=now, socket="/s")[0])
    assert rows[0] == f"{GOOD}   just now" + "m picture".rjust(18)
    assert rows[1] == "+ POST  /containers/create        make a container" + "201     6 ms     90 B".rjust(38)
    assert rows[2].startswith("+ POST  /containers/3f9c…/wait    tell me when it ends")
    assert rows[5].endswith("4 calls     2 minutes ago")


def test_an_opened_call_shows_bodies_and_a_line_for_the_shell():
    now = time.time()
    shown = Shown(frozenset({now}), 1)
    lines = calls_lines(groups(now), 88, LOOK, shown=shown, at=(0, 0), now=now, socket="/run/x.sock")[0]
    rows = plain(lines)
    assert rows[2] == "        The engine makes the box. It does not run yet."
    assert rows[3] == "        sent 90 B, answered 90 B"
    assert rows[5] == '        sent      {"Image": "tutor-blog",'
    assert rows[6] == '                   "Cmd": ["show", "Cats sleep a lot"],'
    assert any('answered  {"Id": "3f9c0d8a4b1e…"' in row for row in rows)
    assert any("curl --unix-socket /run/x.sock" in row for row in rows)
    bright = {p.text for row in lines[5:10] for p in row if p.style == "$strong"}
    assert {'"tutor-blog"', '["show", "Cats sleep a lot"]', '"8317"'} <= bright


def test_beside_the_ready_line_it_is_said_that_something_is_hidden():
    for env, said in (("PASSWORD=(hidden)", True), ("NAME=me", False)):
        call = Call(1, "POST", "/containers/create", started=1.0, ended=1.1, status=201, request={"Env": [env]})
        shown = Shown(frozenset({1.0}), 1)
        rows = plain(calls_lines([CallGroup("docker run", 1.0, (call,))], 76, LOOK, shown=shown, at=(0, 0), now=2.0,
                                 socket="/s")[0])  # fmt: skip
        assert any("type each (hidden) value again" in row for row in rows) == said


def test_json_never_leaves_its_room():
    value = {"Deep": {"er": [{"still": "x" * 50}, {"a": None, "b": [1, 2, {"c": True}]}]}, "Id": ID}
    for cells in range(20, 90, 7):
        assert json_lines(value, cells)


def test_all_rows_of_a_long_answer_can_be_shown():
    call = Call(1, "GET", "/info", started=1.0, ended=1.1, status=200, received=900,
                response={f"Field{n}": "x" * 40 for n in range(30)})  # fmt: skip
    shown = Shown(frozenset({1.0}), 1)
    first, whole = (
        calls_lines([CallGroup("docker info", 1.0, (call,))], 76, LOOK, shown=one, at=(0, 0), now=2.0, socket="/s")[0]
        for one in (shown, shown._replace(whole=True))
    )
    assert cut_short(call, 76, {})
    more = next(row for row in first if "more rows" in text(row))
    assert text(more).strip() == "… 17 more rows   Enter shows them"
    assert more[-1].do == ("spot", "0 0")
    assert not any("Field29" in row for row in plain(first))
    assert any("Field29" in row for row in plain(whole))
    assert not any("more rows" in row for row in plain(whole))


def test_a_body_that_is_not_there_is_named_in_one_quiet_line():
    call = Call(1, "POST", "/build", started=1.0, ended=1.1, status=200, sent=2048, received=300_000, response=None)
    lines = calls_lines([CallGroup("docker build", 1.0, (call,))], 76, LOOK, shown=Shown(frozenset({1.0}), 1),
                        at=(0, 0), now=2.0, socket="/s")[0]  # fmt: skip
    assert "        sent      not JSON, 2.0 kB" in plain(lines)
    answered = next(row for row in lines if "too long to keep here, 300 kB" in text(row))
    assert {one.style for one in answered} == {"$text-muted"}


def test_a_long_answer_is_drawn_at_once():
    """Nine seconds of a frozen screen were measured, as each level of a value was drawn twice."""
    one = {"Labels": {f"k{n}": "v" * 30 for n in range(20)}, "In": {"a": {"b": {"c": [{"d": {"e": ["q" * 50] * 4}}]}}}}
    began = time.process_time()
    assert len(json_lines([one] * 150, 58)) < 10_000
    assert time.process_time() - began < 4


@pytest.mark.parametrize("cells", [60, 88, 120])
def test_a_long_verb_stands_apart_from_its_path_and_moves_no_column(cells):
    calls = tuple(
        Call(n, verb, "/networks/a", started=1.0, ended=1.1, status=204) for n, verb in enumerate(("GET", "DELETE"))
    )
    rows = calls_lines([CallGroup("docker x", 1.0, calls)], cells, Look(), shown=Shown(frozenset({1.0})), at=(0, 0),
                       now=2.0, socket="/s")[0]  # fmt: skip
    short, long = (text(row) for verb in ("GET", "DELETE") for row in rows if verb in text(row))
    assert "DELETE /networks" in long
    assert short.index("204") == long.index("204")


def test_a_call_that_goes_on_is_open():
    from dockertutor.tui.draw.calls import duration

    assert duration(Call(1, "GET", "/events", started=1.0)) == "open"
    assert duration(Call(1, "GET", "/info", started=1.0, ended=1.0062)) == "6 ms"


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (1762, "1.8 kB"), (9960, "10 kB"), (262_144, "262 kB"),
     (999_600, "1.0 MB"), (12_300_000, "12 MB"), (5_000_000_000_000, "5000 GB")],
)  # fmt: skip
def test_sizes_are_short(count, words):
    assert size(count) == words


def test_the_answers_size_stands_beside_the_duration_where_there_is_room():
    call = Call(1, "GET", "/info", started=1.0, ended=1.006, status=200, sent=0, received=1762)
    none = Call(2, "POST", "/containers/a/start", started=1.0, ended=1.006, status=204)
    for cells, end in ((88, "200     6 ms   1.8 kB"), (76, "200     6 ms")):
        lines = calls_lines([CallGroup("docker info", 1.0, (call, none))], cells, LOOK, shown=Shown(frozenset({1.0})),
                            at=(0, 0), now=2.0, socket="/s")[0]  # fmt: skip
        assert text(lines[1]).endswith(end)
        assert lines[1][-1].style == "$text-muted"
        assert text(lines[2]).rindex("6 ms") == text(lines[1]).rindex("6 ms")
        assert {width(row) for row in lines[1:3]} == {cells}


@pytest.mark.parametrize(("seconds", "words"), [(3, "just now"), (61, "1 minute ago"), (130, "2 minutes ago"),
                                                (7300, "2 hours ago"), (90000, "1 day ago")])  # fmt: skip
def test_ages(seconds, words):
    assert ago(seconds) == words


def test_html_becomes_its_words():
    page = to_text(
        "<html><head><title>My blog</title><style>p{}</style><script>alert(1)</script></head>"
        "<body><h1>Cats</h1><p>sleep &amp; <b>eat</b>\n a lot</p><ul><li>one<li>two</ul></body></html>"
    )
    assert page.title == "My blog"
    assert [row for row in page.text.split("\n") if row] == ["Cats", "sleep & eat a lot", "- one", "- two"]


def test_a_page_that_nobody_serves_is_said_in_a_sentence():
    assert fetch("http://127.0.0.1:9/").what == "Nobody answers at this address."
    assert fetch("file:///etc/passwd").what == "This is not the address of a web page."


def test_dockerfiles_are_coloured_by_patterns():
    row = 'CMD ["httpd", "-f"]'
    assert dockerfile_row(row) == [(0, 3, "keyword"), (5, 12, "string"), (14, 18, "string")]
    assert dockerfile_row("# FROM x")[0][2] == "comment"
    assert [name for *_, name in dockerfile_row("FROM busybox AS build")] == ["keyword", "keyword"]
    assert language_of("app/Dockerfile.dev") == "dockerfile"
    assert language_of("compose.yaml") == "yaml"


def test_files_stay_in_their_folder(tmp_path):
    disk.write(tmp_path, "a/b.txt", "x\n")
    assert disk.read(tmp_path, "a/b.txt") == "x\n"
    assert disk.listing(tmp_path) == ["a/b.txt"]
    for name in ("../x", "/etc/passwd", "", "a\x1bb"):
        with pytest.raises(UsageError):
            disk.inside(tmp_path, name)
    (tmp_path / "link").symlink_to("/etc/passwd")
    with pytest.raises(UsageError):
        disk.read(tmp_path, "link")


def test_a_written_file_keeps_its_mode(tmp_path):
    script = tmp_path / "run.sh"
    script.write_text("old")
    script.chmod(0o755)
    disk.write(tmp_path, "run.sh", "new")
    assert script.read_text() == "new"
    assert script.stat().st_mode & 0o777 == 0o755
    assert [path.name for path in tmp_path.iterdir()] == ["run.sh"]


def test_choices_are_kept_and_odd_ones_are_not_believed(tmp_path):
    path = tmp_path / "in" / "settings.json"
    settings.save(path, settings.Settings(leader="ctrl+b", theme="light", ascii=True, welcomed=True))
    assert settings.load(path) == settings.Settings("ctrl+b", "light", True, True)
    path.write_text('{"leader": "ctrl+c", "theme": 4, "ascii": "yes", "welcomed": true, "other": 1}')
    assert settings.load(path) == settings.Settings(welcomed=True)
    path.write_text("{broken")
    assert settings.load(path) == settings.Settings()


def test_keys_are_written_as_people_say_them():
    assert key_name("ctrl+g") == "Ctrl-G"
    assert key_name("ctrl+backslash") == "Ctrl-\\"


def test_a_picture_is_drawn_with_ascii_where_only_ascii_can_be_seen() -> None:
    rows = picture("┌─┐\n│a│\n└─┘", Look(ascii=True))
    assert ["".join(one.text for one in row) for row in rows] == ["+-+", "|a|", "+-+"]


def test_an_opened_call_explains_the_fields_that_a_lesson_has_introduced():
    request = {"Image": "tutor-blog", "Hostname": "blog"}
    call = Call(7, "POST", "/containers/create", started=1.0, ended=1.1, status=201, request=request)
    group = CallGroup("docker run", 1.0, (call,), folded=1)
    known = {"Image": "What boxes are made from."}
    lines, _ = calls_lines(
        [group],
        88,
        Look(),
        shown=Shown(frozenset({1.0}), 7),
        at=(0, 0),
        now=2.0,
        socket="/s",
        explained=lambda one: known.get(one, ""),
    )
    drawn = ["".join(part.text for part in row) for row in lines]
    assert any("Image: What boxes are made from." in row for row in drawn)
    assert not any("Hostname: " in row for row in drawn)
    assert any("and 1 more: is the engine there" in row for row in drawn)


def test_a_long_wrong_option_leaves_room_to_say_that_it_is_wrong():
    say = "One image; the containers are gone, because `echo` has ended"
    question = QuestionView("How many?", (OptionView(say, True, False, "They stay."), OptionView("Three")), "wrong")
    for cells in (76, 40):
        rows = [text(row) for row in quiz_lines(question, cells, Look())]
        assert any(row.rstrip().endswith("not this one") for row in rows)
        assert max(width(row) for row in quiz_lines(question, cells, Look())) <= cells
    assert "Choose again, or go on." in rows[-1]
