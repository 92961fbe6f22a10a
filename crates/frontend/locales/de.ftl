# Alles, was auf den Seiten zu lesen ist, auf Deutsch. Mit denselben Namen und Angaben wie in en.ftl.

# jede Seite

skip = Zum Inhalt springen
pages = Seiten
translate = Übersetzen
history = Verlauf
language-switch = Sprache
theme = Darstellung
    .system = Wie im System eingestellt
    .light = Hell
    .dark = Dunkel
promise = Ihr Text wird auf diesem Server übersetzt und an keinen anderen geschickt. Fertige Übersetzungen stehen im <a href="/history">Verlauf</a>; dort steht auch, wer sie lesen kann.
request = Anfrage <code>{ $id }</code>
direction = { $source } – { $target }
percent = { $percent } %
count-characters = { $count } Zeichen
count-words =
    { $count ->
        [one] 1 Wort
       *[other] { $count } Wörter
    }
place = Zeile { $line }, Zeichen { $character }
date-time =
    { $day }. { $month ->
        [1] Januar
        [2] Februar
        [3] März
        [4] April
        [5] Mai
        [6] Juni
        [7] Juli
        [8] August
        [9] September
        [10] Oktober
        [11] November
       *[12] Dezember
    } { $year }, { $time } Uhr UTC

# das Formular

translate-pair = { $source }–{ $target } übersetzen
starter = <strong>Einstiegsmodell:</strong> Das kleine mitgelieferte Modell <code>{ $model }</code> liegt oft daneben. Für bessere Übersetzungen kann der Betreiber ein großes laden: <code>unlimited model pull Helsinki-NLP/opus-mt-de-en</code>.
source-language = Übersetzen aus
target-language = Übersetzen in
detect = Sprache erkennen
detected = Erkannt: { $language }
detected-unsure = Vermutlich { $language } (zu { $percent } % sicher)
swap = Sprachen und Texte tauschen
clear = Leeren
text-label = Text, der übersetzt werden soll
placeholder = Text eingeben oder einfügen, so lang Sie möchten
translation = Übersetzung
finished-part = (soweit fertig)
copy = Kopieren
download = Herunterladen
output-empty = Hier erscheint die Übersetzung.
others = Alternativen
alternatives = Andere Übersetzungen dieses Satzes
progress = Fortschritt der Übersetzung
text-link = Link mit diesem Text
new-text = Neuer Text
text-limit = Bis zu { $megabytes } MB Text auf einmal.
translated-by = Übersetzt von <code>{ $model }</code> in { $duration } am { $created }.
left-as-it-is = Unverändert gelassen, weil der Text schon auf { $language } ist, am { $created }.
permalink = Link zu dieser Übersetzung
not-stored-yet = Diese Übersetzung ist noch nicht gespeichert, weil die Datenbank gerade nicht antwortet. Das wird nachgeholt, sobald die Datenbank wieder da ist.
not-stored = Diese Übersetzung konnte nicht gespeichert werden und erscheint nicht im Verlauf. Kopieren Sie sie, wenn Sie sie behalten möchten.

# das Formular bei der Arbeit

script-live-too-long = Dieser Text ist zu lang, um beim Tippen übersetzt zu werden. Drücken Sie „Übersetzen“.
script-file-several = Bitte nur eine Datei auf einmal.
script-file-format = { $name } hat kein Format, das übersetzt werden kann.
script-file-large = { $name } ist zu groß.
script-file-ready = { $name } ist ausgewählt. Drücken Sie „Datei übersetzen“.
script-file-sending = Wird gesendet …
script-live-percent = { $percent } %
script-live-left =
    { $count ->
        [one] noch etwa 1 Sekunde
       *[other] noch etwa { $count } Sekunden
    }
script-link-copied = Kopiert: eine Adresse mit diesem Text darin. Sie wird an keinen Server geschickt.
script-link-shown = In der Adresse dieser Seite steht jetzt der Text; kopieren Sie sie dort. Sie wird an keinen Server geschickt.
script-live-done = Beim Tippen übersetzt. Mit „Übersetzen“ kommt der Text in den Verlauf.
script-no-others = Zu diesem Satz gibt es keine andere Übersetzung.
script-no-sentence = Setzen Sie den Cursor zuerst in einen Satz des Textes.
script-translating = Wird übersetzt …
script-copied = Kopiert
script-copy-by-hand = Strg+C drücken
script-swap-unknown = Die Sprachen lassen sich tauschen, sobald die Sprache des Textes erkannt ist.
script-swap-impossible = Für die andere Richtung gibt es kein Modell.

