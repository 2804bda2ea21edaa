package io.memorymachine.local.bench;

/** Something could not be measured. */
class BenchFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BenchFailedException(String message) {
        super(message);
    }
}
