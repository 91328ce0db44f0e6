"""What cells give, and how they fail."""

from kernel.frontend import SLEEP, TRAINING, KernelCase, reply_to


class OutputTests(KernelCase):
    def test_objects_appear_as_they_come(self):
        cell = self.run_cell("1..4 | ForEach-Object { \"row $_\"; " + SLEEP.format(300) + " }")
        times = [t for t, kind, _ in cell.messages if kind == "stream"]
        self.assertEqual("row 1\nrow 2\nrow 3\nrow 4\n", cell.text())
        self.assertEqual(4, len(times), cell.messages)
        # The first one is there long before the last, and the cell's end comes after its last sleep.
        self.assertLess(times[0], times[3] - 0.7)
        self.assertGreater(cell.messages[-1][0], times[3] + 0.2)

    def test_rows_of_a_table_appear_as_they_come_and_stay_one_table(self):
        cell = self.run_cell("1..3 | ForEach-Object { New-DenseLayer $_; " + SLEEP.format(400) + " }")
        streams = [(t, c["text"]) for t, kind, c in cell.messages if kind == "stream"]
        self.assertGreaterEqual(len(streams), 3, streams)
        self.assertGreater(streams[-1][0] - streams[0][0], 0.7)
        self.assertEqual(1, cell.text().count("Settings"), cell.text())

    def test_all_that_a_cell_writes_comes_in_its_order(self):
        cell = self.run_cell("1; $Host.UI.WriteErrorLine('two'); 3; Get-ModelSummary (New-Model -Preset TutorialDense); 4")
        kinds = [(kind, c.get("name")) for _, kind, c in cell.messages if kind in ("stream", "display_data")]
        self.assertEqual(
            [("stream", "stdout"), ("stream", "stderr"), ("stream", "stdout"), ("display_data", None), ("stream", "stdout")],
            kinds,
        )
        shown = cell.of("display_data")[0]["data"]
        self.assertIn("<table", shown["text/html"])
        self.assertIn("dense_1", shown["text/plain"])
        self.assertNotIn("\x1b", shown["text/plain"])

    def test_twenty_thousand_lines_arrive_whole_in_few_messages(self):
        cell = self.run_cell("1..20000")
        self.assertEqual([*range(1, 20001)], [int(line) for line in cell.text().split()])
        self.assertLess(len(cell.of("stream")), 200)

    def test_characters_beyond_the_first_plane_are_never_cut(self):
        cell = self.run_cell("1..5000 | ForEach-Object { '\U0001f600\u00e9' }")
        self.assertEqual("\U0001f600\u00e9\n" * 5000, cell.text())

    def test_progress_is_one_display_that_is_updated_a_few_times_a_second(self):
        cell = self.run_cell(TRAINING.replace("100000", "20"))
        shown = cell.of("display_data")
        bars = [c for c in shown if "progress" in c["data"].get("text/html", "")]
        updates = [(t, c) for t, kind, c in cell.messages if kind == "update_display_data"]
        self.assertEqual(1, len(bars), shown)
        self.assertTrue(updates)
        self.assertEqual({bars[0]["transient"]["display_id"]}, {c["transient"]["display_id"] for _, c in updates})
        self.assertIn("100 %", updates[-1][1]["data"]["text/plain"])
        self.assertLess(len(updates), 6 * cell.messages[-1][0] + 3)
        # The run itself is shown too, as a table.
        self.assertEqual(2, len(shown))

    def test_text_in_progress_is_escaped(self):
        cell = self.run_cell(
            "$r = [System.Management.Automation.ProgressRecord]::new(7, '<b>&', 's'); $Host.UI.WriteProgress(1, $r)"
        )
        html = cell.of("display_data")[0]["data"]["text/html"]
        self.assertIn("&lt;b&gt;&amp;", html)
        self.assertNotIn("<b>", html)

    def test_what_programs_write_is_caught(self):
        cell = self.run_cell("sh -c 'echo out; echo err >&2'; [Console]::Out.WriteLine('direct')")
        self.assertIn("out\n", cell.text())
        self.assertIn("direct\n", cell.text())
        self.assertEqual("err\n", cell.text("stderr"))
        self.assertEqual("ok", cell.reply["status"])

    def test_a_silent_cell_says_nothing_and_is_not_counted(self):
        count = self.run_cell("1").reply["execution_count"]
        cell = self.run_cell("'x'; Write-Host 'y'", silent=True)
        self.assertEqual(["status", "status"], [kind for _, kind, _ in cell.messages])
        self.assertEqual(count + 1, self.run_cell("1").reply["execution_count"])

    def test_a_cell_that_is_not_stored_is_not_in_the_history(self):
        self.run_cell("'secret word'", store_history=False)
        request = self.client.history(hist_access_type="search", pattern="*secret word*")
        self.assertEqual([], self.ask(request)["history"])

    def test_user_expressions_are_answered_each_for_itself(self):
        cell = self.run_cell("$x = 20", user_expressions={"a": "$x + 1", "b": "throw 'no'"})
        answers = cell.reply["user_expressions"]
        self.assertEqual("21", answers["a"]["data"]["text/plain"])
        self.assertEqual(("error", "no"), (answers["b"]["status"], answers["b"]["evalue"]))


class ErrorTests(KernelCase):
    def test_an_error_tells_its_line_and_column_and_ends_the_cell(self):
        cell = self.run_cell("'before'\n  New-ConvLayer -5\n'after'")
        error = cell.of("error")[0]
        self.assertEqual("before\n", cell.text())
        self.assertEqual("LayerSettingInvalid", error["ename"])
        self.assertEqual("error", cell.reply["status"])
        self.assertEqual(error["traceback"], cell.reply["traceback"])
        trace = "\n".join(error["traceback"])
        self.assertIn("line 2, column 3", trace)
        self.assertIn("New-ConvLayer -5", trace)
        self.assertIn("\x1b[31m", trace)

    def test_what_can_not_be_parsed_tells_where(self):
        trace = "\n".join(self.run_cell("1\n$x = (2 +").of("error")[0]["traceback"])
        self.assertIn("line 2", trace)

    def test_an_error_that_is_only_written_does_not_fail_the_cell(self):
        cell = self.run_cell("function f { [CmdletBinding()]param() $PSCmdlet.WriteError([System.Management.Automation."
                             "ErrorRecord]::new([Exception]::new('not so bad'), 'Id', 0, $null)) }; f; 'after'")
        self.assertIn("not so bad", cell.text("stderr"))
        self.assertEqual("after\n", cell.text())
        self.assertEqual("ok", cell.reply["status"])

    def test_a_failure_takes_the_waiting_cells_with_it(self):
        first = self.client.execute(SLEEP.format(500) + "; throw 'first'")
        second = self.client.execute("'second'")
        failed = reply_to(self.client, first)
        self.assertEqual("error", failed["status"])
        aborted = {"status": "aborted", "execution_count": failed["execution_count"]}
        self.assertEqual(aborted, reply_to(self.client, second))

    def test_a_cell_that_is_sent_on_hearing_of_a_failure_is_run(self):
        for i in range(60):
            self.assertEqual("error", reply_to(self.client, self.client.execute("throw 'it'"))["status"])
            self.assertEqual("ok", reply_to(self.client, self.client.execute(str(i)))["status"])

    def test_without_stop_on_error_they_go_on(self):
        first = self.client.execute(SLEEP.format(300) + "; throw 'first'", stop_on_error=False)
        second = self.client.execute("'second'")
        self.assertEqual("error", reply_to(self.client, first)["status"])
        self.assertEqual("ok", reply_to(self.client, second)["status"])