# lange Texte

job-open = Wird übersetzt
job-cancelled = Abgebrochen
job-failed = Diese Übersetzung ist fehlgeschlagen
job-title = Übersetzung { $source }–{ $target }
job-waiting = Wartet, bis die Reihe an ihr ist.
job-kept = Was fertig ist, bleibt erhalten.
job-sentences = <span id="sentences">{ $sentences }</span> Sätze fertig, davon <span id="reused">{ $reused }</span> aus früheren Texten bekannt
job-cancel = Abbrechen
job-resume = Fortsetzen
job-result = Fertigen Teil herunterladen
job-close = Sie können diese Seite schließen, die Übersetzung läuft weiter. Merken Sie sich die Adresse, oder öffnen Sie sie später im <a href="/history">Verlauf</a>.
job-so-far = { $language }, bisher
job-cut = Es ist mehr fertig, als hier zu sehen ist.
left-moment = Nur noch wenige Sekunden.
left-seconds = Noch etwa { $count } Sekunden.
left-minutes = Noch etwa { $count } Minuten.
left-hours = Noch etwa { $count } Stunden.
script-job-waiting = Wartet, bis die Reihe an ihr ist.
script-job-away = Der Server antwortet gerade nicht. Neuer Versuch …

# der Verlauf

history-shared = Alle, die diese Seite öffnen können, sehen denselben Verlauf.
history-own = Nur dieser Browser sieht diese Liste, dank eines Cookies. Wem Sie die Adresse einer Übersetzung geben, der kann sie lesen.
history-waiting =
    { $count ->
        [one] Eine Übersetzung muss noch gespeichert werden und erscheint gleich hier.
       *[other] { $count } Übersetzungen müssen noch gespeichert werden und erscheinen gleich hier.
    }
history-unfinished = Noch nicht fertig
history-translated = Zu { $percent } % übersetzt
history-cancelled = Bei { $percent } % abgebrochen
history-failed = Bei { $percent } % fehlgeschlagen
history-pages = Seiten des Verlaufs
history-newest = Neueste
history-newer = Neuere
history-older = Ältere
history-take-along = Mitnehmen als:
history-tmx = TMX, für Übersetzungsprogramme
history-empty = Bisher wurde nichts übersetzt. <a href="/">Übersetzen Sie etwas</a>, dann steht es hier.
search = Suchen
search-words = Wörter
search-pair = Sprachen
search-pair-all = Alle
search-from = Von
search-to = Bis
search-how = Findet Wörter an ihrem Anfang, in Texten und Übersetzungen; in „Anführungszeichen“ genau so, wie sie dastehen.
search-all = Alles zeigen
search-nothing = Nichts gefunden. Alle Wörter müssen in derselben Übersetzung stehen, im Text oder im Ergebnis.
search-nothing-so-far = Bisher nichts gefunden.
search-whole = Sehr viele Wörter fangen so an; sie wurden nur als ganze Wörter gesucht: { $words }.
search-broken-off = Die Suche hat lange gedauert und ist bisher bis { $time } gekommen.
search-go-on = Älteres durchsuchen
search-take-along = Gefundenes mitnehmen als:
search-too-many-words = Nichts wurde gesucht: Das sind mehr als { $most } Wörter.
search-no-date = Nichts wurde gesucht: „{ $date }“ ist kein Datum wie 2026-11-20.
search-no-days = Nichts wurde gesucht: Der erste Tag liegt nach dem letzten.
import = Übersetzungsspeicher importieren
import-what = Sätze aus einer TMX-Datei, dem Austauschformat von Übersetzungsprogrammen, werden wiederverwendet: Kommt einer davon in einem Text vor, wird seine Übersetzung aus der Datei genommen, gleich welches Modell übersetzt. Sie gehen dem vor, was ein Modell sagen würde, und stehen nicht im Verlauf.
import-own = Sie gelten nur für diesen Browser.
import-shared = Sie gelten für alle, die diese Seite öffnen können.
import-file = TMX-Datei, bis { $megabytes } MB
import-do = Importieren
import-count =
    { $count ->
        [one] Ein importierter Satz wird verwendet.
       *[other] { $count } importierte Sätze werden verwendet.
    }
