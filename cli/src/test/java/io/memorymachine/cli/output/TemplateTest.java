package io.memorymachine.cli.output;

import java.io.IOException;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.memorymachine.client.Json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The dialect of kubectl. */
class TemplateTest {
    private static final String LIST = """
            {"items": [{"name": "a", "size": 1, "on": {"node": "x"}}, {"name": "b", "size": 2}], "empty": null}""";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{.items[0].name}|a",
                "{$.items[0].name}|a",
                "{@.items[0].name}|a",
                ".items[1].name|b",
                "{.items[*].name}|a b",
                "{.items[*].on.node}|x",
                "{.items[-1:].size}|2",
                "{.items[?(@.size>1)].name}|b",
                "{.items[?(@.name=='a')].size}|1",
                "{..name}|a b",
                "names: {.items[*].name}!|names: a b!",
                "{.items[0].on}|{\"node\":\"x\"}",
                "{.nothing.at.all}|``",
                "{range .items[*]}<{.name}={.size}>{end}|<a=1><b=2>",
                "{range .items[*]}{.name}{'}'}{end}|a}b}"
            })
    void aTemplateIsFilled(String template, String expected) throws IOException {
        assertThat(Template.of(template).fill(tree())).isEqualTo(expected);
    }

    @Test
    void escapesInQuotesAreWhatTheyStandFor() throws IOException {
        assertThat(Template.of("{range .items[*]}{.name}{\"\\t\\n\"}{end}").fill(tree()))
                .isEqualTo("a\t\nb\t\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{.items", "{range .items[*]}{.name}", "{end}", "{}"})
    void whatIsNoTemplateIsRefused(String template) {
        assertThatThrownBy(() -> Template.of(template)).isInstanceOf(IllegalArgumentException.class);
    }

    private static JsonNode tree() throws IOException {
        return Json.tree(LIST);
    }
}
