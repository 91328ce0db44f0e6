"""Questions of the kernel to the person, and of the frontend about code."""

from kernel.frontend import KernelCase


class InputTests(KernelCase):
    def test_read_host_asks_the_frontend(self):
        cell = self.run_cell("$n = Read-Host 'Your name'; \"hello $n\"", answers=["Ada"])
        self.assertEqual("Your name: ", cell.questions[0]["prompt"])
        self.assertFalse(cell.questions[0]["password"])
        self.assertEqual("hello Ada\n", cell.text())

    def test_a_secret_is_asked_for_as_one(self):
        cell = self.run_cell(
            "$s = Read-Host 'Key' -AsSecureString; [Net.NetworkCredential]::new('', $s).Password.Length", answers=["abc"]
        )
        self.assertTrue(cell.questions[0]["password"])
        self.assertEqual("3\n", cell.text())

    def test_a_choice_that_is_none_is_asked_for_again(self):
        code = ("$c = '&Yes', '&No' | ForEach-Object { [System.Management.Automation.Host.ChoiceDescription]::new($_) };"
                "$Host.UI.PromptForChoice('Sure?', 'Really?', $c, 1)")
        cell = self.run_cell(code, answers=["maybe", "y"])
        self.assertEqual(2, len(cell.questions))
        self.assertIn("Sure?", cell.questions[0]["prompt"])
        self.assertIn("[Y] Yes", cell.questions[0]["prompt"])
        self.assertIn("0", str(cell.messages))

    def test_a_frontend_without_anyone_gets_an_error(self):
        cell = self.run_cell("Read-Host 'name'", allow_stdin=False)
        self.assertEqual("error", cell.reply["status"])
        self.assertIn("name", cell.reply["evalue"])


class AskingTests(KernelCase):
    def test_completion_counts_characters(self):
        text = "'\U0001f600\U0001f600'; New-ConvL # after"
        cursor = text.index("New-ConvL") + len("New-ConvL")
        content = self.ask(self.client.complete(text, cursor))
        self.assertEqual(["New-ConvLayer"], content["matches"])
        self.assertEqual("New-ConvL", text[content["cursor_start"] : content["cursor_end"]])

    def test_completion_knows_the_session_and_closed_sets(self):
        self.run_cell("$wonderful = 1")
        self.assertIn("$wonderful", self.ask(self.client.complete("$wonde"))["matches"])
        self.assertIn("GELU", self.ask(self.client.complete("New-ConvLayer 3 -Activation G"))["matches"])

    def test_nothing_to_complete_is_an_empty_answer(self):
        for text in ("", "Xyzzy-Nothing", "'\U0001f600"):
            content = self.ask(self.client.complete(text, len(text)))
            self.assertEqual("ok", content["status"])

    def test_inspection_gives_help_values_and_parameters(self):
        def inspect(code, cursor=None, detail=0):
            content = self.ask(self.client.inspect(code, cursor, detail))
            return content["data"].get("text/plain", "") if content["found"] else None

        self.run_cell("$answer = 42; $list = 1, 2")
        self.assertIn("convolution", inspect("New-ConvLayer 3").lower())
        self.assertIn("42", inspect("1 + $answer"))
        self.assertIn("Int32", inspect("$answer"))
        self.assertIn("KernelSize", inspect("New-ConvLayer 3 -KernelSize 5", 20))
        self.assertGreater(len(inspect("New-ConvLayer", detail=1)), len(inspect("New-ConvLayer")))
        for nothing in ("", "Xyzzy-Nothing", "$nothing_of_this_name", "# words"):
            self.assertIsNone(inspect(nothing))

    def test_the_history_knows_ranges(self):
        for code in ("'h1'", "'h2'", "'h3'"):
            last = self.run_cell(code).reply["execution_count"]
        request = self.client.history(hist_access_type="range", session=0, start=last - 1, stop=last, output=True)
        self.assertEqual([[1, last - 1, ["'h2'", "h2"]]], self.ask(request)["history"])
        request = self.client.history(hist_access_type="tail", n=2)
        self.assertEqual(["'h2'", "'h3'"], [entry[2] for entry in self.ask(request)["history"]])