import-forget = Vergessen
import-taken =
    { $count ->
        [one] Ein Satz wurde übernommen.
       *[other] { $count } Sätze wurden übernommen.
    }
import-no-language =
    { $count ->
        [one] Eine Einheit wurde ausgelassen: Ein Text darin hat keine Sprache.
       *[other] { $count } Einheiten wurden ausgelassen: Ein Text darin hat keine Sprache.
    }
import-one-language =
    { $count ->
        [one] Eine Einheit wurde ausgelassen: Ihr fehlt eine zweite Sprache oder die Ausgangssprache der Datei.
       *[other] { $count } Einheiten wurden ausgelassen: Ihnen fehlt eine zweite Sprache oder die Ausgangssprache der Datei.
    }
import-empty =
    { $count ->
        [one] Eine Einheit wurde ausgelassen: Ein Text darin ist leer.
       *[other] { $count } Einheiten wurden ausgelassen: Ein Text darin ist leer.
    }
import-too-long =
    { $count ->
        [one] Eine Einheit wurde ausgelassen: Ein Text darin ist länger als 100 kB.
       *[other] { $count } Einheiten wurden ausgelassen: Ein Text darin ist länger als 100 kB.
    }
import-repeated =
    { $count ->
        [one] Ein Satz kam noch einmal vor; seine letzte Übersetzung wurde übernommen.
       *[other] { $count } Sätze kamen noch einmal vor; ihre letzten Übersetzungen wurden übernommen.
    }
import-no-file = Es wurde keine Datei ausgewählt.
import-stumbled = Der Fehler liegt bei uns und wurde vermerkt.
import-away = Die Datenbank antwortet gerade nicht.
import-encoding = Zeile { $line } ist nicht in { $what } geschrieben, wie die Datei anfängt oder angibt.
import-unknown-encoding = Zeile { $line }: Die Kodierung „{ $what }“ ist hier unbekannt.
import-malformed = Zeile { $line } ist kein wohlgeformtes XML: { $what }.
import-broken-off = Die Datei endet in Zeile { $line }, bevor ihr letztes Element geschlossen ist.
import-no-tmx = Das ist keine TMX-Datei: Eine solche beginnt mit dem Element tmx.
import-entities = Zeile { $line } definiert Entitäten; sie werden hier nicht aufgelöst.
import-unknown-entity = Zeile { $line } enthält „{ $what }“; das ist weder eine Entität noch ein Zeichen von XML.
import-too-deep = Zeile { $line }: Die Elemente sind zu tief verschachtelt.
failure-import = Nichts wurde importiert
    .message = Die Datei konnte nicht übernommen werden.
    .next = Exportieren Sie die Datei noch einmal oder speichern Sie sie in UTF-8, und versuchen Sie es erneut.
delete = Löschen
delete-entry = Löschen: { $text }
delete-everything = Alles löschen
delete-title = Verlauf löschen
delete-question = Den ganzen Verlauf löschen?
delete-shared = Alle Übersetzungen aller, die diese Seite benutzen, werden endgültig gelöscht, auch die unfertigen, die Sätze, die aus ihnen gemerkt wurden, und die als TMX eingelesenen. Das lässt sich nicht rückgängig machen; vorher können Sie den Verlauf <a href="/history">als Datei mitnehmen</a>.
delete-own = Alle Übersetzungen dieses Browsers werden endgültig gelöscht, auch die unfertigen, die Sätze, die aus ihnen gemerkt wurden, und die als TMX eingelesenen. Das lässt sich nicht rückgängig machen; vorher können Sie den Verlauf <a href="/history">als Datei mitnehmen</a>.
delete-keep = Behalten

# Seiten, die es nicht gibt

error-translate = Einen Text übersetzen
error-not-found = Seite nicht gefunden
    .message = Unter dieser Adresse gibt es nichts.
    .next = Prüfen Sie die Adresse, oder beginnen Sie beim Formular.
error-no-translation = Übersetzung nicht gefunden
    .message = Unter dieser Adresse gibt es keine Übersetzung, oder sie wurde nicht gespeichert.
    .next = Suchen Sie im Verlauf danach.
error-method = Das geht hier nicht
    .message = Diese Adresse nimmt solche Anfragen nicht an.
    .next = Beginnen Sie beim Formular.
