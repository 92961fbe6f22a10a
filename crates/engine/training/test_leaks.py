"""The check for leaks on made-up data: it finds what it must, and only that."""

import contextlib
import io
import pathlib
import tempfile
import unittest

import leaks


class Leaks(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.set = self.folder / "made-up"
        self.set.mkdir()
        self.write("made-up/made-up.source.de", "Der Mond scheint hell.\n\n„Straße“ heißt es, nicht Strasse\n")
        self.write("made-up/made-up.reference.en", "The moon shines brightly.\n\nIt is called 'street'\n")

    def write(self, name, text):
        (self.folder / name).write_text(text, encoding="utf-8")
        return self.folder / name

    def found(self, *lines):
        return list(leaks.find(self.write("train.tsv", "".join(lines)), [self.set]))

    def test_other_lines_are_no_leak(self):
        self.assertEqual(self.found("a\tDer Mond scheint.\tThe moon shines.\n", "a\tEin Satz\tA sentence\n"), [])

    def test_a_line_of_either_side_is_found_and_named(self):
        german = self.found("a\tNeu\tNew\n", "a\tDer Mond scheint hell.\tSomething else\n")
        self.assertEqual(german, [(2, f"{self.set}/made-up.source.de:1")])
        english = self.found("a\tEtwas anderes\tThe moon shines brightly.\n")
        self.assertEqual(english, [(1, f"{self.set}/made-up.reference.en:1")])

    def test_case_punctuation_and_blanks_do_not_hide_a_line(self):
        self.assertEqual(len(self.found("a\tDER MOND - scheint  hell!?\tx\n")), 1)
        self.assertEqual(len(self.found("a\tx\tIT is “called” STREET...\n")), 1)
        self.assertEqual(len(self.found("a\tSTRASSE heißt es nicht, Strasse\tx\n")), 1)

    def test_lines_without_letters_are_no_leak(self):
        self.assertEqual(self.found("a\t...\t—\n"), [])

    def test_a_leak_ends_the_program_and_clean_data_does_not(self):
        errors = io.StringIO()
        train = self.write("train.tsv", "a\tDer Mond scheint hell\tx\n")
        with contextlib.redirect_stderr(errors), self.assertRaises(SystemExit) as end:
            leaks.stop_if_any(train, [self.set])
        self.assertIn("1 lines", str(end.exception))
        self.assertIn("train.tsv:1 is", errors.getvalue())
        leaks.stop_if_any(self.write("train.tsv", "a\tEin Satz\tA sentence\n"), [self.set])

    def test_a_folder_without_sentences_and_a_line_of_another_form_are_refused(self):
        empty = self.folder / "empty"
        empty.mkdir()
        train = self.write("train.tsv", "Ein Satz\tA sentence\n")
        for folder, fault in ((empty, "no *.source.de"), (self.set, "train.tsv:1: expected")):
            with self.assertRaises(SystemExit) as end:
                leaks.stop_if_any(train, [folder])
            self.assertIn(fault, str(end.exception))


if __name__ == "__main__":
    unittest.main()
