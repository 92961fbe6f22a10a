use super::*;

fn fault(pickle: &[u8]) -> String {
    read(&mut &*pickle).unwrap_err()
}

#[test]
fn a_pickle_that_would_run_a_command_is_refused_by_name() {
    let message = fault(b"\x80\x02cos\nsystem\nX\x04\x00\x00\x00echo\x85R.");
    assert!(message.contains("`os.system`") && message.contains("malicious"), "{message}");
    let message = fault(b"\x80\x02cbuiltins\neval\n.");
    assert!(message.contains("`builtins.eval`"), "{message}");
}

#[test]
fn malformed_pickles_are_refused() {
    for (pickle, part) in [
        (&b""[..], "ends within"),
        (b"\x80\x02", "ends within"),
        (b"\x80\x09.", "protocol 9"),
        (b".", "more than there is"),
        (b"(.", "more than there is"),
        (b"t.", "mark"),
        (b"h\x05.", "recalls 5"),
        (b"K\x01a.", "more than there is"),
        (b"X\xff\xff\xff\xff.", "string"),
        (b"X\x02\x00\x00\x00\xff\xff.", "UTF-8"),
        (b"}K\x01s.", "more than there is"),
        (b"](K\x01u.", "no dictionary"),
        (b"K\x01K\x02a.", "no list"),
        (b"NQ.", "sequence"),
        (b"ccollections\nOrderedDict\nN\x85R.", "calls"),
        (b"i", "0x69"),
        (b"\x8a\xff", "255 bytes"),
    ] {
        let message = fault(pickle);
        assert!(message.contains(part), "{pickle:?}: {message}");
    }
}

#[test]
fn numbers_have_their_sign() {
    for (pickle, expected) in [
        (&b"J\xfe\xff\xff\xff."[..], -2),
        (b"K\xfe.", 254),
        (b"M\xfe\xff.", 65534),
        (b"\x8a\x00.", 0),
        (b"\x8a\x01\xff.", -1),
        (b"\x8a\x02\xff\x00.", 255),
    ] {
        let values = read(&mut &*pickle).unwrap();
        assert_eq!(*values.get(values.root), Value::Int(expected), "{pickle:?}");
    }
}

#[test]
fn only_rows_one_after_the_other_are_taken() {
    assert!(is_row_major(&[2, 3], &[3, 1]));
    assert!(is_row_major(&[1, 3], &[99, 1]));
    assert!(is_row_major(&[], &[]));
    assert!(!is_row_major(&[2, 3], &[1, 2]));
    assert!(!is_row_major(&[2, 3], &[1]));
}
