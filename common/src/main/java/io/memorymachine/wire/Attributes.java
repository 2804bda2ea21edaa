package io.memorymachine.wire;

/** Names of the CloudEvents extension attributes that this product adds (lower case and digits only, as CloudEvents 1.0 asks). */
final class Attributes {
    static final String SAGA_ID = "sagaid";
    static final String SAGA_STEP = "sagastep";
    static final String COMMAND_KEY = "commandkey";
    static final String ATTEMPT = "attempt";
    static final String REPLY_TO = "replyto";
    static final String NODE = "node";

    private Attributes() {}
}
