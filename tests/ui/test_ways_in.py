"""First start, signing in, registration, recovery, the look-up of an account."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QLabel

import translations
from tests.fixtures.ports import Failed
from tests.ui.looking import wrong
from ui.find_account.view import FindAccountView
from ui.find_account.view_model import FindAccount
from ui.first_run.view_model import FirstRun
from ui.kit import Button
from ui.recover.view_model import Recover
from ui.register.view import RegisterView
from ui.register.view_model import LEGAL, Register, link_token
from ui.sign_in.view import SignInView
from ui.sign_in.view_model import SignIn


@pytest.fixture(autouse=True)
def english():
    before = translations.current()
    translations.use("en")
    yield
    translations.use(before)


def fill(model, **fields):
    for key, text in fields.items():
        model.type(key, text)


def read(view) -> str:
    QApplication.processEvents()
    return "\n".join(label.text() for label in view.findChildren(QLabel) if label.isVisibleTo(view))


PERSON = {
    "account_number": "123 456",
    "surname": "Ахметова",
    "code": "850101300124",
    "email": "aigul@example.kz",
    "password": "kabinet-demo",
    "again": "kabinet-demo",
}


def test_signing_in_opens_the_cabinet_and_forgets_the_password(outside, settle, qtbot):
    model = SignIn(outside)
    fill(model, login="123456", password="kabinet-demo")
    with qtbot.waitSignal(outside.bridge.entered) as entered:
        model.sign_in()
    assert entered.args[0].login == "123456"
    assert "password" not in model.draft
    assert outside.settings.get("login") == "123456"


def test_a_wrong_password_is_said_in_a_sentence(outside, settle, qtbot):
    model = SignIn(outside)
    view = SignInView(model)
    qtbot.addWidget(view)
    view.show()
    fill(model, login="123456", password="guess")
    model.sign_in()
    settle(outside)
    assert "password is wrong" in read(view)
    assert view.enter.isEnabled()


@pytest.mark.parametrize(
    ("way", "named"), [("login", "login"), ("iin", "IIN"), ("phone", "telephone"), ("email", "e-mail address")]
)
def test_a_wrong_password_is_said_of_what_was_typed_and_of_a_stranger_alike(outside, settle, qtbot, way, named):
    model = SignIn(outside)
    view = SignInView(model)
    qtbot.addWidget(view)
    view.show()
    said = set()
    for login in ("940225401806", "850101300124"):
        model.choose(way)
        fill(model, login=login, password="guess")
        model.sign_in()
        settle(outside)
        said |= {line for line in read(view).splitlines() if "is wrong" in line}
    assert len(said) == 1
    assert said.pop().startswith(f"The {named} or the password is wrong. Check both and try again.")


@pytest.mark.parametrize(
    ("way", "ends"), [("login", "your login and password."), ("iin", "your IIN and password."), ("code", "an SMS.")]
)
def test_a_confirmed_registration_says_with_what_to_sign_in(outside, qtbot, way, ends):
    model = SignIn(outside)
    view = SignInView(model)
    qtbot.addWidget(view)
    view.show()
    model.show(login="940225401806", news="confirmed", way=way)
    assert view.banner.label.text().startswith("Your registration is confirmed. Sign in with ")
    assert view.banner.label.text().endswith(ends)


def test_empty_fields_are_named_before_anything_is_sent(outside):
    model = SignIn(outside)
    model.sign_in()
    assert wrong(model) == {"login": "field-required", "password": "field-required"}
    assert outside.entrance.calls == []


def test_the_first_start_checks_the_address_and_goes_on(outside, settle, qtbot):
    model = FirstRun(outside)
    fill(model, address="cabinet.oskemen.kz")
    with qtbot.waitSignal(outside.bridge.go) as went:
        model.connect_provider()
    assert went.args[0] == "sign_in"
    assert outside.entrance.calls == [("connect", "cabinet.oskemen.kz")]


def test_an_address_that_does_not_answer_is_not_kept(outside, settle):
    outside.entrance.fail = Failed("not-a-provider")
    model = FirstRun(outside)
    fill(model, address="example.com")
    model.connect_provider()
    settle(outside)
    assert model.failure_text
    assert outside.settings.get("provider_url") == "https://cabinet.oskemen.example"


def test_the_login_is_filled_from_the_account_or_the_contract(outside, settle):
    model = Register(outside)
    model.visited()
    settle(outside)
    fill(model, account_number="123 456", contract="Д-77")
    assert model.login == "123456"
    model.choose_kind(LEGAL)
    assert model.login == "Д-77"


def test_all_fields_of_the_registration_are_mandatory(outside, settle):
    model = Register(outside)
    model.visited()
    settle(outside)
    model.submit()
    assert set(wrong(model)) == set(PERSON)
    model.choose_kind(LEGAL)
    model.submit()
    assert set(wrong(model)) == {"contract", "code", "email", "password", "again"}


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("code", "850101300125", "iin-invalid"),
        ("email", "aigul", "email-invalid"),
        ("again", "another", "passwords-differ"),
    ],
)
def test_a_wrong_field_of_the_registration_has_its_sentence(outside, settle, field, text, code):
    model = Register(outside)
    model.visited()
    settle(outside)
    fill(model, **{**PERSON, field: text})
    model.submit()
    assert wrong(model) == {field: code}


def test_the_code_is_checked_by_the_provider_s_country(outside, settle):
    model = Register(outside)
    model.visited()
    settle(outside)
    model.choose_provider("izengard")
    fill(model, **{**PERSON, "code": "1234567899"})
    model.submit()
    settle(outside)
    assert model.step == "letter"


def test_registration_is_confirmed_with_the_code_or_the_whole_link(outside, settle, qtbot):
    model = Register(outside)
    view = RegisterView(model)
    qtbot.addWidget(view)
    model.visited()
    settle(outside)
    fill(model, **PERSON)
    model.submit()
    settle(outside)
    assert model.step == "letter"
    assert "password" not in model.draft
    name, fields = outside.entrance.wire.calls[-1][0], outside.entrance.wire.calls[-1][1][0]
    assert name == "register"
    assert fields["account_number"] == "123456"
    assert fields["language"]
    fill(model, token="https://cabinet.example/confirm/abc123")
    with qtbot.waitSignal(outside.bridge.go) as went:
        model.confirm()
    assert outside.entrance.wire.calls[-1] == ("confirm", ("abc123",))
    assert went.args == ["sign_in", {"login": "123456", "news": "confirmed"}]


def test_a_refusal_with_a_field_stands_at_the_field(outside, settle):
    model = Register(outside)
    model.visited()
    settle(outside)
    fill(model, **PERSON)
    outside.entrance.wire.fail = Failed("password-common", "password")
    model.submit()
    settle(outside)
    assert wrong(model) == {"password": "password-common"}
    assert model.step == "form"


def test_what_was_typed_stays_when_the_kind_changes(outside, settle, qtbot):
    model = Register(outside)
    model.visited()
    settle(outside)
    view = RegisterView(model)
    qtbot.addWidget(view)
    fill(model, email="a@b.kz")
    model.choose_kind(LEGAL)
    assert view.form.text("email") == "a@b.kz"


def test_recovery_never_says_whether_the_login_exists(outside, settle, qtbot):
    model = Recover(outside)
    fill(model, login_or_email="nobody")
    model.ask()
    settle(outside)
    assert model.step == "letter"
    fill(model, token="t1", code="850101300124", account="123456", new_password="a new one", again="a new one")
    with qtbot.waitSignal(outside.bridge.go) as went:
        model.finish()
    assert went.args == ["sign_in", {"news": "recovered"}]
    assert outside.entrance.wire.calls[-1] == ("finish_recovery", ("t1", "850101300124", "123456", "a new one"))
    assert "new_password" not in model.draft


def test_an_account_is_found_and_its_breakdown_shown(outside, settle, qtbot):
    model = FindAccount(outside)
    view = FindAccountView(model)
    qtbot.addWidget(view)
    model.visited()
    settle(outside)
    assert model.streets[0] == "Қазақстан к-сі"
    fill(model, street="Қазақстан к-сі", house="12", flat="45", surname="ахметова")
    model.find()
    settle(outside)
    assert model.found == "123456"
    model.look_up()
    settle(outside)
    assert model.sums is not None
    period = outside.entrance.wire.calls[-1][1][0]["period"]
    assert period == 202401, "last month comes first"
    model.choose_month(model.month.previous())
    settle(outside)
    assert outside.entrance.wire.calls[-1][1][0]["period"] == 202312
    with qtbot.waitSignal(outside.bridge.go) as went:
        model.register()
    assert went.args == ["register", {"account": "123456", "provider": "oskemen"}]


def test_a_wrong_surname_gets_one_sentence_and_no_account(outside, settle):
    model = FindAccount(outside)
    model.visited()
    settle(outside)
    fill(model, street="Қазақстан к-сі", house="12", flat="45", surname="Иванов")
    model.find()
    settle(outside)
    assert model.found == ""
    assert model.failure_text


def test_while_the_streets_of_another_provider_come_the_street_is_not_checked_against_the_ones_before(
    outside, settle, qtbot
):
    model = FindAccount(outside)
    view = FindAccountView(model)
    qtbot.addWidget(view)
    model.visited()
    settle(outside)
    model.choose_provider("water")
    assert not model.streets
    assert view.street.completer().model().rowCount() == 0
    fill(model, street="вул. Шевченка", house="12", flat="45", surname="Ахметова")
    model.find()
    assert model.problems == ()
    settle(outside)
    assert model.found == "123456"


def test_what_was_found_goes_when_the_question_changes(outside, settle):
    model = FindAccount(outside)
    model.visited()
    settle(outside)
    fill(model, street="Қазақстан к-сі", house="12", surname="Ахметова")
    model.find()
    settle(outside)
    model.edit("house", "13")
    assert model.found == ""


def test_without_a_line_the_look_up_says_why_it_is_shut(outside, settle, qtbot):
    outside.entrance.wire.fail = Failed("offline")
    model = FindAccount(outside)
    view = FindAccountView(model)
    qtbot.addWidget(view)
    view.show()
    model.visited()
    settle(outside)
    assert not view.search.isEnabled()
    assert "needs a connection" in view.banner.label.text()
    outside.entrance.wire.fail = None
    again = next(button for button in view.banner.findChildren(Button) if button.text() == "Try again")
    again.click()
    settle(outside)
    assert view.search.isEnabled()
    assert not view.banner.isVisible()


def test_a_pasted_link_is_taken_for_its_code():
    assert link_token("https://x.kz/recover/abc?lang=kk") == "abc"
    assert link_token("abc") == "abc"


def test_the_breakdown_is_saved_as_a_paper_without_the_name(outside, settle, tmp_path):
    import pypdfium2

    model = FindAccount(outside)
    model.visited()
    settle(outside)
    fill(model, street="Қазақстан к-сі", house="12", flat="45", surname="Ахметова")
    model.find()
    settle(outside)
    model.look_up()
    settle(outside)
    model.save()
    settle(outside)
    assert model.failure_text == ""
    (path,) = tmp_path.glob("*.pdf")
    document = pypdfium2.PdfDocument(path.read_bytes())
    text = document[0].get_textpage().get_text_range()
    document.close()
    assert "Серікбаева" not in text


@pytest.mark.parametrize("code", ["offline", "server-error"])
@pytest.mark.parametrize(("make", "show"), [(FindAccount, FindAccountView), (Register, RegisterView)])
def test_a_list_of_providers_that_did_not_come_can_be_asked_for_again(outside, settle, qtbot, make, show, code):
    outside.entrance.wire.fail = Failed(code, direct=1)
    model = make(outside)
    view = show(model)
    qtbot.addWidget(view)
    view.show()
    model.visited()
    settle(outside)
    outside.entrance.wire.fail = None
    again = next(button for button in view.banner.findChildren(Button) if button.text() == "Try again")
    again.click()
    settle(outside)
    assert model.providers
    assert not view.banner.isVisible()
