# Everything that people read on the pages, in English. Numbers are grouped as the language has it.
#
# Messages whose name begins with "script-" or "count-" are given to the scripts; those may choose by $count alone.
# What goes wrong has a title, a .message and mostly a .next step.

# every page

skip = Skip to the content
pages = Pages
translate = Translate
history = History
language-switch = Language
theme = Appearance
    .system = As the system has it
    .light = Light
    .dark = Dark
promise = Your text is translated on this server and sent to no other. Finished translations are kept in the <a href="/history">history</a>, which says who can read it.
request = Request number <code>{ $id }</code>
direction = { $source } to { $target }
percent = { $percent } %
count-characters =
    { $count ->
        [one] 1 character
       *[other] { $count } characters
    }
count-words =
    { $count ->
        [one] 1 word
       *[other] { $count } words
    }
place = line { $line }, character { $character }
date-time =
    { $day } { $month ->
        [1] January
        [2] February
        [3] March
        [4] April
        [5] May
        [6] June
        [7] July
        [8] August
        [9] September
        [10] October
        [11] November
       *[12] December
    } { $year }, { $time } UTC

# the form

translate-pair = Translate { $source } to { $target }
starter = <strong>Starter model:</strong> the small built-in model <code>{ $model }</code> is often wrong. For better translations, have the operator fetch a full one: <code>unlimited model pull Helsinki-NLP/opus-mt-de-en</code>.
source-language = Translate from
target-language = Translate to
detect = Detect language
detected = Detected: { $language }
detected-unsure = Probably { $language } ({ $percent } % sure)
swap = Swap the languages and the texts
clear = Clear
text-label = Text to translate
placeholder = Type or paste text of any length
translation = Translation
finished-part = (the part that was finished)
copy = Copy
download = Download
output-empty = The translation appears here.
others = Alternatives
alternatives = Other translations of this sentence
progress = Progress of the translation
text-link = Link with this text
new-text = New text
text-limit = Up to { $megabytes } MB of text at a time.
translated-by = Translated by <code>{ $model }</code> in { $duration } on { $created }.
left-as-it-is = Left as it is, as it is in { $language } already, on { $created }.
permalink = Link to this translation
not-stored-yet = This translation is not stored yet: the database does not answer just now. It will be stored as soon as the database is back.
not-stored = This translation could not be stored and will not appear in the history. Copy it if you want to keep it.

# the form at work

script-live-too-long = This text is too long to be translated while you type. Press Translate.
script-file-several = One file at a time, please.
script-file-format = { $name } is of no format that can be translated.
script-file-large = { $name } is too large.
script-file-ready = { $name } is chosen. Press “Translate the file”.
script-file-sending = Sending…
script-live-percent = { $percent } %
script-live-left =
    { $count ->
        [one] about 1 second left
       *[other] about { $count } seconds left
    }
script-link-copied = Copied: an address with this text in it. It is sent to no server.
script-link-shown = The address of this page has the text in it now; copy it from there. It is sent to no server.
script-live-done = Translated while you type. Press Translate to keep it in the history.
script-no-others = There is no other translation of this sentence.
script-no-sentence = Put the cursor into a sentence of the text first.
script-translating = Translating…
script-copied = Copied
script-copy-by-hand = Press Ctrl+C
script-swap-unknown = The languages can be swapped once the language of the text is known.
script-swap-impossible = There is no model for the other direction.

# long texts

job-open = Translating
job-cancelled = Cancelled
job-failed = This translation failed
job-title = Translating { $source } to { $target }
job-waiting = Waiting for its turn.
job-kept = What is finished is kept.
job-sentences = <span id="sentences">{ $sentences }</span> sentences finished, <span id="reused">{ $reused }</span> of them known from earlier texts
job-cancel = Cancel
job-resume = Go on
job-result = Download what is finished
job-close = You may close this page: the translation goes on. Keep its address, or find it in the <a href="/history">history</a>.
job-so-far = { $language }, so far
job-cut = More is finished than is shown here.
left-moment = A few seconds left.
left-seconds = About { $count } seconds left.
left-minutes = About { $count } minutes left.
left-hours = About { $count } hours left.
script-job-waiting = Waiting for its turn.
script-job-away = The server does not answer just now. Trying again…