error-cross-site = Abgelehnt
    .message = Das Formular kam von einer anderen Website. Deshalb wurde nichts übersetzt oder gespeichert.
    .next = War es Absicht, geben Sie den Text bitte in unser eigenes Formular ein.
error-history = Der Verlauf ist gerade nicht lesbar
    .message = Die Datenbank antwortet nicht. Übersetzen geht weiterhin, und was Sie inzwischen übersetzen, wird gespeichert, sobald die Datenbank wieder da ist.
    .next = Versuchen Sie es gleich noch einmal.
error-panic = Etwas ist schiefgegangen
    .message = Der Fehler liegt bei uns und wurde festgehalten.
    .next = Versuchen Sie es noch einmal. Passiert es wieder, nennen Sie dem Betreiber bitte die Nummer der Anfrage.

# Texte, die nicht übersetzt werden

failure-too-large = Der Text ist zu lang
    .message = Auf einmal lassen sich höchstens { $megabytes } MB übersetzen.
    .next = Übersetzen Sie ihn in Teilen.
failure-stalled = Der Text ist nicht angekommen
    .message = Die Verbindung stockte, bevor der ganze Text da war.
    .next = Gehen Sie zurück, und schicken Sie ihn noch einmal.
failure-broken-off = Der Text ist nicht angekommen
    .message = Die Verbindung brach ab, bevor der ganze Text da war.
    .next = Gehen Sie zurück, und schicken Sie ihn noch einmal.
failure-no-form = Das war kein Formular
    .message = Diese Adresse nimmt Formulare vom Typ application/x-www-form-urlencoded oder multipart/form-data an.
    .next = Benutzen Sie das Formular unten.
failure-damaged = Das Formular war beschädigt
    .message = Es endet mittendrin oder ist fehlerhaft.
    .next = Schicken Sie es noch einmal.
failure-no-field = Es war kein Text dabei
    .message = Im Formular fehlte das Feld „text“.
    .next = Benutzen Sie das Formular unten, oder nennen Sie das Feld „text“.
failure-encoding = Der Text ist kein gültiges UTF-8
    .message = Ab { $place } stehen Bytes einer anderen Kodierung; sie sind unten als � zu sehen.
    .next = Berichtigen Sie sie, oder speichern Sie den Text als UTF-8, und fügen Sie ihn noch einmal ein.
failure-blank = Es gibt nichts zu übersetzen
    .message = Geben Sie zuerst einen Text ein.
failure-nul = Der Text enthält ein NUL-Zeichen
    .message = Es steht in { $place }. In Textdateien kommt es nicht vor; vielleicht ist es eine andere Art von Datei.
    .next = Entfernen Sie es, oder fügen Sie den Text selbst ein.
failure-no-detection = Dieses Sprachpaar gibt es nicht
    .message = Sprachen lassen sich hier nicht erkennen.
    .next = Wählen Sie die Sprache des Textes; der Text steht noch im Feld.
failure-no-target = Dieses Sprachpaar gibt es nicht
    .message = In diese Sprache wird hier nicht übersetzt: { $target }.
    .next = Erkannte Sprachen lassen sich übersetzen in: { $targets }. Der Text steht noch im Feld.
failure-no-pair = Dieses Sprachpaar gibt es nicht
    .message = Hier gibt es kein Modell für { $source }–{ $target }.
    .next = { $source } lässt sich übersetzen in: { $targets }. Der Text steht noch im Feld.
failure-no-source = Dieses Sprachpaar gibt es nicht
    .message = Hier gibt es kein Modell für { $source }–{ $target }.
    .next = Wählen Sie die Sprache des Textes; der Text steht noch im Feld.
failure-unreachable = Der Übersetzungsdienst ist nicht erreichbar
    .message = Vielleicht startet er gerade oder wird aktualisiert.
    .next = Ihr Text steht noch im Feld; mit „Übersetzen“ versuchen Sie es noch einmal.
failure-overloaded = Zu viele Übersetzungen auf einmal
    .message = In der Warteschlange ist gerade kein Platz frei.
    .next = Ihr Text steht noch im Feld; mit „Übersetzen“ versuchen Sie es noch einmal.
failure-timed-out = Die Übersetzung hat zu lange gedauert
    .message = Der Übersetzungsdienst hat nicht rechtzeitig geantwortet.
    .next = Ihr Text steht noch im Feld; mit „Übersetzen“ versuchen Sie es noch einmal.
