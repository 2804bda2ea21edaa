package io.memorymachine.hostile;

import java.util.List;

/** Texts that have broken parsers, paths, shells, databases and logs elsewhere. */
public final class HostileTexts {
    /** In no order. */
    public static final List<String> ALL = List.of(
            "",
            " ",
            ".",
            "..",
            "../../etc/passwd",
            "..\\..\\etc",
            "/etc/passwd",
            "a/b",
            "%2e%2e%2f",
            "a\u0000b",
            "\u0000",
            "a\nb",
            "\r\nSet-Cookie: a=b",
            "\u001b[31mred",
            "-rf",
            "--help",
            "$(reboot)",
            "`reboot`",
            "; reboot",
            "| cat",
            "'; drop table saga; --",
            "\" or 1=1",
            "%s%n%x",
            "${jndi:ldap://localhost/a}",
            "<script>alert(1)</script>",
            "Gr\u00fc\u00dfe",
            "\u202egnirts",
            "\ufeffbom",
            "\ud83d\ude80",
            "\ud800",
            "null",
            "true",
            "NaN",
            "-1",
            "0",
            "1e309",
            "9".repeat(400),
            "P999999999999999999D",
            "9999-99-99T99:99:99Z",
            "+1000000000-12-31T23:59:59.999999999Z",
            "a".repeat(64),
            "a".repeat(254),
            "a".repeat(10_000));

    private HostileTexts() {}
}