# the history

history-shared = Everyone who can open this page sees the same history.
history-own = Only this browser sees this list, by a cookie. Whoever you give the address of a translation can read it.
history-waiting =
    { $count ->
        [one] One translation waits to be stored and will appear here in a moment.
       *[other] { $count } translations wait to be stored and will appear here in a moment.
    }
history-unfinished = Not finished yet
history-translated = { $percent } % translated
history-cancelled = Cancelled at { $percent } %
history-failed = Failed at { $percent } %
history-pages = Pages of the history
history-newest = Newest
history-newer = Newer
history-older = Older
history-take-along = Take it along:
history-tmx = TMX, for translation programs
history-empty = Nothing has been translated yet. <a href="/">Translate something</a>, and it will be kept here.
search = Search
search-words = Words
search-pair = Languages
search-pair-all = All
search-from = From
search-to = To
search-how = Finds words by their beginnings, in texts and translations; in “quotation marks”, words just as they are.
search-all = Show everything
search-nothing = Nothing found. One translation must have all the words, in its text or its result.
search-nothing-so-far = Nothing found so far.
search-whole = Very many words begin so; they were looked for as whole words alone: { $words }.
search-broken-off = The search took long and has come back to { $time } so far.
search-go-on = Search what is older
search-take-along = Take along what was found:
search-too-many-words = Nothing was searched: these are more than { $most } words.
search-no-date = Nothing was searched: “{ $date }” is not a date like 2026-11-20.
search-no-days = Nothing was searched: the first day lies after the last.
import = Import a translation memory
import-what = Sentences of a TMX file, the exchange format of translation programs, are used again: where a text has one of them, its translation is taken from the file, whatever model is in use. They go before what a model would say, and are not listed in the history.
import-own = They are used for this browser alone.
import-shared = They are used for everyone who can open this page.
import-file = TMX file, up to { $megabytes } MB
import-do = Import
import-count =
    { $count ->
        [one] One imported sentence is in use.
       *[other] { $count } imported sentences are in use.
    }
import-forget = Forget them
import-taken =
    { $count ->
        [one] One sentence was taken.
       *[other] { $count } sentences were taken.
    }
import-no-language =
    { $count ->
        [one] One unit was left out: a text of it has no language.
       *[other] { $count } units were left out: a text of theirs has no language.
    }
import-one-language =
    { $count ->
        [one] One unit was left out: it has no second language, or none in the source language of the file.
       *[other] { $count } units were left out: they have no second language, or none in the source language of the file.
    }
import-empty =
    { $count ->
        [one] One unit was left out: a text of it is empty.
       *[other] { $count } units were left out: a text of theirs is empty.
    }
import-too-long =
    { $count ->
        [one] One unit was left out: a text of it is longer than 100 kB.
       *[other] { $count } units were left out: a text of theirs is longer than 100 kB.
    }
import-repeated =
    { $count ->
        [one] One sentence was there again; its last translation was taken.
       *[other] { $count } sentences were there again; their last translations were taken.
    }
import-no-file = No file was chosen.
import-stumbled = The fault is ours, and it has been noted.
import-away = The database does not answer just now.
import-encoding = Line { $line } is not written in { $what }, as the file begins or says.
import-unknown-encoding = Line { $line }: the encoding “{ $what }” is unknown here.
import-malformed = Line { $line } is not well-formed XML: { $what }.
import-broken-off = The file ends in line { $line } before its last element is closed.
import-no-tmx = It is not a TMX file: that begins with the element tmx.
import-entities = Line { $line } defines entities, which are not expanded here.
import-unknown-entity = Line { $line } has “{ $what }”, which is none of the entities and characters of XML.
import-too-deep = Line { $line }: elements are nested too deep.
failure-import = Nothing was imported
    .message = The file could not be taken.
    .next = Export the file again, or save it in UTF-8, and try once more.