failure-stopped = Die Übersetzung ist abgebrochen
    .message = Der Übersetzungsdienst hat mittendrin aufgehört.
    .next = Ihr Text steht noch im Feld; mit „Übersetzen“ versuchen Sie es noch einmal.
failure-refused-invalid = Der Text lässt sich nicht übersetzen
    .message = Der Übersetzungsdienst nimmt ihn nicht an.
    .next = Den Grund findet der Betreiber im Protokoll.
failure-refused-pair = Der Text lässt sich nicht übersetzen
    .message = Für dieses Sprachpaar gibt es kein Modell mehr.
    .next = Wählen Sie ein anderes Paar, oder fragen Sie den Betreiber.
failure-refused-size = Der Text lässt sich nicht übersetzen
    .message = So lange Texte nimmt der Übersetzungsdienst nicht an.
    .next = Übersetzen Sie ihn in Teilen.
failure-live-too-long = Der Text ist zu lang
    .message = Beim Tippen lässt er sich nicht übersetzen.
failure-live-malformed = Das war kein Text
    .message = Die Anfrage ist kein JSON-Objekt mit text, source und target.
failure-job-faults = Der Übersetzungsdienst ist an diesem Text immer wieder gescheitert.
failure-job-database = Die Datenbank nimmt den fertigen Text nicht an.

# das Glossar

glossary = Glossar
glossary-hint = Je Zeile ein Begriff mit seiner Übersetzung, etwa <kbd>Fachausdruck = technical term</kbd>. Ein Wort allein bleibt unübersetzt. Höchstens { $terms } Begriffe.
count-terms =
    { $count ->
        [one] 1 Begriff
       *[other] { $count } Begriffe
    }
failure-glossary-word = Im Glossar ist ein Fehler
    .message = In Zeile { $line } steht kein Wort, das übersetzt werden könnte.
    .next = Schreiben Sie einen Begriff, ein Gleichheitszeichen und die Übersetzung.
failure-glossary-target = Im Glossar ist ein Fehler
    .message = Zeile { $line }: Nach „{ $term }“ steht ein Gleichheitszeichen, aber keine Übersetzung.
    .next = Ergänzen Sie sie, oder lassen Sie das Zeichen weg, damit das Wort bleibt, wie es ist.
failure-glossary-long = Im Glossar ist ein Fehler
    .message = Zeile { $line }: „{ $term }“ oder die Übersetzung hat mehr als { $bytes } Bytes.
    .next = Kürzen Sie.
failure-glossary-twice = Im Glossar ist ein Fehler
    .message = Zeile { $line }: „{ $term }“ steht schon mit einer anderen Übersetzung da.
    .next = Streichen Sie eine der beiden Zeilen.
failure-glossary-many = Im Glossar sind zu viele Begriffe
    .message = Ab Zeile { $line } sind es mehr als { $terms }.
    .next = Streichen Sie die, die im Text nicht vorkommen.

# Dateien

file-label = Oder eine Datei:
file-translate = Datei übersetzen
file-hint = { $formats } bis { $megabytes } MB. Sie kommt in ihrem Format zurück, und außer den Wörtern bleibt alles, wie es war.
file-translated = übersetzt von <code>{ $model }</code> in { $duration } am { $created }
file-download = { $name } herunterladen
file-original = Original herunterladen
file-cut = Hier steht nur der Anfang; in der Datei steht alles.
file-more = Mehr übersetzen
file-delete = Datei samt Übersetzung löschen
file-bytes =
    { $count ->
        [one] 1 Byte
       *[other] { $count } Bytes
    }
error-file-away = Die Datei ist gerade nicht lesbar
    .message = Die Datenbank antwortet nicht.
    .next = Versuchen Sie es gleich noch einmal.
error-file = Das Dokument lässt sich nicht schreiben
    .message = Was davon fertig ist, bleibt erhalten, und der Fehler wurde festgehalten.
    .next = Warten Sie, bis alles übersetzt ist, oder übersetzen Sie die Datei noch einmal.
failure-file-large = Die Datei ist zu groß
    .message = Auf einmal lassen sich höchstens { $megabytes } MB übersetzen.
    .next = Teilen Sie sie auf, oder verkleinern Sie ihre Bilder.
