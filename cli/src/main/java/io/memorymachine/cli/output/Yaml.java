package io.memorymachine.cli.output;

import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.util.StringQuotingChecker;

/** Trees as YAML. Loaded only where it is asked for. */
final class Yaml {
    private static final YAMLMapper MAPPER = new YAMLMapper(YAMLFactory.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .stringQuotingChecker(new TimesInQuotes())
            .build());

    private Yaml() {}

    static String text(JsonNode tree) {
        try {
            return MAPPER.writeValueAsString(tree).stripTrailing();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree is always YAML", e);
        }
    }

    /** A time that stands there bare is no text for many who read YAML; kubectl quotes it too. */
    private static final class TimesInQuotes extends StringQuotingChecker.Default {
        private static final long serialVersionUID = 1L;
        private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d?-\\d\\d?.*");

        @Override
        public boolean needToQuoteValue(String value) {
            return super.needToQuoteValue(value) || TIME.matcher(value).matches();
        }
    }
}