delete = Delete
delete-entry = Delete: { $text }
delete-everything = Delete everything
delete-title = Delete the history
delete-question = Delete the whole history?
delete-shared = Every translation of everyone who uses this page is deleted for good, also those that are not finished, the sentences remembered from them, and those imported as TMX. There is no way back; the history can be <a href="/history">taken along as a file</a> first.
delete-own = Every translation of this browser is deleted for good, also those that are not finished, the sentences remembered from them, and those imported as TMX. There is no way back; the history can be <a href="/history">taken along as a file</a> first.
delete-keep = Keep it

# pages that are not there

error-translate = Translate a text
error-not-found = Page not found
    .message = There is nothing at this address.
    .next = Check the address, or start from the form.
error-no-translation = Translation not found
    .message = There is no translation at this address, or it was not stored.
    .next = Look for it in the history.
error-method = That does not work here
    .message = This address does not take this kind of request.
    .next = Start from the form.
error-cross-site = Refused
    .message = The form was sent from another website, so nothing was translated or stored.
    .next = If you meant it, type or paste the text into our own form.
error-history = The history cannot be read right now
    .message = The database does not answer. Translating still works, and what you translate meanwhile is stored as soon as the database is back.
    .next = Try again in a moment.
error-panic = Something went wrong
    .message = The fault is ours, and it has been noted.
    .next = Try again; if it happens again, tell the operator the request number below.

# texts that are not translated

failure-too-large = The text is too long
    .message = At most { $megabytes } MB can be translated at a time.
    .next = Translate it in parts.
failure-stalled = The text did not arrive
    .message = The connection stalled before all of the text had arrived.
    .next = Go back and send it again.
failure-broken-off = The text did not arrive
    .message = The connection broke before all of the text had arrived.
    .next = Go back and send it again.
failure-no-form = That was not a form
    .message = This address takes forms of the type application/x-www-form-urlencoded or multipart/form-data.
    .next = Use the form below.
failure-damaged = The form was damaged
    .message = It ends in the middle or is malformed.
    .next = Send it again.
failure-no-field = There was no text
    .message = The form had no field named “text”.
    .next = Use the form below, or name the field “text”.
failure-encoding = The text is not valid UTF-8
    .message = From { $place } on there are bytes of another encoding; they are shown as � below.
    .next = Correct them, or save the text as UTF-8 and paste it again.
failure-blank = There is nothing to translate
    .message = Type or paste some text first.
failure-nul = The text holds a NUL character
    .message = There is one at { $place }; text files have none, so this may be a file of another kind.
    .next = Remove it, or paste the text itself.
failure-no-detection = This pair of languages is not there
    .message = Languages cannot be detected here.
    .next = Choose the language of the text; the text is still in the box.
failure-no-target = This pair of languages is not there
    .message = Nothing is translated to { $target } here.
    .next = Detected languages can be translated to { $targets }; the text is still in the box.
failure-no-pair = This pair of languages is not there
    .message = No model here translates { $source } to { $target }.
    .next = { $source } can be translated to { $targets }; the text is still in the box.
failure-no-source = This pair of languages is not there
    .message = No model here translates { $source } to { $target }.
    .next = Choose the language of the text; the text is still in the box.
failure-unreachable = The translation service cannot be reached
    .message = It may be starting or being updated.
    .next = Your text is still in the box; press Translate to try again.
failure-overloaded = Too many translations at once
    .message = Every place in the queue is taken just now.
    .next = Your text is still in the box; press Translate to try again.
failure-timed-out = The translation took too long
    .message = The translation service did not answer in time.
    .next = Your text is still in the box; press Translate to try again.
failure-stopped = The translation broke off
    .message = The translation service stopped in the middle.
    .next = Your text is still in the box; press Translate to try again.
failure-refused-invalid = The text cannot be translated
    .message = The translation service does not take it.
    .next = The operator finds the reason in the log.
failure-refused-pair = The text cannot be translated
    .message = There is no model for this pair of languages any more.
    .next = Choose another pair, or ask the operator.
failure-refused-size = The text cannot be translated
    .message = The translation service takes no text of this size.
    .next = Translate it in parts.