failure-file-none = Es ist keine Datei da
    .message = Es ist keine Datei angekommen.
    .next = Wählen Sie zuerst eine Datei aus.
failure-file-same = Es gibt nichts zu übersetzen
    .message = Die Datei ist anscheinend schon auf { $target }.
    .next = Falls nicht, wählen Sie ihre Sprache, und schicken Sie sie noch einmal.
failure-file-format = Diese Datei lässt sich nicht übersetzen
    .message = { $name } hat kein Format, das übersetzt werden kann.
    .next = Diese gehen: { $formats }.
failure-file-locked = Diese Datei lässt sich nicht übersetzen
    .message = { $name } hat ein Kennwort oder ein älteres Format.
    .next = Speichern Sie sie neu, ohne Kennwort.
failure-file-damaged = Diese Datei lässt sich nicht übersetzen
    .message = { $name } ist keine gültige { $format }-Datei: { $fault }.
    .next = Speichern Sie sie mit dem Programm neu, aus dem sie stammt.
failure-file-excess = Diese Datei ist zu groß
    .message = { $name } ist größer als erlaubt: { $fault }.
    .next = Teilen Sie sie auf.
failure-file-hostile = Diese Datei wird abgelehnt
    .message = { $name } enthält, was in keine redliche Datei gehört: { $fault }.
fault-no-archive = Sie ist kein Zip-Archiv, wie es solche Dateien sind
fault-damaged = Ihr Archiv ist beschädigt
fault-missing = { $part } fehlt in ihr
fault-xml = { $part } ist von Byte { $at } an kein wohlgeformtes XML
fault-entries = Sie enthält { $size } Dateien, und höchstens { $most } werden angenommen
fault-unpacked = Sie hat entpackt { $size } MB, und höchstens { $most } MB werden angenommen
fault-text = Sie hat { $size } MB Text, und höchstens { $most } MB werden angenommen
fault-ratio = { $part } wird beim Entpacken mehr als { $most }-mal so groß
fault-markup = Sie hat mehr als { $most } Tags oder Zeilen
fault-paragraph = Ein Absatz in ihr hat mehr als { $most } MB
fault-undeclared = Eine Datei in ihr ist größer, als sie angibt
fault-shared-bytes = Dateien in ihr teilen sich ihre Bytes
fault-same-name = Zwei Dateien in ihr haben denselben Namen
fault-outside = Sie enthält { $part } und damit eine Datei, die außerhalb von ihr läge
fault-own-entities = { $part } definiert eigene Entitäten, die nicht aufgelöst werden
fault-depth = Die Elemente von { $part } sind zu tief verschachtelt
failure-file-nul = Diese Datei lässt sich nicht übersetzen
    .message = { $name } enthält NUL-Zeichen, die in keinem Text vorkommen; vielleicht ist es eine andere Art von Datei.
    .next = Geben Sie ihr die Endung ihres Formats, oder speichern Sie sie als Text in UTF-8.
failure-file-empty = Es gibt nichts zu übersetzen
    .message = { $name } enthält keinen Text oder keinen, der übersetzt werden soll.
failure-file-away = Die Datei lässt sich gerade nicht speichern
    .message = Die Datenbank antwortet nicht, und Dateien werden erst gespeichert und dann übersetzt.
    .next = Schicken Sie sie gleich noch einmal.
failure-file-stumbled = Etwas ist schiefgegangen
    .message = An diesem Dokument ist das Programm gescheitert; der Fehler wurde festgehalten.
    .next = Speichern Sie es mit dem Programm neu, aus dem es stammt, und schicken Sie es noch einmal.
failure-job-changed = Das Programm wurde inzwischen aktualisiert und liest diese Datei anders. Übersetzen Sie die Datei noch einmal; fertige Sätze werden nicht neu übersetzt.
failure-job-unwritten = Das übersetzte Dokument lässt sich nicht schreiben.

# die SQL-Seite

sql-title = Den Verlauf mit SQL befragen
sql-query = Abfrage
sql-view = Lesbar ist die Sicht <code>history</code>: { $columns }. Ändern lässt sich hier nichts. Höchstens { $rows } Zeilen werden gezeigt.
sql-run = Ausführen
sql-csv = Als CSV herunterladen
sql-rows =
    { $count ->
        [one] 1 Zeile
       *[other] { $count } Zeilen
    }
