/** The command line behind {@code ./mm}. */
package io.memorymachine.local;