failure-live-too-long = The text is too long
    .message = It cannot be translated while you type.
failure-live-malformed = That was no text
    .message = The request is not a JSON object with text, source and target.
failure-job-faults = The translation service failed on this text again and again.
failure-job-database = The database does not take the finished text.

# the glossary

glossary = Glossary
glossary-hint = One term a line with its translation, such as <kbd>Fachausdruck = technical term</kbd>. A word alone is not translated. { $terms } terms at most.
count-terms =
    { $count ->
        [one] 1 term
       *[other] { $count } terms
    }
failure-glossary-word = There is a mistake in the glossary
    .message = Line { $line } has no word to translate.
    .next = Write a term, an equals sign and its translation.
failure-glossary-target = There is a mistake in the glossary
    .message = Line { $line }: “{ $term }” has an equals sign, but no translation.
    .next = Give one, or leave out the sign to keep the word as it is.
failure-glossary-long = There is a mistake in the glossary
    .message = Line { $line }: “{ $term }” or its translation has more than { $bytes } bytes.
    .next = Shorten it.
failure-glossary-twice = There is a mistake in the glossary
    .message = Line { $line }: “{ $term }” is there already with another translation.
    .next = Leave one of the two.
failure-glossary-many = There are too many terms in the glossary
    .message = From line { $line } on there are more than { $terms }.
    .next = Leave out those that the text does not have.

# files

file-label = Or a file:
file-translate = Translate the file
file-hint = { $formats } up to { $megabytes } MB. It comes back in its format, with everything but the words as it was.
file-translated = translated by <code>{ $model }</code> in { $duration } on { $created }
file-download = Download { $name }
file-original = Download the original
file-cut = Only the beginning is shown here; all of it is in the file.
file-more = Translate more
file-delete = Delete the file and its translation
file-bytes =
    { $count ->
        [one] 1 byte
       *[other] { $count } bytes
    }
error-file-away = The file cannot be read right now
    .message = The database does not answer.
    .next = Try again in a moment.
error-file = The document cannot be written
    .message = What is finished of it is kept, and the fault has been noted.
    .next = Wait until all of it is translated, or translate the file again.
failure-file-large = The file is too large
    .message = At most { $megabytes } MB can be translated at a time.
    .next = Divide it, or make its pictures smaller.
failure-file-none = There is no file
    .message = No file has arrived.
    .next = Choose a file first.
failure-file-same = There is nothing to translate
    .message = The file seems to be in { $target } already.
    .next = If it is not, choose its language and send it again.
failure-file-format = This file cannot be translated
    .message = { $name } is of no format that can be translated.
    .next = These can: { $formats }.
failure-file-locked = This file cannot be translated
    .message = { $name } has a password or is of an older version of its format.
    .next = Save it anew, without a password.
failure-file-damaged = This file cannot be translated
    .message = { $name } is no valid { $format } file: { $fault }.
    .next = Save it anew by the program that it comes from.
failure-file-excess = This file is too large
    .message = { $name } is larger than allowed: { $fault }.
    .next = Divide it.
failure-file-hostile = This file is refused
    .message = { $name } contains what no honest file does: { $fault }.
fault-no-archive = it is no zip archive, as such files are
fault-damaged = its archive is damaged
fault-missing = it has no { $part }
fault-xml = { $part } is no well-formed XML, from byte { $at } on
fault-entries = it holds { $size } files, and { $most } are the most that is taken
fault-unpacked = it has { $size } MB unpacked, and { $most } MB are the most that is taken
fault-text = it has { $size } MB of text, and { $most } MB are the most that is taken
fault-ratio = { $part } grows more than { $most } times when unpacked
fault-markup = it has more than { $most } tags or lines
fault-paragraph = a paragraph in it has more than { $most } MB
fault-undeclared = a file in it is larger than it says
fault-shared-bytes = files in it share their bytes
fault-same-name = two files in it have the same name
fault-outside = it holds { $part }, which would lie outside of it
fault-own-entities = { $part } defines entities of its own, which are not expanded
fault-depth = the elements of { $part } are nested too deep
failure-file-nul = This file cannot be translated
    .message = { $name } holds NUL characters, which no text has; it may be a file of another kind.
    .next = Give it the extension of its format, or save it as text in UTF-8.