sql-first-rows = Die ersten { $count } Zeilen
sql-more = Die Abfrage findet mehr Zeilen, als hier stehen.
sql-short = Werte mit … sind nur zum Teil zu sehen.
sql-file = In der Datei steht alles.
sql-bytes = ({ $count } Bytes)
failure-sql-blank = Das ist keine Abfrage
    .message = Es gibt nichts auszuführen.
    .next = Geben Sie zuerst eine Abfrage ein.
failure-sql-long = Das ist keine Abfrage
    .message = Sie hat mehr als { $bytes } Bytes.
    .next = Kürzen Sie sie.
failure-sql-nul = Das ist keine Abfrage
    .message = Sie enthält ein NUL-Zeichen.
    .next = Entfernen Sie es.
failure-sql-comment = Das ist keine Abfrage
    .message = Kommentare, die mit /*+ oder /*! beginnen, würden die Arbeitsweise der Datenbank ändern.
    .next = Entfernen Sie sie.
failure-sql-other = Das ist keine Abfrage
    .message = Ausgeführt werden nur Abfragen: Sie beginnen mit SELECT, WITH, VALUES oder TABLE.
    .next = Der Verlauf wird auf seiner eigenen Seite gelöscht.
failure-sql-several = Das ist keine Abfrage
    .message = Es ist mehr als eine Anweisung.
    .next = Führen Sie eine nach der anderen aus.
failure-sql-denied = Das ist hier nicht lesbar
    .message = Lesbar ist nur die Sicht history.
    .next = Ihre Spalten stehen unten.
failure-sql-slow = Die Abfrage hat zu lange gedauert
    .message = Sie wurde nach { $seconds } Sekunden abgebrochen.
    .next = Schränken Sie sie mit WHERE oder LIMIT ein.
failure-sql-heavy = Die Abfrage ist zu groß
    .message = Sie braucht mehr Speicher, als eine Abfrage haben darf, oder müsste zu viele Zeilen ansehen.
    .next = Schränken Sie sie mit WHERE oder LIMIT ein; verknüpfen Sie über gleiche Spalten.
failure-sql-busy = Es laufen schon andere Abfragen
    .message = Nur wenige laufen gleichzeitig.
    .next = Ihre Abfrage steht noch im Feld; mit „Ausführen“ versuchen Sie es noch einmal.
failure-sql-refused = Die Datenbank nimmt die Abfrage nicht an
    .message = { $said }
failure-sql-away = Die Datenbank lässt sich gerade nicht befragen
    .message = Vielleicht startet sie gerade, oder ihr Konto für diese Seite ist nicht eingerichtet.
    .next = Ihre Abfrage steht noch im Feld; mit „Ausführen“ versuchen Sie es noch einmal. Bleibt es dabei, nennen Sie dem Betreiber bitte die Nummer der Anfrage.
failure-sql-unread = Das Formular war beschädigt
    .message = Es enthält keine Abfrage oder ist gar kein Formular.
    .next = Benutzen Sie das Formular unten.
failure-sql-file = Das Ergebnis ist zu groß für eine Datei
    .message = Eine Datei fasst höchstens { $rows } Zeilen und { $megabytes } MB.
    .next = Schränken Sie die Abfrage mit WHERE ein, oder holen Sie Teile mit LIMIT und OFFSET.

# Sprachen

language-ar = Arabisch
language-bg = Bulgarisch
language-ca = Katalanisch
language-cs = Tschechisch
language-da = Dänisch
language-de = Deutsch
language-el = Griechisch
language-en = Englisch
language-es = Spanisch
language-et = Estnisch
language-eu = Baskisch
language-fi = Finnisch
language-fr = Französisch
language-ga = Irisch
language-he = Hebräisch
language-hi = Hindi
language-hr = Kroatisch
language-hu = Ungarisch
language-id = Indonesisch
language-is = Isländisch
language-it = Italienisch
language-ja = Japanisch
language-ko = Koreanisch
language-lt = Litauisch
language-lv = Lettisch
language-mt = Maltesisch
language-nl = Niederländisch
language-no = Norwegisch
language-pl = Polnisch
language-pt = Portugiesisch
language-ro = Rumänisch
language-ru = Russisch
language-sk = Slowakisch
language-sl = Slowenisch
language-sv = Schwedisch
language-tr = Türkisch
language-uk = Ukrainisch
language-zh = Chinesisch
