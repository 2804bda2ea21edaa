package io.memorymachine.contract.envelope;

/** What may stand in the data of an event of this product. Every implementation is a record that carries a {@link TypeId}. */
public interface Message {
    /** The wire type of this message, with its prefix. */
    default String wireType() {
        return wireType(getClass());
    }

    /**
     * The wire type of a class of messages, with its prefix.
     *
     * @throws IllegalStateException if the class carries no {@link TypeId}
     */
    static String wireType(Class<? extends Message> type) {
        TypeId id = type.getAnnotation(TypeId.class);
        if (id == null) {
            throw new IllegalStateException(type.getName() + " is a message without a @TypeId");
        }
        return TypeId.PREFIX + id.value();
    }
}