failure-file-empty = There is nothing to translate
    .message = { $name } has no text, or none that is for translation.
failure-file-away = The file cannot be stored right now
    .message = The database does not answer, and files are translated once they are stored.
    .next = Send it again in a moment.
failure-file-stumbled = Something went wrong
    .message = The document made the program stumble; the fault has been noted.
    .next = Save it anew by the program that it comes from, and send it again.
failure-job-changed = The program was updated meanwhile and reads this file differently. Translate the file again; sentences that are finished are not translated again.
failure-job-unwritten = The translated document cannot be written.

# the SQL page

sql-title = Ask the history by SQL
sql-query = Query
sql-view = It can read the view <code>history</code>: { $columns }. Nothing can be changed here. { $rows } rows are shown at most.
sql-run = Run
sql-csv = Download as CSV
sql-rows =
    { $count ->
        [one] 1 row
       *[other] { $count } rows
    }
sql-first-rows = The first { $count } rows
sql-more = The query finds more rows than are shown.
sql-short = Values marked with … are shown in part.
sql-file = The file has everything.
sql-bytes = ({ $count } bytes)
failure-sql-blank = That is not a query
    .message = There is nothing to run.
    .next = Type a query first.
failure-sql-long = That is not a query
    .message = It has more than { $bytes } bytes.
    .next = Shorten it.
failure-sql-nul = That is not a query
    .message = It holds a NUL character.
    .next = Remove it.
failure-sql-comment = That is not a query
    .message = Comments that begin with /*+ or /*! would change how the database works.
    .next = Remove them.
failure-sql-other = That is not a query
    .message = Only queries are run: they begin with SELECT, WITH, VALUES or TABLE.
    .next = The history is deleted on its own page.
failure-sql-several = That is not a query
    .message = There is more than one statement.
    .next = Run one at a time.
failure-sql-denied = That cannot be read here
    .message = Only the view history can be read.
    .next = Its columns are listed below.
failure-sql-slow = The query took too long
    .message = It was stopped after { $seconds } seconds.
    .next = Narrow it with WHERE or LIMIT.
failure-sql-heavy = The query is too large
    .message = It needs more memory than a query may have, or would look at too many rows.
    .next = Narrow it with WHERE or LIMIT; join on equal columns.
failure-sql-busy = Other queries are running
    .message = Only a few run at a time.
    .next = Your query is still in the box; press Run to try again.
failure-sql-refused = The database does not accept the query
    .message = { $said }
failure-sql-away = The database cannot be asked right now
    .message = It may be starting, or its account for this page is not set up.
    .next = Your query is still in the box; press Run to try again. If it stays so, tell the operator the request number below.
failure-sql-unread = The form was damaged
    .message = It has no query, or is no form at all.
    .next = Use the form below.
failure-sql-file = The result is too large for a file
    .message = A file holds { $rows } rows and { $megabytes } MB at most.
    .next = Narrow the query with WHERE, or take parts with LIMIT and OFFSET.

# languages

language-ar = Arabic
language-bg = Bulgarian
language-ca = Catalan
language-cs = Czech
language-da = Danish
language-de = German
language-el = Greek
language-en = English
language-es = Spanish
language-et = Estonian
language-eu = Basque
language-fi = Finnish
language-fr = French
language-ga = Irish
language-he = Hebrew
language-hi = Hindi
language-hr = Croatian
language-hu = Hungarian
language-id = Indonesian
language-is = Icelandic
language-it = Italian
language-ja = Japanese
language-ko = Korean
language-lt = Lithuanian
language-lv = Latvian
language-mt = Maltese
language-nl = Dutch
language-no = Norwegian
language-pl = Polish
language-pt = Portuguese
language-ro = Romanian
language-ru = Russian
language-sk = Slovak
language-sl = Slovenian
language-sv = Swedish
language-tr = Turkish
language-uk = Ukrainian
language-zh = Chinese
