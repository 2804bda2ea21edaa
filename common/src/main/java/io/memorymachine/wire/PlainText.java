package io.memorymachine.wire;

import java.io.IOException;
import java.io.Serial;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StringDeserializer;

/**
 * Refuses texts that UTF-8 cannot carry on: with half a surrogate pair. Other odd characters are left to the records and
 * handlers, whose refusal whoever sent a command is told.
 */
final class PlainText extends StringDeserializer {
    @Serial
    private static final long serialVersionUID = 1L;

    @Override
    public String deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        String text = super.deserialize(parser, context);
        if (text != null && text.codePoints().anyMatch(PlainText::isHalfPair)) {
            context.reportInputMismatch(String.class, "the text holds half a surrogate pair");
        }
        return text;
    }

    private static boolean isHalfPair(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }
}
